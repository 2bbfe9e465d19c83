import { compileRegexp } from '../helm/go-regexp.ts'
import { findingAt, inNamespace, type Release, renderRelease } from '../helm/render-release.ts'
import type { KustomizeReader } from '../kustomize/kustomization-files.ts'
import { objectsIn } from '../kustomize/objects-in.ts'
import { lineOf } from '../kustomize/origin.ts'
import { joinPath } from '../kustomize/paths.ts'
import { readInnerTrees } from '../kustomize/read-tree.ts'
import type { Amendment } from '../kustomize/render-kustomization.ts'
import { nameIn, namespaceIn } from '../kustomize/resource.ts'
import { splitImage } from '../kustomize/set-images.ts'
import {
  copyTree,
  isMapping,
  isTrue,
  itemsIn,
  type List,
  type Mapping,
  type Tree,
  textIn,
  textScalar,
  treeAt,
} from '../kustomize/tree.ts'
import { kustomizePart } from '../kustomize-part.ts'
import { type BuiltObject, joinParts, noPart, type Part, type Site } from '../part.ts'
import { remoteRelease } from '../remote-release.ts'
import { isSameRepository } from '../same-repository.ts'
import { mappingIn, withEntries } from '../trees.ts'

/**
 * What an Argo CD Application deploys, as far as it lies in these files: each of its sources by the tool that Argo CD
 * would take for it, with the options the Application gives. What lies elsewhere is a finding. `home` is the address of
 * this repository as the Application has it that made this one; without it, what lies here is taken to be meant.
 */
export function buildApplication(reader: KustomizeReader, application: BuiltObject, home: string | null): Part {
  const { tree } = application
  const spec = treeAt(tree, ['spec'])
  const several = itemsIn(spec, 'sources')
  const sources = several.length > 0 ? several : [treeAt(spec, ['source'])].filter(one => one !== undefined)
  const parts = sources.map((source, index): Part => {
    const at = several.length > 0 ? ['spec', 'sources', index] : ['spec', 'source']
    return isMapping(source) ? buildSource(reader, application, source, at, sources, home) : noPart
  })
  const built = joinParts(parts)
  const destination = treeAt(spec, ['destination', 'namespace'])
  const namespace = textIn(destination)
  if (namespace)
    for (const object of built.objects) inNamespace(object.tree, { text: namespace, origin: destination!.origin })
  const file = tree.origin.source.file
  return { ...built, files: [...new Set([...built.files, file])].sort() }
}

type At = readonly (string | number)[]

function buildSource(
  reader: KustomizeReader,
  application: BuiltObject,
  source: Mapping,
  at: At,
  sources: readonly Tree[],
  home: string | null,
): Part {
  const name = nameIn(application.tree)
  const repository = textIn(source, 'repoURL') ?? ''
  const chart = textIn(source, 'chart')
  const path = textIn(source, 'path')
  if (chart !== undefined && path === undefined) return remote(reader, application, source, sources)
  // A source that is only named, for others to take values from.
  if (path === undefined)
    return textIn(source, 'ref') === undefined ? elsewhere(source, 'gitops.noPath', { name, repository }) : noPart
  const folder = joinPath('.', path)
  const isAway = home !== null && repository !== '' && !isSameRepository(home, repository)
  if (isAway || folder === null || (reader.under(folder).length === 0 && folder !== '.'))
    return elsewhere(source, 'gitops.pathElsewhere', { name, path, repository })
  if (treeAt(source, ['plugin'])) return elsewhere(source, 'gitops.plugin', { name, path })
  const kustomize = treeAt(source, ['kustomize'])
  const isKustomization = reader.kustomizations(folder).length > 0
  const isChart = reader.content(folder === '.' ? 'Chart.yaml' : `${folder}/Chart.yaml`) !== undefined
  if (isKustomization && (kustomize || !isChart))
    return kustomizePart(reader, folder, amendment(kustomize), [
      { kind: 'object', style: 'argo-cd', owner: application, path: [...at, 'kustomize'] },
    ])
  if (isChart) return renderRelease(reader, releaseOf(reader, application, source, folder, at, sources))
  return directory(reader, folder, treeAt(source, ['directory']))
}

function remote(reader: KustomizeReader, application: BuiltObject, source: Mapping, sources: readonly Tree[]): Part {
  const chart = textIn(source, 'chart') ?? ''
  const name = nameIn(application.tree)
  const helm = treeAt(source, ['helm'])
  const paths = itemsIn(helm, 'valueFiles').map(entry => valuesPath('.', textIn(entry) ?? '', sources))
  const files = paths.filter(path => path !== null && reader.content(path) !== undefined) as readonly string[]
  const values = files.flatMap(path => {
    const read = reader.trees(path, 'value')
    return read && 'documents' in read ? read.documents.slice(0, 1) : []
  })
  const origin = treeAt(source, ['chart'])!.origin
  const version = textIn(source, 'targetRevision')
  const part = elsewhere(source, 'gitops.chartElsewhere', { name, chart, repository: textIn(source, 'repoURL') ?? '' })
  const sites = files.toReversed().map((file): Site => ({ kind: 'values-file', file, chart: '' }))
  const object = remoteRelease(application, { chart, version, values: [...values, ...valuesIn(helm)], origin, sites })
  return { ...part, objects: [object], files, own: files }
}

function elsewhere(
  source: Mapping,
  key: 'gitops.chartElsewhere' | 'gitops.noPath' | 'gitops.pathElsewhere' | 'gitops.plugin',
  params: { readonly [name: string]: string | number },
): Part {
  const { origin } = treeAt(source, ['chart']) ?? treeAt(source, ['path']) ?? source
  const message = { key, params: { ...params, file: origin.source.file, line: lineOf(origin) } }
  return { ...noPart, findings: [findingAt(message, origin, key === 'gitops.plugin' ? 'warning' : 'info')] }
}

/** What Argo CD writes into the kustomization before it builds it. */
function amendment(options: Tree | undefined): Amendment {
  if (!isMapping(options)) return {}
  return {
    amend: tree => {
      const entries = new Map(tree.entries)
      for (const field of ['namePrefix', 'nameSuffix', 'namespace'])
        if (textIn(options, field)) entries.set(field, treeAt(options, [field])!)
      for (const field of ['commonLabels', 'commonAnnotations']) {
        const more = treeAt(options, [field])
        const now = entries.get(field)
        if (isMapping(more))
          entries.set(field, { ...more, entries: new Map([...(isMapping(now) ? now.entries : []), ...more.entries]) })
      }
      const images = itemsIn(options, 'images').flatMap(imageEntry)
      const names = new Set(images.map(image => textIn(image, 'name')))
      const kept = itemsIn(tree, 'images').filter(image => !names.has(textIn(image, 'name')))
      setList(entries, 'images', [...kept, ...images], options)
      const replicas = itemsIn(options, 'replicas')
      const counted = new Set(replicas.map(one => textIn(one, 'name')))
      setList(
        entries,
        'replicas',
        [...itemsIn(tree, 'replicas').filter(one => !counted.has(textIn(one, 'name'))), ...replicas],
        options,
      )
      for (const field of ['patches', 'components'])
        setList(entries, field, [...itemsIn(tree, field), ...itemsIn(options, field)], options)
      return withEntries(tree, entries)
    },
  }
}

function setList(entries: Map<string, Tree>, field: string, items: readonly Tree[], at: Tree): void {
  if (items.length > 0) entries.set(field, { type: 'list', items: [...items], origin: at.origin } satisfies List)
}

/** `name=new:tag`, `name:tag` or `name@digest`, as `kustomize edit set image` takes them. */
function imageEntry(tree: Tree): Mapping[] {
  const text = textIn(tree)
  if (text === undefined) return []
  const equals = text.indexOf('=')
  const { name, tag, digest } = splitImage(text.slice(equals + 1))
  const fields: [string, string][] = [['name', equals < 0 ? name : text.slice(0, equals)]]
  if (equals >= 0) fields.push(['newName', name])
  if (tag !== '') fields.push(['newTag', tag])
  if (digest !== '') fields.push(['digest', digest])
  const { origin } = tree
  return [{ type: 'map', entries: new Map(fields.map(([key, value]) => [key, textScalar(value, origin)])), origin }]
}

function releaseOf(
  reader: KustomizeReader,
  application: BuiltObject,
  source: Mapping,
  chart: string,
  at: At,
  sources: readonly Tree[],
): Release {
  const helm = treeAt(source, ['helm'])
  const ignored = isTrue(treeAt(helm, ['ignoreMissingValueFiles']))
  const files = itemsIn(helm, 'valueFiles').flatMap(entry => {
    const path = valuesPath(chart, textIn(entry) ?? '', sources)
    return path === null || (ignored && reader.content(path) === undefined) ? [] : [path]
  })
  const inline = valuesIn(helm)
  const destination = treeAt(application.tree, ['spec', 'destination', 'namespace'])
  const namespace = textIn(helm, 'namespace') ?? textIn(destination) ?? namespaceIn(application.tree)
  const site = (style: 'values' | 'helm-parameters', field: string): Site => ({
    kind: 'object',
    style,
    owner: application,
    path: [...at, 'helm', field],
    chart,
  })
  return {
    chart,
    name: textIn(helm, 'releaseName') ?? nameIn(application.tree),
    ...(namespace !== '' && { namespace: { text: namespace, ...(destination && { origin: destination.origin }) } }),
    files,
    inline,
    parameters: itemsIn(helm, 'parameters').flatMap(parameter => {
      const value = treeAt(parameter, ['value'])
      const name = textIn(parameter, 'name')
      return name && value ? [{ name, value, asText: isTrue(treeAt(parameter, ['forceString'])) }] : []
    }),
    sites: [
      ...files.toReversed().map((file): Site => ({ kind: 'values-file', file, chart })),
      ...(mappingIn(helm, 'valuesObject') || inline.length === 0 ? [site('values', 'valuesObject')] : []),
      site('helm-parameters', 'parameters'),
    ],
  }
}

/** `valuesObject`, else the text of `values`. */
function valuesIn(helm: Tree | undefined): readonly Tree[] {
  const object = mappingIn(helm, 'valuesObject')
  if (object) return [object]
  const text = treeAt(helm, ['values'])
  if (text?.type !== 'scalar' || text.text.trim() === '') return []
  const read = readInnerTrees(text.text, text.origin, text.block === true, 'value')
  return 'documents' in read ? read.documents.filter(isMapping) : []
}

/** A values file is named from the chart's folder, from the root, or from a source with a `ref`, which is this repository. */
function valuesPath(chart: string, entry: string, sources: readonly Tree[]): string | null {
  const [, ref, rest] = /^\$([^/]+)\/(.*)$/.exec(entry) ?? []
  if (ref !== undefined) return sources.some(source => textIn(source, 'ref') === ref) ? joinPath('.', rest!) : null
  return /^[a-z]+:\/\//.test(entry) ? null : joinPath(chart, entry)
}

function directory(reader: KustomizeReader, folder: string, options: Tree | undefined): Part {
  const recurse = isTrue(treeAt(options, ['recurse']))
  const [include, exclude] = [textIn(options, 'include'), textIn(options, 'exclude')].map(pattern =>
    pattern === undefined || pattern === '' ? null : anyDepth(pattern),
  )
  const lead = folder === '.' ? '' : `${folder}/`
  const paths = reader.under(folder).filter(path => {
    const inside = path.slice(lead.length)
    if (!/\.(ya?ml|json)$/i.test(path) || (!recurse && inside.includes('/'))) return false
    return (!include || include(inside)) && !exclude?.(inside)
  })
  return filesPart(reader, paths)
}

/** A pattern of files as Argo CD reads it: a star stops at no slash, and braces list alternatives. */
function anyDepth(pattern: string): (path: string) => boolean {
  const isClosed = /^[^{}]*(\{[^{}]*\}[^{}]*)*$/.test(pattern)
  let inside = false
  const steps = [...pattern.matchAll(/\*+|[?{},]|[^*?{},]+/g)].map(([token]) => {
    if (token.startsWith('*')) return '.*'
    if (token === '?') return '.'
    if (isClosed && (token === '{' || token === '}')) {
      inside = token === '{'
      return inside ? '(?:' : ')'
    }
    return inside && token === ',' ? '|' : token.replace(/[.+^$()|[\]{}\\]/g, '\\$&')
  })
  const test = compileRegexp(`^(?:${steps.join('')})$`)
  return path => test.exec(path, 0) !== null
}

/** Objects as files have them. */
export function filesPart(reader: KustomizeReader, paths: readonly string[]): Part {
  const objects = paths.flatMap((path): BuiltObject[] => {
    const read = reader.trees(path, 'resource')
    if (!read || !('documents' in read)) return []
    return objectsIn(read.documents)
      .filter(tree => textIn(tree, 'kind') !== undefined && textIn(tree, 'apiVersion') !== undefined)
      .map(tree => ({ tree: copyTree(tree), names: [nameIn(tree)], sites: [] }))
  })
  return { ...noPart, objects, files: paths, own: paths }
}
