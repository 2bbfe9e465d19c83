import type { ResourceRef } from '../../../../shared/manifests/resource-ref.ts'
import type { TopologyNode } from '../../../../shared/topology/topology.ts'
import type { DrawnNode } from './drawn-graph.ts'

const scalable: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'ReplicaSet',
  'ReplicationController',
  'Rollout',
])

/** The workload that edits name; null for what is not written in this workspace, or will be removed. */
export const editableResource = (drawn: DrawnNode | null | undefined): ResourceRef | null =>
  drawn?.node?.workload && drawn.node.resource && drawn.change !== 'removed' ? drawn.node.resource : null

/** A number of copies a person sets: not a DaemonSet, not a Job, not what is left to an autoscaler. */
export function scaleOf(drawn: DrawnNode | null | undefined): { resource: ResourceRef; replicas: number } | null {
  const resource = editableResource(drawn)
  const node = drawn?.node
  if (!resource || !node?.workload || !scalable.has(node.workload.kind)) return null
  if (node.autoscaler && node.replicas === undefined) return null
  return { resource, replicas: replicasOf(node) }
}

/** Copies a node runs as its manifests say: one where they say nothing; undefined where that is not theirs to say. */
export const declaredReplicas = (node: TopologyNode | null): number | undefined =>
  node?.replicas ?? (node?.workload && scalable.has(node.workload.kind) && !node.autoscaler ? 1 : undefined)

/** Kubernetes runs one copy where the manifest does not say (apps/v1 DeploymentSpec.replicas). */
export const replicasOf = (node: TopologyNode): number => node.replicas ?? 1
