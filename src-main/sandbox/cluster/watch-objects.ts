import type { LiveObject } from '../../../shared/health/health.ts'
import { textAt } from '../../../shared/manifests/manifest.ts'
import { expired } from './api-error.ts'
import { apiVersionOf, type Kind } from './kinds.ts'
import { fieldMatcher, labelMatcher } from './selectors.ts'
import { type ClusterState, textOf } from './state.ts'
import type { Change } from './store.ts'

/** Where a watch writes its lines. */
export type WatchSink = { write(line: string): void; end(): void }

export type Watches = {
  /** Starts a watch; the result ends it. */
  start(kind: Kind, namespace: string | undefined, query: URLSearchParams, print: Print, sink: WatchSink): () => void
  /** Ends every open watch without a word, as a proxy does that has lost patience. */
  drop(): void
  /** Tells every open watch that its history is gone (410), and ends it. */
  expire(): void
  readonly count: number
}
/** An object as the asked version words it. */
export type Print = (object: LiveObject) => string

const bookmarkEvery = 30_000

export function createWatches({ store }: ClusterState): Watches {
  type Open = { readonly sink: WatchSink; stop(): void }
  const open = new Set<Open>()
  const gone = (since: number) => {
    const { status } = expired(`too old resource version: ${since} (${store.version})`)
    return `{"type":"ERROR","object":${JSON.stringify(status)}}\n`
  }
  return {
    get count() {
      return open.size
    },
    start(kind, namespace, query, print, sink) {
      const matchesLabels = labelMatcher(query.get('labelSelector'))
      const matchesFields = fieldMatcher(query.get('fieldSelector'))
      const matches = (object: LiveObject | undefined) =>
        object !== undefined && matchesLabels(object) && matchesFields(object)
      const asked = query.get('resourceVersion') ?? ''
      const wantsInitial = query.get('sendInitialEvents') === 'true'
      const wantsBookmarks = query.get('allowWatchBookmarks') === 'true'
      const say = (type: string, object: LiveObject) => sink.write(`{"type":"${type}","object":${print(object)}}\n`)
      const bookmark = (initial: boolean) =>
        say('BOOKMARK', {
          kind: kind.kind,
          apiVersion: apiVersionOf(kind),
          metadata: {
            resourceVersion: String(store.version),
            ...(initial && { annotations: { 'k8s.io/initial-events-end': 'true' } }),
          },
        })
      const tell = ({ object, before, gone }: Change) => {
        if (namespace !== undefined && textAt(object, 'metadata', 'namespace') !== namespace) return
        const is = !gone && matches(object)
        const was = matches(before)
        if (is) say(was ? 'MODIFIED' : 'ADDED', object)
        else if (was) say('DELETED', object)
      }

      const unsubscribe = store.subscribe(change => {
        if (change.kind === kind) tell(change)
      })
      const self: Open = {
        sink,
        stop() {
          if (!open.delete(self)) return
          unsubscribe()
          clearInterval(bookmarks)
          clearTimeout(timeout)
          sink.end()
        },
      }
      const bookmarks = wantsBookmarks ? setInterval(() => bookmark(false), bookmarkEvery).unref() : undefined
      const seconds = Number(query.get('timeoutSeconds') ?? 0)
      const timeout =
        seconds > 0
          ? setTimeout(() => {
              if (wantsBookmarks) bookmark(false)
              self.stop()
            }, seconds * 1000).unref()
          : undefined
      open.add(self)

      if (wantsInitial || asked === '' || asked === '0') {
        for (const object of store.list(kind, namespace)) if (matches(object)) say('ADDED', object)
        if (wantsInitial) bookmark(true)
      } else {
        const missed = store.changesSince(kind, Number(asked))
        if (missed === null) {
          sink.write(gone(Number(asked)))
          self.stop()
        } else for (const change of missed) tell(change)
      }
      return self.stop
    },
    drop() {
      for (const each of [...open]) each.stop()
    },
    expire() {
      for (const each of [...open]) {
        each.sink.write(gone(0))
        each.stop()
      }
    },
  }
}

/** Prints objects under another version of their kind than the one they are kept in. */
export const printAs =
  (kind: Kind, version: string): Print =>
  object =>
    version === kind.versions[0]
      ? textOf(object)
      : JSON.stringify({ ...object, apiVersion: kind.group === '' ? version : `${kind.group}/${version}` })
