import { expect, test, vi } from 'vitest'
import type { GitRemotes } from '../../needs/git-remote.ts'
import { fetchInBackground } from './fetch-in-background.ts'
import type { Workspaces } from './open-workspaces.ts'
import type { RemoteState, Workspace } from './workspace.ts'

function world(watched: boolean) {
  let state: RemoteState = { kind: 'idle', fetchedAt: null }
  let now = 1_000_000_000_000
  const fetch = vi.fn(async () => false)
  const workspace = {
    id: 'a',
    watched,
    remote: {
      get state() {
        return state
      },
      set: async (next: RemoteState) => {
        state = next
      },
    },
    repository: {
      head: async () => ({ branch: 'main', commit: null }),
      remoteOf: async () => ({ name: 'origin', url: 'x' }),
    },
  } as unknown as Workspace
  return {
    fetch,
    pass: async (minutes: number) => {
      now += minutes * 60_000
      await vi.advanceTimersByTimeAsync(30_000)
    },
    needs: {
      workspaces: { current: async () => [workspace] } as unknown as Workspaces,
      remotes: { fetch } as unknown as GitRemotes,
      now: () => now,
      report: (error: unknown) => {
        throw error
      },
    },
  }
}

test('fetches as often as it was set, and what somebody looks at alone', async () => {
  vi.useFakeTimers()
  try {
    const seen = world(true)
    await using _ = fetchInBackground({ ...seen.needs, minutes: async () => 10 })
    await seen.pass(1)
    expect(seen.fetch).toHaveBeenCalledTimes(1)
    await seen.pass(5)
    expect(seen.fetch).toHaveBeenCalledTimes(1)
    await seen.pass(6)
    expect(seen.fetch).toHaveBeenCalledTimes(2)

    const unseen = world(false)
    await using _unseen = fetchInBackground({ ...unseen.needs, minutes: async () => 10 })
    await unseen.pass(60)
    expect(unseen.fetch).not.toHaveBeenCalled()
  } finally {
    vi.useRealTimers()
  }
})

test('never, unless it was asked for', async () => {
  vi.useFakeTimers()
  try {
    const seen = world(true)
    await using _ = fetchInBackground({ ...seen.needs, minutes: async () => 0 })
    await seen.pass(600)
    expect(seen.fetch).not.toHaveBeenCalled()
  } finally {
    vi.useRealTimers()
  }
})
