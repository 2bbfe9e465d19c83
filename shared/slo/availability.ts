import type { CallGraph, Slo } from './call-graph.ts'

/** What stands behind a service: those who promise something, and those who promise nothing and are looked through. */
export type Behind = {
  readonly promised: ReadonlyMap<string, number>
  readonly silent: readonly string[]
}
type Promise = 'availability' | 'errors'
/** Share of requests that a promise lets go well, 0 to 1. */
const shareOf = (slo: Slo | undefined, promise: Promise): number | undefined => {
  const percent = slo?.[promise]
  if (percent === undefined) return undefined
  return promise === 'availability' ? percent / 100 : 1 - percent / 100
}

/** Beyond so many cached calls the rest counts as not cached: the answer is then a little too strict, never too kind. */
const mostCached = 12

/**
 * The best share of requests a service can answer when everybody behind it just keeps their promise and it is itself
 * perfect: the product over all it waits for, each counted once. A promise is that of the whole service, so what is
 * behind one that promised is its own affair. A cached call fails only when the cache misses and the called is down.
 */
export function bestShare(graph: CallGraph, service: string, promise: Promise = 'availability'): number {
  const cached: string[] = []
  const collect = (active: (edge: string) => boolean): Behind => behind(graph, service, promise, active)
  for (const [from, calls] of graph.calls)
    for (const call of calls) if (call.cached > 0) cached.push(`${from} ${call.to}`)
  const everything = collect(() => true)
  const reachable = new Set([service, ...everything.silent])
  const coins = cached.filter(edge => reachable.has(edge.split(' ')[0] as string)).slice(0, mostCached)
  if (coins.length === 0) return product(everything)
  const hit = new Map(coins.map(edge => [edge, hitOf(graph, edge)]))
  let share = 0
  // Every way the caches may answer, with how likely it is.
  for (let ways = 0; ways < 2 ** coins.length; ways++) {
    let likely = 1
    const hits = new Set<string>()
    coins.forEach((edge, index) => {
      const isHit = (ways & (1 << index)) !== 0
      likely *= isHit ? (hit.get(edge) as number) : 1 - (hit.get(edge) as number)
      if (isHit) hits.add(edge)
    })
    if (likely > 0) share += likely * product(collect(edge => !hits.has(edge)))
  }
  return share
}
const hitOf = (graph: CallGraph, edge: string): number => {
  const [from, to] = edge.split(' ') as [string, string]
  return graph.calls.get(from)?.find(call => call.to === to)?.cached ?? 0
}
const product = ({ promised }: Behind): number => [...promised.values()].reduce((all, share) => all * share, 1)

/** Everybody a service waits for, looking through those who promise nothing. */
export function behind(
  graph: CallGraph,
  service: string,
  promise: Promise,
  active: (edge: string) => boolean = () => true,
): Behind {
  const promised = new Map<string, number>()
  const silent = new Set<string>()
  const open = [service]
  for (let from = open.pop(); from !== undefined; from = open.pop())
    for (const { to } of graph.calls.get(from) ?? []) {
      if (to === service || silent.has(to) || promised.has(to) || !active(`${from} ${to}`)) continue
      const share = shareOf(graph.slos.get(to), promise)
      if (share !== undefined) promised.set(to, share)
      else {
        silent.add(to)
        open.push(to)
      }
    }
  return { promised, silent: [...silent] }
}

/** What a promise leaves for those behind it. */
export type Budget = {
  readonly service: string
  readonly promise: Promise
  /** Percent that is promised. */
  readonly target: number
  /** Percent that is possible at best. */
  readonly best: number
  readonly possible: boolean
  readonly promised: readonly { readonly service: string; readonly percent: number }[]
  /** Those who promised nothing yet, the service itself first, and the percent each has to hold. */
  readonly open: readonly string[]
  readonly share: number | null
}

/** Derives backwards, from what a service promises, what everybody behind it has to hold. */
export function budgetOf(graph: CallGraph, service: string, promise: Promise = 'availability'): Budget | null {
  const target = shareOf(graph.slos.get(service), promise)
  if (target === undefined) return null
  const best = bestShare(graph, service, promise)
  const found = behind(graph, service, promise)
  const open = [service, ...found.silent]
  // Rounding must not make an exact promise impossible.
  const possible = best >= target - 1e-12
  return {
    service,
    promise,
    target: target * 100,
    best: best * 100,
    possible,
    promised: [...found.promised].map(([id, share]) => ({ service: id, percent: share * 100 })),
    open,
    share: possible ? Math.min(1, target / best) ** (1 / open.length) * 100 : null,
  }
}

/** Minutes of outage in 30 days that a percent leaves. */
export const minutesOut = (percent: number): number => (1 - percent / 100) * 30 * 24 * 60
