import { translate } from '../messages/index.ts'
import type { ResultEvent } from '../results/result.ts'
import type { NodeState, Rollout } from './rollout.ts'

const words: { readonly [kind in NodeState['kind']]: string } = {
  applied: 'applied',
  unchanged: 'unchanged',
  reverted: 'put back',
  refused: 'refused',
  failed: 'failed',
  unreachable: 'unreachable',
  waiting: 'not begun',
  applying: 'not ended',
}

/**
 * What became of a rollout, to be kept with the decision that declared it: it names each node, and why one has not
 * what was declared. In English, as all that is committed.
 */
export function resultOf(rollout: Rollout, sandbox: boolean): ResultEvent | null {
  const { end, nodes, service } = rollout
  if (!end || end.kind === 'replaced') return null
  const states = Object.entries(nodes).sort(([a], [b]) => (a < b ? -1 : 1))
  const parts = (Object.keys(words) as (keyof typeof words)[]).flatMap(kind => {
    const those = states.filter(([, state]) => state.kind === kind)
    if (those.length === 0) return []
    const named = those.map(([name, state]) =>
      'reason' in state ? `${name} (${translate('en', state.reason)})` : name,
    )
    return [`${words[kind]}: ${named.join(', ')}`]
  })
  const kinds = new Set(states.map(([, { kind }]) => kind))
  return {
    at: new Date(end.at).toISOString(),
    kind: kinds.has('reverted')
      ? 'rolled-back'
      : end.kind === 'stopped' || kinds.has('failed') || kinds.has('refused')
        ? 'failed'
        : kinds.has('unreachable') || kinds.has('waiting')
          ? 'delivered'
          : 'converged',
    environment: null,
    context: null,
    object: { kind: 'EdgeService', namespace: '', name: service },
    revision: rollout.declaration,
    reason: `${states.length} nodes. ${parts.join('; ')}`,
    breach: null,
    action: null,
    by: null,
    ...(sandbox && { sandbox: true as const }),
  }
}
