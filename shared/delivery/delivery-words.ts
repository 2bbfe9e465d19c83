import type { MessageKey } from '../messages/index.ts'
import type { DeliveryStep } from './delivery.ts'
import type { GitopsState } from './gitops-state.ts'

export const stepWords: { readonly [S in DeliveryStep['state']]: MessageKey } = {
  waiting: 'delivery.stateWaiting',
  applied: 'delivery.stateApplied',
  ready: 'delivery.stateReady',
  pruned: 'delivery.statePruned',
  failed: 'delivery.stateFailed',
  left: 'delivery.stateLeft',
}

export const syncWords: { readonly [S in GitopsState['sync']]: MessageKey } = {
  synced: 'delivery.syncSynced',
  'out-of-sync': 'delivery.syncOutOfSync',
  syncing: 'delivery.syncSyncing',
  failed: 'delivery.syncFailed',
  unknown: 'delivery.syncUnknown',
}
