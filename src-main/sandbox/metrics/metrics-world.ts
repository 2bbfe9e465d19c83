import { evaluateQuery, type Sample, type Series } from './evaluate-promql.ts'
import { parseQuery } from './parse-promql.ts'
import { seriesAt, type Version } from './traffic.ts'

/** The sandbox's metrics: what is counted, and answers to PromQL about it. */
export type MetricsWorld = {
  /** Says who answers for a service; one version with all of it, as long as nobody does. */
  setVersions(versionsOf: (service: string) => readonly Version[]): void
  names(now: number): readonly string[]
  series(now: number): readonly Series[]
  /** Throws an Error for a query that cannot be read. */
  ask(query: string, now: number): number | readonly Sample[]
}

export function createMetricsWorld(): MetricsWorld {
  let versionsOf = (_service: string): readonly Version[] => [{ share: 1, labels: {} }]
  const series = (now: number) => seriesAt(now, service => versionsOf(service))
  return {
    setVersions(of) {
      versionsOf = of
    },
    series,
    names: now => [...new Set(series(now).map(({ name }) => name))].sort(),
    ask: (query, now) => evaluateQuery(parseQuery(query), series(now)),
  }
}
