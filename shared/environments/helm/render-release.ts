import type { Message } from '../../messages/index.ts'
import type { Finding } from '../../topology/topology.ts'
import type { KustomizeReader } from '../kustomize/kustomization-files.ts'
import { isClusterScoped } from '../kustomize/merge-keys.ts'
import { objectsIn } from '../kustomize/objects-in.ts'
import { lineOf, type Origin } from '../kustomize/origin.ts'
import { readTextTrees } from '../kustomize/read-tree.ts'
import { metadataMap, nameIn, namespaceIn } from '../kustomize/resource.ts'
import { itemsIn, type Mapping, type Tree, textIn, textScalar, toJson, treeAt } from '../kustomize/tree.ts'
import type { BuiltObject, Part, Site } from '../part.ts'
import { agreeWithHelm } from './agree-with-helm.ts'
import { folderBeside } from './load-chart.ts'
import { type ChartDocument, type RenderedChart, renderChart } from './render-chart.ts'

/** A chart with the values of one environment. */
export type Release = {
  /** Folder of the chart. */
  readonly chart: string
  readonly name: string
  /** Said for objects that do not say one themselves. */
  readonly namespace?: { readonly text: string; readonly origin?: Origin }
  /** Values files, the later ones win. */
  readonly files: readonly string[]
  /** Values that stand in other objects, laid on those of the files. */
  readonly inline: readonly Tree[]
  /** As `--set` takes them: `name` is a path of keys. */
  readonly parameters: readonly { readonly name: string; readonly value: Tree; readonly asText: boolean }[]
  /** Where the environment says values of its own, the nearest first. */
  readonly sites: readonly Site[]
}

/**
 * Renders a release with the built-in renderer. Objects of a chart's tests are left out: they are no part of what runs.
 * Each value of an object says where it is written: in a values file, or in a template.
 */
export function renderRelease(reader: KustomizeReader, release: Release): Part {
  const files = chartFiles(reader, release)
  const inline = release.inline.map((tree, index) => ({ tree, name: `inline values ${index}` }))
  const parameters = release.parameters.map(({ name, value, asText }) => ({
    argument: `${name}=${escapeSet(textIn(value) ?? '')}`,
    asText,
    path: stepsOf(name).join('\n'),
    value,
  }))
  const setArguments = (asText: boolean): readonly string[] =>
    parameters.filter(one => one.asText === asText).map(one => one.argument)
  const rendered = renderChart(files, release.chart, {
    // Nothing that is declared depends on the hour.
    clock: 0,
    values: {
      files: release.files,
      texts: inline.map(({ tree, name }) => ({ name, text: JSON.stringify(toJson(tree)) })),
      set: setArguments(false),
      setString: setArguments(true),
    },
    release: { name: release.name, ...(release.namespace && { namespace: release.namespace.text }) },
  })
  const originOf: OriginFinder = ({ file, line, path }) => {
    const given = inline.find(one => one.name === file)
    if (given) return treeAt(given.tree, path)?.origin
    if (file === '--set') {
      const parameter = parameters.findLast(one => one.path === path.join('\n'))
      return parameter?.value.origin
    }
    const read = reader.trees(file, 'value')
    const found = read && 'documents' in read ? treeAt(read.documents[0], path) : undefined
    return found?.origin ?? packedOrigin(file, line, path)
  }
  const own = rendered.documents
    .filter(document => !document.hooks.some(hook => hook.startsWith('test')))
    .flatMap(document => treesOf(document, originOf))
  const printed = reader.helm({
    name: release.name,
    namespace: release.namespace?.text ?? null,
    files,
    chart: release.chart,
    values: [
      ...release.files.map(path => files.get(path) ?? ''),
      ...inline.map(({ tree }) => JSON.stringify(toJson(tree))),
    ],
    set: setArguments(false),
    setString: setArguments(true),
  })
  const trees = typeof printed === 'string' ? agreeWithHelm(printed, own, release.chart).trees : own
  const objects: BuiltObject[] = trees.map(tree => ({
    tree: inNamespace(tree, release.namespace),
    names: [nameIn(tree)],
    sites: release.sites,
  }))
  return {
    objects,
    // What Helm renders it does render, whatever is missing here.
    findings: typeof printed === 'string' ? [] : findingsOf(rendered),
    files: [...files.keys()]
      .filter(path => reader.content(path) !== undefined || path.includes('.tgz/'))
      .map(packed)
      .sort(),
    own: release.files,
    approximate: typeof printed === 'string' ? [] : rendered.approximate,
  }
}

type OriginFinder = (origin: {
  readonly file: string
  readonly line: number
  readonly path: readonly (string | number)[]
}) => Origin | undefined

const lineOrigin = (file: string, line: number): Origin => ({
  source: { file, lineAt: () => line },
  at: 0,
  parent: null,
  step: '',
  how: 'template',
})

/** A value of a packed chart: its path is known, though nothing can be set there. */
function packedOrigin(file: string, line: number, path: readonly (string | number)[]): Origin {
  const start = lineOrigin(file, line)
  let at = start
  for (const step of path) at = { ...start, parent: at, step, how: 'value' }
  return at
}

function treesOf(document: ChartDocument, originOf: OriginFinder): Mapping[] {
  const source = { file: document.template, lineAt: document.lineAt }
  const read = readTextTrees(document.text, source, 'template')
  if (!('documents' in read)) return []
  for (const { path, whole, from } of document.origins) {
    const scalar = read.documents.map(tree => treeAt(tree, path)).find(found => found?.type === 'scalar')
    if (scalar?.type !== 'scalar') continue
    const parts = from.flatMap(part => {
      const origin = originOf(part)
      return origin ? [{ text: part.text, origin }] : []
    })
    const [only] = parts
    if (whole && only)
      scalar.origin = {
        ...only.origin,
        how: only.origin.how === 'template' ? 'template' : 'value',
        before: scalar.origin,
      }
    else if (parts.length > 0) scalar.parts = parts
  }
  return objectsIn(read.documents)
}

/** Helm puts what says no namespace into that of the release. */
export function inNamespace(tree: Mapping, namespace: Release['namespace']): Mapping {
  if (!namespace || namespaceIn(tree) !== '') return tree
  if (isClusterScoped(textIn(tree, 'apiVersion') ?? '', textIn(tree, 'kind') ?? '')) return tree
  const origin = namespace.origin ?? tree.origin
  metadataMap(tree, '', origin).entries.set('namespace', textScalar(namespace.text, { ...origin, how: 'namespace' }))
  return tree
}

const findingsOf = (rendered: RenderedChart): Finding[] =>
  rendered.findings.map(({ severity, file, line, message }) => ({
    kind: message.key === 'helm.noDependency' ? 'left-out' : 'broken-file',
    severity,
    message,
    file,
    line,
  }))

/** Texts the chart may read: its own folder, folders that it takes charts from, and the values files. */
function chartFiles(reader: KustomizeReader, release: Release): ReadonlyMap<string, string> {
  const folders = new Set<string>()
  const files = new Map<string, string>()
  const add = (folder: string): void => {
    if (folders.has(folder) || folders.size > 200) return
    folders.add(folder)
    for (const path of reader.under(folder)) {
      const text = reader.content(path)
      if (typeof text !== 'string') continue
      if (path.endsWith('.tgz')) {
        for (const [inside, content] of unpacked(text)) files.set(`${path}/${inside}`, content)
        continue
      }
      files.set(path, text)
      if (!/(^|\/)(Chart|requirements)\.yaml$/.test(path)) continue
      const at = path.slice(0, Math.max(0, path.lastIndexOf('/'))) || '.'
      for (const dependency of dependenciesIn(reader, path)) {
        const beside = folderBeside(at, dependency)
        if (beside !== null && reader.content(`${beside}/Chart.yaml`) !== undefined) add(beside)
      }
    }
  }
  add(release.chart === '' ? '.' : release.chart)
  for (const path of release.files) {
    const text = reader.content(path)
    if (typeof text === 'string') files.set(path, text)
  }
  return files
}

function dependenciesIn(reader: KustomizeReader, path: string): { name: string; repository: string }[] {
  const read = reader.trees(path, 'resource')
  const [tree] = read && 'documents' in read ? read.documents : []
  return itemsIn(tree, 'dependencies').map(item => ({
    name: textIn(item, 'name') ?? '',
    repository: textIn(item, 'repository') ?? '',
  }))
}

/** A packed chart is read into one text: its files as a JSON map, without the folder they are packed in. */
function unpacked(text: string): readonly (readonly [string, string])[] {
  try {
    const files: unknown = JSON.parse(text)
    if (typeof files !== 'object' || files === null) return []
    return Object.entries(files).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  } catch (error) {
    // Not a chart that could be unpacked: what it adds is missing, and said to be.
    if (error instanceof SyntaxError) return []
    throw error
  }
}

/** The packed file of a path inside of it. */
const packed = (path: string): string => {
  const at = path.indexOf('.tgz/')
  return at < 0 ? path : path.slice(0, at + 4)
}

const escapeSet = (text: string): string => text.replace(/[\\,{}]/g, '\\$&')

/** Keys of a `--set` path: dots separate, a backslash keeps one, brackets count. */
export function stepsOf(name: string): (string | number)[] {
  return [...name.matchAll(/((?:\\.|[^.\\[])+)|\[(\d+)\]/g)].map(([, key, index]) =>
    index === undefined ? key!.replace(/\\(.)/g, '$1') : Number(index),
  )
}

export const findingAt = (message: Message, origin: Origin, severity: Finding['severity']): Finding => ({
  kind: 'left-out',
  severity,
  message,
  file: origin.source.file,
  line: lineOf(origin),
})
