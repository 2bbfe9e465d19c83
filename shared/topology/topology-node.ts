import { type Manifest, numberAt, otherFile } from '../manifests/manifest.ts'
import { type Objects, sameNamespace, type Workload } from './index-objects.ts'
import { type DraftNode, objectLabels, replicasOf } from './name-nodes.ts'
import { containersOf } from './read-containers.ts'
import type { TopologyNode } from './topology.ts'

/** Everything a node's own manifests know about it, as plain data. */
export function declaredNode(objects: Objects, node: DraftNode): TopologyNode {
  const [first, ...others] = node.workloads
  const manifest = first?.manifest ?? node.object
  const replicas = first && replicasOf(first)
  const autoscaler = first && autoscalerOf(objects, node.workloads)
  const technology = node.technology?.name
  return {
    id: node.id,
    kind: node.kind,
    ...(manifest && { workload: named(manifest) }),
    ...(technology !== undefined && { technology }),
    ...(manifest && {
      file: manifest.file,
      line: manifest.lineOf(),
      resource: manifest.ref,
      labels: objectLabels(manifest),
    }),
    ...(replicas !== undefined && { replicas }),
    ...(first && { containers: node.containers }),
    services: node.services.map(service => ({
      resource: service.manifest.ref,
      ...otherFile(service.manifest),
      line: service.manifest.lineOf(),
      type: service.type,
      ports: service.ports.map(({ appProtocol: _, ...port }) => port),
    })),
    ...(autoscaler && { autoscaler }),
    ...(others.length > 0 && {
      versions: others.map(workload => {
        const version = workload.labels['version'] ?? workload.labels['app.kubernetes.io/version']
        const count = replicasOf(workload)
        return {
          workload: named(workload.manifest),
          resource: workload.manifest.ref,
          ...otherFile(workload.manifest),
          line: workload.manifest.lineOf(),
          ...(version !== undefined && { version }),
          ...(count !== undefined && { replicas: count }),
          containers: containersOf(objects, workload),
        }
      }),
    }),
  }
}

const named = ({ kind, namespace, name }: Manifest): { kind: string; namespace?: string; name: string } => ({
  kind,
  ...(namespace !== undefined && { namespace }),
  name,
})

/** The HorizontalPodAutoscaler of one of the workloads. */
function autoscalerOf(objects: Objects, workloads: readonly Workload[]): TopologyNode['autoscaler'] {
  for (const workload of workloads) {
    const manifest = objects.autoscalers
      .get(`${workload.manifest.kind}/${workload.name}`)
      ?.find(candidate => sameNamespace(candidate.namespace ?? '', workload.namespace))
    if (!manifest) continue
    return {
      resource: manifest.ref,
      ...otherFile(manifest),
      line: manifest.lineOf(),
      min: numberAt(manifest.value, 'spec', 'minReplicas') ?? 1,
      max: numberAt(manifest.value, 'spec', 'maxReplicas') ?? 1,
    }
  }
  return undefined
}
