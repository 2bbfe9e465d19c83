import type { Evidence, Topology } from '../../../../shared/topology/topology.ts'

/** Everything in the topology that names a node, for the question before it is removed or renamed. */
export type References = {
  /** Services and other nodes that call it, each with where that is written. */
  readonly callers: readonly {
    readonly id: string
    readonly protocol: string
    readonly evidence: readonly Evidence[]
  }[]
  /** Service objects that select it. */
  readonly services: readonly { readonly name: string; readonly file: string; readonly line: number }[]
  readonly autoscaler: { readonly name: string; readonly file: string; readonly line: number } | null
}

export function referencesTo(topology: Topology, id: string): References {
  const node = topology.nodes.find(item => item.id === id)
  return {
    callers: topology.edges
      .filter(edge => edge.to === id && edge.from !== id && edge.state !== 'rejected')
      .map(edge => ({ id: edge.from, protocol: edge.protocol, evidence: edge.evidence })),
    services: (node?.services ?? []).map(item => ({
      name: item.resource.name,
      file: item.file ?? item.resource.file,
      line: item.line,
    })),
    autoscaler: node?.autoscaler
      ? {
          name: node.autoscaler.resource.name,
          file: node.autoscaler.file ?? node.autoscaler.resource.file,
          line: node.autoscaler.line,
        }
      : null,
  }
}

/** How many places name it. */
export const referenceCount = ({ callers, services, autoscaler }: References): number =>
  callers.reduce((sum, caller) => sum + Math.max(1, caller.evidence.length), 0) + services.length + (autoscaler ? 1 : 0)
