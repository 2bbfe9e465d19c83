import { createInterface } from 'node:readline'
import { countAt, type LiveObject } from '../../shared/health/health.ts'
import { listAt, objectAt, textAt, valueAt } from '../../shared/manifests/manifest.ts'
import { serveCluster } from '../../src-main/sandbox/cluster/serve-cluster.ts'
import { makePod } from './make-pods.ts'
import type { Counted } from './run-soak-server.ts'

/**
 * The sandbox's API server under load, in a process of its own: `soak-server.ts KUBECONFIG PODS CHANGES DROP_SECONDS`;
 * no drops with 0. Its Pods are those of fifty Deployments, and of one more named `probe`. Says `ready`, and answers
 * lines on its input:
 * - `stop`: ends changes and drops, and says how many there were
 * - `rate N`: so many changes a second from now on
 * - `count`: what a picture of it has to say: Pods, those that are not ready, and what each Deployment has
 * - `mark N`: the Pod of `probe` has restarted N times, and is ready where N is even; says when, as `{ "at": ms }`
 */
const [, , kubeconfig, podCount, perSecond, dropSeconds] = process.argv
const [count, drop] = [Number(podCount), Number(dropSeconds)]
const apps = 50
const server = await serveCluster({ controllers: false, customKinds: false })
const { store } = server.state
const pods = server.state.kind('', 'Pod')
/** The same numbers every time (mulberry32). */
let seed = 42
const random = (below: number): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) % below
}

/** A Deployment with its ReplicaSet, as its controller would leave them. */
function deploy(name: string, replicas: number): void {
  const labels = { app: name }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'shop/web:1.2.3' }] } }
  const spec = { replicas, selector: { matchLabels: labels }, template }
  const status = {
    ...{ replicas, updatedReplicas: replicas, readyReplicas: replicas, availableReplicas: replicas },
    observedGeneration: 1,
    conditions: [{ type: 'Available', status: 'True' }],
  }
  const at = (object: string) => ({ name: object, namespace: 'default', uid: object, labels, generation: 1 })
  store.put(server.state.kind('apps', 'Deployment'), {
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: at(name), spec, status },
  })
  store.put(server.state.kind('apps', 'ReplicaSet'), {
    ...{ apiVersion: 'apps/v1', kind: 'ReplicaSet', spec, status },
    metadata: { ...at(`${name}-rs`), ownerReferences: ownedBy('apps/v1', 'Deployment', name) },
  })
}
const ownedBy = (apiVersion: string, kind: string, name: string) => [
  { apiVersion, kind, name, uid: name, controller: true },
]

/** The status kubelet writes: ready, or its second container crashes again and again. */
function statusOf(ready: boolean, restarts: number): LiveObject {
  const running = { running: { startedAt: '2026-01-01T00:00:00Z' } }
  const waiting = { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' } }
  const status = ready ? 'True' : 'False'
  return {
    phase: 'Running',
    conditions: ['Initialized', 'PodScheduled']
      .map(type => ({ type, status: 'True' }))
      .concat(['Ready', 'ContainersReady'].map(type => ({ type, status }))),
    containerStatuses: [
      { name: 'web', image: 'shop/web:1.2.3', ready: true, restartCount: 0, state: running },
      { name: 'proxy', image: 'shop/proxy:1.2.3', ready, restartCount: restarts, state: ready ? running : waiting },
    ],
  }
}

function podOf(app: string, name: string, ready: boolean, restarts: number): LiveObject {
  const pod = makePod(name, 'default')
  return {
    ...pod,
    metadata: {
      ...objectAt(pod, 'metadata'),
      uid: name,
      creationTimestamp: '2026-01-01T00:00:00Z',
      ownerReferences: ownedBy('apps/v1', 'ReplicaSet', `${app}-rs`),
    },
    spec: { ...objectAt(pod, 'spec'), nodeName: 'sandbox-1' },
    status: statusOf(ready, restarts),
  }
}

let made = 0
const names: string[] = []
function create(): void {
  made += 1
  const name = `web-${made % apps}-${made}`
  names.push(name)
  // One in a hundred is in trouble, as in a large cluster on a usual day.
  store.put(pods, podOf(`web-${made % apps}`, name, made % 100 !== 0, 0))
}
for (let index = 0; index < apps; index += 1) deploy(`web-${index}`, Math.ceil(count / apps))
deploy('probe', 1)
const mark = (times: number) => store.put(pods, podOf('probe', 'probe-0', times % 2 === 0, times))
mark(0)
for (let index = 1; index < count; index += 1) create()
await server.writeKubeconfig(kubeconfig!)

const told = { changes: 0, drops: 0, expired: 0 }
function change(): void {
  told.changes += 1
  const index = random(names.length)
  const dice = random(10)
  if (dice === 0) {
    store.remove(pods, 'default', names[index]!)
    names[index] = names.at(-1)!
    names.pop()
  } else if (dice === 1 || names.length < count * 0.9) create()
  else {
    const pod = store.get(pods, 'default', names[index]!)!
    store.put(pods, { ...pod, status: statusOf(random(100) !== 0, told.changes) })
  }
}
let rate = Number(perSecond)
let since = { at: performance.now(), changes: 0 }
const changing = setInterval(() => {
  const due = since.changes + ((performance.now() - since.at) / 1000) * rate
  while (told.changes < due) change()
}, 20)
const dropping =
  drop > 0 &&
  setInterval(() => {
    told.drops += 1
    // Every third time the history goes, too.
    if (told.drops % 3 === 0) {
      told.expired += 1
      server.faults.expire()
    } else server.faults.dropWatches()
  }, drop * 1000)
/** Counted from the objects, as somebody would who has never heard of a watch. */
function countAll(): Counted {
  const workloads: Record<string, { ready: number; restarts: number }> = {}
  const all = store.list(pods)
  let notReady = 0
  for (const pod of all) {
    const [owner] = listAt(pod, 'metadata', 'ownerReferences')
    const name = (textAt(owner, 'name') ?? '').replace(/-rs$/, '')
    const of = workloads[name] ?? { ready: 0, restarts: 0 }
    workloads[name] = of
    const ready = listAt(pod, 'status', 'containerStatuses').every(each => valueAt(each, ['ready']) === true)
    if (ready) of.ready += 1
    else notReady += 1
    for (const each of listAt(pod, 'status', 'containerStatuses')) of.restarts += countAt(each, ['restartCount'], 0)
  }
  return { pods: all.length, notReady, workloads }
}
const say = (said: object): void => console.log(JSON.stringify(said))
console.log('ready')
for await (const line of createInterface({ input: process.stdin })) {
  const [verb, value] = line.split(' ')
  if (verb === 'rate') {
    rate = Number(value)
    since = { at: performance.now(), changes: told.changes }
    say({ rate })
  } else if (verb === 'mark') {
    const at = Date.now()
    mark(Number(value))
    say({ at })
  } else if (verb === 'count') say(countAll())
  else {
    clearInterval(changing)
    if (dropping) clearInterval(dropping)
    say({ ...told, watches: server.watches })
  }
}
clearInterval(changing)
if (dropping) clearInterval(dropping)
await server[Symbol.asyncDispose]()
