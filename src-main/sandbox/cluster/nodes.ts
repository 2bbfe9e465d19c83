import type { LiveObject } from '../../../shared/health/health.ts'
import { textAt } from '../../../shared/manifests/manifest.ts'
import { serverVersion } from './discovery.ts'
import type { ClusterState } from './state.ts'
import { isoTime } from './write-objects.ts'

const runtime = 'sandbox://1'

/** One of those below; on any other node nothing runs and nobody answers. */
export const isSandboxNode = (node: LiveObject): boolean =>
  textAt(node, 'status', 'nodeInfo', 'containerRuntimeVersion') === runtime

/** Nodes that exist on paper: what the scheduler needs to know, and their name says what they are. */
export function addNodes(state: ClusterState, count: number): void {
  const kind = state.kind('', 'Node')
  const room = { cpu: '4', memory: '16Gi', pods: '110', 'ephemeral-storage': '100Gi' }
  for (let index = 0; index < count; index++) {
    const name = `sandbox-${index + 1}`
    state.writer.create(
      kind,
      {
        metadata: {
          name,
          labels: {
            'kubernetes.io/hostname': name,
            'kubernetes.io/arch': 'amd64',
            'kubernetes.io/os': 'linux',
            'topology.kubernetes.io/zone': `zone-${(index % 3) + 1}`,
          },
        },
        spec: { podCIDR: `10.244.${index}.0/24` },
      },
      { manager: 'sandbox' },
    )
    const node = state.store.get(kind, '', name)!
    const time = isoTime(state.now())
    state.writer.replace(
      kind,
      {
        ...node,
        status: {
          capacity: room,
          allocatable: room,
          addresses: [
            { type: 'InternalIP', address: `10.0.0.${index + 10}` },
            { type: 'Hostname', address: name },
          ],
          nodeInfo: {
            kubeletVersion: serverVersion.gitVersion,
            osImage: 'Pilothouse sandbox',
            architecture: 'amd64',
            operatingSystem: 'linux',
            containerRuntimeVersion: runtime,
          },
          conditions: [
            {
              type: 'Ready',
              status: 'True',
              reason: 'KubeletReady',
              message: 'sandbox node',
              lastHeartbeatTime: time,
              lastTransitionTime: time,
            },
          ],
        },
      },
      { manager: 'sandbox', subresource: 'status' },
    )
  }
}
