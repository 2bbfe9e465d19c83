import type { Message, MessageKey } from '../messages/index.ts'
import type { DeliveryChange, DeliveryProgress, DeliveryStep } from './delivery.ts'
import type { GitopsState } from './gitops-state.ts'

const stepWords: { readonly [S in DeliveryStep['state']]: MessageKey } = {
  waiting: 'delivery.stateWaiting',
  applied: 'delivery.stateApplied',
  ready: 'delivery.stateReady',
  pruned: 'delivery.statePruned',
  failed: 'delivery.stateFailed',
  left: 'delivery.stateLeft',
}
const plannedWords: { readonly [C in DeliveryChange]: MessageKey } = {
  create: 'delivery.willCreate',
  change: 'delivery.willChange',
  none: 'delivery.willStay',
}

/** What is said of a step: of a dry run what would come of it, and never that it was done. */
export function stepWord({ action, state, change }: DeliveryStep, dryRun: boolean): MessageKey {
  if (dryRun && state === 'failed') return 'delivery.wouldFail'
  if (action === 'prune' && (dryRun || state === 'waiting')) return 'delivery.willPrune'
  return dryRun && state === 'ready' ? (change ? plannedWords[change] : 'delivery.willApply') : stepWords[state]
}

const countWords = {
  create: 'delivery.countCreate',
  change: 'delivery.countChange',
  stay: 'delivery.countStay',
  prune: 'delivery.countPrune',
  refused: 'delivery.countRefused',
  applied: 'delivery.countApplied',
  pruned: 'delivery.countPruned',
  failed: 'delivery.countFailed',
  left: 'delivery.countLeft',
} as const satisfies { readonly [name: string]: MessageKey }

/** How many objects each thing was or would be done to, in words; what is none is left out. */
export function deliveryCounts({ steps, dryRun }: Pick<DeliveryProgress, 'steps' | 'dryRun'>): readonly Message[] {
  const of = (isSo: (step: DeliveryStep) => boolean): number => steps.filter(isSo).length
  const applied = (change: DeliveryChange) => (step: DeliveryStep) =>
    step.action === 'apply' && step.state !== 'failed' && (step.change ?? 'change') === change
  const counts: { readonly [K in keyof typeof countWords]?: number } = dryRun
    ? {
        create: of(applied('create')),
        change: of(applied('change')),
        stay: of(applied('none')),
        prune: of(({ action, state }) => action === 'prune' && state !== 'failed'),
        refused: of(({ state }) => state === 'failed'),
      }
    : {
        applied: of(({ state }) => state === 'applied' || state === 'ready'),
        pruned: of(({ state }) => state === 'pruned'),
        failed: of(({ state }) => state === 'failed'),
        left: of(({ state }) => state === 'left' || state === 'waiting'),
      }
  return (Object.keys(countWords) as (keyof typeof countWords)[]).flatMap(name => {
    const count = counts[name] ?? 0
    return count > 0 ? [{ key: countWords[name], params: { count } }] : []
  })
}

export const syncWords: { readonly [S in GitopsState['sync']]: MessageKey } = {
  synced: 'delivery.syncSynced',
  'out-of-sync': 'delivery.syncOutOfSync',
  syncing: 'delivery.syncSyncing',
  failed: 'delivery.syncFailed',
  unknown: 'delivery.syncUnknown',
}
