import type { Topology } from '../topology/topology.ts'
import type { EdgeSplit } from './contract.ts'
import type { Rollout } from './rollout.ts'

type Graph = Pick<Topology, 'nodes' | 'edges'>
const likeDeployment = /^(Deployment|StatefulSet|DaemonSet|Rollout)$/

const inNamespace = (wanted: string, namespace: string | undefined): boolean =>
  namespace === undefined || wanted === '' || namespace === wanted

/**
 * The node a progressive delivery is about: that of its workload, which Git may declare as a Deployment although it
 * runs as a Rollout; of a route, the node behind its new Service, or else behind the stable one.
 */
export function nodeOf(rollout: Rollout, { nodes }: Graph): string | null {
  const { workload, object, services } = rollout
  if (workload) {
    const named = nodes.find(
      node =>
        node.workload?.name === workload.name &&
        (node.workload.kind === workload.kind || likeDeployment.test(node.workload.kind)) &&
        inNamespace(object.namespace, node.workload.namespace),
    )
    if (named) return named.id
  }
  return nodeBehind(services.canary, rollout, nodes) ?? nodeBehind(services.stable, rollout, nodes)
}

const nodeBehind = (service: string | null, { object }: Rollout, nodes: Graph['nodes']): string | null =>
  service === null
    ? null
    : (nodes.find(node =>
        node.services.some(
          ({ resource }) => resource.name === service && inNamespace(object.namespace, resource.namespace),
        ),
      )?.id ?? null)

/**
 * How the traffic of the graph's edges is split. Where both revisions are one node, its incoming edges lead to both;
 * where each is a node of its own, an edge to either carries that side's share.
 */
export function edgeSplits(rollouts: readonly Rollout[], graph: Graph): readonly EdgeSplit[] {
  return rollouts.flatMap(rollout => {
    const { weight } = rollout.status
    if (
      weight === null ||
      (weight === 0 && rollout.standing !== 'moving') ||
      (weight === 100 && rollout.standing === 'done')
    )
      return []
    const moving = rollout.standing === 'moving'
    const stable = nodeBehind(rollout.services.stable, rollout, graph.nodes)
    const canary = nodeBehind(rollout.services.canary, rollout, graph.nodes)
    const told = { rollout: rollout.id, moving }
    if (stable !== null && canary !== null && stable !== canary)
      return graph.edges.flatMap(({ from, to }): EdgeSplit[] =>
        to === canary
          ? [{ from, to, kind: 'share', weight, next: rollout.nextWeight, ...told }]
          : to === stable
            ? [
                {
                  from,
                  to,
                  kind: 'share',
                  weight: 100 - weight,
                  next: rollout.nextWeight === null ? null : 100 - rollout.nextWeight,
                  ...told,
                },
              ]
            : [],
      )
    const node = nodeOf(rollout, graph)
    return graph.edges.flatMap(({ from, to }): EdgeSplit[] =>
      to === node ? [{ from, to, kind: 'canary', weight, next: rollout.nextWeight, ...told }] : [],
    )
  })
}
