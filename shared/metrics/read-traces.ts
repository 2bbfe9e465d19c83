import * as z from 'zod/mini'
import { firstOf, peer } from './dialects/dialect.ts'
import { jaegerCounter, tempoCounter } from './dialects/dialects.ts'
import type { ObservedCall } from './observation.ts'
import { rounded } from './questions.ts'
import { windowSeconds } from './window.ts'

/** Jaeger's `/api/dependencies`. */
const Dependencies = z.object({
  data: z.nullish(
    z.array(
      z.object({
        parent: z.string(),
        child: z.string(),
        callCount: z.number(),
      }),
    ),
  ),
  errors: z.nullish(z.array(z.object({ msg: z.string() }))),
})

/** Calls between services as Jaeger counted them in its traces: sampled, so rates are at least these. Null: no such answer. */
export function readDependencies(
  json: unknown,
  window: string,
): { readonly calls: readonly ObservedCall[]; readonly warnings: readonly string[] } | null {
  const read = Dependencies.safeParse(json)
  if (!read.success) return null
  const calls = (read.data.data ?? []).flatMap(({ parent, child, callCount }): ObservedCall[] => {
    const [caller, callee] = [peer([parent]), peer([child])]
    if (!caller || !callee) return []
    return [
      {
        caller,
        callee,
        counter: jaegerCounter,
        protocol: '',
        unit: 'requests',
        rate: callCount / windowSeconds(window),
        errors: null,
        p50: null,
        p95: null,
        p99: null,
        detail: `dependencies(${parent} → ${child})[${window}] = ${callCount}`,
      },
    ]
  })
  return { calls, warnings: (read.data.errors ?? []).map(({ msg }) => msg) }
}

const service = 'resource.service.name'
const namespace = 'resource.k8s.namespace.name'
const called = ['span.peer.service', 'span.server.address']

/** TraceQL metrics of the spans that call somebody, by caller and by whom they name (Grafana Tempo, "TraceQL metrics"). */
const spans = '{ kind = client || kind = producer }'
const grouped = `by (${[service, namespace, ...called].join(', ')})`
export const tempoQuestions = {
  rate: `${spans} | rate() ${grouped}`,
  failed: `{ (kind = client || kind = producer) && status = error } | rate() ${grouped}`,
  times: `${spans} | quantile_over_time(duration, .5, .95, .99) ${grouped}`,
} as const

const Series = z.object({
  series: z.nullish(
    z.array(
      z.object({
        labels: z.nullish(
          z.array(
            z.object({
              key: z.string(),
              value: z.object({ stringValue: z.optional(z.string()), doubleValue: z.optional(z.number()) }),
            }),
          ),
        ),
        value: z.nullish(z.number()),
        samples: z.nullish(z.array(z.object({ value: z.nullish(z.number()) }))),
      }),
    ),
  ),
})

type TempoSample = { readonly labels: { readonly [key: string]: string }; readonly value: number }

/** One answer of `/api/metrics/query` or `query_range`: the value, or the mean of the samples. Null: no such answer. */
export function readTempo(json: unknown): readonly TempoSample[] | null {
  const read = Series.safeParse(json)
  if (!read.success) return null
  return (read.data.series ?? []).flatMap(({ labels, value, samples }) => {
    const values = (samples ?? []).flatMap(sample => (sample.value == null ? [] : [sample.value]))
    const mean = value ?? (values.length > 0 ? values.reduce((a, b) => a + b, 0) / values.length : null)
    if (mean === null) return []
    const named = (labels ?? []).map(({ key, value: { stringValue, doubleValue } }) => [
      key,
      stringValue ?? (doubleValue === undefined ? '' : String(doubleValue)),
    ])
    return [{ labels: Object.fromEntries(named) as TempoSample['labels'], value: mean }]
  })
}

export function callsOfTempo(
  answers: { readonly [question in keyof typeof tempoQuestions]?: readonly TempoSample[] },
  window: string,
): ObservedCall[] {
  const keyOf = (labels: TempoSample['labels']) => [service, namespace, ...called].map(key => labels[key]).join('\n')
  const failed = new Map((answers.failed ?? []).map(({ labels, value }) => [keyOf(labels), value]))
  const times = new Map((answers.times ?? []).map(({ labels, value }) => [`${keyOf(labels)}\n${labels['p']}`, value]))
  return (answers.rate ?? []).flatMap(({ labels, value }) => {
    const caller = peer([labels[service]], labels[namespace])
    const callee = peer(called.map(key => labels[key]))
    if (!caller || !callee) return []
    const time = (p: string): number | null => {
      const seconds = times.get(`${keyOf(labels)}\n${p}`)
      return seconds === undefined ? null : rounded(seconds * 1000)
    }
    return [
      {
        caller,
        callee,
        counter: tempoCounter,
        protocol: '',
        unit: 'requests',
        rate: value,
        errors:
          answers.failed === undefined || value === 0 ? null : Math.min(1, (failed.get(keyOf(labels)) ?? 0) / value),
        p50: time('0.5'),
        p95: time('0.95'),
        p99: time('0.99'),
        detail: `{ ${service}="${labels[service]}" && ${called
          .filter(key => firstOf(labels, [key]) !== undefined)
          .map(key => `${key}="${labels[key]}"`)
          .join(' && ')} } | rate() [${window}] = ${rounded(value)}`,
      } satisfies ObservedCall,
    ]
  })
}
