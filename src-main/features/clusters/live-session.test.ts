import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { liveSource } from '../../../shared/contract/live-source.ts'
import { systemClock } from '../../adapters/system/system.ts'
import type { Cluster, Clusters, ObjectKind, WatchEvent } from '../../needs/cluster.ts'
import { openSession } from './live-session.ts'

const kind = (group: string, name: string): ObjectKind => ({
  ...{ group, version: 'v1', kind: name, resource: `${name.toLowerCase()}s`, namespaced: true },
  ...{ verbs: ['list', 'watch'], subresources: [] },
})

/** A cluster that says it serves these, and has nothing of any of them. */
function cluster(served: ObjectKind[]) {
  const watched: string[] = []
  const one = {
    version: async () => 'v1.33.0',
    kinds: async () => served,
    watch(scope: Parameters<Cluster['watch']>[0], signal: AbortSignal) {
      watched.push(scope.kind.kind)
      return liveSource<WatchEvent>(signal, emit => {
        emit({ kind: 'snapshot', objects: [] })
        return () => {}
      })
    },
  } as unknown as Cluster
  const clusters = { open: async () => one } as unknown as Clusters
  return { clusters, watched }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('kinds that come to be served are watched, and nobody waits for them', async () => {
  const served = [kind('', 'Pod')]
  const { clusters, watched } = cluster(served)
  const session = openSession('prod', ['default'], { clusters, clock: systemClock, report: () => {} })
  const leave = session.watch(() => {})
  await vi.advanceTimersByTimeAsync(100)
  expect(watched).toEqual(['Pod'])
  expect(session.fresh.state).toBe('live')

  // An API server that has just started names its other groups a moment later.
  served.push(kind('apps', 'Deployment'))
  await vi.advanceTimersByTimeAsync(20_000)
  expect(watched).toEqual(['Pod', 'Deployment'])
  expect(session.fresh.state).toBe('live')

  // Somebody installs Argo Rollouts.
  served.push(kind('argoproj.io', 'Rollout'))
  await vi.advanceTimersByTimeAsync(120_000)
  expect(watched).toEqual(['Pod', 'Deployment', 'Rollout'])
  expect(session.isComplete('Rollout', 'default')).toBe(true)
  leave()
  await session.close()
})
