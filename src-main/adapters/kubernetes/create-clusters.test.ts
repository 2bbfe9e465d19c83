import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { textAt } from '../../../shared/manifests/manifest.ts'
import { type SandboxCluster, serveCluster } from '../../sandbox/cluster/serve-cluster.ts'
import { createClusters } from './create-clusters.ts'

type Named<T> = { readonly name: string } & T
type Config = {
  clusters: Named<{ cluster: { server: string } }>[]
  users: Named<{ user: object }>[]
  contexts: Named<{ context: { cluster: string; user: string } }>[]
}

let folder: string
let file: string
let server: SandboxCluster
const soon = { timeout: 60_000, interval: 10 }
/** A look at the file that came just before its change is followed by one that finds another time on it. */
const touched = <T>(of: () => T) => {
  return () => {
    utimesSync(file, new Date(), new Date())
    return of()
  }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-kubeconfig-'))
  file = join(folder, 'config')
  server = await serveCluster({ controllers: false, nodes: 1 })
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

test('a file that is edited is read again: contexts come and go, and what is open stays open', async () => {
  await server.writeKubeconfig(file, 'all')
  const all = JSON.parse(readFileSync(file, 'utf8')) as Config
  const save = (config: Partial<Config>) => writeFileSync(file, JSON.stringify({ ...all, ...config }))
  const only = (...names: string[]) => all.contexts.filter(({ name }) => names.includes(name))
  save({ contexts: only('sandbox') })

  await using clusters = createClusters([file], 10)
  let told = 0
  const leave = clusters.onChange(() => {
    told += 1
  })
  const names = async () => (await clusters.contexts()).contexts.map(({ name }) => name)
  const cluster = await clusters.open('sandbox')
  const leaving = new AbortController()
  const seen = { snapshots: 0, names: new Set<string>() }
  const following = (async () => {
    const maps = { kind: { group: '', kind: 'ConfigMap' }, namespace: 'default' }
    for await (const event of cluster.watch(maps, leaving.signal)) {
      if (event.kind === 'snapshot') seen.snapshots += 1
      const objects = event.kind === 'snapshot' ? event.objects : event.kind === 'changes' ? event.changed : []
      for (const object of objects) seen.names.add(textAt(object, 'metadata', 'name') ?? '')
    }
  })()
  const put = (name: string) =>
    server.state.store.put(server.state.kind('', 'ConfigMap'), {
      ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'default', name } },
    })
  await expect.poll(() => seen.snapshots, soon).toBe(1)

  // Another context comes: the one that is open is not touched.
  save({ contexts: only('sandbox', 'developer') })
  await expect
    .poll(
      touched(() => told),
      soon,
    )
    .toBeGreaterThan(0)
  await expect.poll(names, soon).toEqual(['sandbox', 'developer'])
  put('a')
  await expect.poll(() => seen.names.has('a'), soon).toBe(true)
  expect(seen.snapshots).toBe(1)

  // Other credentials: who looks goes on looking, through new connections.
  const { user } = all.users.find(({ name }) => name === 'sandbox-certificate')!
  save({ users: all.users.map(each => (each.name === 'sandbox' ? { ...each, user } : each)) })
  await expect
    .poll(
      touched(() => seen.snapshots),
      soon,
    )
    .toBe(2)
  put('b')
  await expect.poll(() => seen.names.has('b'), soon).toBe(true)
  expect(await clusters.open('sandbox')).toBe(cluster)

  // Half written: it takes nothing away, and is said.
  writeFileSync(file, '{ "contexts": [')
  await expect.poll(async () => (await clusters.contexts()).problems.length, soon).toBe(1)
  expect(await names()).toContain('sandbox')

  // Gone from the file, it is not opened again; who looks goes on looking.
  save({ contexts: only('developer') })
  await expect.poll(names, soon).toEqual(['developer'])
  await expect(clusters.open('sandbox')).rejects.toMatchObject({ code: 'not-found' })
  put('c')
  await expect.poll(() => seen.names.has('c'), soon).toBe(true)
  leave()
  leaving.abort()
  await following
})

test('a context that leads to another server is another cluster, and watches of the old one end', async () => {
  await server.writeKubeconfig(file)
  const config = JSON.parse(readFileSync(file, 'utf8')) as Config
  await using clusters = createClusters([file], 10)
  const leave = clusters.onChange(() => {})
  const cluster = await clusters.open('sandbox')
  const { signal } = new AbortController()
  let snapshots = 0
  let failure: unknown = null
  const following = (async () => {
    for await (const event of cluster.watch({ kind: { group: '', kind: 'Node' } }, signal))
      if (event.kind === 'snapshot') snapshots += 1
  })().catch((error: unknown) => {
    failure = error
  })
  await expect.poll(() => snapshots, soon).toBe(1)
  const elsewhere = config.clusters.map(each => ({ ...each, cluster: { ...each.cluster, server: 'https://[::1]:1' } }))
  writeFileSync(file, JSON.stringify({ ...config, clusters: elsewhere }))
  await expect
    .poll(
      touched(() => failure),
      soon,
    )
    .toMatchObject({ code: 'cancelled' })
  await following
  expect(await clusters.open('sandbox')).not.toBe(cluster)
  leave()
})
