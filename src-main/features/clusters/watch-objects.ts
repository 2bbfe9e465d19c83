import type { ObjectRow, ObjectsView, Right } from '../../../shared/clusters/contract.ts'
import { fits, objectRow, rowOrder } from '../../../shared/clusters/object-row.ts'
import { recomputed } from '../../../shared/contract/recomputed.ts'
import { AppError, isCancelled } from '../../../shared/errors.ts'
import type { LiveObject } from '../../../shared/health/health.ts'
import { keyOf } from '../../../shared/live/pod-facts.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { Clock } from '../../needs/clock.ts'
import type { Cluster, KindName } from '../../needs/cluster.ts'
import { paced } from './paced.ts'

/** Rows that are sent at once; more are counted, and found by words. */
const most = 500
/** Milliseconds between two tellings. */
const tellEvery = 40

type Place = {
  readonly rows: Map<string, ObjectRow>
  told: boolean
  stale: { readonly since: number; readonly problem: Message } | null
  refused: Right | null
}

/** The objects of one kind in some namespaces, kept up to date; problems first, events newest first. */
export async function* watchObjects(
  cluster: Cluster,
  kind: KindName,
  namespaces: readonly string[] | 'all',
  search: string,
  needs: { readonly clock: Clock; readonly report: (error: unknown) => void },
  signal: AbortSignal,
): AsyncGenerator<ObjectsView> {
  const served = (await cluster.kinds(signal)).find(each => each.group === kind.group && each.kind === kind.kind)
  if (!served) throw new AppError('not-found', 'cluster.notServed', { context: cluster.context.name, what: kind.kind })
  const places = (!served.namespaced || namespaces === 'all' ? [null] : namespaces).map(namespace => ({
    namespace,
    place: { rows: new Map<string, ObjectRow>(), told: false, stale: null, refused: null } as Place,
  }))
  /** What is told again as it was keeps its row, and the row stays the same object. */
  const made = new WeakMap<LiveObject, ObjectRow>()
  const rowOf = (object: LiveObject): ObjectRow => {
    const row = made.get(object) ?? objectRow(object)
    made.set(object, row)
    return row
  }
  const leaving = new AbortController()
  const ended = AbortSignal.any([signal, leaving.signal])
  let asOf: number | null = null
  let failure: unknown = null

  async function follow(namespace: string | null, place: Place, changed: () => void): Promise<void> {
    try {
      for await (const event of cluster.watch({ kind, ...(namespace !== null && { namespace }) }, ended)) {
        if (event.kind === 'stale') place.stale = { since: event.since, problem: event.problem }
        else {
          asOf = needs.clock.now()
          place.stale = null
          place.refused = null
          if (event.kind === 'snapshot') {
            place.told = true
            place.rows.clear()
            for (const object of event.objects) place.rows.set(keyOf(object), rowOf(object))
          } else if (event.kind === 'changes') {
            for (const object of event.changed) place.rows.set(keyOf(object), rowOf(object))
            for (const object of event.gone) place.rows.delete(keyOf(object))
          }
        }
        changed()
      }
    } catch (error) {
      if (ended.aborted) return
      if (error instanceof AppError && error.code === 'forbidden')
        place.refused = {
          verb: String(error.params['verb'] ?? 'list'),
          group: kind.group,
          resource: served!.resource,
          namespace,
        }
      else
        failure = isCancelled(error)
          ? // The context leads to another server now: whoever looks asks again, and is led there.
            new AppError('connection-lost', 'error.connectionLost', {}, { cause: error })
          : error
      changed()
    }
  }

  try {
    yield* recomputed(
      signal,
      changed => {
        const telling = paced(tellEvery, changed)
        for (const { namespace, place } of places) void follow(namespace, place, telling.ask)
        return () => {
          leaving.abort()
          telling.stop()
        }
      },
      async () => {
        if (failure) throw failure
        const all = places.flatMap(({ place }) => [...place.rows.values()])
        const found = search === '' ? all : all.filter(row => fits(search, row.key, row.about))
        const rows = found.sort(rowOrder).slice(0, most)
        const stale = places.flatMap(({ place }) => place.stale ?? []).sort((a, b) => a.since - b.since)[0]
        const known = places.some(({ place }) => place.told)
        const waiting = places.some(({ place }) => !place.told && !place.refused)
        const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString())
        return {
          state: stale ? (known ? 'stale' : 'failed') : waiting ? 'connecting' : 'live',
          asOf: iso(asOf),
          since: iso(stale?.since ?? null),
          problem: stale?.problem ?? null,
          missing: places.flatMap(({ place }) => place.refused ?? []),
          rows,
          leftOut: found.length - rows.length,
        } satisfies ObjectsView
      },
    )
  } finally {
    leaving.abort()
  }
}
