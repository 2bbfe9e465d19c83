import type { Message } from '../messages/index.ts'
import { nearestName } from '../topology/nearest-name.ts'
import type { Finding } from '../topology/topology.ts'
import { offsetAt } from '../yaml/change-yaml.ts'
import { type PlacedDocument, parseYaml } from '../yaml/parse-yaml.ts'
import { columnOf, lineNumber } from '../yaml/text-lines.ts'
import { isYamlMap, valueAt, withoutValueAt, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'
import { knownKeys, Workspace, workspaceApiVersion } from './workspace-schema.ts'

type Part<K extends keyof Workspace> = NonNullable<Workspace[K]>
export type DeclaredEnvironment = Part<'environments'>[number]
export type MetricsSource = Part<'metrics'>[number]
export type ServiceNotes = Part<'services'>[string] & { readonly line: number }
export type EdgeVerdict = Part<'edges'>[number] & { readonly line: number }

/** `pilothouse.yaml` as far as it could be read; lines are 1-based. */
export type WorkspaceFile = {
  readonly file: string
  readonly name?: string
  readonly environments: readonly DeclaredEnvironment[]
  readonly metrics: readonly MetricsSource[]
  readonly services: ReadonlyMap<string, ServiceNotes>
  readonly edges: readonly EdgeVerdict[]
  /** Unknown keys are warnings, everything else that could not be taken is an error. */
  readonly findings: readonly Finding[]
}

export const emptyWorkspaceFile = (file: string, findings: readonly Finding[] = []): WorkspaceFile => ({
  file,
  environments: [],
  metrics: [],
  services: new Map(),
  edges: [],
  findings,
})

/**
 * Reads `pilothouse.yaml`. What is wrong is told with line and column and left out, and the rest holds: a key nobody
 * knows is a warning that names the nearest known one; a value that does not fit costs that value, or the entry that
 * cannot do without it.
 */
export function readWorkspaceFile(file: string, text: string): WorkspaceFile {
  const findings: Finding[] = []
  const placed = parseYaml(text)
  const say = (offset: number, severity: Finding['severity'], message: (at: Place) => Message) => {
    const at = { file, line: lineNumber(text, offset), column: columnOf(text, offset) + 1 }
    findings.push({
      kind: severity === 'warning' ? 'unknown-key' : 'broken-file',
      severity,
      message: message(at),
      ...at,
    })
  }
  for (const { start, yaml } of placed)
    for (const error of yaml.errors)
      say(start + error.offset, 'error', at => ({
        key: 'workspace.fileUnreadable',
        params: { ...at, reason: error.message },
      }))
  if (findings.length > 0) return emptyWorkspaceFile(file, findings)

  const documents = placed.filter(({ yaml }) => yaml.value !== null)
  const document = documents.find(({ yaml }) => isWorkspace(yaml.value)) ?? documents[0]
  if (!document) return emptyWorkspaceFile(file)
  for (const other of documents)
    if (other !== document)
      say(firstOffset(other), 'error', at => ({ key: 'workspace.fileSecondDocument', params: at }))
  if (!isYamlMap(document.yaml.value)) {
    say(document.start, 'error', at => ({
      key: 'workspace.fileNotAWorkspace',
      params: { ...at, expected: workspaceApiVersion },
    }))
    return emptyWorkspaceFile(file, findings)
  }
  const read = takeValid(document, (path, severity, message) =>
    say(document.start + (offsetAt(document.yaml, path) ?? 0), severity, message),
  )
  const lineAt = (path: YamlPath): number => lineNumber(text, document.start + (offsetAt(document.yaml, path) ?? 0))
  const { value, origin } = read
  return {
    file,
    ...(value.metadata?.name !== undefined && { name: value.metadata.name }),
    environments: value.environments ?? [],
    metrics: value.metrics ?? [],
    services: new Map(
      Object.entries(value.services ?? {}).map(([name, notes]) => [
        name,
        { ...notes, line: lineAt(['services', name]) },
      ]),
    ),
    edges: (value.edges ?? []).map((edge, index) => ({ ...edge, line: lineAt(['edges', origin('edges', index)]) })),
    findings: findings.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0)),
  }
}

type Place = { readonly file: string; readonly line: number; readonly column: number }
type Say = (path: YamlPath, severity: Finding['severity'], message: (at: Place) => Message) => void

const isWorkspace = (value: YamlValue): boolean => isYamlMap(value) && value['kind'] === 'Workspace'
const firstOffset = ({ start, yaml }: PlacedDocument): number => start + (yaml.document.contents?.range?.[0] ?? 0)

/** Takes out what does not fit until the rest does. `origin` is where an item of a list stood before that. */
function takeValid(
  { yaml }: PlacedDocument,
  say: Say,
): { readonly value: Workspace; readonly origin: (list: string, index: number) => number } {
  let value = yaml.value
  const gone = new Map<string, number[]>()
  const origin = (list: string, index: number): number => {
    let at = index
    for (const removed of [...(gone.get(list) ?? [])].sort((a, b) => a - b)) if (removed <= at) at += 1
    return at
  }
  const original = (path: YamlPath): YamlPath =>
    path.map((step, depth) => (typeof step === 'number' && depth === 1 ? origin(String(path[0]), step) : step))
  const remove = (path: YamlPath) => {
    const [list, index] = path
    if (path.length === 2 && typeof index === 'number')
      gone.set(String(list), [...(gone.get(String(list)) ?? []), origin(String(list), index)])
    value = withoutValueAt(value, path)
  }
  for (;;) {
    const read = Workspace.safeParse(value)
    if (read.success) return { value: read.data, origin }
    const [issue] = deepest(read.error.issues)
    const path = stepsOf(issue!.path)
    if (issue!.code === 'unrecognized_keys') {
      for (const key of issue!.keys) {
        const where = [...path, key]
        const nearest = nearestName(key, keysOf(path))
        say(original(where), 'warning', at =>
          nearest === undefined
            ? { key: 'workspace.fileUnknownKey', params: { ...at, key: dotted(where) } }
            : { key: 'workspace.fileUnknownKeyNear', params: { ...at, key: dotted(where), nearest } },
        )
        remove(where)
      }
      continue
    }
    const here = valueAt(value, path)
    const missing = here === undefined
    const said = original(missing ? path.slice(0, -1) : path)
    say(said, 'error', at =>
      missing
        ? { key: 'workspace.fileMissingKey', params: { ...at, key: dotted(path) } }
        : { key: 'workspace.fileBadValue', params: { ...at, key: dotted(original(path)), expected: expectedAt(path) } },
    )
    if (path.length <= 1 && (missing || isIdentity(path))) {
      // Without knowing what it is, nothing in it can be trusted but its shape: put what it should say, and go on.
      value = isYamlMap(value)
        ? { ...value, [String(path[0])]: path[0] === 'kind' ? 'Workspace' : workspaceApiVersion }
        : {}
      continue
    }
    remove(missing ? path.slice(0, -1) : required(path) ? path.slice(0, -1) : path)
  }
}

const isIdentity = (path: YamlPath): boolean => path[0] === 'apiVersion' || path[0] === 'kind'

type Issue = { readonly code: string; readonly path: readonly PropertyKey[]; readonly keys: readonly string[] }
/** The issues of a union are those of the side that fits its shape; of several, the first. */
function deepest(issues: readonly object[]): Issue[] {
  return issues.map(issue => {
    const {
      code = 'custom',
      path = [],
      keys = [],
      errors,
    } = issue as Partial<Issue> & {
      errors?: readonly (readonly object[])[]
    }
    if (code !== 'invalid_union' || !errors) return { code, path, keys }
    const inner = errors
      .map(deepest)
      .find(side => side.some(one => one.path.length > 0 || one.code === 'unrecognized_keys'))
    const [first] = inner ?? []
    return first ? { ...first, path: [...path, ...first.path] } : { code, path, keys }
  })
}

const stepsOf = (path: readonly PropertyKey[]): YamlPath =>
  path.map(step => (typeof step === 'number' ? step : String(step)))
const dotted = (path: YamlPath): string =>
  path.map((step, depth) => (typeof step === 'number' ? `[${step}]` : depth === 0 ? step : `.${step}`)).join('')

/** Keys an entry cannot do without. */
const required = (path: YamlPath): boolean => {
  const key = String(path.at(-1))
  const [section] = path
  if (path.length === 3)
    return (
      (section === 'environments' && key === 'path') ||
      (section === 'metrics' && (key === 'kind' || key === 'url')) ||
      (section === 'edges' && ['from', 'to', 'state'].includes(key))
    )
  return (
    path.length === 4 &&
    ((path[2] === 'health' && key === 'kind') ||
      (path[2] === 'auth' && key === 'kind') ||
      (path[2] === 'source' && key === 'repository'))
  )
}

const keysOf = (path: YamlPath): readonly string[] =>
  knownKeys[path.length === 3 ? String(path[2]) : String(path[0] ?? '')] ?? []

/** What a field takes, in the words of the format. */
function expectedAt(path: YamlPath): string {
  const key = typeof path.at(-1) === 'number' ? String(path.at(-2)) : String(path.at(-1))
  const [section] = path
  const words: { readonly [key: string]: string } = {
    apiVersion: workspaceApiVersion,
    tier: 'critical | standard | best-effort',
    state: 'confirmed | rejected | declared',
    protected: 'true | false',
    availability: '0–100',
    errors: '0–100',
    p99: '> 0',
    port: '1–65535',
    url: 'http(s)://host/path',
    liveness: '/path',
    readiness: '/path',
    dependencies: '/path',
    path: 'folder/of/the/workspace',
    folder: 'folder/of/the/repository',
    source: 'folder | {folder, repository, revision}',
    slo: '{availability, p99, errors}',
    health: '{kind, port, liveness, readiness, dependencies, service}',
    metadata: '{name}',
    window: '5m | 1h | 1d …',
    match: '{label: value}',
    auth: '{kind: bearer | basic, env}',
    headers: '{Name: {env: VARIABLE}}',
    env: 'NAME_OF_A_VARIABLE',
  }
  if (key === 'kind')
    return path[2] === 'auth'
      ? 'bearer | basic'
      : section === 'metrics'
        ? 'prometheus | jaeger | tempo'
        : section === 'services'
          ? 'kubernetes | http | grpc | spring-actuator | dapr'
          : 'Workspace'
  if (path.length === 4 && path[2] === 'headers') return '{env: NAME_OF_A_VARIABLE}'
  if (path.length === 1 && section === 'services') return '{name: {owner, tier, slo, health, source}}'
  if (path.length === 1 && (section === 'environments' || section === 'metrics' || section === 'edges')) return '[…]'
  if (path.length === 2) return `{${keysOf(path).join(', ')}}`
  return words[key] ?? 'text'
}
