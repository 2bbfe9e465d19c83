import type { TopologyView } from '../../../../shared/topology/contract.ts'
import type { Topology, TopologyDiff, TopologyEdge, TopologyNode } from '../../../../shared/topology/topology.ts'

/** Small topologies for tests of the screen. */
export const serviceNode = (id: string, more: Partial<TopologyNode> = {}): TopologyNode => ({
  id,
  kind: 'service',
  workload: { kind: 'Deployment', name: id },
  file: `${id}.yaml`,
  line: 1,
  resource: { file: `${id}.yaml`, kind: 'Deployment', name: id },
  replicas: 1,
  services: [],
  containers: [
    { name: id, image: `registry.example/${id}:1.0.0`, init: false, ports: [], env: [], resources: {}, probes: [] },
  ],
  ...more,
})
export const call = (from: string, to: string, more: Partial<TopologyEdge> = {}): TopologyEdge => ({
  from,
  to,
  protocol: 'http',
  class: 'app',
  state: 'inferred',
  confidence: 0.8,
  rate: null,
  evidence: [{ kind: 'env', file: `${from}.yaml`, line: 12, detail: `${to.toUpperCase()}_ADDR=${to}:80` }],
  ...more,
})
export const topologyOf = (nodes: readonly TopologyNode[], edges: readonly TopologyEdge[] = []): Topology => ({
  environment: '.',
  revision: '0'.repeat(40),
  nodes,
  edges,
  components: [],
  findings: [],
})
export const nothingDiffers: TopologyDiff = { nodes: [], edges: [] }
export const viewOf = (base: Topology, more: Partial<TopologyView> = {}): TopologyView => ({
  base,
  draft: null,
  diff: nothingDiffers,
  positions: {},
  ...more,
})
