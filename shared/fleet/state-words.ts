import type { MessageKey } from '../messages/index.ts'
import type { NodeState } from './rollout.ts'

/** What became of a node, in a word or two. */
export const stateWords: { readonly [kind in NodeState['kind']]: MessageKey } = {
  waiting: 'fleet.stateWaiting',
  applying: 'fleet.stateApplying',
  applied: 'fleet.stateApplied',
  unchanged: 'fleet.stateUnchanged',
  reverted: 'fleet.stateReverted',
  refused: 'fleet.stateRefused',
  failed: 'fleet.stateFailed',
  unreachable: 'fleet.stateUnreachable',
}
