import { createInterface } from 'node:readline'
import { serveCluster } from '../../src-main/sandbox/cluster/serve-cluster.ts'
import { makePod } from './make-pods.ts'

/**
 * The sandbox's API server under load, in a process of its own: `soak-server.ts KUBECONFIG PODS CHANGES DROP_SECONDS`.
 * Says `ready`; a line on its input stops the changes, and it says how many there were.
 */
const [, , kubeconfig, podCount, perSecond, dropSeconds] = process.argv
const [count, rate, drop] = [Number(podCount), Number(perSecond), Number(dropSeconds)]
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

let made = 0
const names: string[] = []
function create(): void {
  made += 1
  const name = `web-${made % 50}-${made}`
  names.push(name)
  store.put(pods, { ...makePod(name, 'default'), status: { phase: 'Pending' } })
}
for (let index = 0; index < count; index += 1) create()
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
    store.put(pods, { ...pod, status: { phase: 'Running', restarts: told.changes } })
  }
}
const begun = performance.now()
const changing = setInterval(() => {
  const due = ((performance.now() - begun) / 1000) * rate
  while (told.changes < due) change()
}, 20)
const dropping = setInterval(() => {
  told.drops += 1
  // Every third time the history goes, too.
  if (told.drops % 3 === 0) {
    told.expired += 1
    server.faults.expire()
  } else server.faults.dropWatches()
}, drop * 1000)
console.log('ready')
for await (const _ of createInterface({ input: process.stdin })) {
  clearInterval(changing)
  clearInterval(dropping)
  console.log(JSON.stringify({ ...told, watches: server.watches }))
}
await server[Symbol.asyncDispose]()
