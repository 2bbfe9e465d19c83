import type { EvidenceKind } from './topology.ts'

/**
 * How likely one piece of evidence alone is to mean a call, 0 to 1.
 *
 * | evidence | alone |
 * | --- | --- |
 * | a route's backend (Ingress, HTTPRoute, VirtualService) | 0.95 |
 * | a value of this container's own `env`, or a key it takes by name: an address | 0.9 |
 * | the same, where only the key's name says it is a host | 0.8 |
 * | the same, where the key merely shares words with the name | 0.65 |
 * | an address outside under which people find the site itself (`APP_URL`) | 0.4 |
 * | an argument: an address / `host:port` in a script | 0.85 / 0.7 |
 * | an init container that waits for it | 0.7 |
 * | a whole ConfigMap (`envFrom`): only its own / shared with one target / shared by two / by more | 0.85 / 0.75 / 0.6 / 0.4 |
 * | the same, where key, map or store is called after the reader / after another that takes it | 0.75 / 0.3 |
 * | the same, where the code takes other addresses of the map by name, and not this one | 0.3 |
 * | the same, taken by a gateway, of a service | 0.6 |
 * | the same, where the shared map lists the reader's own address too: a directory of everybody | 0.4 |
 * | text of a mounted file: only its own / shared with one target / shared | 0.65 / 0.5 / 0.35 |
 * | a field of a custom resource / an app that a Dapr component is scoped to | 0.75 / 0.7 |
 * | a NetworkPolicy that lets exactly this one in | 0.55 |
 * | a credential that is the store's own | 0.6 |
 * | a probe that asks it | 0.5 |
 * | a store that nobody is seen to call, called after a service | 0.5 |
 *
 * Different kinds of evidence are taken as independent: `1 − Π(1 − cᵢ)`, the best of each kind, at most 0.99.
 * Below {@link LEAST_CONFIDENCE} an edge is not drawn.
 */
export const ALONE = {
  route: 0.95,
  value: 0.9,
  hinted: 0.8,
  named: 0.65,
  site: 0.4,
  argument: 0.85,
  script: 0.7,
  init: 0.7,
  ownMap: 0.85,
  sharedMapOneTarget: 0.75,
  sharedMapByTwo: 0.6,
  sharedMap: 0.4,
  directory: 0.4,
  ownKey: 0.75,
  othersKey: 0.3,
  sharedMapByFront: 0.6,
  ownFile: 0.65,
  sharedFileOneTarget: 0.5,
  sharedFile: 0.35,
  custom: 0.75,
  scoped: 0.7,
  policy: 0.55,
  credential: 0.6,
  probe: 0.5,
  name: 0.5,
} as const

export const LEAST_CONFIDENCE = 0.5

/** See {@link ALONE}; rounded to two digits, so that it prints and compares well. */
export function combined(pieces: readonly { readonly kind: EvidenceKind; readonly confidence: number }[]): number {
  const best = new Map<EvidenceKind, number>()
  for (const { kind, confidence } of pieces) best.set(kind, Math.max(best.get(kind) ?? 0, confidence))
  let doubt = 1
  for (const confidence of best.values()) doubt *= 1 - confidence
  return Math.min(0.99, Math.round((1 - doubt) * 100) / 100)
}
