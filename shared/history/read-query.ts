import { type DecisionKind, decisionKinds } from '../decisions/decision.ts'
import type { RecordedGate } from '../gate/gate.ts'
import { type Outcome, outcomes } from '../results/result.ts'

/** What a person typed in the search of the log, understood. */
export type LogSearch = {
  /** What is left of the words; empty for none. */
  readonly text: string
  readonly service?: string
  readonly author?: string
  readonly kinds?: readonly (DecisionKind | 'commit')[]
  readonly gates?: readonly RecordedGate[]
  readonly results?: readonly Outcome[]
  /** Seconds since the epoch. */
  readonly since?: number
  readonly until?: number
  /** A rule that spoke at the gate, by its id. */
  readonly rule?: string
  /** `name` or `name@version`, moved by the change. */
  readonly dependency?: string
  /** A machine the change places something on or takes it from. */
  readonly node?: string
  /** A field the change touches: `spec.replicas`, `replicas`. */
  readonly field?: string
  /** Terms whose value cannot be read, as typed: `kind:scael`. */
  readonly wrong: readonly string[]
}

const gates: readonly RecordedGate[] = ['pass', 'warn', 'waived']
/** What a term may begin with, in the order they are offered. */
export const searchTerms = [
  'kind',
  'service',
  'author',
  'gate',
  'result',
  'rule',
  'dependency',
  'node',
  'field',
  'after',
  'before',
] as const
type Term = (typeof searchTerms)[number]

/**
 * Reads a search: words, and terms `kind:scale`, `service:cart`, `author:"Ada Lovelace"`, `gate:warn`,
 * `result:failed`, `rule:replicas-max`, `dependency:grpc@1.70.0`, `node:porto`, `field:spec.replicas`,
 * `after:2026-11-01` and `before:2026-11-20` (whole days, in the reader's own time). Of a kind, gate or result said
 * twice either value will do, of any other term the last one holds. A term nobody knows is a word.
 *
 * @param startOf seconds since the epoch at which a day, `2026-11-20`, begins for the reader
 */
export function readQuery(query: string, startOf: (day: string) => number): LogSearch {
  const words: string[] = []
  const wrong: string[] = []
  const found: { -readonly [K in keyof LogSearch]?: LogSearch[K] } = {}
  for (const [typed, , term, quoted, plain] of query.matchAll(/(([a-z]+):)?(?:"([^"]*)"|(\S+))/g)) {
    const value = quoted ?? plain ?? ''
    const known = searchTerms.find(each => `${each}:` === `${term ?? ''}:`)
    if (!known) {
      words.push(quoted !== undefined && term === undefined ? quoted : typed)
      continue
    }
    if (!take(found, known, value, startOf)) wrong.push(typed)
  }
  return { text: words.join(' '), ...found, wrong }
}

function take(
  into: { -readonly [K in keyof LogSearch]?: LogSearch[K] },
  term: Term,
  value: string,
  startOf: (day: string) => number,
): boolean {
  switch (term) {
    case 'kind': {
      const kind = (['commit', ...decisionKinds] as const).find(each => each === value)
      if (kind) into.kinds = [...(into.kinds ?? []), kind]
      return kind !== undefined
    }
    case 'gate': {
      const gate = gates.find(each => each === value)
      if (gate) into.gates = [...(into.gates ?? []), gate]
      return gate !== undefined
    }
    case 'result': {
      const result = outcomes.find(each => each === value)
      if (result) into.results = [...(into.results ?? []), result]
      return result !== undefined
    }
    case 'service':
    case 'author':
    case 'rule':
    case 'dependency':
    case 'node':
    case 'field':
      if (value !== '') into[term] = value
      return value !== ''
    case 'after':
    case 'before': {
      if (!/^\d{4}-\d\d-\d\d$/.test(value) || Number.isNaN(Date.parse(value))) return false
      const start = startOf(value)
      if (term === 'after') into.since = start
      // The day itself is asked for too: until the last second before the next.
      else into.until = start + 86_399
      return true
    }
  }
}
