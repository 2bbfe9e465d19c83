import type { Finding } from '../../topology/topology.ts'
import { overlay } from '../argo-cd/fill-template.ts'
import { chartAt } from '../helm/find-charts.ts'
import { fromPlain } from '../helm/go-json.ts'
import { findingAt, type Release, renderRelease } from '../helm/render-release.ts'
import { TemplateError } from '../helm/value.ts'
import type { KustomizeReader } from '../kustomize/kustomization-files.ts'
import { lineOf, type Origin } from '../kustomize/origin.ts'
import { folderOfPath, joinPath } from '../kustomize/paths.ts'
import {
  entriesIn,
  isMapping,
  isTrue,
  itemsIn,
  type Mapping,
  plainScalar,
  type Tree,
  textIn,
  toJson,
  treeAt,
} from '../kustomize/tree.ts'
import { joinParts, noPart, type Part, writtenObject } from '../part.ts'
import { remoteRelease } from '../remote-release.ts'
import { type HelmfileData, readTemplated } from './read-templated.ts'

/** An environment of a helmfile; `default` where it names none. */
export type HelmfileEnvironment = { readonly file: string; readonly name: string }

const isHelmfile = (path: string): boolean =>
  /(^|\/)helmfile\.ya?ml(\.gotmpl)?$|(^|\/)helmfile\.d\/[^/]+\.ya?ml(\.gotmpl)?$/.test(path)
const none: HelmfileData = { environment: 'default', values: fromPlain({}) }

/** Helmfiles that no other takes in, once for each environment they name. */
export function findHelmfileEnvironments(reader: KustomizeReader): readonly HelmfileEnvironment[] {
  const files = reader.paths().filter(isHelmfile)
  const taken = new Set<string>()
  const found = files.map(file => {
    const documents = documentsOf(reader, file, none)
    for (const path of documents.flatMap(tree => nestedIn(tree, file))) taken.add(path)
    const names = documents.flatMap(tree => [...entriesIn(tree, 'environments').keys()])
    const others = [...new Set(names)].filter(name => name !== 'default')
    return { file, names: others.length > 0 && !names.includes('default') ? others : ['default', ...others] }
  })
  return found.filter(({ file }) => !taken.has(file)).flatMap(({ file, names }) => names.map(name => ({ file, name })))
}

/** The releases of a helmfile in one environment: charts that lie here are rendered, of others their values are told. */
export function buildHelmfile(reader: KustomizeReader, { file, name }: HelmfileEnvironment, depth = 0): Part {
  const findings: Finding[] = []
  const data: HelmfileData = { environment: name, values: fromPlain({}) }
  const first = documentsOf(reader, file, data)
  const values = first.map(tree => environmentValues(reader, tree, file, name, data)).reduce(overlay, emptyAt(first[0]))
  const filled: HelmfileData = { environment: name, values: fromPlain(toJson(values)) }
  const documents = documentsOf(reader, file, filled, findings)
  const parts = documents.flatMap(tree => [
    ...itemsIn(tree, 'releases')
      .filter(isMapping)
      .filter(release => isInstalled(release, values))
      .map(release => buildRelease(reader, release, file, filled)),
    ...(depth < 8 ? nestedIn(tree, file) : [])
      .filter(path => path !== file && reader.content(path) !== undefined)
      .map(path => buildHelmfile(reader, { file: path, name }, depth + 1)),
  ])
  return joinParts([{ ...noPart, findings, files: [file], own: [file] }, ...parts])
}

function documentsOf(
  reader: KustomizeReader,
  file: string,
  data: HelmfileData,
  findings: Finding[] = [],
): readonly Mapping[] {
  try {
    return readTemplated(reader, file, data).filter(isMapping)
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error
    const line = error.place?.line ?? 1
    findings.push({
      kind: 'broken-file',
      severity: 'warning',
      message: { key: error.key, params: { ...error.params, file, line } },
      file,
      line,
    })
    return []
  }
}

const emptyAt = (tree: Mapping | undefined): Mapping => ({
  type: 'map',
  entries: new Map(),
  origin: tree?.origin ?? { source: { file: '', lineAt: () => 1 }, at: 0, parent: null, step: '', how: 'resource' },
})

/** Files and maps under `environments.<name>.values`, and the values of all environments. */
function environmentValues(
  reader: KustomizeReader,
  tree: Mapping,
  file: string,
  name: string,
  data: HelmfileData,
): Mapping {
  const lists = [itemsIn(tree, 'values'), itemsIn(tree, 'environments', name, 'values')]
  return lists
    .flat()
    .flatMap(item => valuesOf(reader, item, file, data).trees)
    .reduce(overlay, emptyAt(tree))
}

/** An entry of a list of values: a file, from the helmfile's folder, or a map. */
function valuesOf(
  reader: KustomizeReader,
  item: Tree,
  file: string,
  data: HelmfileData,
): { readonly path?: string; readonly trees: readonly Mapping[] } {
  if (isMapping(item)) return { trees: [item] }
  const path = joinPath(folderOfPath(file), textIn(item) ?? '')
  if (path === null || reader.content(path) === undefined) return { trees: [] }
  try {
    return { path, trees: readTemplated(reader, path, data).filter(isMapping) }
  } catch (error) {
    if (error instanceof TemplateError) return { path, trees: [] }
    throw error
  }
}

function isInstalled(release: Mapping, values: Mapping): boolean {
  const installed = treeAt(release, ['installed'])
  if (installed && !isTrue(installed)) return false
  const condition = textIn(release, 'condition')
  return condition === undefined || isTrue(treeAt(values, condition.split('.')))
}

function buildRelease(reader: KustomizeReader, release: Mapping, file: string, data: HelmfileData): Part {
  const chart = treeAt(release, ['chart'])
  const name = textIn(release, 'name') ?? ''
  const folder = joinPath(folderOfPath(file), textIn(chart) ?? '')
  const given = itemsIn(release, 'values').map(item => valuesOf(reader, item, file, data))
  // A file that is no template is named, so that its values are known by their lines.
  const isPlain = (path: string | undefined): path is string => path !== undefined && !/\.gotmpl$/.test(path)
  const files = given.flatMap(({ path }) => (isPlain(path) ? [path] : []))
  const inline = given.flatMap(({ path, trees }) => (isPlain(path) ? [] : trees))
  const used = given.flatMap(({ path }) => path ?? [])
  const found = folder !== null && chartAt(reader, folder) ? folder : null
  if (found === null)
    return remote(
      release,
      chart?.origin ?? release.origin,
      given.flatMap(one => one.trees),
      used,
    )
  const namespace = treeAt(release, ['namespace'])
  const text = textIn(namespace)
  const built: Release = {
    chart: found,
    name,
    ...(text !== undefined && { namespace: { text, origin: namespace!.origin } }),
    files,
    inline,
    parameters: itemsIn(release, 'set').flatMap(item => {
      const value = treeAt(item, ['value'])
      return value ? [{ name: textIn(item, 'name') ?? '', value, asText: false }] : []
    }),
    sites: files.toReversed().map(path => ({ kind: 'values-file', file: path, chart: found })),
  }
  const part = renderRelease(reader, built)
  return { ...part, files: [...new Set([...part.files, ...used])].sort() }
}

function remote(release: Mapping, origin: Origin, values: readonly Tree[], files: readonly string[]): Part {
  const chart = textIn(release, 'chart') ?? ''
  const name = textIn(release, 'name') ?? ''
  const params = { name, chart, repository: chart.split('/')[0] ?? '', file: origin.source.file, line: lineOf(origin) }
  const finding = findingAt({ key: 'gitops.chartElsewhere', params }, origin, 'info')
  const metadata = new Map<string, Tree>([['name', plainScalar(name, origin)]])
  const namespace = treeAt(release, ['namespace'])
  if (namespace) metadata.set('namespace', namespace)
  const owner: Mapping = {
    type: 'map',
    entries: new Map<string, Tree>([
      ['apiVersion', plainScalar('helm.sh/v3', origin)],
      ['kind', plainScalar('Release', origin)],
      ['metadata', { type: 'map', entries: metadata, origin }],
    ]),
    origin: release.origin,
  }
  const object = remoteRelease(writtenObject(owner), { chart, version: textIn(release, 'version'), values, origin })
  return { ...noPart, objects: [object], findings: [finding], files, own: files }
}

/** Helmfiles that one takes in. */
function nestedIn(tree: Mapping, file: string): readonly string[] {
  return itemsIn(tree, 'helmfiles').flatMap(item => {
    const path = joinPath(folderOfPath(file), textIn(item) ?? textIn(treeAt(item, ['path'])) ?? '')
    return path === null ? [] : [path]
  })
}
