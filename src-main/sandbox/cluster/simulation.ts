import type { LiveObject } from '../../../shared/health/health.ts'
import { listAt, objectAt, textAt } from '../../../shared/manifests/manifest.ts'
import { setAt } from './fields/json.ts'
import type { Kind } from './kinds.ts'
import type { ClusterState } from './state.ts'
import type { Time } from './time.ts'
import { isoTime, placeOf } from './write-objects.ts'

/** What controllers see and do. Objects are named by `GROUP/KIND`, with an empty group for the core. */
export type World = {
  now(): number
  /** Now, as objects write it. */
  time(): string
  get(kind: string, namespace: string, name: string): LiveObject | undefined
  list(kind: string, namespace?: string): readonly LiveObject[]
  /** Objects of a kind that name this one as their controller. */
  owned(kind: string, owner: LiveObject): readonly LiveObject[]
  create(kind: string, object: LiveObject, manager: string): LiveObject
  replace(kind: string, object: LiveObject, manager: string): LiveObject
  /** Writes a status, where it differs from what is there. */
  report(kind: string, object: LiveObject, status: LiveObject, manager: string): void
  remove(kind: string, object: LiveObject): void
  /** An event about an object; the same one again counts up. */
  event(about: LiveObject, type: 'Normal' | 'Warning', reason: string, message: string, source: string): void
  /** Has another object looked at again. */
  look(kind: string, object: LiveObject): void
}

export type Controller = {
  /** `GROUP/KIND` of what it looks after. */
  readonly kinds: readonly string[]
  /**
   * Brings the world nearer to what the object says. Called when the object or what it owns has changed; returns the
   * time (milliseconds since the epoch) at which it wants to look again, if any.
   */
  reconcile(world: World, object: LiveObject, kind: string): number | undefined
  /** Other objects that have to be looked at when one of these kinds changes. */
  readonly follows?: { readonly [kind: string]: (world: World, changed: LiveObject) => readonly LiveObject[] }
}

export type Simulation = {
  readonly world: World
  /** Everything that can happen by now has happened when this returns. Changes from outside settle by themselves too. */
  settle(): void
  /** Moves a standing clock on, through all that happens on the way. */
  advance(milliseconds: number): void
  /** Goes on by itself from now on, with the system's clock. */
  run(): void
  stop(): void
}

/** Runs controllers over a cluster: each change queues what has to be looked at, and time does the rest. */
export function createSimulation(state: ClusterState, time: Time, controllers: readonly Controller[]): Simulation {
  const { store, writer } = state
  const kindOf = (name: string): Kind => {
    const cut = name.indexOf('/')
    return state.kind(name.slice(0, cut), name.slice(cut + 1))
  }
  const nameOfKind = ({ group, kind }: Kind) => `${group}/${kind}`
  const byKind = new Map<string, Controller[]>()
  for (const controller of controllers)
    for (const kind of controller.kinds) byKind.set(kind, [...(byKind.get(kind) ?? []), controller])

  type Key = { readonly kind: string; readonly namespace: string; readonly name: string }
  const queue = new Map<string, Key>()
  const timers = new Map<string, { readonly key: Key; readonly at: number }>()
  const dependents = new Map<string, Map<string, Key>>()
  const keyOf = (kind: string, object: LiveObject): Key => ({ kind, ...placeOf(object) })
  const textOfKey = ({ kind, namespace, name }: Key) => `${kind} ${namespace}/${name}`
  const enqueue = (key: Key) => {
    if (byKind.has(key.kind)) queue.set(textOfKey(key), key)
  }
  const find = ({ kind, namespace, name }: Key) => store.get(kindOf(kind), namespace, name)
  const ownersOf = (object: LiveObject) =>
    listAt(object, 'metadata', 'ownerReferences').map(owner => ({
      uid: textAt(owner, 'uid') ?? '',
      kind: `${(textAt(owner, 'apiVersion') ?? '').replace(/\/?[^/]*$/, '')}/${textAt(owner, 'kind') ?? ''}`,
      name: textAt(owner, 'name') ?? '',
    }))

  const world: World = {
    now: time.now,
    time: () => isoTime(time.now()),
    get: (kind, namespace, name) => store.get(kindOf(kind), namespace, name),
    list: (kind, namespace) => store.list(kindOf(kind), namespace),
    owned: (kind, owner) =>
      [...(dependents.get(textAt(owner, 'metadata', 'uid') ?? '')?.values() ?? [])]
        .filter(key => key.kind === kind)
        .map(find)
        .filter(object => object !== undefined),
    create: (kind, object, manager) => writer.create(kindOf(kind), object, { manager }),
    replace: (kind, object, manager) =>
      writer.replace(kindOf(kind), setAt(object, ['metadata', 'resourceVersion'], undefined), { manager }),
    report(kind, object, status, manager) {
      if (!find(keyOf(kind, object))) return
      const wanted = setAt({ ...object, status }, ['metadata', 'resourceVersion'], undefined)
      const served = kindOf(kind)
      // A kind without a status subresource takes its status with everything else.
      const how = served.subresources.includes('status') ? { manager, subresource: 'status' as const } : { manager }
      writer.replace(served, wanted, how)
    },
    remove(kind, object) {
      const { namespace, name } = placeOf(object)
      if (store.get(kindOf(kind), namespace, name))
        writer.delete(kindOf(kind), { namespace, name }, { propagation: 'Background' })
    },
    event: (about, type, reason, message, source) => recordEvent(world, about, type, reason, message, source),
    look(kind, object) {
      enqueue(keyOf(kind, object))
      wake()
    },
  }

  let settling = false
  let running = false
  let stopped = false
  let scheduled: NodeJS.Immediate | undefined
  let timer: NodeJS.Timeout | undefined
  const wake = () => {
    if (!settling && !stopped) scheduled ??= setImmediate(step)
  }
  store.subscribe(({ kind, object, before, gone }) => {
    const name = nameOfKind(kind)
    const key = keyOf(name, object)
    const owners = ownersOf(object)
    if (gone || owners.length > 0 || (before && ownersOf(before).length > 0)) {
      for (const { uid } of before ? ownersOf(before) : []) {
        const known = dependents.get(uid)
        known?.delete(textOfKey(key))
        if (known?.size === 0) dependents.delete(uid)
      }
      if (!gone)
        for (const { uid } of owners) {
          const known = dependents.get(uid) ?? new Map<string, Key>()
          dependents.set(uid, known.set(textOfKey(key), key))
        }
    }
    enqueue(key)
    const namespace = textAt(object, 'metadata', 'namespace') ?? ''
    for (const owner of owners) enqueue({ kind: owner.kind, namespace, name: owner.name })
    for (const controller of controllers) {
      const others = controller.follows?.[name]?.(world, object) ?? []
      for (const other of others) enqueue(keyOf(controller.kinds[0]!, other))
    }
    if (gone) collect(object)
    wake()
  })

  /** What only the gone object owned goes after it. */
  function collect(owner: LiveObject): void {
    const uid = textAt(owner, 'metadata', 'uid') ?? ''
    for (const key of [...(dependents.get(uid)?.values() ?? [])]) {
      const object = find(key)
      const others = listAt(object, 'metadata', 'ownerReferences').filter(each => textAt(each, 'uid') !== uid)
      if (object && others.length === 0) world.remove(key.kind, object)
      else if (object)
        world.replace(key.kind, setAt(object, ['metadata', 'ownerReferences'], others), 'garbage-collector')
    }
  }

  /** Deletions that wait for what is owned: the finalizer goes when that is done. */
  function finalize(kind: string, object: LiveObject): void {
    if (textAt(object, 'metadata', 'deletionTimestamp') === undefined) return
    const finalizers = listAt(object, 'metadata', 'finalizers')
    const own = [...(dependents.get(textAt(object, 'metadata', 'uid') ?? '')?.values() ?? [])]
    const without = (name: string) =>
      world.replace(
        kind,
        setAt(
          object,
          ['metadata', 'finalizers'],
          finalizers.filter(each => each !== name),
        ),
        'garbage-collector',
      )
    if (finalizers.includes('orphan')) {
      for (const key of own) {
        const dependent = find(key)
        if (dependent)
          world.replace(key.kind, setAt(dependent, ['metadata', 'ownerReferences'], undefined), 'garbage-collector')
      }
      without('orphan')
    } else if (finalizers.includes('foregroundDeletion')) {
      if (own.length === 0) without('foregroundDeletion')
      for (const key of own) {
        const dependent = find(key)
        if (dependent) world.remove(key.kind, dependent)
      }
    }
  }

  const most = 200_000
  function settle(): void {
    if (settling) return
    settling = true
    try {
      for (const [text, { key, at }] of timers)
        if (at <= time.now()) {
          timers.delete(text)
          enqueue(key)
        }
      for (let count = 0; queue.size > 0; count++) {
        if (count > most) throw new Error(`The sandbox cluster does not come to rest: ${[...queue.keys()].join(', ')}`)
        const [text, key] = queue.entries().next().value!
        queue.delete(text)
        timers.delete(text)
        for (const controller of byKind.get(key.kind) ?? []) {
          const object = find(key)
          if (!object) break
          finalize(key.kind, object)
          const at = controller.reconcile(world, object, key.kind)
          const sooner = timers.get(text)?.at ?? Number.POSITIVE_INFINITY
          if (at !== undefined && at < sooner) timers.set(text, { key, at: Math.max(at, time.now() + 1) })
        }
      }
    } finally {
      settling = false
    }
  }
  const nextAt = () => [...timers.values()].reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY)
  function step(): void {
    scheduled = undefined
    if (stopped) return
    settle()
    if (!running) return
    clearTimeout(timer)
    const at = nextAt()
    if (Number.isFinite(at)) timer = setTimeout(step, Math.max(0, at - time.now())).unref()
  }

  return {
    world,
    settle,
    advance(milliseconds) {
      const end = time.now() + milliseconds
      settle()
      for (let at = nextAt(); at <= end; at = nextAt()) {
        time.stand(at)
        settle()
      }
      time.stand(end)
      settle()
    },
    run() {
      time.run()
      running = true
      step()
    },
    stop() {
      stopped = true
      clearTimeout(timer)
      if (scheduled) clearImmediate(scheduled)
    },
  }
}

const mostEvents = 400

function recordEvent(
  world: World,
  about: LiveObject,
  type: string,
  reason: string,
  message: string,
  source: string,
): void {
  const { namespace, name } = placeOf(about)
  const uid = textAt(about, 'metadata', 'uid') ?? ''
  const space = namespace || 'default'
  const known = world
    .list('/Event', space)
    .find(
      event =>
        textAt(event, 'involvedObject', 'uid') === uid &&
        textAt(event, 'reason') === reason &&
        textAt(event, 'message') === message,
    )
  if (known) {
    const count = Number(textAt(known, 'count') ?? 1) + 1
    world.replace('/Event', { ...known, count, lastTimestamp: world.time() }, source)
    return
  }
  const all = world.list('/Event', space)
  if (all.length >= mostEvents)
    world.remove(
      '/Event',
      all.reduce((a, b) => ((textAt(a, 'lastTimestamp') ?? '') <= (textAt(b, 'lastTimestamp') ?? '') ? a : b)),
    )
  world.create(
    '/Event',
    {
      metadata: { generateName: `${name}.`, namespace: space },
      involvedObject: {
        apiVersion: about['apiVersion'] ?? 'v1',
        kind: about['kind'] ?? '',
        ...(namespace !== '' && { namespace }),
        name,
        uid,
        resourceVersion: objectAt(about, 'metadata')['resourceVersion'] ?? '',
      },
      type,
      reason,
      message,
      count: 1,
      source: { component: source },
      reportingComponent: source,
      reportingInstance: '',
      firstTimestamp: world.time(),
      lastTimestamp: world.time(),
    },
    source,
  )
}
