import type { Right } from '../../../shared/clusters/contract.ts'
import { AppError, isCancelled } from '../../../shared/errors.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { Cluster, KindName, ObjectScope, WatchEvent } from '../../needs/cluster.ts'

/** How one watch does. `told`: it has given a snapshot at least once. Times in milliseconds since the epoch. */
export type Watched = {
  told: boolean
  stale: { readonly since: number; readonly problem: Message } | null
  refused: Right | null
}

export type FollowNeeds = {
  readonly now: () => number
  readonly report: (error: unknown) => void
  /** What the watch says of objects. */
  readonly take: (event: Exclude<WatchEvent, { readonly kind: 'stale' }>) => void
  /** How it does has changed, or what it says. */
  readonly tell: () => void
}

/** Milliseconds before what was refused or failed is asked for again. */
export const askAgain = 20_000

/** What a person is told of an error; one that nobody foresaw is reported. */
export function problemOf(error: unknown, report: (error: unknown) => void): Message {
  if (error instanceof AppError) return { key: error.key, params: error.params }
  report(error)
  return { key: 'error.unexpected' }
}

/** Follows a watch until the signal, again and again; what may not be read and what is old is noted in `watched`. */
export async function followWatch(
  cluster: Cluster,
  scope: ObjectScope,
  watched: Watched,
  { now, report, take, tell }: FollowNeeds,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const event of cluster.watch(scope, signal)) {
        if (event.kind === 'stale') {
          watched.stale = { since: event.since, problem: event.problem }
          watched.refused = rightIn(event.problem, scope.kind)
        } else {
          watched.stale = null
          watched.refused = null
          if (event.kind === 'snapshot') watched.told = true
          take(event)
        }
        tell()
      }
      if (signal.aborted) return
    } catch (error) {
      if (signal.aborted || isCancelled(error)) return
      if (error instanceof AppError && error.code === 'not-found') return
      const problem = problemOf(error, report)
      const stale = { since: watched.stale?.since ?? now(), problem }
      if (error instanceof AppError && error.code === 'forbidden') {
        watched.refused = rightIn(problem, scope.kind)
        // Not being let in is no outage: what was seen before may be any age now, and is not shown as if it were so.
        // What was never seen cannot be old: who may not look there is told of the right, and of nothing else.
        watched.stale = watched.told ? stale : null
      } else watched.stale = stale
      tell()
    }
    await pause(askAgain, signal)
  }
}

/** The right that a refusal names; null where it is another problem. */
function rightIn({ key, params = {} }: Message, of: KindName): Right | null {
  if (key !== 'cluster.forbidden' && key !== 'cluster.forbiddenEverywhere') return null
  const { verb = 'list', resource = '', namespace = '' } = params
  return {
    verb: String(verb),
    group: of.group,
    // Where it is said with its group, that is said once.
    resource: of.group === '' ? String(resource) : String(resource).replace(`.${of.group}`, ''),
    namespace: namespace === '' ? null : String(namespace),
  }
}

/** The rights that watches were refused, each once. */
export const refusedRights = (watches: readonly Watched[]): readonly Right[] => [
  ...new Map(watches.flatMap(({ refused }) => (refused ? [[JSON.stringify(refused), refused] as const] : []))).values(),
]

/** Milliseconds, cut short by the signal; a command that is done is not kept alive by it. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    timer.unref()
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
