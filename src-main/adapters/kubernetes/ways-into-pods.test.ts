import { mkdtempSync, rmSync } from 'node:fs'
import { get } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LiveObject } from '../../../shared/health/health.ts'
import { textAt } from '../../../shared/manifests/manifest.ts'
import type { Cluster, Clusters, ContainerProcess } from '../../needs/cluster.ts'
import { type SandboxCluster, serveCluster } from '../../sandbox/cluster/serve-cluster.ts'
import { createClusters } from './create-clusters.ts'

let folder: string
let server: SandboxCluster
let clusters: Clusters
let cluster: Cluster
let pod: { namespace: string; name: string }
const { signal } = new AbortController()

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-pods-'))
  server = await serveCluster({ startAt: Date.now() })
  await server.writeKubeconfig(join(folder, 'config'), 'all')
  clusters = createClusters([join(folder, 'config')])
  cluster = await clusters.open('sandbox')
  await cluster.apply(
    {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'default' } },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            containers: [
              { name: 'web', image: 'example.org/web:1', ports: [{ containerPort: 8080, protocol: 'TCP' }] },
            ],
          },
        },
      },
    },
    { fieldManager: 'test' },
    signal,
  )
  server.simulation.advance(120_000)
  const [found] = await cluster.list({ kind: { group: '', kind: 'Pod' }, namespace: 'default' }, signal)
  pod = { namespace: 'default', name: textAt(found, 'metadata', 'name')! }
})
afterAll(async () => {
  await clusters[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

async function outputOf(process: ContainerProcess) {
  const said = { stdout: '', stderr: '' }
  for await (const { stream, bytes } of process.output) said[stream] += Buffer.from(bytes).toString('utf8')
  return { ...said, exit: await process.exit }
}

test('a command runs in a container: what it says, and its exit code', async () => {
  await using echo = await cluster.exec(pod, ['echo', 'hello'], {}, signal)
  expect(await outputOf(echo)).toEqual({ stdout: 'hello\n', stderr: '', exit: { code: 0, signal: null } })
  await using fails = await cluster.exec(pod, ['false'], {}, signal)
  expect((await outputOf(fails)).exit).toEqual({ code: 1, signal: null })
})

test('a terminal takes input and another size', async () => {
  await using shell = await cluster.exec(pod, ['sh'], { terminal: { columns: 80, rows: 24 } }, signal)
  shell.resize(120, 40)
  await shell.write(Buffer.from('whoami\r'))
  let said = ''
  for await (const { bytes } of shell.output) {
    said += Buffer.from(bytes).toString('utf8')
    if (said.includes('app\r\n')) break
  }
  expect(said).toContain('app\r\n')
})

test('a process that is left is ended, and one whose connection is lost says so', async () => {
  const leaving = new AbortController()
  const left = await cluster.exec(pod, ['sh'], {}, leaving.signal)
  leaving.abort()
  expect(await left.exit).toEqual({ code: null, signal: null })
  const lost = await cluster.exec(pod, ['sh'], {}, signal)
  await server.faults.stop()
  await expect(outputOf(lost)).rejects.toMatchObject({ code: 'connection-lost' })
  await server.faults.start()
})

test('rights and names are told as for any other question', async () => {
  const developer = await clusters.open('developer')
  await expect(developer.exec(pod, ['id'], {}, signal)).rejects.toMatchObject({
    code: 'forbidden',
    params: { verb: 'create', resource: 'pods/exec', namespace: 'default' },
  })
  await expect(cluster.exec({ ...pod, name: 'nobody' }, ['id'], {}, signal)).rejects.toMatchObject({
    code: 'not-found',
  })
  await expect(developer.forward(pod, 8080, signal)).rejects.toMatchObject({ code: 'forbidden' })
})

test('logs come by lines, the last ones where that is asked', async () => {
  const lines: string[] = []
  for await (const part of cluster.logs(pod, { tailLines: 3 }, signal)) lines.push(...part)
  expect(lines).toHaveLength(3)
  expect(lines.every(line => line !== '' && !line.includes('\n'))).toBe(true)
})

test('a port of this machine leads to the Pod until it is closed', async () => {
  const ask = (port: number) =>
    new Promise<string>((resolve, reject) => {
      get({ port, host: '127.0.0.1', path: '/', agent: false }, response => resolve(text(response))).on('error', reject)
    })
  const forward = await cluster.forward(pod, 8080, signal)
  const answers = await Promise.all([ask(forward.localPort), ask(forward.localPort)])
  for (const answer of answers) expect(JSON.parse(answer)).toMatchObject({ sandbox: true, pod: pod.name })
  await forward[Symbol.asyncDispose]()
  await expect(ask(forward.localPort)).rejects.toThrow('ECONNREFUSED')
})

test('a path of a Pod through the API server: whatever it answers is an answer', async () => {
  const at = { kind: 'pods', ...pod, port: '8080' } as const
  const root = await cluster.proxyGet(at, '/', signal)
  expect(root.status).toBe(200)
  expect(JSON.parse(root.body)).toMatchObject({ pod: pod.name })
  expect((await cluster.proxyGet(at, '/nothing?x=1', signal)).status).toBe(404)
  await expect((await clusters.open('developer')).proxyGet(at, '/', signal)).rejects.toMatchObject({
    code: 'forbidden',
  })
})

describe('gRPC health', () => {
  const podOf = (name: string, probe: LiveObject, health = ''): LiveObject => ({
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: { name, namespace: 'default', annotations: { 'sandbox.pilothouse.dev/health': health } },
    spec: { containers: [{ name: 'main', image: 'example.org/grpc:1', readinessProbe: probe }] },
  })
  const native = { grpc: { port: 50051, service: 'shop.Cart' } }
  const ask = (name: string, to: Partial<Parameters<Cluster['grpcHealth']>[1]> = {}) =>
    cluster.grpcHealth({ namespace: 'default', name }, { ...{ port: 50051, service: '', tls: false }, ...to }, signal)
  beforeAll(async () => {
    const probe = { exec: { command: ['/bin/grpc_health_probe', '-addr=:50051'] } }
    for (const object of [
      podOf('serving', native),
      podOf('probed', probe),
      podOf('not-serving', native, 'grpc-not-serving'),
      podOf('unknown', native, 'grpc-unknown'),
      podOf('unimplemented', native, 'grpc-unimplemented'),
    ])
      await cluster.create(object, {}, signal)
    server.simulation.advance(10_000)
  })

  test('a server is asked for itself and for a service, and each answer is told apart', async () => {
    expect(await ask('serving')).toEqual({ code: 0, message: '', serving: 1 })
    expect(await ask('serving', { service: 'shop.Cart' })).toEqual({ code: 0, message: '', serving: 1 })
    expect(await ask('serving', { service: 'shop.Mail' })).toEqual({
      code: 5,
      message: 'unknown service',
      serving: null,
    })
    expect(await ask('probed')).toMatchObject({ serving: 1 })
    expect(await ask('not-serving')).toMatchObject({ code: 0, serving: 2 })
    expect(await ask('unknown')).toMatchObject({ code: 0, serving: 0 })
    expect(await ask('unimplemented')).toMatchObject({ code: 12, serving: null })
  })

  test('what is no gRPC says so, and a missing right is named', async () => {
    await expect(ask('serving', { port: 8080 })).rejects.toMatchObject({
      code: 'unreachable',
      key: 'grpc.noGrpc',
      params: { what: 'default/serving:8080' },
    })
    await expect(ask('serving', { tls: true })).rejects.toMatchObject({ code: 'unreachable', key: 'grpc.noGrpc' })
    const developer = await clusters.open('developer')
    const to = { port: 50051, service: '', tls: false }
    await expect(developer.grpcHealth({ ...pod, name: 'serving' }, to, signal)).rejects.toMatchObject({
      code: 'forbidden',
      params: { verb: 'create', resource: 'pods/portforward' },
    })
    const leaving = new AbortController()
    const left = cluster.grpcHealth({ ...pod, name: 'serving' }, to, leaving.signal)
    leaving.abort()
    await expect(left).rejects.toMatchObject({ code: 'cancelled' })
  })
})
