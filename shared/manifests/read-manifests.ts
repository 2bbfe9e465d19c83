import { isMap, isSeq, parseAllDocuments, visit } from 'yaml'
import { isEdgeFile, readEdgeFile } from '../edge/read-edge.ts'
import type { Finding } from '../topology/topology.ts'
import {
  isObject,
  type Json,
  type JsonObject,
  listAt,
  type Manifest,
  type ManifestFile,
  type Path,
} from './manifest.ts'
import { type Positions, toPlainValue } from './plain-value.ts'
import { readBlockYaml } from './read-block-yaml.ts'

export type { Manifest, ManifestFile } from './manifest.ts'

/**
 * Could this path hold manifests? Asked before a file's text is fetched. Left out: what is no YAML or JSON, folders of
 * tools (`.github`, `node_modules`), package files, and our own records.
 */
export function mayHoldManifests(path: string): boolean {
  if (!/\.(ya?ml|json)$/i.test(path)) return false
  const parts = path.split('/')
  const name = parts.pop()!
  if (/^(package(-lock)?|tsconfig.*|composer|bower|renovate|biome|deno|jsconfig)\.json$|^pnpm-lock\.yaml$/i.test(name))
    return false
  if (parts[0] === 'decisions' && name === 'snapshot.json') return false
  if (parts[0] === '.pilothouse') return parts[1] === 'edge'
  return !parts.some(part => part.startsWith('.') || part === 'node_modules' || part === 'vendor')
}

/** A larger file that never says `apiVersion` is not parsed only to learn whether it is broken. */
const LARGEST_UNKNOWN = 64 * 1024

/**
 * Reads one file. Pure: the result depends on path and text alone. Never throws: what cannot be read is a finding and
 * the rest of the file still counts. YAML that is no Kubernetes is passed over in silence.
 */
export function readManifestFile(path: string, text: string): ManifestFile {
  const nothing: ManifestFile = { path, role: 'other', manifests: [], findings: [] }
  if (!mayHoldManifests(path)) return nothing
  const known = text.includes('apiVersion')
  const json = /\.json$/i.test(path)
  if (!known && (json || text.length > LARGEST_UNKNOWN)) return nothing

  const read = json ? null : readBlockYaml(text)
  const { documents, isTemplate } = read ? { documents: read, isTemplate: false } : parseDocuments(text)
  if (isTemplate)
    return known
      ? { ...nothing, role: 'template', findings: [finding('info', 'topology.templateNeedsRendering', path)] }
      : nothing

  const name = path.slice(path.lastIndexOf('/') + 1)
  const lines = new Lines(text)
  const manifests: Manifest[] = []
  const findings: Finding[] = []
  let kustomization: ManifestFile['kustomization']
  let role: ManifestFile['role'] = /^Chart\.ya?ml$/.test(name) && known ? 'chart' : 'other'
  if (/^(kustomization\.ya?ml|Kustomization)$/.test(name)) role = 'kustomization'
  for (const document of documents) {
    if ('error' in document) {
      const { line, column } = lines.placeOf(document.error.at)
      const { reason } = document.error
      findings.push({
        kind: 'broken-file',
        severity: known ? 'error' : 'warning',
        message: { key: 'topology.brokenFile', params: { file: path, line, column, reason } },
        file: path,
        line,
        column,
      })
      continue
    }
    const { value, positions } = document
    if (!isObject(value)) continue
    const group = groupOf(value)
    if (role === 'chart') continue
    if (role === 'kustomization' || (group === 'kustomize.config.k8s.io' && typeof value['kind'] === 'string')) {
      role = 'kustomization'
      kustomization = readKustomization(value, path)
      continue
    }
    collect(path, value, positions, [], lines, manifests)
  }
  if (manifests.length > 0) role = 'manifests'
  // Our own kinds are known to the last key; what YAML itself cannot read was told above.
  if (isEdgeFile(path) && findings.length === 0) findings.push(...readEdgeFile(path, text).findings)
  return { path, role, manifests, findings, ...(kustomization && { kustomization }) }
}

type ReadDocument =
  | { readonly value: Json; readonly positions: Positions }
  | { readonly error: { readonly reason: string; readonly at: number } }

/** The documents of any YAML text. A template is one that braces keep from being read. */
function parseDocuments(text: string): { documents: readonly ReadDocument[]; isTemplate: boolean } {
  // Braces that begin a line stand in no text of YAML, so what is only a template is not parsed to be told from it.
  if (/^\{\{-?\s*[a-z/$]/m.test(text)) return { documents: [], isTemplate: true }
  const documents = parseAllDocuments(text, {
    version: '1.1',
    schema: 'failsafe',
    uniqueKeys: false,
    // kubectl's parser forgives what is unambiguous, such as a quoted text that ends at its key's indentation.
    strict: false,
    prettyErrors: false,
    logLevel: 'error',
  })
  if (!Array.isArray(documents)) return { documents: [], isTemplate: false }
  const isTemplate =
    text.includes('{{') && documents.some(document => document.errors.length > 0 || hasCollectionAsKey(document))
  if (isTemplate) return { documents: [], isTemplate }
  return {
    isTemplate,
    documents: documents.map(document => {
      const error = document.errors[0]
      return error
        ? { error: { reason: error.message.split('\n')[0]!, at: error.pos[0] } }
        : toPlainValue(document as Parameters<typeof toPlainValue>[0])
    }),
  }
}

const finding = (severity: Finding['severity'], key: 'topology.templateNeedsRendering', file: string): Finding => ({
  kind: 'broken-file',
  severity,
  message: { key, params: { file } },
  file,
  line: 1,
})

/** `replicas: {{ .Values.replicas }}` is valid YAML (a map in a map's key), and only ever a template. */
function hasCollectionAsKey(document: Parameters<typeof visit>[0]): boolean {
  let found = false
  visit(document, {
    Pair(_, pair) {
      if (!isMap(pair.key) && !isSeq(pair.key)) return undefined
      found = true
      return visit.BREAK
    },
  })
  return found
}

const groupOf = (value: JsonObject): string => {
  const apiVersion = value['apiVersion']
  if (typeof apiVersion !== 'string') return ''
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}

/** Adds the object and, where it is a list (`kind: List`, `kind: ConfigMapList`), each of its items instead. */
function collect(
  file: string,
  value: JsonObject,
  positions: Positions,
  at: Path,
  lines: Lines,
  into: Manifest[],
): void {
  const { apiVersion, kind, items } = value
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return
  if (kind.endsWith('List') && Array.isArray(items)) {
    for (const [index, item] of (items as readonly Json[]).entries())
      if (isObject(item)) collect(file, item, positions, [...at, 'items', index], lines, into)
    return
  }
  const group = groupOf(value)
  // Our own documents configure the workspace; of them only edge nodes and what runs there are part of the picture.
  if (group === 'pilothouse.dev' && !kind.startsWith('Edge')) return
  const metadata = isObject(value['metadata']) ? value['metadata'] : {}
  const name = metadata['name'] ?? metadata['generateName']
  if ((typeof name !== 'string' && typeof name !== 'number') || name === '') return
  const namespace = metadata['namespace']
  const identity = {
    file,
    kind,
    ...(typeof namespace === 'string' && namespace !== '' && { namespace }),
    name: String(name),
  }
  const ordinal = into.filter(
    other => other.kind === kind && other.name === identity.name && other.namespace === identity.namespace,
  ).length
  const lineOf = (path: Path = []): number => lines.lineAt(positions.start([...at, ...path]))
  into.push({
    ...identity,
    apiVersion,
    group,
    value,
    ref: { ...identity, ...(ordinal > 0 && { ordinal }) },
    lineOf,
    lineInText: (path, text) => {
      const from = positions.start([...at, ...path])
      return lines.lineAt(from) + (positions.isBlock([...at, ...path]) ? text + 1 : 0)
    },
  })
}

/** Lines of a text, counted when somebody asks for one. */
class Lines {
  readonly #text: string
  #starts: number[] | undefined

  constructor(text: string) {
    this.#text = text
  }

  /** 1-based line of an offset, by bisection. */
  lineAt(offset: number): number {
    this.#starts ??= startsOf(this.#text)
    let low = 0
    let high = this.#starts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#starts[middle]! <= offset) low = middle + 1
      else high = middle
    }
    return Math.max(low, 1)
  }

  /** 1-based line and column. */
  placeOf(offset: number): { readonly line: number; readonly column: number } {
    const line = this.lineAt(offset)
    return { line, column: offset - this.#starts![line - 1]! + 1 }
  }
}

function startsOf(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** Which files a kustomization builds from, and which are only parts of objects (patches of all three kinds). */
function readKustomization(value: JsonObject, path: string): NonNullable<ManifestFile['kustomization']> {
  const folder = path.split('/').slice(0, -1)
  const local = (items: readonly Json[]): string[] =>
    items
      .filter(item => typeof item === 'string')
      .filter(item => !item.includes('\n') && !item.includes('://'))
      .map(item => joinPath(folder, item))
  const named: Json[] = [...listAt(value, 'patchesStrategicMerge')]
  for (const key of ['patches', 'patchesJson6902', 'replacements', 'configurations', 'transformers', 'generators'])
    for (const item of listAt(value, key)) named.push(isObject(item) ? (item['path'] ?? null) : item)
  return {
    component: value['kind'] === 'Component',
    includes: local([...listAt(value, 'resources'), ...listAt(value, 'bases'), ...listAt(value, 'components')]),
    patches: local(named),
  }
}

function joinPath(folder: readonly string[], relative: string): string {
  const parts = [...folder]
  for (const part of relative.split('/'))
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  return parts.join('/')
}
