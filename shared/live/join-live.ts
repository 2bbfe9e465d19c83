import type { HealthStatus } from '../health/health.ts'
import type { TopologyNode } from '../topology/topology.ts'
import type { LiveNode, LiveVersion, LiveWorkload } from './live.ts'
import type { LiveWorld } from './live-world.ts'
import { workloadKey } from './workload-facts.ts'

/** What a join needs of a node of the topology. */
export type JoinedNode = Pick<TopologyNode, 'id' | 'workload' | 'versions' | 'services'>
type Named = NonNullable<TopologyNode['workload']>

/** Worst last but `Unknown`, as Argo CD has it for what is made of parts. */
const order: readonly HealthStatus[] = ['Unknown', 'Healthy', 'Suspended', 'Progressing', 'Missing', 'Degraded']
const worstHealth = (parts: readonly { readonly health: HealthStatus }[]): HealthStatus =>
  parts.reduce<HealthStatus>(
    (worst, { health }) => (order.indexOf(health) > order.indexOf(worst) ? health : worst),
    parts[0]?.health ?? 'Unknown',
  )

/** Kinds that are one workload under several names: what a Rollout was made from stays a Deployment in Git. */
const likeDeployment = ['Deployment', 'Rollout', 'StatefulSet', 'DaemonSet', 'CronJob', 'Job', 'ReplicaSet', 'Pod']
/** Does a node run Pods of its own? An edge node, a gateway or what an operator reads does not. */
export const runsPods = ({ workload }: Pick<TopologyNode, 'workload'>): boolean =>
  workload !== undefined && likeDeployment.includes(workload.kind)

type Plan = {
  readonly node: JoinedNode
  readonly named: readonly {
    readonly kind: string
    readonly namespace: string
    readonly keys: readonly string[]
    readonly primary: string
  }[]
  readonly services: readonly string[]
}
type Kept = { readonly parts: readonly LiveWorkload[]; readonly endpoints: string; readonly node: LiveNode }

/**
 * Lays a world over the nodes of a topology. What did not change stays the same object, so that a reading costs a few
 * comparisons a node. `namespace` is that of workloads that do not say.
 */
export class LiveJoin {
  readonly #plans: readonly Plan[]
  readonly #kept = new Map<string, Kept>()
  #last: readonly LiveNode[] = []

  constructor(nodes: readonly JoinedNode[], namespace: string) {
    this.#plans = nodes.flatMap(node => (node.workload ? [planOf(node, node.workload, namespace)] : []))
  }

  /** `isComplete`: everything of a kind has been listed there; only then is what is not found missing. */
  nodes(world: LiveWorld, isComplete: (kind: string, namespace: string) => boolean): readonly LiveNode[] {
    world.workloads()
    const live = this.#plans.flatMap(({ node, named, services }) => {
      const parts = named.flatMap(each => partsOf(world, each))
      if (parts.length === 0 && !(runsPods(node) && named.every(each => isComplete(each.kind, each.namespace))))
        return []
      const endpoints = services.length === 0 ? null : world.endpointsOf(services)
      const told = endpoints ? `${endpoints.ready}/${endpoints.all}` : ''
      const kept = this.#kept.get(node.id)
      if (kept && kept.endpoints === told && same(kept.parts, parts)) return [kept.node]
      const next = liveNode(node, parts, endpoints)
      this.#kept.set(node.id, { parts, endpoints: told, node: next })
      return [next]
    })
    if (!same(this.#last, live)) this.#last = live
    return this.#last
  }
}

function planOf(node: JoinedNode, workload: Named, usual: string): Plan {
  const namespaceOf = (each: { readonly namespace?: string | undefined }) =>
    each.namespace ?? workload.namespace ?? usual
  return {
    node,
    named: [workload, ...(node.versions ?? []).map(version => version.workload)].map(each => ({
      kind: each.kind,
      namespace: namespaceOf(each),
      keys: [each.kind, ...likeDeployment.filter(kind => kind !== each.kind)].map(kind =>
        workloadKey(kind, namespaceOf(each), each.name),
      ),
      primary: workloadKey(each.kind, namespaceOf(each), `${each.name}-primary`),
    })),
    services: node.services.map(({ resource }) => `${namespaceOf(resource)}/${resource.name}`),
  }
}

const same = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((each, index) => each === b[index])

/** The workload a node names, or another kind of the same name; with it the primary that Flagger makes of it. */
function partsOf(world: LiveWorld, { keys, primary }: Plan['named'][number]): readonly LiveWorkload[] {
  const own = world.workload(keys[0]!)
  // A Rollout that refers to a Deployment leaves it there, scaled to nothing.
  const others = own && own.pods > 0 ? [] : keys.slice(1).flatMap(key => world.workload(key) ?? [])
  const main = own && own.pods > 0 ? own : (others.find(({ pods }) => pods > 0) ?? own ?? others[0])
  if (!main) return []
  const stands = main.ledBy.some(({ kind }) => kind === 'Canary') ? world.workload(primary) : undefined
  return stands ? [main, stands] : [main]
}

function liveNode(node: JoinedNode, parts: readonly LiveWorkload[], endpoints: LiveNode['endpoints']): LiveNode {
  if (parts.length === 0)
    return {
      id: node.id,
      state: 'missing',
      workloads: [],
      desired: null,
      ready: 0,
      pods: 0,
      restarts: 0,
      health: 'Missing',
      why: { key: 'live.whyMissing' },
      rank: 58,
      versions: [],
      autoscaler: null,
      ledBy: [],
      endpoints,
    }
  const sum = (of: (part: LiveWorkload) => number) => parts.reduce((total, part) => total + of(part), 0)
  const worst = parts.reduce((most, part) => (part.rank > most.rank ? part : most))
  return {
    id: node.id,
    state: 'there',
    workloads: parts.map(({ key }) => key),
    desired: parts.some(({ desired }) => desired !== null) ? sum(({ desired }) => desired ?? 0) : null,
    ready: sum(({ ready }) => ready),
    pods: sum(({ pods }) => pods),
    restarts: sum(({ restarts }) => restarts),
    health: worstHealth(parts),
    why: worst.why,
    rank: worst.rank,
    versions: parts.flatMap<LiveVersion>(({ versions }) => versions),
    autoscaler: parts.find(({ autoscaler }) => autoscaler)?.autoscaler ?? null,
    ledBy: parts.flatMap(({ ledBy }) => ledBy),
    endpoints,
  }
}
