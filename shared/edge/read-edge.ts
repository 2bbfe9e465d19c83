import type { Message, MessageKey, MessageParams } from '../messages/index.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { choicesOf, schemasBelow } from '../schema/json-schema.ts'
import { nearestName } from '../topology/nearest-name.ts'
import type { Finding } from '../topology/topology.ts'
import { offsetAt } from '../yaml/change-yaml.ts'
import { type PlacedDocument, parseYaml } from '../yaml/parse-yaml.ts'
import { columnOf, lineNumber } from '../yaml/text-lines.ts'
import { isYamlMap, valueAt, withoutValueAt, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'
import {
  type EdgeKind,
  type EdgeNodeText,
  type EdgeServiceText,
  edgeFolder,
  edgeJsonSchema,
  edgeKinds,
} from './edge-schema.ts'

type Place = { readonly file: string; readonly line: number }
type Labels = { readonly [key: string]: string }

/** A machine at the edge, as declared. */
export type EdgeNode = Place & EdgeNodeText['spec'] & { readonly name: string; readonly labels: Labels }

/** What runs on edge nodes, as declared. */
export type EdgeService = Place &
  Omit<EdgeServiceText['spec'], 'version'> & {
    readonly name: string
    readonly labels: Labels
    readonly version?: string
  }

/** What a workspace says of its edge; where something could not be read, the rest still holds. */
export type EdgeFleet = {
  readonly nodes: readonly EdgeNode[]
  readonly services: readonly EdgeService[]
  readonly findings: readonly Finding[]
}

export const isEdgeFile = (path: string): boolean => path.startsWith(`${edgeFolder}/`) && /\.ya?ml$/.test(path)

/** The edge as a set of files declares it. A name that was used before is an error, and the first holds. */
export function readFleet(files: Iterable<{ readonly path: string; readonly text: string }>): EdgeFleet {
  const read = [...files]
    .filter(({ path }) => isEdgeFile(path))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
    .map(({ path, text }) => readEdgeFile(path, text))
  const findings = read.flatMap(part => part.findings)
  const first = <T extends EdgeNode | EdgeService>(kind: EdgeKind, items: readonly T[]): T[] => {
    const known = new Map<string, T>()
    for (const item of items) {
      const before = known.get(item.name)
      if (before) {
        const { file, line, name } = item
        const params = { file, line, column: 1, kind, name, otherFile: before.file, otherLine: before.line }
        findings.push(finding('error', { key: 'fleet.fileRepeatedName', params }, { file, line, column: 1 }))
      } else known.set(item.name, item)
    }
    return [...known.values()]
  }
  return {
    nodes: first(
      'EdgeNode',
      read.flatMap(part => part.nodes),
    ),
    services: first(
      'EdgeService',
      read.flatMap(part => part.services),
    ),
    findings,
  }
}

/**
 * Reads one file of `.pilothouse/edge/`. A mistake is told with line and column and costs the document it is in; a key
 * nobody knows is a warning that names the nearest known one, and the rest of its document holds.
 */
export function readEdgeFile(file: string, text: string): EdgeFleet {
  const findings: Finding[] = []
  const nodes: EdgeNode[] = []
  const services: EdgeService[] = []
  const at = (offset: number) => ({ file, line: lineNumber(text, offset), column: columnOf(text, offset) + 1 })
  for (const document of parseYaml(text)) {
    const { start, yaml } = document
    const error = yaml.errors[0]
    if (error) {
      const place = at(start + error.offset)
      const params = { ...place, reason: error.message.split('\n')[0]! }
      findings.push(finding('error', { key: 'fleet.fileUnreadable', params }, place))
      continue
    }
    if (yaml.value === null) continue
    const say: Say = (path, severity, key, params = {}) => {
      const place = at(start + (offsetAt(yaml, path) ?? yaml.document.contents?.range?.[0] ?? 0))
      findings.push(finding(severity, { key, params: { ...params, ...place } }, place))
    }
    const taken = takeDocument(document, say)
    if (!taken) continue
    const { metadata } = taken
    const place = { file, line: at(start + (offsetAt(yaml, []) ?? 0)).line }
    const named = { ...place, name: metadata.name, labels: metadata.labels ?? {} }
    if (taken.kind === 'EdgeNode') nodes.push({ ...taken.spec, ...named })
    else {
      const { version, ...spec } = taken.spec
      services.push({ ...spec, ...named, ...(version !== undefined && { version: String(version) }) })
    }
  }
  return { nodes, services, findings }
}

const finding = (
  severity: Finding['severity'],
  message: Message,
  place: { readonly file: string; readonly line: number; readonly column: number },
): Finding => ({ kind: severity === 'warning' ? 'unknown-key' : 'broken-file', severity, message, ...place })

type Say = (path: YamlPath, severity: Finding['severity'], key: MessageKey, params?: MessageParams) => void

function takeDocument({ yaml }: PlacedDocument, say: Say): EdgeNodeText | EdgeServiceText | null {
  if (!isYamlMap(yaml.value)) {
    say([], 'error', 'fleet.fileNotEdge')
    return null
  }
  const kind = yaml.value['kind']
  if (kind !== 'EdgeNode' && kind !== 'EdgeService') {
    say(kind === undefined ? [] : ['kind'], 'error', 'fleet.fileNotEdge')
    return null
  }
  let value: YamlValue = yaml.value
  for (;;) {
    const read = edgeKinds[kind].safeParse(value)
    if (read.success) {
      const wrong = read.data.kind === 'EdgeService' ? contradictions(read.data.spec) : []
      for (const { path, key, params } of wrong) say(path, 'error', key, params)
      return wrong.length === 0 ? read.data : null
    }
    const unknown = read.error.issues.filter(issue => issue.code === 'unrecognized_keys')
    for (const issue of unknown)
      for (const key of issue.keys) {
        const path = [...stepsOf(issue.path), key]
        const nearest = nearestName(key, keysAt(kind, path.slice(0, -1)))
        if (nearest === undefined) say(path, 'warning', 'fleet.fileUnknownKey', { key: dotted(path) })
        else say(path, 'warning', 'fleet.fileUnknownKeyNear', { key: dotted(path), nearest })
        value = withoutValueAt(value, path)
      }
    if (unknown.length > 0) continue
    const said = new Set<string>()
    for (const issue of read.error.issues) {
      const path = stepsOf(issue.path)
      const key = dotted(path)
      if (said.has(key)) continue
      said.add(key)
      const expected = expectedAt(kind, path)
      if (valueAt(value, path) === undefined)
        say(deepestThere(value, path), 'error', 'fleet.fileMissingKey', { key, expected })
      else say(path, 'error', 'fleet.fileBadValue', { key, expected })
    }
    return null
  }
}

/** A key that is missing is told where its map stands. */
function deepestThere(value: YamlValue, path: YamlPath): YamlPath {
  let there = path
  while (there.length > 0 && valueAt(value, there) === undefined) there = there.slice(0, -1)
  return there
}

const stepsOf = (path: readonly PropertyKey[]): YamlPath =>
  path.map(step => (typeof step === 'number' ? step : String(step)))
const dotted = (path: YamlPath): string =>
  path.map((step, depth) => (typeof step === 'number' ? `[${step}]` : depth === 0 ? step : `.${step}`)).join('')

let schema: JsonSchema | undefined
function schemasAt(kind: EdgeKind, path: YamlPath): readonly JsonSchema[] {
  schema ??= edgeJsonSchema() as JsonSchema
  const root = schema
  let here: readonly JsonSchema[] = choicesOf(root, root).filter(choice => choice.properties?.['kind']?.const === kind)
  for (const step of path) here = schemasBelow(here, step, root)
  return here
}
const keysAt = (kind: EdgeKind, path: YamlPath): readonly string[] =>
  schemasAt(kind, path).flatMap(({ properties }) => Object.keys(properties ?? {}))

/** What a place takes: what the schema says of it, in the words of the format. */
function expectedAt(kind: EdgeKind, path: YamlPath): string {
  for (let upTo = path.length; upTo > 0; upTo--)
    for (const choice of schemasAt(kind, path.slice(0, upTo))) {
      if (choice.const !== undefined) return String(choice.const)
      if (choice.description !== undefined) return choice.description
      const keys = Object.keys(choice.properties ?? {})
      if (keys.length > 0) return `{${keys.join(', ')}}`
    }
  return '…'
}

type Contradiction = { readonly path: YamlPath; readonly key: MessageKey; readonly params?: MessageParams }

/** What fits its schema field by field and still cannot be meant. */
function contradictions(spec: EdgeServiceText['spec']): readonly Contradiction[] {
  const { artifact, health, unit, rollout } = spec
  const wrong: Contradiction[] = []
  const oneOf = (path: YamlPath, given: object, keys: readonly string[]): void => {
    const there = keys.filter(key => Object.hasOwn(given, key))
    if (there.length !== 1)
      wrong.push({ path, key: 'fleet.fileOneOf', params: { key: dotted(path), keys: keys.join(' | ') } })
  }
  oneOf(['spec'], spec, ['node', 'selector'])
  oneOf(['spec', 'artifact'], artifact, ['path', 'url', 'image'])
  if (artifact.url !== undefined && artifact.sha256 === undefined)
    wrong.push({ path: ['spec', 'artifact'], key: 'fleet.fileNeedsDigest' })
  if (artifact.unpack && spec.command === undefined)
    wrong.push({ path: ['spec', 'artifact', 'unpack'], key: 'fleet.fileNeedsCommand' })
  if (health) oneOf(['spec', 'health'], health, ['http', 'tcp', 'exec'])
  const realtime = unit?.scheduling?.policy === 'fifo' || unit?.scheduling?.policy === 'rr'
  if (unit?.scheduling && realtime !== (unit.scheduling.priority !== undefined))
    wrong.push({ path: ['spec', 'unit', 'scheduling'], key: 'fleet.filePriority' })
  for (const [index, file] of (spec.files ?? []).entries()) oneOf(['spec', 'files', index], file, ['content', 'source'])
  for (const [index, ring] of (rollout?.rings ?? []).entries())
    oneOf(['spec', 'rollout', 'rings', index], ring, ['matchLabels', 'share'])
  return wrong
}
