import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LiveObject } from '../../shared/health/health.ts'
import { textAt } from '../../shared/manifests/manifest.ts'
import { createClusters } from '../../src-main/adapters/kubernetes/create-clusters.ts'
import { runSoakServer } from './run-soak-server.ts'

export type Soak = {
  readonly pods: number
  /** Changes a second. */
  readonly rate: number
  readonly seconds: number
  /** Seconds between two drops of all watches; every third one loses the history, too. */
  readonly drop: number
}
export type Soaked = {
  readonly changes: number
  readonly drops: number
  readonly expired: number
  /** Watches that are open once it has caught up, as the server counts them. */
  readonly watches: number
  readonly seen: number
  readonly snapshots: number
  /** Objects that the server has and the watch does not, the other way about, and those that are not the same. */
  readonly lost: number
  readonly ghosts: number
  readonly outdated: number
  /** MB in use after a collection, where the process lets itself be collected: at each eighth of the time. */
  readonly heap: readonly number[]
}

/** A watch over many Pods that change all the time, whose connection is dropped again and again. */
export async function soak({ pods, rate, seconds, drop }: Soak): Promise<Soaked> {
  await using world = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-soak-'))
  world.defer(() => rmSync(folder, { recursive: true, force: true }))
  const kubeconfig = join(folder, 'config')
  const server = world.use(await runSoakServer(kubeconfig, { pods, rate, drop }))

  const clusters = world.use(createClusters([kubeconfig]))
  const cluster = await clusters.open('sandbox')
  const leaving = new AbortController()
  const scope = { kind: { group: '', kind: 'Pod' } }
  const known = new Map<string, string>()
  const count = { seen: 0, snapshots: 0 }
  const nameOf = (pod: LiveObject) => textAt(pod, 'metadata', 'name') ?? ''
  const stateOf = (pod: LiveObject) => JSON.stringify(pod['status'])
  const following = (async () => {
    for await (const event of cluster.watch(scope, leaving.signal)) {
      if (event.kind === 'snapshot') {
        known.clear()
        count.snapshots += 1
      }
      const [changed, gone] =
        event.kind === 'snapshot'
          ? [event.objects, []]
          : event.kind === 'changes'
            ? [event.changed, event.gone]
            : [[], []]
      for (const pod of gone) known.delete(nameOf(pod))
      for (const pod of changed) known.set(nameOf(pod), stateOf(pod))
      count.seen += changed.length + gone.length
    }
  })()

  const heap: number[] = []
  for (let part = 0; part < 8; part += 1) {
    await sleep((seconds / 8) * 1000)
    globalThis.gc?.()
    heap.push(Math.round(process.memoryUsage().heapUsed / 1024 / 1024))
  }
  const ask = () => server.ask<Pick<Soaked, 'changes' | 'drops' | 'expired' | 'watches'>>('stop')
  let told = await ask()

  // The watch has everything once it is what a fresh list is, and is open again; a slow machine is given a minute.
  let difference = { lost: 0, ghosts: 0, outdated: 0 }
  for (let tries = 0; tries < 60; tries += 1) {
    const fresh = new Map((await cluster.list(scope, leaving.signal)).map(pod => [nameOf(pod), stateOf(pod)]))
    difference = {
      lost: [...fresh.keys()].filter(name => !known.has(name)).length,
      ghosts: [...known.keys()].filter(name => !fresh.has(name)).length,
      outdated: [...fresh].filter(([name, state]) => known.has(name) && known.get(name) !== state).length,
    }
    told = await ask()
    if (difference.lost + difference.ghosts + difference.outdated === 0 && told.watches === 1) break
    await sleep(1000)
  }
  leaving.abort()
  await following
  return { ...told, ...count, ...difference, heap }
}

if (process.argv[1] === import.meta.filename) {
  const number = (name: string, usual: number) => Number(process.env[name] ?? usual)
  const asked = {
    pods: number('PODS', 10_000),
    rate: number('RATE', 200),
    seconds: number('SECONDS', 600),
    drop: number('DROP', 10),
  }
  console.log(
    `${asked.pods} Pods, ${asked.rate} changes a second, watches dropped every ${asked.drop} s, ${asked.seconds} s`,
  )
  const { heap, ...told } = await soak(asked)
  console.log(JSON.stringify(told))
  console.log(`heap in MB, at each eighth: ${heap.join(' ')}${globalThis.gc ? ' (collected)' : ''}`)
  if (told.lost + told.ghosts + told.outdated > 0) process.exitCode = 1
}
