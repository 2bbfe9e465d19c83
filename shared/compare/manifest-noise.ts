import { sameValue, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'
import type { Noise } from './difference.ts'

const serverFields = new Set([
  'metadata.creationTimestamp',
  'metadata.generation',
  'metadata.managedFields',
  'metadata.resourceVersion',
  'metadata.selfLink',
  'metadata.uid',
])
const serverAnnotations =
  /^(kubectl\.kubernetes\.io\/(last-applied-configuration|restartedAt)|deployment\.kubernetes\.io\/)/
const toolKeys =
  /^(helm\.sh\/(chart|release|revision)|chart|heritage|app\.kubernetes\.io\/managed-by|meta\.helm\.sh\/.+|argocd\.argoproj\.io\/(tracking-id|instance)|(kustomize|helm)\.toolkit\.fluxcd\.io\/.+|objectset\.rio\.cattle\.io\/.+)$/
const checksumKeys = /(^|[/.-])(checksum|sha256|sha1|md5|rollme)([/.-]|$)|-(hash|checksum)$/i

/** What the API server puts where a manifest says nothing, by the end of the path (API reference of apps/v1 and core/v1). */
const defaults: readonly (readonly [end: string, value: YamlValue])[] = [
  ['protocol', 'TCP'],
  ['restartPolicy', 'Always'],
  ['dnsPolicy', 'ClusterFirst'],
  ['schedulerName', 'default-scheduler'],
  ['terminationGracePeriodSeconds', 30],
  ['terminationMessagePath', '/dev/termination-log'],
  ['terminationMessagePolicy', 'File'],
  ['securityContext', {}],
  ['resources', {}],
  ['spec.revisionHistoryLimit', 10],
  ['spec.progressDeadlineSeconds', 600],
  ['spec.podManagementPolicy', 'OrderedReady'],
  ['spec.sessionAffinity', 'None'],
  ['spec.type', 'ClusterIP'],
  ['spec.internalTrafficPolicy', 'Cluster'],
  ['volumeMode', 'Filesystem'],
  ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((probe): [string, YamlValue][] => [
    [`${probe}.timeoutSeconds`, 1],
    [`${probe}.periodSeconds`, 10],
    [`${probe}.successThreshold`, 1],
    [`${probe}.failureThreshold`, 3],
    [`${probe}.initialDelaySeconds`, 0],
    [`${probe}.httpGet.scheme`, 'HTTP'],
  ]),
]

/** What was called otherwise on the two sides, for values that only repeat that. */
export type Renamed = {
  /** Generated objects: the name at A to the name at B. */
  readonly generated: ReadonlyMap<string, string>
  /** Another environment's namespaces and names. */
  readonly environment: ReadonlyMap<string, string>
  /** The two are different environments. */
  readonly across: boolean
}

/** Why a difference means nothing for what runs; undefined where it may. */
export function noiseOf(
  path: YamlPath,
  before: YamlValue | undefined,
  after: YamlValue | undefined,
  renamed: Renamed,
): Noise | undefined {
  const [first, second] = path.map(String)
  const text = path.join('.')
  if (first === 'status' || serverFields.has(text)) return 'server'
  const parent = String(path.at(-2) ?? '')
  const last = String(path.at(-1) ?? '')
  if (parent === 'annotations' && serverAnnotations.test(last)) return 'server'
  if ((parent === 'annotations' || parent === 'labels') && toolKeys.test(last)) return 'tool'
  if (parent === 'annotations' && checksumKeys.test(last)) return 'checksum'
  if (isDefault(text, before, after) || isDefault(text, after, before)) return 'default'
  if (isAmount(path) && before !== undefined && after !== undefined) {
    const [a, b] = [amountOf(before), amountOf(after)]
    if (a !== null && a === b) return 'quantity'
  }
  if (renamed.across && first === 'metadata' && second === 'namespace') return 'environment'
  if (typeof before !== 'string' || typeof after !== 'string') return undefined
  if (renamed.generated.get(before) === after) return 'generated-name'
  if (renamed.environment.size === 0) return undefined
  return inOtherWords(before, renamed.environment) === after ? 'environment' : undefined
}

const isDefault = (path: string, absent: YamlValue | undefined, said: YamlValue | undefined): boolean =>
  absent === undefined &&
  said !== undefined &&
  defaults.some(([end, value]) => (path === end || path.endsWith(`.${end}`)) && sameValue(said, value))

const amounts = new Set(['requests', 'limits', 'capacity', 'hard'])
const isAmount = (path: YamlPath): boolean =>
  path.some(step => amounts.has(String(step))) || ['sizeLimit', 'storage', 'averageValue'].includes(String(path.at(-1)))

const factors: { readonly [suffix: string]: number } = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** A quantity of Kubernetes as a number; null for what is none. */
export function amountOf(value: YamlValue): number | null {
  const found = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:e([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/i.exec(String(value))
  if (!found) return null
  const factor = found[2] === undefined ? factors[found[3] ?? ''] : 10 ** Number(found[2])
  return factor === undefined ? null : Number((Number(found[1]) * factor).toPrecision(12))
}

/** A text with every name that is a word of its own put as the other side calls it. */
function inOtherWords(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(/[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*/g, word => names.get(word) ?? word)
}

/** The name without the hash that kustomize appends to what it generates; null where it has none. */
export const withoutHash = (name: string): string | null => /^(.+)-[bcdfghkmt2456789]{10}$/.exec(name)?.[1] ?? null
