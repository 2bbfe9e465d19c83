import type { Finding } from '../../topology/topology.ts'
import { decodeBase64 } from '../helm/encodings.ts'
import { findingAt } from '../helm/render-release.ts'
import type { KustomizeReader } from '../kustomize/kustomization-files.ts'
import { lineOf, type Origin } from '../kustomize/origin.ts'
import { folderOfPath, joinPath } from '../kustomize/paths.ts'
import type { Amendment } from '../kustomize/render-kustomization.ts'
import { metadataMap, nameIn, namespaceIn } from '../kustomize/resource.ts'
import {
  entriesIn,
  isTrue,
  itemsIn,
  type Mapping,
  type Scalar,
  type Tree,
  textIn,
  textScalar,
  treeAt,
} from '../kustomize/tree.ts'
import { kustomizePart } from '../kustomize-part.ts'
import { type BuiltObject, noPart, type Part } from '../part.ts'
import { withEntries } from '../trees.ts'
import { isOtherRepository, type Named, pathInRepository } from './find-source.ts'
import { substitute } from './substitute.ts'

/**
 * What a Flux Kustomization applies: the kustomization at its path (or one of every file below it, where there is
 * none) with the fields it adds, and its variables put in. A path that is not here is a finding.
 */
export function buildFluxKustomization(reader: KustomizeReader, kustomization: BuiltObject, named: Named): Part {
  const { tree } = kustomization
  const spec = treeAt(tree, ['spec'])
  const file = tree.origin.source.file
  const said = treeAt(spec, ['path'])
  const at = said?.origin ?? tree.origin
  const folder = pathInRepository(
    textIn(said) ?? '.',
    { kind: textIn(spec, 'sourceRef', 'kind') ?? '', name: textIn(spec, 'sourceRef', 'name') ?? '' },
    file,
    named,
  )
  const finding = (
    key: 'gitops.pathElsewhere' | 'gitops.noValues',
    params: { readonly [name: string]: string },
    origin: Origin,
  ): Finding =>
    findingAt(
      { key, params: { ...params, file: origin.source.file, line: lineOf(origin) } },
      origin,
      key === 'gitops.noValues' ? 'warning' : 'info',
    )
  const isAway = isOtherRepository(
    textIn(spec, 'sourceRef', 'kind') ?? '',
    textIn(spec, 'sourceRef', 'name') ?? '',
    file,
    named,
  )
  if (isAway || folder === null || reader.under(folder).length === 0) {
    const repository = `${textIn(spec, 'sourceRef', 'kind') ?? '–'}/${textIn(spec, 'sourceRef', 'name') ?? '–'}`
    const params = { name: nameIn(tree), path: textIn(said) ?? '.', repository }
    return { ...noPart, findings: [finding('gitops.pathElsewhere', params, at)], files: [file] }
  }
  const site = { kind: 'object', style: 'flux', owner: kustomization, path: ['spec'] } as const
  const amendment: Amendment = {
    amend: amended(reader, folder, spec),
    instead: { file, tree: everyFile(reader, folder, at) },
  }
  const part = kustomizePart(reader, folder, amendment, [site])
  const findings: Finding[] = [...part.findings]
  const absent = new Set<string>()
  const variables = variablesOf(spec, namespaceIn(tree), named, (name, origin) =>
    findings.push(finding('gitops.noValues', { name: nameIn(tree), about: name }, origin)),
  )
  const objects = part.objects.map(object => {
    const labelled = withMetadata(object.tree, treeAt(spec, ['commonMetadata']))
    if (!variables) return { ...object, tree: labelled }
    const filled = substitute(labelled, variables, (name, { origin }) => {
      if (absent.has(name)) return
      absent.add(name)
      const params = { name: nameIn(tree), variable: name, file: origin.source.file, line: lineOf(origin) }
      findings.push(findingAt({ key: 'gitops.noVariable', params }, origin, 'warning'))
    })
    return { ...object, tree: filled }
  })
  return { ...part, objects, findings, files: [...new Set([...part.files, file])].sort() }
}

/** The kustomization Flux makes of a folder without one: its files, and folders with a kustomization as they are. */
function everyFile(reader: KustomizeReader, folder: string, origin: Origin): Mapping {
  const lead = folder === '.' ? '' : `${folder}/`
  const paths = reader.under(folder)
  const closed = new Set(
    paths
      .filter(path => /(^|\/)(kustomization\.ya?ml|Kustomization)$/.test(path))
      .map(folderOfPath)
      .filter(one => one !== folder),
  )
  const entries = new Set<string>()
  for (const path of paths) {
    if (!/\.ya?ml$/.test(path)) continue
    let outer: string | undefined
    for (let at = path.lastIndexOf('/'); at > lead.length; at = path.lastIndexOf('/', at - 1))
      if (closed.has(path.slice(0, at))) outer = path.slice(0, at)
    if (outer !== undefined) entries.add(outer.slice(lead.length))
    else if (isManifest(reader, path)) entries.add(path.slice(lead.length))
  }
  const items = [...entries].sort().map((entry): Scalar => textScalar(entry, origin))
  return { type: 'map', entries: new Map<string, Tree>([['resources', { type: 'list', items, origin }]]), origin }
}

const isManifest = (reader: KustomizeReader, path: string): boolean => {
  const text = reader.content(path)
  return typeof text === 'string' && /^(- )?["']?apiVersion["']?:/m.test(text)
}

function amended(reader: KustomizeReader, folder: string, spec: Tree | undefined): (tree: Mapping) => Mapping {
  return tree => {
    const entries = new Map(tree.entries)
    const namespace = treeAt(spec, ['targetNamespace'])
    if (textIn(namespace)) entries.set('namespace', namespace!)
    for (const field of ['namePrefix', 'nameSuffix'])
      if (textIn(spec, field)) entries.set(field, treeAt(spec, [field])!)
    const images = itemsIn(spec, 'images')
    const names = new Set(images.map(image => textIn(image, 'name')))
    const add = (field: string, items: readonly Tree[]): void => {
      if (items.length > 0) entries.set(field, { type: 'list', items: [...items], origin: items[0]!.origin })
    }
    add('images', [...itemsIn(tree, 'images').filter(image => !names.has(textIn(image, 'name'))), ...images])
    add('patches', [...itemsIn(tree, 'patches'), ...itemsIn(spec, 'patches')])
    const ignored = isTrue(treeAt(spec, ['ignoreMissingComponents']))
    const components = itemsIn(spec, 'components').filter(component => {
      const path = joinPath(folder, textIn(component) ?? '')
      return !ignored || (path !== null && reader.kustomizations(path).length > 0)
    })
    add('components', [...itemsIn(tree, 'components'), ...components])
    return withEntries(tree, entries)
  }
}

function withMetadata(tree: Mapping, common: Tree | undefined): Mapping {
  for (const field of ['labels', 'annotations'])
    for (const [key, value] of entriesIn(common, field))
      metadataMap(tree, field, value.origin).entries.set(key, { ...value, origin: { ...value.origin, how: 'label' } })
  return tree
}

/** Null where the Kustomization asks for no substitution. */
function variablesOf(
  spec: Tree | undefined,
  namespace: string,
  named: Named,
  missing: (name: string, origin: Origin) => void,
): ReadonlyMap<string, Scalar> | null {
  const post = treeAt(spec, ['postBuild'])
  if (!post) return null
  const variables = new Map<string, Scalar>()
  for (const reference of itemsIn(post, 'substituteFrom')) {
    const kind = textIn(reference, 'kind') ?? ''
    const name = textIn(reference, 'name') ?? ''
    const found = named.find(kind, name, reference.origin.source.file, namespace)
    if (!found) {
      if (!isTrue(treeAt(reference, ['optional']))) missing(`${kind} ${name}`, reference.origin)
      continue
    }
    for (const [key, value] of dataOf(found)) variables.set(key, value)
  }
  for (const [key, value] of entriesIn(post, 'substitute')) if (value.type === 'scalar') variables.set(key, value)
  return variables.size > 0 || treeAt(post, ['substituteFrom']) || treeAt(post, ['substitute']) ? variables : null
}

/** Entries of a ConfigMap, or of a Secret that is not encrypted. */
export function dataOf(tree: Mapping): readonly (readonly [string, Scalar])[] {
  const entries: (readonly [string, Scalar])[] = []
  for (const [key, value] of entriesIn(tree, 'data')) {
    if (value.type !== 'scalar') continue
    if (textIn(tree, 'kind') !== 'Secret') entries.push([key, value])
    else {
      const text = decodeBase64(value.text)
      if (text !== undefined) entries.push([key, { ...value, text, origin: { ...value.origin, how: 'template' } }])
    }
  }
  for (const [key, value] of entriesIn(tree, 'stringData')) if (value.type === 'scalar') entries.push([key, value])
  return entries
}
