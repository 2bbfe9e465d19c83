import { isCancelled, toErrorData } from '../../../shared/errors.ts'
import {
  type AppliedNode,
  missed,
  type NodeState,
  nextStep,
  type Rollout,
  resumed,
  withNodes,
} from '../../../shared/fleet/rollout.ts'
import type { FleetStore } from './kept-fleet.ts'

export type RunnerNeeds = {
  readonly store: FleetStore
  readonly now: () => number
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>
  /** Brings one node to what the rollout declares. Rejections are told as what became of the node. */
  readonly apply: (rollout: Rollout, node: string, signal: AbortSignal) => Promise<AppliedNode>
  /** A name of this runner that no other has. */
  readonly id: string
  readonly changed: () => void
  /** Called once for each end, by the runner that came to it. */
  readonly onEnd?: (rollout: Rollout) => Promise<void>
  readonly report: (error: unknown) => void
  /** Milliseconds between attempts at nodes that nobody could reach; null never tries again by itself. */
  readonly retryMissed: number | null
  readonly lease?: number
}

export interface Runner extends AsyncDisposable {
  /** Looks at what is open: to be called after every change. */
  wake(): void
}

/** Milliseconds for which it is believed that a runner is there without a sign of it. */
const usualLease = 15_000

/**
 * Moves the rollouts of a workspace on: asks `nextStep`, keeps what is about to be done, does it, keeps what became of
 * it. Of several processes on one machine one does so at a time; after it was killed, another goes on from what was kept.
 */
export function runRollouts(needs: RunnerNeeds): Runner {
  const { store, now, id, lease = usualLease } = needs
  const closing = new AbortController()
  const { signal } = closing
  const begun = new Map<string, Promise<void>>()
  let awake = Promise.withResolvers<void>()

  /** Has a rollout that ended without some nodes begin again with these. */
  const again = (rollout: Rollout): Rollout => {
    const nodes = missed(rollout)
    return nodes.length === 0 ? rollout : { ...withNodes(rollout, waiting(nodes), now()), end: null }
  }

  const keep = async (rollout: string, how: (known: Rollout) => Rollout): Promise<void> => {
    await store.change(kept => ({
      ...kept,
      rollouts: kept.rollouts.map(one => (one.id === rollout ? how(one) : one)),
    }))
    needs.changed()
  }

  async function applyOne(rollout: Rollout, node: string): Promise<void> {
    let state: NodeState
    try {
      state = { ...(await needs.apply(rollout, node, signal)), at: now() }
    } catch (error) {
      // The app closes: what became of the node is asked when it opens again.
      if (isCancelled(error) || signal.aborted) return
      state = { ...unappliedBy(error), at: now() }
    }
    await keep(rollout.id, known => withNodes(known, { [node]: state }, now()))
  }

  /** Does what can be done now; how long until there may be more, or null. */
  async function step(): Promise<number | null> {
    const kept = await store.change(known => {
      if (known.runner && known.runner.until > now() + (known.runner.id === id ? lease / 2 : 0)) return known
      // Whoever takes over goes on with what the one before had begun, and asks for those that were out of reach.
      const takenUp = (one: Rollout): Rollout =>
        one.end === null ? resumed(one) : needs.retryMissed ? again(one) : one
      const rollouts = known.runner?.id === id ? known.rollouts : known.rollouts.map(takenUp)
      return { ...known, rollouts, runner: { id, until: now() + lease } }
    })
    if (kept.runner?.id !== id) return kept.runner ? kept.runner.until - now() : 0
    let wait: number | null = null
    const within = (milliseconds: number) => {
      wait = Math.min(wait ?? Number.POSITIVE_INFINITY, Math.max(0, milliseconds))
    }
    for (const rollout of kept.rollouts) {
      if (rollout.end) {
        if (missed(rollout).length === 0 || needs.retryMissed === null) continue
        const due = rollout.end.at + needs.retryMissed
        if (due > now()) within(due - now())
        else {
          await keep(rollout.id, again)
          within(0)
        }
        continue
      }
      const next = nextStep(rollout, now())
      if (next.kind === 'end') {
        await keep(rollout.id, known => ({ ...known, end: next.end }))
        // What is made of the end is no part of it: a note that cannot be written changes no node.
        await needs.onEnd?.({ ...rollout, end: next.end }).catch(needs.report)
        within(0)
      } else if (next.kind === 'apply') {
        const at = now()
        await keep(rollout.id, known =>
          withNodes(known, Object.fromEntries(next.nodes.map(node => [node, { kind: 'applying', since: at }])), at),
        )
        for (const node of next.nodes) {
          const key = `${rollout.id} ${node}`
          const work = applyOne(rollout, node).finally(() => {
            begun.delete(key)
            wake()
          })
          begun.set(key, work)
        }
        within(0)
      } else if (next.until !== null) within(next.until - now())
    }
    // While nodes are worked on, the others are told that somebody is there.
    if (begun.size > 0) within(lease / 3)
    return wait
  }

  function wake(): void {
    awake.resolve()
  }

  const running = (async () => {
    while (!signal.aborted) {
      awake = Promise.withResolvers()
      // A store that cannot be read or written now may be in a while; nothing is done that is not kept.
      const wait = await step().catch((error: unknown) => {
        needs.report(error)
        return lease
      })
      if (signal.aborted || wait === 0) continue
      const timer = new AbortController()
      const pausing = wait === null ? null : needs.pause(wait, timer.signal).catch(() => {})
      await Promise.race([awake.promise, ...(pausing ? [pausing] : [])])
      timer.abort()
    }
  })()

  return {
    wake,
    async [Symbol.asyncDispose]() {
      closing.abort()
      wake()
      await running
      await Promise.allSettled(begun.values())
      await store.change(known => (known.runner?.id === id ? { ...known, runner: null } : known))
    },
  }
}

const waiting = (nodes: readonly string[]): { readonly [name: string]: NodeState } =>
  Object.fromEntries(nodes.map(node => [node, { kind: 'waiting' }]))

/** A line that is not there, or was cut, is no fault of the node: it decided for itself and is asked again. */
export function unappliedBy(error: unknown): AppliedNode {
  const { code, key, params } = toErrorData(error)
  const reason = { key, ...(params && { params }) }
  return code === 'unreachable' || code === 'connection-lost'
    ? { kind: 'unreachable', reason }
    : { kind: 'failed', reason }
}
