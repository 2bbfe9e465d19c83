import type { Counter } from './dialects/dialect.ts'
import { equals, foldedName, type Labels, selector, withFolded } from './promql.ts'

export const quantiles = { p50: 0.5, p95: 0.95, p99: 0.99 } as const
export type Quantile = keyof typeof quantiles

/** What to ask of one counter, in PromQL: each answer is a vector over the same labels. */
export type Questions = { readonly [question in 'rate' | 'failed' | Quantile]?: string }

/**
 * The questions that tell rate, failures and percentiles of a counter's calls over a window. `present` are the metrics
 * the source has, `match` the matchers that narrow it to one cluster or namespace.
 */
export function questionsOf(
  counter: Counter,
  window: string,
  present: ReadonlySet<string>,
  match: readonly string[] = [],
): Questions {
  const rate = (metric: string, where: readonly string[]) =>
    `rate(${selector(metric, [...counter.where, ...where, ...match])}[${window}])`
  const folded = (expression: string) => withFolded(expression, counter.pods ?? [])
  const failed = counter.failed.filter(({ metric }) => metric === undefined || present.has(metric))
  const { latency } = counter
  const classic = latency && present.has(`${latency.histogram}_bucket`)
  // A native histogram is one series; its own function takes it as it is.
  const native = latency && !classic && present.has(latency.histogram)
  const quantile = (name: Quantile) => {
    const samples = folded(rate(classic ? `${latency!.histogram}_bucket` : latency!.histogram, latency!.where ?? []))
    const summed = sum(counter, samples, classic ? ['le'] : [])
    return largerSide(counter, `histogram_quantile(${quantiles[name]}, ${summed})`)
  }
  return {
    rate: largerSide(counter, sum(counter, folded(rate(counter.metric, [])))),
    ...(failed.length > 0 && {
      failed: largerSide(
        counter,
        sum(counter, folded(failed.map(({ metric, where }) => rate(metric ?? counter.metric, where)).join(' or '))),
      ),
    }),
    ...((classic || native) && { p50: quantile('p50'), p95: quantile('p95'), p99: quantile('p99') }),
  }
}

const labelsOf = ({ by, pods = [] }: Counter): readonly string[] =>
  by.map(label => (pods.includes(label) ? foldedName(label) : label))

const sum = (counter: Counter, expression: string, more: readonly string[] = []): string =>
  `sum by (${[...labelsOf(counter), ...(counter.side === undefined ? [] : [counter.side]), ...more].join(', ')}) (${expression})`

const largerSide = (counter: Counter, expression: string): string =>
  counter.side === undefined ? expression : `max by (${labelsOf(counter).join(', ')}) (${expression})`

/**
 * The series of one answer, short enough to read and good enough to ask for again: of the labels that name its ends,
 * those that say something new.
 */
export function askedFor(
  { metric, where, by, pods = [] }: Counter,
  labels: Labels,
  window: string,
  value: number,
): string {
  const said = new Set(['', 'unknown'])
  const named = by.flatMap(label => {
    const text = labels[label] ?? ''
    if (said.has(text)) return []
    said.add(text)
    return [pods.includes(label) ? `${label}=~"${text}.*"` : equals(label, text)]
  })
  return `rate(${selector(metric, [...where, ...named])}[${window}]) = ${rounded(value)}`
}

/** Three digits that count. */
export const rounded = (value: number): number => Number(value.toPrecision(3))
