import { liveSource } from '../../../shared/contract/live-source.ts'
import { AppError } from '../../../shared/errors.ts'
import type { LiveObject } from '../../../shared/health/health.ts'
import type { ObjectScope, WatchEvent } from '../../needs/cluster.ts'
import { keyOf, type WatchedKind } from './watch-kind.ts'

type Start = (
  scope: ObjectScope,
  tell: (event: WatchEvent) => void,
  signal: AbortSignal,
) => WatchedKind & { readonly done: Promise<void> }

type Shared = {
  readonly watched: WatchedKind
  readonly listeners: Set<{ readonly emit: (event: WatchEvent) => void; readonly fail: (error: unknown) => void }>
  readonly ending: AbortController
  readonly done: Promise<void>
}

export interface SharedWatches extends AsyncDisposable {
  watch(scope: ObjectScope, signal: AbortSignal): AsyncIterable<WatchEvent>
  /** Scopes that are watched now. */
  readonly open: number
}

/**
 * One watch a scope, however many look: whoever comes later is told at once what is known. The last one who leaves ends
 * it. A slow reader costs latency and never memory: what it has not taken yet is folded into one item.
 */
export function shareWatches(start: Start): SharedWatches {
  const all = new Map<string, Shared>()

  function sharedOf(key: string, scope: ObjectScope): Shared {
    const known = all.get(key)
    if (known) return known
    const listeners: Shared['listeners'] = new Set()
    const ending = new AbortController()
    const watched = start(
      scope,
      event => {
        for (const { emit } of [...listeners]) emit(event)
      },
      ending.signal,
    )
    const end = (error: unknown): void => {
      if (all.get(key) === shared) all.delete(key)
      for (const { fail } of [...listeners]) fail(error)
    }
    const shared: Shared = {
      watched,
      listeners,
      ending,
      done: watched.done.then(() => end(new AppError('cancelled', 'error.cancelled')), end),
    }
    all.set(key, shared)
    return shared
  }

  return {
    get open() {
      return all.size
    },
    watch(scope, signal) {
      const { kind, namespace = '', labelSelector = '', fieldSelector = '' } = scope
      const key = [kind.group, kind.kind, kind.version ?? '', namespace, labelSelector, fieldSelector].join('\n')
      return liveSource<WatchEvent>(
        signal,
        (emit, fail) => {
          const shared = sharedOf(key, scope)
          const listener = { emit, fail }
          const objects = shared.watched.snapshot()
          const stale = shared.watched.stale()
          if (objects) emit({ kind: 'snapshot', objects })
          if (stale) emit(stale)
          shared.listeners.add(listener)
          return () => {
            shared.listeners.delete(listener)
            if (shared.listeners.size > 0) return
            if (all.get(key) === shared) all.delete(key)
            shared.ending.abort()
          }
        },
        foldEvents,
      )
    },
    async [Symbol.asyncDispose]() {
      const open = [...all.values()]
      for (const { ending } of open) ending.abort()
      await Promise.all(open.map(({ done }) => done))
    },
  }
}

/** At most a snapshot, changes since, and how it stands: in this order. */
export function foldEvents(waiting: readonly WatchEvent[], next: WatchEvent): readonly WatchEvent[] {
  const last = waiting.at(-1)
  if (next.kind === 'snapshot') return [next]
  if (next.kind === 'stale' || next.kind === 'fresh')
    return [...(last && isMood(last) ? waiting.slice(0, -1) : waiting), next]
  // Changes come from a server that is there.
  const before = last && isMood(last) ? waiting.slice(0, -1) : waiting
  const mood = last && isMood(last) ? ([{ kind: 'fresh' }] as const) : []
  const earlier = before.at(-1)
  return earlier?.kind === 'changes'
    ? [...before.slice(0, -1), joined(earlier, next), ...mood]
    : [...before, next, ...mood]
}

const isMood = ({ kind }: WatchEvent): boolean => kind === 'stale' || kind === 'fresh'

type Changes = Extract<WatchEvent, { kind: 'changes' }>

function joined(earlier: Changes, later: Changes): Changes {
  const changed = new Map<string, LiveObject>()
  const gone = new Map<string, LiveObject>()
  for (const each of [earlier, later]) {
    for (const object of each.gone) {
      changed.delete(keyOf(object))
      gone.set(keyOf(object), object)
    }
    for (const object of each.changed) {
      gone.delete(keyOf(object))
      changed.set(keyOf(object), object)
    }
  }
  return { kind: 'changes', changed: [...changed.values()], gone: [...gone.values()] }
}
