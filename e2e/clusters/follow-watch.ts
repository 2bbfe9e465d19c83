import type { LiveObject } from '../../shared/health/health.ts'
import type { WatchEvent } from '../../src-main/needs/cluster.ts'
import { nameOf } from './cluster-objects.ts'

/** Name and content, for two lists to be compared. */
export const listing = (objects: readonly LiveObject[]): readonly string[] =>
  objects.map(each => `${nameOf(each)} ${JSON.stringify(each['data'] ?? {})}`).sort()

export type Seen = ReturnType<typeof follow>

/** What a watch has told so far, put together as whoever looks would. */
export function follow(watch: AsyncIterable<WatchEvent>) {
  const objects = new Map<string, LiveObject>()
  const seen = {
    stale: false,
    snapshots: 0,
    names: () => [...objects.keys()].sort(),
    listing: () => listing([...objects.values()]),
    object: (name: string) => objects.get(name),
    done: Promise.resolve(),
  }
  seen.done = (async () => {
    for await (const event of watch) {
      if (event.kind === 'stale') seen.stale = true
      if (event.kind === 'fresh' || event.kind === 'snapshot') seen.stale = false
      if (event.kind === 'snapshot') {
        seen.snapshots += 1
        objects.clear()
        for (const each of event.objects) objects.set(nameOf(each), each)
      }
      if (event.kind !== 'changes') continue
      for (const each of event.gone) objects.delete(nameOf(each))
      for (const each of event.changed) objects.set(nameOf(each), each)
    }
  })()
  return seen
}
