import type { Matcher, Query } from './parse-promql.ts'

export type Labels = { readonly [label: string]: string }
export type Sample = { readonly labels: Labels; readonly value: number }

/** One series as it is at a moment: a counter by how fast it grows, since it grows as the sandbox says. */
export type Series = {
  readonly name: string
  readonly labels: Labels
  /** Growth a second over the last so many seconds; 0: now. */
  readonly rate: (seconds: number) => number
  /** What a counter has come to. */
  readonly total: number
}

type Value = number | string | readonly Sample[]

/** What a query comes to: samples, or one number. Throws an Error for a function that is not known here. */
export function evaluateQuery(query: Query, series: readonly Series[]): number | readonly Sample[] {
  const value = evaluate(query, series)
  if (typeof value === 'string') throw new Error('a text is no answer')
  return value
}

function evaluate(query: Query, series: readonly Series[]): Value {
  switch (query.kind) {
    case 'number':
    case 'text':
      return query.value
    case 'select':
      return select(query, series, each => each.total)
    case 'aggregate': {
      const of = samplesOf(evaluate(query.of, series))
      const { labels, without } = query
      const key = (each: Labels) =>
        Object.fromEntries(Object.entries(each).filter(([label]) => without !== labels.includes(label)))
      return grouped(of, key).map(({ labels: kept, samples }) => ({
        labels: kept,
        value: aggregate(query.name, samples),
      }))
    }
    case 'call':
      return call(query.name, query.args, series)
    case 'binary':
      return binary(query, evaluate(query.left, series), evaluate(query.right, series))
  }
}

function select(
  { metric, matchers }: { readonly metric: string; readonly matchers: readonly Matcher[] },
  series: readonly Series[],
  read: (series: Series) => number,
): readonly Sample[] {
  const tests = matchers.map(matcher => tester(matcher))
  return series
    .filter(
      each =>
        (metric === '' || each.name === metric) &&
        tests.every(({ label, test }) => test(label === '__name__' ? each.name : (each.labels[label] ?? ''))),
    )
    .map(each => ({ labels: each.labels, value: read(each) }))
}

/** What had no call in the window is not there, as with a counter that has not begun. */
const counted = (samples: readonly Sample[]): readonly Sample[] => samples.filter(({ value }) => value > 0)

function tester({ label, operator, value }: Matcher): { label: string; test: (text: string) => boolean } {
  if (operator === '=') return { label, test: text => text === value }
  if (operator === '!=') return { label, test: text => text !== value }
  const pattern = new RegExp(`^(?:${value})$`)
  return { label, test: text => pattern.test(text) === (operator === '=~') }
}

const samplesOf = (value: Value): readonly Sample[] =>
  typeof value === 'number' ? [{ labels: {}, value }] : typeof value === 'string' ? [] : value

const keyText = (labels: Labels) => JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))

function grouped(
  samples: readonly Sample[],
  key: (labels: Labels) => Labels,
): readonly { readonly labels: Labels; readonly samples: readonly Sample[] }[] {
  const groups = new Map<string, { readonly labels: Labels; readonly samples: Sample[] }>()
  for (const sample of samples) {
    const labels = key(sample.labels)
    const text = keyText(labels)
    const group = groups.get(text)
    if (group) group.samples.push(sample)
    else groups.set(text, { labels, samples: [sample] })
  }
  return [...groups.values()]
}

function aggregate(name: string, samples: readonly Sample[]): number {
  const values = samples.map(({ value }) => value)
  const sum = values.reduce((total, value) => total + value, 0)
  switch (name) {
    case 'sum':
      return sum
    case 'avg':
      return sum / values.length
    case 'min':
      return Math.min(...values)
    case 'max':
      return Math.max(...values)
    case 'count':
      return values.length
    default:
      return 1
  }
}

function call(name: string, args: readonly Query[], series: readonly Series[]): Value {
  const first = args[0]
  const each = (change: (value: number) => number): readonly Sample[] =>
    samplesOf(evaluate(first!, series)).map(sample => ({ ...sample, value: change(sample.value) }))
  const numberAt = (index: number): number => {
    const value = args[index] ? evaluate(args[index], series) : 0
    return typeof value === 'number' ? value : (samplesOf(value)[0]?.value ?? Number.NaN)
  }
  const textAt = (index: number): string => {
    const value = args[index] ? evaluate(args[index], series) : ''
    return typeof value === 'string' ? value : ''
  }
  switch (name) {
    case 'rate':
    case 'irate':
      return first?.kind === 'select' ? counted(select(first, series, ({ rate }) => rate(first.range ?? 0))) : []
    case 'increase':
    case 'delta':
      return first?.kind === 'select'
        ? counted(select(first, series, ({ rate }) => rate(first.range ?? 0) * (first.range ?? 0)))
        : []
    case 'sum_over_time':
    case 'avg_over_time':
    case 'max_over_time':
    case 'min_over_time':
    case 'last_over_time':
      return samplesOf(evaluate(first!, series))
    case 'histogram_quantile':
      return quantiles(numberAt(0), samplesOf(evaluate(args[1]!, series)))
    case 'label_replace':
      return replaceLabel(samplesOf(evaluate(first!, series)), textAt(1), textAt(2), textAt(3), textAt(4))
    case 'vector':
      return [{ labels: {}, value: numberAt(0) }]
    case 'scalar': {
      const samples = samplesOf(evaluate(first!, series))
      return samples.length === 1 ? samples[0]!.value : Number.NaN
    }
    case 'absent':
      return samplesOf(evaluate(first!, series)).length === 0 ? [{ labels: {}, value: 1 }] : []
    case 'clamp_min':
      return each(value => Math.max(value, numberAt(1)))
    case 'clamp_max':
      return each(value => Math.min(value, numberAt(1)))
    case 'abs':
      return each(Math.abs)
    case 'ceil':
      return each(Math.ceil)
    case 'floor':
      return each(Math.floor)
    case 'round':
      return each(Math.round)
    default:
      throw new Error(`the sandbox's metrics do not know the function ${name}`)
  }
}

/** As Prometheus: linear within the bucket that holds the quantile; the last finite bound where it is beyond. */
function quantiles(quantile: number, samples: readonly Sample[]): readonly Sample[] {
  const groups = grouped(samples, ({ le: _, ...rest }) => rest)
  return groups.flatMap(({ labels, samples: buckets }) => {
    const bounds = buckets
      .map(({ labels: { le }, value }) => ({ bound: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le), value }))
      .sort((a, b) => a.bound - b.bound)
    const total = bounds.at(-1)?.value ?? 0
    if (bounds.length < 2 || bounds.at(-1)!.bound !== Number.POSITIVE_INFINITY || total === 0)
      return [{ labels, value: Number.NaN }]
    const rank = quantile * total
    const at = bounds.findIndex(({ value }) => value >= rank)
    if (at === bounds.length - 1) return [{ labels, value: bounds[at - 1]!.bound }]
    const below = at === 0 ? { bound: 0, value: 0 } : bounds[at - 1]!
    const { bound, value } = bounds[at]!
    return [
      { labels, value: below.bound + ((bound - below.bound) * (rank - below.value)) / (value - below.value || 1) },
    ]
  })
}

function replaceLabel(
  samples: readonly Sample[],
  target: string,
  replacement: string,
  source: string,
  pattern: string,
): readonly Sample[] {
  const regex = new RegExp(`^(?:${pattern})$`)
  return samples.map(sample => {
    const match = regex.exec(sample.labels[source] ?? '')
    if (!match) return sample
    const value = replacement.replaceAll(/\$(\d+)/g, (_, index: string) => match[Number(index)] ?? '')
    return { ...sample, labels: { ...sample.labels, [target]: value } }
  })
}

const arithmetic: { readonly [operator: string]: (a: number, b: number) => number } = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
}
const comparisons: { readonly [operator: string]: (a: number, b: number) => boolean } = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
}

function binary(
  { operator, bool, on, ignoring }: Query & { readonly kind: 'binary' },
  left: Value,
  right: Value,
): Value {
  const keyOf = ({ labels }: Sample) =>
    keyText(
      Object.fromEntries(
        Object.entries(labels).filter(([label]) => (on === null ? !ignoring.includes(label) : on.includes(label))),
      ),
    )
  if (/^(or|and|unless)$/.test(operator)) {
    const a = samplesOf(left)
    const b = samplesOf(right)
    const inB = new Set(b.map(keyOf))
    if (operator === 'and') return a.filter(sample => inB.has(keyOf(sample)))
    if (operator === 'unless') return a.filter(sample => !inB.has(keyOf(sample)))
    const inA = new Set(a.map(keyOf))
    return [...a, ...b.filter(sample => !inA.has(keyOf(sample)))]
  }
  const apply = (a: number, b: number): number | null => {
    const compute = arithmetic[operator]
    if (compute) return compute(a, b)
    const holds = comparisons[operator]!(a, b)
    return bool ? Number(holds) : holds ? a : null
  }
  if (typeof left === 'number' && typeof right === 'number') return apply(left, right) ?? 0
  const pairs: readonly (readonly [Sample, number, number])[] =
    typeof right === 'number'
      ? samplesOf(left).map(sample => [sample, sample.value, right] as const)
      : typeof left === 'number'
        ? samplesOf(right).map(sample => [sample, left, sample.value] as const)
        : matched(samplesOf(left), samplesOf(right), keyOf)
  return pairs.flatMap(([sample, a, b]) => {
    const value = apply(a, b)
    return value === null ? [] : [{ labels: sample.labels, value }]
  })
}

function matched(left: readonly Sample[], right: readonly Sample[], keyOf: (sample: Sample) => string) {
  const others = new Map(right.map(sample => [keyOf(sample), sample.value]))
  return left.flatMap(sample => {
    const other = others.get(keyOf(sample))
    return other === undefined ? [] : [[sample, sample.value, other] as const]
  })
}
