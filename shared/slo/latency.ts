import type { CallGraph } from './call-graph.ts'

/** The slowest way through a service. */
export type SlowestPath = { readonly milliseconds: number; readonly path: readonly string[] }
export type LatencyBudget = SlowestPath & {
  readonly service: string
  readonly target: number
  readonly possible: boolean
  /** Milliseconds that are left for the service itself and for those on the path who promised nothing. */
  readonly left: number
}

/**
 * The least a service needs at its 99th percentile when those behind it just keep their promise: calls side by side
 * take as long as the slowest of them, calls declared as sequential add up, and a call that a cache answers 99 times of
 * 100 does not count. What is not declared counts as side by side, so what is called impossible is so for certain.
 */
export function slowestPath(graph: CallGraph, service: string, seen: ReadonlySet<string> = new Set()): SlowestPath {
  const inside = new Set([...seen, service])
  let slowest: SlowestPath = { milliseconds: 0, path: [] }
  let inTurn: SlowestPath = { milliseconds: 0, path: [] }
  for (const { to, cached, sequential } of graph.calls.get(service) ?? []) {
    if (inside.has(to) || cached >= 0.99) continue
    const promised = graph.slos.get(to)?.p99
    const behind = promised === undefined ? slowestPath(graph, to, inside) : { milliseconds: promised, path: [] }
    const here = { milliseconds: behind.milliseconds, path: [to, ...behind.path] }
    if (sequential)
      inTurn = { milliseconds: inTurn.milliseconds + here.milliseconds, path: [...inTurn.path, ...here.path] }
    else if (here.milliseconds > slowest.milliseconds) slowest = here
  }
  return { milliseconds: inTurn.milliseconds + slowest.milliseconds, path: [...inTurn.path, ...slowest.path] }
}

/** What a promised p99 leaves; null where none is promised. */
export function latencyBudgetOf(graph: CallGraph, service: string): LatencyBudget | null {
  const target = graph.slos.get(service)?.p99
  if (target === undefined) return null
  const slowest = slowestPath(graph, service)
  return { ...slowest, service, target, possible: slowest.milliseconds < target, left: target - slowest.milliseconds }
}
