import { createHash } from 'node:crypto'
import type { LiveObject } from '../../../../shared/health/health.ts'
import {
  type Json,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  textAt,
} from '../../../../shared/manifests/manifest.ts'
import { setAt } from '../fields/json.ts'
import { isReady } from '../pod-container.ts'
import type { Controller, World } from '../simulation.ts'
import { isoTime } from '../write-objects.ts'
import { podFate, quantity } from './pod-fate.ts'

// How long things take, in milliseconds: quick enough to watch, slow enough to see.
const pulling = 900
const starting = 500
const dying = 700
const alive = 1200
const jobLength = 2500
const retry = 5000

/** Scheduler and kubelet in one: places Pods on nodes, starts their containers, restarts and ends them. */
export function createPodController(): Controller {
  /** What is going on with a Pod, since when. */
  type Course = {
    readonly state: 'placed' | 'started' | 'ready' | 'down' | 'done'
    readonly at: number
    readonly restarts: number
  }
  const courses = new Map<string, Course>()

  function reconcile(world: World, pod: LiveObject): number | undefined {
    const uid = textAt(pod, 'metadata', 'uid')!
    const now = world.now()
    if (textAt(pod, 'metadata', 'deletionTimestamp') !== undefined) return end(world, pod)
    const set = (state: Course['state'], restarts = 0): void => {
      courses.set(uid, { state, at: now, restarts })
    }
    const course = courses.get(uid)
    if (!course) {
      const node = chooseNode(world, pod)
      if (typeof node === 'string') {
        unschedulable(world, pod, node)
        return now + retry
      }
      place(world, pod, node)
      set('placed')
      return now + pulling
    }
    const { fate, container } = podFate(pod)
    const { state, at, restarts } = course
    const due = (after: number) => (now < at + after ? at + after : undefined)
    switch (state) {
      case 'placed': {
        const wait = due(pulling)
        if (wait !== undefined) return wait
        if (fate === 'no-image') {
          notPulled(world, pod, container)
          return now + 20_000
        }
        set('started', restarts)
        started(world, pod, restarts)
        return now + startTime(pod)
      }
      case 'started': {
        if (fate === 'crash' || fate === 'out-of-memory') {
          const wait = due(alive)
          if (wait !== undefined) return wait
          set('down', restarts + 1)
          crashed(world, pod, container, fate, restarts + 1, at)
          return now + backOff(restarts + 1)
        }
        const wait = due(startTime(pod))
        if (wait !== undefined) return wait
        if (isJob(pod)) {
          set('ready')
          return now + jobLength
        }
        if (fate === 'never-ready') {
          const message = 'Readiness probe failed: HTTP probe failed with statuscode: 503'
          world.event(pod, 'Warning', 'Unhealthy', message, 'kubelet')
          return now + 10_000
        }
        set('ready', restarts)
        world.report('/Pod', pod, withConditions(pod, true, world.time()), 'kubelet')
        return undefined
      }
      case 'ready': {
        if (!isJob(pod)) return undefined
        const wait = due(jobLength)
        if (wait !== undefined) return wait
        set('done')
        const ended = { exitCode: 0, reason: 'Completed', startedAt: isoTime(at), finishedAt: world.time() }
        world.report(
          '/Pod',
          pod,
          { ...containersAre(pod, { terminated: ended }, false, 0), phase: 'Succeeded' },
          'kubelet',
        )
        return undefined
      }
      case 'down': {
        const wait = due(backOff(restarts))
        if (wait !== undefined) return wait
        set('started', restarts)
        started(world, pod, restarts)
        return now + alive
      }
      case 'done':
        return undefined
    }
  }

  function end(world: World, pod: LiveObject): number | undefined {
    const uid = textAt(pod, 'metadata', 'uid')!
    const since = Date.parse(textAt(pod, 'metadata', 'deletionTimestamp')!)
    if (world.now() < since + dying) return since + dying
    courses.delete(uid)
    const finalizers = listAt(pod, 'metadata', 'finalizers')
    if (finalizers.length > 0) return undefined
    // Written once more without anything to wait for, it goes.
    world.replace('/Pod', setAt(pod, ['metadata', 'deletionGracePeriodSeconds'], 0), 'kubelet')
    return undefined
  }

  return { kinds: ['/Pod'], reconcile }
}

const isJob = (pod: LiveObject) => textAt(pod, 'spec', 'restartPolicy') !== 'Always'
const backOff = (restarts: number) => Math.min(300_000, 10_000 * 2 ** (restarts - 1))
/** A readiness probe's delay counts, up to three seconds of it. */
const startTime = (pod: LiveObject): number => {
  const delays = listAt(pod, 'spec', 'containers').map(
    each => numberAt(each, 'readinessProbe', 'initialDelaySeconds') ?? 0,
  )
  return starting + Math.min(3, Math.max(0, ...delays)) * 1000
}

const requested = (pod: LiveObject, resource: string) =>
  listAt(pod, 'spec', 'containers').reduce<number>(
    (sum, each) => sum + quantity(textAt(each, 'resources', 'requests', resource)),
    0,
  )

/** A node with room, the emptiest first; or why there is none, as the scheduler says it. */
function chooseNode(world: World, pod: LiveObject): LiveObject | string {
  const nodes = world.list('/Node')
  const taken = new Map<string, { cpu: number; memory: number; pods: number }>()
  for (const other of world.list('/Pod')) {
    const node = textAt(other, 'spec', 'nodeName')
    if (node === undefined || /^(Succeeded|Failed)$/.test(textAt(other, 'status', 'phase') ?? '')) continue
    const sum = taken.get(node) ?? { cpu: 0, memory: 0, pods: 0 }
    sum.cpu += requested(other, 'cpu')
    sum.memory += requested(other, 'memory')
    sum.pods++
    taken.set(node, sum)
  }
  const cpu = requested(pod, 'cpu')
  const memory = requested(pod, 'memory')
  const wanted = Object.entries(objectAt(pod, 'spec', 'nodeSelector'))
  const bound = textAt(pod, 'metadata', 'annotations', 'sandbox.pilothouse.dev/node')
  const faults = new Map<string, number>()
  let best: { node: LiveObject; pods: number } | undefined
  for (const node of nodes) {
    const name = textAt(node, 'metadata', 'name')!
    if (bound !== undefined && bound !== name) continue
    const used = taken.get(name) ?? { cpu: 0, memory: 0, pods: 0 }
    const room = (resource: string) => quantity(textAt(node, 'status', 'allocatable', resource))
    const fault = wanted.some(([key, value]) => objectAt(node, 'metadata', 'labels')[key] !== value)
      ? "node(s) didn't match Pod's node affinity/selector"
      : used.cpu + cpu > room('cpu')
        ? 'Insufficient cpu'
        : used.memory + memory > room('memory')
          ? 'Insufficient memory'
          : null
    if (fault !== null) faults.set(fault, (faults.get(fault) ?? 0) + 1)
    else if (!best || used.pods < best.pods) best = { node, pods: used.pods }
  }
  if (best) return best.node
  const reasons = [...faults].map(([reason, count]) => `${count} ${reason}`).join(', ')
  return `0/${nodes.length} nodes are available${reasons === '' ? '' : `: ${reasons}`}. preemption: 0/${nodes.length} nodes are available: ${nodes.length} Preemption is not helpful for scheduling.`
}

const condition = (type: string, status: boolean, time: string, why: JsonObject = {}): JsonObject => ({
  type,
  status: status ? 'True' : 'False',
  lastProbeTime: null,
  lastTransitionTime: time,
  ...why,
})

function unschedulable(world: World, pod: LiveObject, message: string): void {
  const why = { reason: 'Unschedulable', message }
  const known = listAt(pod, 'status', 'conditions').some(each => textAt(each, 'message') === message)
  if (!known)
    world.report(
      '/Pod',
      pod,
      { phase: 'Pending', conditions: [condition('PodScheduled', false, world.time(), why)], qosClass: 'Burstable' },
      'kube-scheduler',
    )
  world.event(pod, 'Warning', 'FailedScheduling', message, 'default-scheduler')
}

function place(world: World, pod: LiveObject, node: LiveObject): void {
  const name = textAt(node, 'metadata', 'name')!
  const placed = world.replace('/Pod', setAt(pod, ['spec', 'nodeName'], name), 'kube-scheduler')
  const namespace = textAt(pod, 'metadata', 'namespace')
  world.event(
    placed,
    'Normal',
    'Scheduled',
    `Successfully assigned ${namespace}/${textAt(pod, 'metadata', 'name')} to ${name}`,
    'default-scheduler',
  )
  const status = containersAre(placed, { waiting: { reason: 'ContainerCreating' } }, false, 0)
  world.report(
    '/Pod',
    placed,
    {
      ...status,
      phase: 'Pending',
      hostIP: textAt(listAt(node, 'status', 'addresses')[0], 'address') ?? '',
      startTime: world.time(),
      conditions: conditions(placed, false, world.time()),
    },
    'kubelet',
  )
}

function conditions(pod: LiveObject, ready: boolean, time: string): readonly Json[] {
  const old = listAt(pod, 'status', 'conditions')
  const names = listAt(pod, 'spec', 'containers').map(each => textAt(each, 'name') ?? '')
  const why = ready
    ? {}
    : { reason: 'ContainersNotReady', message: `containers with unready status: [${names.join(' ')}]` }
  return [
    condition('PodReadyToStartContainers', true, time),
    condition('Initialized', true, time),
    condition('Ready', ready, time, why),
    condition('ContainersReady', ready, time, why),
    condition('PodScheduled', true, time),
  ].map(next => {
    const before = old.find(each => textAt(each, 'type') === next['type'])
    return textAt(before, 'status') === next['status']
      ? { ...next, lastTransitionTime: textAt(before, 'lastTransitionTime') ?? time }
      : next
  })
}

function withConditions(pod: LiveObject, ready: boolean, time: string): JsonObject {
  const status = objectAt(pod, 'status')
  return {
    ...status,
    conditions: conditions(pod, ready, time),
    containerStatuses: listAt(status, 'containerStatuses').map(each => ({ ...(each as JsonObject), ready })),
  }
}

/** The status with every container in one state. */
function containersAre(pod: LiveObject, state: JsonObject, ready: boolean, restarts: number): JsonObject {
  const status = objectAt(pod, 'status')
  const statusOf = (each: Json, its: JsonObject, isReadyNow: boolean) => {
    const name = textAt(each, 'name') ?? ''
    const image = textAt(each, 'image') ?? ''
    const before = listAt(status, 'containerStatuses').find(old => textAt(old, 'name') === name)
    return {
      name,
      image,
      imageID: image.includes('@')
        ? image
        : `${image.replace(/:[^:/]*$/, '')}@sha256:${createHash('sha256').update(image).digest('hex')}`,
      containerID: `sandbox://${textAt(pod, 'metadata', 'uid')}/${name}`,
      ready: isReadyNow,
      started: its['running'] !== undefined,
      restartCount: restarts,
      state: its,
      lastState: objectAt(before, 'lastState'),
    }
  }
  const inits = listAt(pod, 'spec', 'initContainers')
  const done = { terminated: { exitCode: 0, reason: 'Completed' } }
  return {
    ...status,
    containerStatuses: listAt(pod, 'spec', 'containers').map(each => statusOf(each, state, ready)),
    ...(inits.length > 0 && {
      initContainerStatuses: inits.map(each => statusOf(each, state['waiting'] ? state : done, !state['waiting'])),
    }),
  }
}

function started(world: World, pod: LiveObject, restarts: number): void {
  const running = { running: { startedAt: world.time() } }
  const status = containersAre(pod, running, false, restarts)
  const uid = textAt(pod, 'metadata', 'uid') ?? ''
  const address = `10.244.${Number.parseInt(uid.slice(0, 2), 16)}.${(Number.parseInt(uid.slice(2, 4), 16) % 254) + 1}`
  world.report(
    '/Pod',
    pod,
    {
      ...status,
      phase: 'Running',
      podIP: address,
      podIPs: [{ ip: address }],
      conditions: conditions(pod, false, world.time()),
    },
    'kubelet',
  )
  for (const each of listAt(pod, 'spec', 'containers')) {
    const image = textAt(each, 'image') ?? ''
    if (restarts === 0) world.event(pod, 'Normal', 'Pulled', `Successfully pulled image "${image}"`, 'kubelet')
    world.event(pod, 'Normal', 'Started', `Started container ${textAt(each, 'name') ?? ''}`, 'kubelet')
  }
}

function notPulled(world: World, pod: LiveObject, container: string): void {
  const image = textAt(
    listAt(pod, 'spec', 'containers').find(each => textAt(each, 'name') === container),
    'image',
  )
  const message = `Back-off pulling image "${image}": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image "${image}": not found`
  const waiting = { waiting: { reason: 'ImagePullBackOff', message } }
  if (!listAt(pod, 'status', 'containerStatuses').some(each => textAt(each, 'state', 'waiting', 'message') === message))
    world.report('/Pod', pod, containersAre(pod, waiting, false, 0), 'kubelet')
  world.event(pod, 'Warning', 'Failed', `Failed to pull image "${image}": not found`, 'kubelet')
}

function crashed(
  world: World,
  pod: LiveObject,
  container: string,
  fate: 'crash' | 'out-of-memory',
  restarts: number,
  since: number,
): void {
  const ended = {
    exitCode: fate === 'crash' ? 1 : 137,
    reason: fate === 'crash' ? 'Error' : 'OOMKilled',
    startedAt: isoTime(since),
    finishedAt: world.time(),
  }
  const wait = backOff(restarts) / 1000
  const name = textAt(pod, 'metadata', 'name')
  const message = `back-off ${wait}s restarting failed container=${container} pod=${name}_${textAt(pod, 'metadata', 'namespace')}`
  const status = containersAre(pod, { waiting: { reason: 'CrashLoopBackOff', message } }, false, restarts)
  world.report(
    '/Pod',
    pod,
    {
      ...status,
      conditions: conditions(pod, false, world.time()),
      containerStatuses: listAt(status, 'containerStatuses').map(each => ({
        ...(each as JsonObject),
        lastState: { terminated: ended },
      })),
    },
    'kubelet',
  )
  world.event(pod, 'Warning', 'BackOff', `Back-off restarting failed container ${container} in pod ${name}`, 'kubelet')
}

/** Pods that are neither going nor over. */
export const isActive = (pod: LiveObject): boolean =>
  textAt(pod, 'metadata', 'deletionTimestamp') === undefined &&
  !/^(Succeeded|Failed)$/.test(textAt(pod, 'status', 'phase') ?? '')

export { isReady }
