import type { MessageKey } from '../../../../shared/messages/index.ts'
import type { ChangeState, EdgeClass, EdgeState, EvidenceKind, NodeKind } from '../../../../shared/topology/topology.ts'

/** Which sentence of the catalogue names a value of the topology. */
export const kindWords: Record<NodeKind, MessageKey> = {
  service: 'page.topologyKindService',
  datastore: 'page.topologyKindDatastore',
  queue: 'page.topologyKindQueue',
  gateway: 'page.topologyKindGateway',
  external: 'page.topologyKindExternal',
  edge: 'page.topologyKindEdge',
}
export const classWords: Record<EdgeClass, MessageKey> = {
  app: 'page.topologyClassApp',
  ingress: 'page.topologyClassIngress',
  load: 'page.topologyClassLoad',
  telemetry: 'page.topologyClassTelemetry',
  infra: 'page.topologyClassInfra',
  health: 'page.topologyClassHealth',
  backing: 'page.topologyClassBacking',
  external: 'page.topologyClassExternal',
}
export const stateWords: Record<EdgeState, MessageKey> = {
  inferred: 'page.topologyStateInferred',
  observed: 'page.topologyStateObserved',
  declared: 'page.topologyStateDeclared',
  confirmed: 'page.topologyStateConfirmed',
  rejected: 'page.topologyStateRejected',
}
export const changeWords: Record<ChangeState, MessageKey | null> = {
  added: 'page.topologyAdded',
  removed: 'page.topologyRemoved',
  changed: 'page.topologyChanged',
  same: null,
}
export const evidenceWords: Record<EvidenceKind, MessageKey> = {
  env: 'page.topologyEvidenceEnv',
  argument: 'page.topologyEvidenceArgument',
  config: 'page.topologyEvidenceConfig',
  route: 'page.topologyEvidenceRoute',
  policy: 'page.topologyEvidencePolicy',
  source: 'page.topologyEvidenceSource',
  metric: 'page.topologyEvidenceMetric',
  declared: 'page.topologyEvidenceDeclared',
  probe: 'page.topologyEvidenceProbe',
  init: 'page.topologyEvidenceInit',
}
