import type { Topology, TopologyEdge, TopologyNode } from './topology.ts'

/** A service without anything, but for `rest`. */
export const node = (id: string, rest: Partial<TopologyNode> = {}): TopologyNode => ({
  id,
  kind: 'service',
  services: [],
  ...rest,
})

/** A call that was inferred, but for `rest`. */
export const edge = (from: string, to: string, rest: Partial<TopologyEdge> = {}): TopologyEdge => ({
  from,
  to,
  protocol: 'http',
  class: 'app',
  state: 'inferred',
  confidence: 0.9,
  rate: null,
  evidence: [],
  ...rest,
})

export const topology = (nodes: readonly TopologyNode[], edges: readonly TopologyEdge[] = []): Topology => ({
  environment: 'k8s',
  revision: '',
  nodes,
  edges,
  components: [],
  findings: [],
})
