import { AppError, isCancelled } from '../../../shared/errors.ts'
import type { LiveObject } from '../../../shared/health/health.ts'
import type { Json } from '../../../shared/manifests/manifest.ts'
import { numberAt, textAt } from '../../../shared/manifests/manifest.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { ObjectKind, ObjectScope, WatchEvent } from '../../needs/cluster.ts'
import { type ApiLine, pause } from './api-line.ts'
import type { Discovery } from './discover-kinds.ts'
import { asObject, listKind } from './list-kind.ts'
import { collectionQuestion } from './object-path.ts'

export type WatchedKind = {
  /** The objects as last known; null before the first list. */
  readonly snapshot: () => readonly LiveObject[] | null
  /** What has gone wrong and not come right since. */
  readonly stale: () => Stale | null
}
type Stale = Extract<WatchEvent, { kind: 'stale' }>

/** Milliseconds: between two tellings; the shortest and longest wait after a failure; silence that is looked into. */
export const usualPace = { batch: 40, least: 300, most: 30_000, silence: 45_000, probe: 10_000, settled: 5_000 }
/** Refusals in a row that end a watch which worked before: a server that starts refuses for moments, too. */
const refusals = 6

/**
 * Keeps one kind in one scope as the server has it: list, then watch from there, and list again when the server's
 * history is lost. What fails is tried again with a longer and longer wait, each a little different, so that a
 * thousand watches do not come back at once. Ends with the signal; rejects what no waiting mends.
 */
export function watchKind(
  needs: { readonly line: ApiLine; readonly discovery: Discovery; readonly pace?: typeof usualPace },
  scope: ObjectScope,
  tell: (event: WatchEvent) => void,
  signal: AbortSignal,
): WatchedKind & { readonly done: Promise<void> } {
  const { line, discovery, pace = usualPace } = needs
  let store: Map<string, LiveObject> | null = null
  /** By the same keys: the server's version of each. */
  let versions = new Map<string, string>()
  let stale: Stale | null = null
  /** Where the watch goes on from; null when everything has to be listed again. */
  let version: string | null = null
  let waiting: { readonly changed: Map<string, LiveObject>; readonly gone: Map<string, LiveObject> } | null = null
  let timer: NodeJS.Timeout | undefined
  let toldAt = Number.NEGATIVE_INFINITY
  let reachedAt = Date.now()

  function flush(): void {
    clearTimeout(timer)
    timer = undefined
    if (!waiting) return
    const { changed, gone } = waiting
    waiting = null
    toldAt = performance.now()
    if (changed.size + gone.size > 0)
      tell({ kind: 'changes', changed: [...changed.values()], gone: [...gone.values()] })
  }

  function soon(): NonNullable<typeof waiting> {
    // At once after a silence, with what comes in the same breath: a single change waits for nothing.
    timer ??= setTimeout(flush, Math.max(0, toldAt + pace.batch - performance.now()))
    waiting ??= { changed: new Map(), gone: new Map() }
    return waiting
  }

  function reached(): void {
    reachedAt = Date.now()
    if (!stale) return
    stale = null
    flush()
    tell({ kind: 'fresh' })
  }

  function unreached(problem: Message): void {
    if (stale && JSON.stringify(stale.problem) === JSON.stringify(problem)) return
    flush()
    stale = { kind: 'stale', since: reachedAt, problem }
    tell(stale)
  }

  async function list(kind: ObjectKind): Promise<void> {
    const listed = await listKind(line, kind, scope, false, signal)
    const before = store
    const known = versions
    versions = new Map()
    store = new Map()
    for (const [index, object] of listed.objects.entries()) {
      const key = keyOf(object)
      const own = listed.versions[index]!
      versions.set(key, own)
      // What is still the same stays the same object, so that nobody reads it again.
      store.set(key, own !== '' && known.get(key) === own ? (before?.get(key) ?? object) : object)
    }
    version = listed.version
    waiting = null
    flush()
    stale = null
    reachedAt = Date.now()
    tell({ kind: 'snapshot', objects: [...store.values()] })
  }

  /** Follows the server's changes until it ends the stream; a history that is lost leaves `version` null. */
  async function follow(kind: ObjectKind): Promise<void> {
    const ending = new AbortController()
    const both = AbortSignal.any([signal, ending.signal])
    const seconds = 240 + Math.floor(Math.random() * 240)
    const question = collectionQuestion('watch', kind, scope, {
      watch: '1',
      allowWatchBookmarks: 'true',
      resourceVersion: version ?? '',
      timeoutSeconds: String(seconds),
    })
    const response = await line.open(question, both)
    reached()
    let asked = Date.now()
    // A line can die without a word: after a silence the server is asked something small.
    const guard = setInterval(() => {
      if (Date.now() - Math.max(asked, reachedAt) < pace.silence) return
      asked = Date.now()
      isThere(line, pace.probe, signal).then(there => {
        if (!there) ending.abort()
      })
    }, pace.silence / 3)
    guard.unref()
    try {
      response.setEncoding('utf8')
      let rest = ''
      for await (const part of response as AsyncIterable<string>) {
        reachedAt = Date.now()
        const lines = (rest + part).split('\n')
        rest = lines.pop() ?? ''
        for (const each of lines) if (each !== '' && !take(JSON.parse(each) as Json, kind)) return
      }
      reachedAt = Date.now()
    } catch (error) {
      if (error instanceof AppError || signal.aborted) throw error
      const { name: context, server } = line.context
      if (error instanceof SyntaxError) throw new AppError('unreachable', 'cluster.notKubernetes', { context, server })
      const reason = ending.signal.aborted ? 'ETIMEDOUT' : reasonOf(error)
      throw new AppError('unreachable', 'cluster.unreachable', { context, server, reason }, { cause: error })
    } finally {
      clearInterval(guard)
      ending.abort()
    }
  }

  /** One event of the stream; false when the stream is of no more use. */
  function take(event: Json, kind: ObjectKind): boolean {
    const type = textAt(event, 'type')
    const object = typeof event === 'object' && event !== null && 'object' in event ? event.object : undefined
    if (type === 'ERROR') {
      const code = numberAt(object, 'code') ?? 500
      if (code === 410 || textAt(object, 'reason') === 'Expired') {
        version = null
        return false
      }
      throw new AppError('unreachable', 'cluster.answered', {
        context: line.context.name,
        status: code,
        reason: textAt(object, 'message') ?? '',
      })
    }
    const own = textAt(object, 'metadata', 'resourceVersion') ?? ''
    version = own === '' ? version : own
    if (type === 'BOOKMARK' || typeof object !== 'object' || object === null) return true
    const live = asObject(object as { [key: string]: Json }, kind, false)
    const key = keyOf(live)
    const { changed, gone } = soon()
    if (type === 'DELETED') {
      store?.delete(key)
      versions.delete(key)
      changed.delete(key)
      gone.set(key, live)
    } else {
      store?.set(key, live)
      versions.set(key, own)
      gone.delete(key)
      changed.set(key, live)
    }
    return true
  }

  async function run(): Promise<void> {
    let failures = 0
    let refused = 0
    while (!signal.aborted) {
      const begun = Date.now()
      try {
        const kind = await discovery.find(scope.kind, signal)
        if (version === null) await list(kind)
        await follow(kind)
        refused = 0
        // A server that ends each watch at once, or forgets at once, is not asked at once again.
        failures = Date.now() - begun >= pace.settled ? 0 : failures + 1
        if (failures > 0) await pause(waitOf(failures, pace), signal)
      } catch (error) {
        if (signal.aborted) return
        if (!(error instanceof AppError) || isCancelled(error)) throw error
        if (Date.now() - begun >= pace.settled) failures = 0
        failures += 1
        if (isRefusal(error)) {
          refused += 1
          // A right that was taken away may be given back; the others end a watch once a restart is ruled out.
          if (!store || (error.code !== 'forbidden' && refused >= refusals)) throw error
          if (error.code === 'not-found') discovery.forget(scope.kind.group)
        } else if (error.code !== 'unreachable') throw error
        if (error.key === 'cluster.historyGone') version = null
        // A connection that is made again at once was not worth a word.
        else if (!store || failures > 1 || isRefusal(error) || error.params['reason'] === 'ETIMEDOUT')
          unreached({ key: error.key, params: error.params })
        const asked = error.key === 'cluster.busy' ? Number(error.params['seconds']) * 1000 : 0
        await pause(Math.max(waitOf(failures, pace), asked), signal)
      }
    }
  }

  const done = run().finally(() => {
    clearTimeout(timer)
    waiting = null
  })
  return { snapshot: () => (store ? [...store.values()] : null), stale: () => stale, done }
}

const isRefusal = ({ code }: AppError): boolean =>
  code === 'unauthorized' || code === 'not-found' || code === 'forbidden'

const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : error instanceof Error ? error.message : ''

/** Milliseconds to wait after so many failures in a row: doubling, with a third of chance. */
const waitOf = (failures: number, pace: typeof usualPace): number =>
  Math.min(pace.most, pace.least * 2 ** (failures - 1)) * (2 / 3 + Math.random() / 3)

async function isThere(line: ApiLine, probe: number, signal: AbortSignal): Promise<boolean> {
  const asked = { verb: 'get', group: '', resource: '/version' }
  try {
    await line.text({ method: 'GET', path: '/version', asked }, AbortSignal.any([signal, AbortSignal.timeout(probe)]))
    return true
  } catch (error) {
    // A refusal is an answer, too.
    return error instanceof AppError && (error.code === 'forbidden' || error.code === 'not-found')
  }
}

/** What an object is known by while it exists. */
export const keyOf = (object: LiveObject): string =>
  `${textAt(object, 'metadata', 'namespace') ?? ''}/${textAt(object, 'metadata', 'name') ?? ''}`
