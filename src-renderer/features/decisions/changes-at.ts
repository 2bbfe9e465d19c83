import type { TopologyDiff } from '../../../shared/topology/topology.ts'

type Chosen =
  | { readonly kind: 'node'; readonly id: string }
  | { readonly kind: 'edge'; readonly from: string; readonly to: string }

/** What of a difference concerns one node (itself and every dependency at it), or the line between two. */
export function changesAt(diff: TopologyDiff, chosen: Chosen): TopologyDiff {
  return chosen.kind === 'node'
    ? {
        nodes: diff.nodes.filter(node => node.id === chosen.id),
        edges: diff.edges.filter(edge => edge.from === chosen.id || edge.to === chosen.id),
      }
    : { nodes: [], edges: diff.edges.filter(edge => edge.from === chosen.from && edge.to === chosen.to) }
}
