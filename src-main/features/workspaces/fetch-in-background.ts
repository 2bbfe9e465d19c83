import { AppError } from '../../../shared/errors.ts'
import type { GitRemotes } from '../../needs/git-remote.ts'
import { fetchRemote } from './fetch-remote.ts'
import type { Workspaces } from './open-workspaces.ts'

export type BackgroundNeeds = {
  readonly workspaces: Workspaces
  readonly remotes: GitRemotes
  readonly now: () => number
  /** Minutes between fetches as the person set them; 0: never. */
  readonly minutes: () => Promise<number>
  readonly report: (error: unknown) => void
}

const look = 30_000

/**
 * Fetches what is open and looked at, as often as the settings say; never unless they say so. What goes wrong with the
 * remote is a state of the workspace, which the header shows; it is tried again after the same time.
 */
export function fetchInBackground(needs: BackgroundNeeds): AsyncDisposable {
  const stop = new AbortController()
  const tried = new Map<string, number>()

  async function round(): Promise<void> {
    const minutes = await needs.minutes()
    if (minutes === 0) return
    for (const workspace of await needs.workspaces.current()) {
      const fetched = Date.parse(workspace.remote.state.fetchedAt ?? '') || 0
      const last = Math.max(fetched, tried.get(workspace.id) ?? 0)
      if (!workspace.watched || workspace.remote.state.kind === 'syncing' || needs.now() - last < minutes * 60_000)
        continue
      tried.set(workspace.id, needs.now())
      try {
        await fetchRemote(workspace, needs.remotes, needs.now, stop.signal)
      } catch (error) {
        if (!(error instanceof AppError)) throw error
      }
    }
  }

  let running: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    running = running.then(round).catch(needs.report)
  }, look)
  // A command that is done must not be kept alive by it.
  timer.unref()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      stop.abort()
      await running
    },
  }
}
