import type { GateFacts } from '../rules/gate-facts.ts'

/**
 * Answers that a workspace gives by itself to the questions trees ask: services and calls as they are declared,
 * rates as they are measured, promises as `pilothouse.yaml` states them. What it cannot say is left to people.
 */
export function knownFacts({ after, slos }: GateFacts): { readonly [fact: string]: number | boolean | string } {
  const known: { [fact: string]: number | boolean | string } = {}
  const workloads = after.services.filter(({ workload }) => workload !== undefined)
  if (workloads.length > 0) known['cluster.kubernetes'] = true
  if (workloads.length > 0)
    known['cluster.autoscaling'] = workloads.some(({ maxReplicas }) => maxReplicas !== undefined)
  const owners = new Set(workloads.flatMap(({ owner }) => owner ?? []))
  if (owners.size > 0) known['team.count'] = owners.size
  const rates = after.edges.filter(({ class: kind, rate }) => kind === 'ingress' && rate !== undefined)
  if (rates.length > 0) known['load.requestsPerSecond'] = rates.reduce((sum, { rate }) => sum + (rate ?? 0), 0)
  const promised = Object.values(slos)
  const availability = promised.flatMap(({ availability: percent }) => percent ?? [])
  if (availability.length > 0) known['sla.availabilityPercent'] = Math.max(...availability)
  const p99 = promised.flatMap(({ p99: milliseconds }) => milliseconds ?? [])
  if (p99.length > 0) known['sla.p99Milliseconds'] = Math.min(...p99)
  const chain = longestChain(after)
  if (chain > 0) known['topology.longestCallChain'] = chain
  return known
}

/** Calls one after the other on the longest way through the graph; a ring is gone through once. */
function longestChain({ services, edges }: GateFacts['after']): number {
  const calls = new Map<string, string[]>()
  for (const { from, to, class: kind } of edges)
    if (kind === 'app' || kind === 'ingress') calls.set(from, [...(calls.get(from) ?? []), to])
  const lengths = new Map<string, number>()
  const visit = (id: string, inside: ReadonlySet<string>): number => {
    const done = lengths.get(id)
    if (done !== undefined) return done
    let longest = 0
    for (const to of calls.get(id) ?? [])
      if (!inside.has(to)) longest = Math.max(longest, 1 + visit(to, new Set([...inside, to])))
    lengths.set(id, longest)
    return longest
  }
  return services.reduce((longest, { id }) => Math.max(longest, visit(id, new Set([id]))), 0)
}
