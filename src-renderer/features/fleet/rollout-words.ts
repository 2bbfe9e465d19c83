import type { RolloutView } from '../../../shared/fleet/contract.ts'
import { isFailure, type NodeState } from '../../../shared/fleet/rollout.ts'
import { stateWords } from '../../../shared/fleet/state-words.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import type { Tone } from '../../design/index.ts'

type Said = { readonly tone: Tone; readonly key: MessageKey }

const nodeTones: { readonly [kind in NodeState['kind']]: Tone } = {
  waiting: 'neutral',
  applying: 'info',
  applied: 'ok',
  unchanged: 'ok',
  reverted: 'danger',
  refused: 'danger',
  failed: 'danger',
  unreachable: 'stale',
}
export const saidOfNode = ({ kind }: NodeState): Said => ({ tone: nodeTones[kind], key: stateWords[kind] })

/** How a rollout does, in one word. */
export function saidOfRollout(rollout: RolloutView): Said {
  if (rollout.end?.kind === 'stopped') return { tone: 'danger', key: 'fleet.rolloutStopped' }
  if (rollout.end?.kind === 'replaced') return { tone: 'removed', key: 'fleet.rolloutReplaced' }
  const { failed, unreachable } = countsOf(rollout)
  if (rollout.end)
    return failed > 0
      ? { tone: 'warn', key: 'fleet.rolloutDoneFailed' }
      : unreachable > 0
        ? { tone: 'stale', key: 'fleet.rolloutDoneMissed' }
        : { tone: 'ok', key: 'fleet.rolloutDone' }
  if (rollout.paused) return { tone: 'warn', key: 'fleet.rolloutPaused' }
  if (rollout.soakUntil) return { tone: 'info', key: 'fleet.rolloutSoaking' }
  return rollout.running
    ? { tone: 'info', key: 'fleet.rolloutRunning' }
    : { tone: 'stale', key: 'fleet.rolloutWaiting' }
}

export type Counts = {
  readonly done: number
  readonly failed: number
  readonly unreachable: number
  readonly applying: number
  readonly all: number
}
export function countsOf(rollout: RolloutView, names = Object.keys(rollout.nodes)): Counts {
  const states = names.flatMap(name => rollout.nodes[name] ?? [])
  const count = (wanted: (state: NodeState) => boolean) => states.filter(wanted).length
  return {
    done: count(({ kind }) => kind === 'applied' || kind === 'unchanged'),
    failed: count(state => isFailure(state, rollout)),
    unreachable: count(({ kind }) => kind === 'unreachable'),
    applying: count(({ kind }) => kind === 'applying'),
    all: states.length,
  }
}
