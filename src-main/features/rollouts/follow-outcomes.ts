import { isCancelled } from '../../../shared/errors.ts'
import { environmentsOf, readerOf } from '../topology/index.ts'
import type { Workspace } from '../workspaces/index.ts'
import { keepOutcomes } from './keep-outcomes.ts'
import { type RolloutsNeeds, watchRollouts } from './watch-rollouts.ts'

/** Milliseconds between two looks at what is open. */
const look = 10_000

/**
 * Follows the rollouts of every open workspace that somebody looks at, in each environment whose context a person let
 * this machine ask, so that decisions get their results whichever screen is open.
 */
export function followOutcomes(needs: RolloutsNeeds): AsyncDisposable & { readonly lookNow: () => void } {
  const stop = new AbortController()
  const following = new Map<string, { readonly end: AbortController; readonly done: Promise<void> }>()

  async function follow(workspace: Workspace, environment: string, signal: AbortSignal): Promise<void> {
    try {
      for await (const seen of watchRollouts({ workspace: workspace.id, environment }, needs, signal))
        await keepOutcomes(seen, needs.clock)
    } catch (error) {
      // An environment that is gone, or a clone that cannot be written, is told where somebody looks at it.
      if (!signal.aborted && !isCancelled(error)) needs.report(error)
    }
  }

  async function round(): Promise<void> {
    const wanted = new Map<string, () => Promise<void>>()
    for (const workspace of await needs.workspaces.current()) {
      if (!workspace.watched) continue
      const reader = readerOf(workspace)
      const files = await reader.filesAt((await workspace.repository.head()).commit)
      for (const { id } of environmentsOf(reader, files)) {
        const context = await needs.book.contextOf(workspace.id, id)
        const key = `${workspace.id} ${id}`
        if (!context?.allowed) continue
        wanted.set(key, async () => {
          const end = new AbortController()
          const done = follow(workspace, id, AbortSignal.any([stop.signal, end.signal])).finally(() =>
            following.delete(key),
          )
          following.set(key, { end, done })
        })
      }
    }
    for (const [key, { end }] of following) if (!wanted.has(key)) end.abort()
    if (stop.signal.aborted) return
    for (const [key, begin] of wanted) if (!following.has(key)) await begin()
  }

  let running: Promise<void> = Promise.resolve()
  const lookNow = (): void => {
    if (!stop.signal.aborted) running = running.then(round).catch(needs.report)
  }
  const timer = setInterval(lookNow, look)
  // A command that is done must not be kept alive by it.
  timer.unref()
  const leave = needs.book.onChange(lookNow)
  return {
    lookNow,
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      leave()
      stop.abort()
      await running
      await Promise.all([...following.values()].map(({ done }) => done))
    },
  }
}
