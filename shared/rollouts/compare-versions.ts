import type { Counter } from '../metrics/dialects/dialect.ts'
import { dialects } from '../metrics/dialects/dialects.ts'
import { equals } from '../metrics/promql.ts'
import { type Questions, questionsOf } from '../metrics/questions.ts'
import type { Rollout } from './rollout.ts'

/** What one side did in a window; null where the source does not say. */
export type VersionFigures = {
  /** Requests in the window: the size of the sample the rest rests on. */
  readonly requests: number
  /** Requests a second. */
  readonly throughput: number
  /** 0 to 1. */
  readonly successRate: number | null
  /** Milliseconds. */
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
}
export type VersionSample = {
  readonly at: string
  readonly stable: VersionFigures | null
  readonly canary: VersionFigures | null
}

/** A way of telling the two sides apart: PromQL matchers of each. */
export type Sides = { readonly stable: readonly string[]; readonly canary: readonly string[] }

/** What to ask for one side, of one counter. */
export type SideQuestions = { readonly counter: Counter; readonly stable: Questions; readonly canary: Questions }

const podLabels = ['pod', 'kubernetes_pod_name', 'pod_name', 'destination_pod']
const hashLabels = ['rollouts_pod_template_hash', 'pod_template_hash', 'destination_version', 'version']
const workloadLabels = ['destination_workload', 'deployment', 'dst_deployment', 'workload']
const serviceLabels = ['destination_service_name', 'dst_service', 'service', 'exported_service']

const quoted = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
const like = (label: string, pattern: string): string => `${label}=~"${pattern.replace(/\\/g, '\\\\')}"`

/**
 * Ways the two revisions are told apart in metrics, the surest first. An Argo Rollout's by the hash of its Pods, by
 * label or in their names; a Canary's by the workload, which Flagger doubles as `-primary`; and by the Services the two
 * are reached by.
 */
export function sidesOf(rollout: Rollout): readonly Sides[] {
  const { object, stable, canary, services, workload } = rollout
  const sides: Sides[] = []
  const add = (label: string, a: string, b: string) =>
    sides.push({ stable: [equals(label, a)], canary: [equals(label, b)] })
  if (object.kind === 'Rollout' && stable.id !== null && canary.id !== null) {
    for (const label of hashLabels) add(label, stable.id, canary.id)
    const pods = (hash: string) => `${quoted(object.name)}-${quoted(hash)}-.+`
    for (const label of podLabels)
      sides.push({ stable: [like(label, pods(stable.id))], canary: [like(label, pods(canary.id))] })
  }
  if (object.kind === 'Canary' && workload) {
    for (const label of workloadLabels) add(label, `${workload.name}-primary`, workload.name)
    const own = `${quoted(workload.name)}-[0-9a-zA-Z]+(-[0-9a-zA-Z]+)`
    for (const label of podLabels)
      sides.push({ stable: [like(label, `${quoted(workload.name)}-primary-.+`)], canary: [like(label, own)] })
  }
  if (services.stable !== null && services.canary !== null && services.stable !== services.canary)
    for (const label of serviceLabels) add(label, services.stable, services.canary)
  return sides
}

const allCounters = dialects.flatMap(({ counters }) => counters).filter(({ unit }) => unit === 'requests')

/** Counters of requests the source has, the surest dialect first. */
export const countersIn = (present: ReadonlySet<string>): readonly Counter[] =>
  allCounters.filter(({ metric }) => present.has(metric))

/** The questions for both sides, each answered by one number: nothing is kept apart but the two. */
export function sideQuestions(
  counter: Counter,
  sides: Sides,
  window: string,
  present: ReadonlySet<string>,
  match: readonly string[],
): SideQuestions {
  // Who called does not matter here, and both ends counting the same call is folded as ever.
  const whole: Counter = {
    ...counter,
    by: [],
    pods: [],
    where: counter.where.filter(where => !where.startsWith('direction=')),
  }
  const of = (matchers: readonly string[]) => questionsOf(whole, window, present, [...match, ...matchers])
  return { counter, stable: of(sides.stable), canary: of(sides.canary) }
}

/** Figures of one side from the numbers that were answered; null where nothing was counted. */
export function figuresOf(
  counter: Counter,
  answers: { readonly [question in keyof Questions]?: number | null },
  seconds: number,
): VersionFigures | null {
  const { rate } = answers
  if (rate === undefined || rate === null) return null
  const toMilliseconds = counter.latency?.unit === 's' ? 1000 : 1
  const time = (value: number | null | undefined) =>
    value === undefined || value === null ? null : value * toMilliseconds
  return {
    requests: Math.round(rate * seconds),
    throughput: rate,
    successRate: answers.failed === undefined || rate === 0 ? null : 1 - Math.min(1, (answers.failed ?? 0) / rate),
    p50: time(answers.p50),
    p95: time(answers.p95),
    p99: time(answers.p99),
  }
}
