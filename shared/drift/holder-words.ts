import type { MessageKey } from '../messages/index.ts'
import type { Holder, ObjectDrift } from './drift.ts'

/** Who holds a field, in a word. */
export const holderWords: { readonly [H in Holder]: MessageKey } = {
  autoscaler: 'drift.holderAutoscaler',
  rollout: 'drift.holderRollout',
  injected: 'drift.holderInjected',
  certificates: 'drift.holderCertificates',
  restart: 'drift.holderRestart',
  admission: 'drift.holderAdmission',
  controller: 'drift.holderController',
}

export const stateWords: { readonly [S in Exclude<ObjectDrift['state'], 'same'>]: MessageKey } = {
  missing: 'drift.stateMissing',
  changed: 'drift.stateChanged',
  extra: 'drift.stateExtra',
  unknown: 'drift.stateUnknown',
}
