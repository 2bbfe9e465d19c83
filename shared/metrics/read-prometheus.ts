import * as z from 'zod/mini'
import type { Counter } from './dialects/dialect.ts'
import type { ObservedCall } from './observation.ts'
import { type Labels, unfolded } from './promql.ts'
import { askedFor, type Questions, rounded } from './questions.ts'

/** `/api/v1/query`'s answer to a question that gives a vector (Prometheus, "HTTP API"). */
const Vector = z.object({
  status: z.literal('success'),
  data: z.object({
    resultType: z.literal('vector'),
    result: z.array(
      z.object({
        metric: z.record(z.string(), z.string()),
        // A native histogram stands under `histogram`; nothing asked for gives one.
        value: z.optional(z.tuple([z.number(), z.string()])),
      }),
    ),
  }),
  warnings: z.optional(z.array(z.string())),
  /** VictoriaMetrics: some of its storage did not answer. */
  isPartial: z.optional(z.boolean()),
})

/** `/api/v1/label/…/values`. */
const Names = z.object({
  status: z.literal('success'),
  data: z.nullish(z.array(z.string())),
  warnings: z.optional(z.array(z.string())),
  isPartial: z.optional(z.boolean()),
})

/** What a refused question is answered with. */
export const Refusal = z.object({ status: z.literal('error'), error: z.string() })

export type Answer<T> = { readonly value: T; readonly warnings: readonly string[] }
export type Sample = { readonly labels: Labels; readonly value: number }

const partial = 'the answer is partial'
const told = (answer: { warnings?: string[] | undefined; isPartial?: boolean | undefined }): readonly string[] => [
  ...(answer.warnings ?? []),
  ...(answer.isPartial ? [partial] : []),
]

/** Null where the text is no such answer. Values that are no numbers (no calls in the window) are left out. */
export function readVector(json: unknown): Answer<readonly Sample[]> | null {
  const read = Vector.safeParse(json)
  if (!read.success) return null
  const samples = read.data.data.result.flatMap(({ metric, value }) => {
    const number = value === undefined ? Number.NaN : Number(value[1])
    return Number.isFinite(number) ? [{ labels: unfolded(metric), value: number }] : []
  })
  return { value: samples, warnings: told(read.data) }
}

export function readNames(json: unknown): Answer<readonly string[]> | null {
  const read = Names.safeParse(json)
  return read.success ? { value: read.data.data ?? [], warnings: told(read.data) } : null
}

export type Answers = { readonly [question in keyof Questions]?: readonly Sample[] }

/** The calls one counter tells of, from the answers to its questions. */
export function callsOf(counter: Counter, answers: Answers, window: string): ObservedCall[] {
  const keyed = (samples: readonly Sample[] | undefined) =>
    new Map((samples ?? []).map(sample => [keyOf(sample.labels), sample.value]))
  const failed = keyed(answers.failed)
  const [p50, p95, p99] = [keyed(answers.p50), keyed(answers.p95), keyed(answers.p99)]
  const toMilliseconds = counter.latency?.unit === 's' ? 1000 : 1
  const calls: ObservedCall[] = []
  for (const { labels, value } of answers.rate ?? []) {
    const [caller, callee] = [counter.caller(labels), counter.callee(labels)]
    if (!caller || !callee || value < 0) continue
    const key = keyOf(labels)
    const time = (of: ReadonlyMap<string, number>): number | null => {
      const found = of.get(key)
      return found === undefined ? null : rounded(found * toMilliseconds)
    }
    calls.push({
      caller,
      callee,
      counter: counter.metric,
      protocol: counter.protocol(labels),
      unit: counter.unit,
      rate: value,
      // Counts that are there, and none of them failed, is no failure; a counter that never says so is unknown.
      errors: answers.failed === undefined || value === 0 ? null : Math.min(1, (failed.get(key) ?? 0) / value),
      p50: time(p50),
      p95: time(p95),
      p99: time(p99),
      detail: askedFor(counter, labels, window, value),
      ...(counter.eitherWay && { eitherWay: true }),
    })
  }
  return calls
}

const keyOf = (labels: Labels): string =>
  Object.keys(labels)
    .sort()
    .map(name => `${name}=${labels[name]}`)
    .join('\n')
