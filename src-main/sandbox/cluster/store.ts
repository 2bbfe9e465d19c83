import type { LiveObject } from '../../../shared/health/health.ts'
import { objectAt, textAt } from '../../../shared/manifests/manifest.ts'
import { groupResource, type Kind } from './kinds.ts'

/** `version` is the resource version the change got: one counter for the whole cluster, as etcd has. */
export type Change = {
  readonly version: number
  readonly kind: Kind
  readonly object: LiveObject
  /** Absent for a new object. */
  readonly before: LiveObject | undefined
  readonly gone: boolean
}

/**
 * Every object of the cluster, in memory. Objects are never changed in place: a new version replaces the old one, so
 * what a reader holds stays as it was. Each kind remembers its last changes for watches that come back.
 */
export type Store = {
  readonly version: number
  get(kind: Kind, namespace: string, name: string): LiveObject | undefined
  /** Sorted by namespace and name; of one namespace when given. */
  list(kind: Kind, namespace?: string): readonly LiveObject[]
  /** Gives the object its resource version and tells the watches; returns it as it is kept. */
  put(kind: Kind, object: LiveObject): LiveObject
  remove(kind: Kind, namespace: string, name: string): LiveObject | undefined
  /** Changes of a kind after a version, or null when they are forgotten. */
  changesSince(kind: Kind, version: number): readonly Change[] | null
  /** Forgets all changes there were: whoever continues a watch or a page from before is told 410. */
  compact(): void
  subscribe(listener: (change: Change) => void): () => void
}

const remembered = 4000

type Shelf = {
  readonly objects: Map<string, LiveObject>
  /** Sorted; null when an object has come or gone since. */
  keys: string[] | null
  changes: Change[]
  /** Changes up to this version are forgotten. */
  forgotten: number
}

export function createStore(): Store {
  let version = 1
  let compacted = 0
  const shelves = new Map<string, Shelf>()
  const listeners = new Set<(change: Change) => void>()

  const shelfOf = (kind: Kind): Shelf => {
    const key = groupResource(kind)
    let shelf = shelves.get(key)
    if (!shelf) {
      shelf = { objects: new Map(), keys: null, changes: [], forgotten: compacted }
      shelves.set(key, shelf)
    }
    return shelf
  }

  const record = (shelf: Shelf, change: Change): void => {
    if (change.gone || !change.before) shelf.keys = null
    shelf.changes.push(change)
    if (shelf.changes.length > remembered * 1.25) {
      shelf.changes = shelf.changes.slice(-remembered)
      shelf.forgotten = shelf.changes[0]!.version - 1
    }
    for (const listener of [...listeners]) listener(change)
  }

  return {
    get version() {
      return version
    },
    get: (kind, namespace, name) => shelfOf(kind).objects.get(`${namespace}/${name}`),
    list(kind, namespace) {
      const shelf = shelfOf(kind)
      shelf.keys ??= [...shelf.objects.keys()].sort()
      const keys = namespace === undefined ? shelf.keys : shelf.keys.filter(key => key.startsWith(`${namespace}/`))
      return keys.map(key => shelf.objects.get(key)!)
    },
    put(kind, object) {
      const shelf = shelfOf(kind)
      const key = keyOf(object)
      const before = shelf.objects.get(key)
      version++
      const kept = { ...object, metadata: { ...objectAt(object, 'metadata'), resourceVersion: String(version) } }
      shelf.objects.set(key, kept)
      record(shelf, { version, kind, object: kept, before, gone: false })
      return kept
    },
    remove(kind, namespace, name) {
      const shelf = shelfOf(kind)
      const before = shelf.objects.get(`${namespace}/${name}`)
      if (!before) return undefined
      version++
      shelf.objects.delete(`${namespace}/${name}`)
      const last = { ...before, metadata: { ...objectAt(before, 'metadata'), resourceVersion: String(version) } }
      record(shelf, { version, kind, object: last, before, gone: true })
      return last
    },
    changesSince(kind, since) {
      const shelf = shelfOf(kind)
      if (since < shelf.forgotten) return null
      return shelf.changes.filter(change => change.version > since)
    },
    compact() {
      compacted = version
      for (const shelf of shelves.values()) {
        shelf.changes = []
        shelf.forgotten = version
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const keyOf = (object: LiveObject): string =>
  `${textAt(object, 'metadata', 'namespace') ?? ''}/${textAt(object, 'metadata', 'name') ?? ''}`
