import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { AppError } from '../../../shared/errors.ts'
import type { Cluster } from '../../needs/cluster.ts'
import { type SandboxCluster, serveCluster } from '../../sandbox/cluster/serve-cluster.ts'
import { createClusters } from './create-clusters.ts'

let folder: string
let server: SandboxCluster
const { signal } = new AbortController()
const namespaces = { kind: { group: '', kind: 'Namespace' } }

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-connect-'))
  server = await serveCluster({ controllers: false, nodes: 1 })
  await server.writeKubeconfig(join(folder, 'config'), 'all')
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

type Entry = { [key: string]: unknown }
type Config = { clusters: { cluster: Entry }[]; users: { user: Entry }[] }

/** The cluster through a kubeconfig that is changed first. */
async function through(name: string, change: (cluster: Entry, config: Config) => void) {
  const config = JSON.parse(readFileSync(join(folder, 'config'), 'utf8')) as Config
  change(config.clusters[0]!.cluster, config)
  const file = join(folder, name)
  writeFileSync(file, JSON.stringify(config))
  const clusters = createClusters([file])
  return { clusters, open: (context = 'sandbox'): Promise<Cluster> => clusters.open(context) }
}

async function failureOf(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (error instanceof AppError) return error
  throw error ?? new Error('It was not refused')
}

const listen = (listening: { listen(port: number, host: string, then: () => void): unknown; address(): unknown }) =>
  new Promise<number>(resolve => {
    listening.listen(0, '127.0.0.1', () => resolve((listening.address() as AddressInfo).port))
  })
const pipe = (a: Socket, b: Socket): void => {
  a.pipe(b)
  b.pipe(a)
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const)
    one.on('error', () => other.destroy()).on('close', () => other.destroy())
}

test('an HTTP proxy of the kubeconfig is gone through, by watches too', async () => {
  let tunnels = 0
  const proxy = createServer()
  proxy.on('connect', (request, socket) => {
    tunnels += 1
    const [host, port] = (request.url ?? '').split(':')
    const far = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      pipe(socket as Socket, far)
    })
    far.on('error', () => socket.destroy())
  })
  const port = await listen(proxy)
  const { clusters, open } = await through('http-proxy', cluster => {
    cluster['proxy-url'] = `http://127.0.0.1:${port}`
  })
  const cluster = await open()
  expect((await cluster.list(namespaces, signal)).length).toBeGreaterThan(0)
  const leaving = new AbortController()
  for await (const event of cluster.watch(namespaces, leaving.signal)) {
    expect(event.kind).toBe('snapshot')
    leaving.abort()
  }
  expect(tunnels).toBeGreaterThan(0)
  await clusters[Symbol.asyncDispose]()
  await new Promise(resolve => proxy.close(resolve))
  const gone = await through('http-proxy-gone', cluster => {
    cluster['proxy-url'] = `http://127.0.0.1:${port}`
  })
  expect((await failureOf((await gone.open()).list(namespaces, signal))).code).toBe('unreachable')
  await gone.clusters[Symbol.asyncDispose]()
})

test('a SOCKS proxy is gone through', async () => {
  let tunnels = 0
  // RFC 1928, as much as one connection needs.
  const proxy = createTcpServer(socket => {
    socket.on('error', () => socket.destroy())
    socket.once('data', () => {
      socket.write(Buffer.from([5, 0]))
      socket.once('data', request => {
        tunnels += 1
        const port = Buffer.from(request).readUInt16BE(request.length - 2)
        const far = connect(port, '127.0.0.1', () => {
          socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]))
          pipe(socket, far)
        })
        far.on('error', () => socket.destroy())
      })
    })
  })
  const port = await listen(proxy)
  const { clusters, open } = await through('socks-proxy', cluster => {
    cluster['proxy-url'] = `socks5://127.0.0.1:${port}`
  })
  expect((await (await open()).list(namespaces, signal)).length).toBeGreaterThan(0)
  expect(tunnels).toBeGreaterThan(0)
  await clusters[Symbol.asyncDispose]()
  proxy.close()
})

test('a certificate of another authority, or for another name, is not trusted; skipping that is the kubeconfig’s to say', async () => {
  const stranger = await serveCluster({ controllers: false, nodes: 0 })
  await stranger.writeKubeconfig(join(folder, 'stranger'))
  const other = JSON.parse(readFileSync(join(folder, 'stranger'), 'utf8')) as Config
  const authority = other.clusters[0]!.cluster['certificate-authority-data']
  const wrong = await through('wrong-authority', cluster => {
    cluster['certificate-authority-data'] = authority
  })
  expect(await failureOf((await wrong.open()).version(signal))).toMatchObject({
    ...{ code: 'unreachable', key: 'cluster.certificate' },
  })
  const named = await through('wrong-name', cluster => {
    cluster['tls-server-name'] = 'elsewhere.example.com'
  })
  expect((await failureOf((await named.open()).version(signal))).key).toBe('cluster.certificate')
  const careless = await through('insecure', cluster => {
    delete cluster['certificate-authority-data']
    cluster['insecure-skip-tls-verify'] = true
  })
  expect(await (await careless.open()).version(signal)).toMatch(/^v/)
  await Promise.all([wrong, named, careless].map(({ clusters }) => clusters[Symbol.asyncDispose]()))
  await stranger[Symbol.asyncDispose]()
})

test('credentials do not travel in the clear, and certificates that are none are said to be', async () => {
  const plain = await through('plain', cluster => {
    cluster['server'] = 'http://cluster.example.com:8080'
  })
  expect((await failureOf((await plain.open()).version(signal))).key).toBe('cluster.plainHttp')
  const broken = await through('broken-key', (_, { users }) => {
    for (const { user } of users) if (user['client-key-data']) user['client-key-data'] = 'bm90IGEga2V5'
  })
  const error = await failureOf((await broken.open('sandbox-certificate')).version(signal))
  expect(error).toMatchObject({ code: 'invalid-input', key: 'cluster.badCertificate' })
  expect(`${error.message}${error.stack}`).not.toContain('not a key')
  await plain.clusters[Symbol.asyncDispose]()
  await broken.clusters[Symbol.asyncDispose]()
})

test('one dead cluster holds no other up', async () => {
  const dead = await serveCluster({ controllers: false, nodes: 0 })
  await dead.writeKubeconfig(join(folder, 'dead'))
  const config = JSON.parse(readFileSync(join(folder, 'dead'), 'utf8').replaceAll('"sandbox"', '"dead"')) as Config
  writeFileSync(join(folder, 'dead'), JSON.stringify(config))
  dead.faults.cut()
  await using clusters = createClusters([join(folder, 'dead'), join(folder, 'config')])
  const leaving = new AbortController()
  const hanging = failureOf((await clusters.open('dead')).list(namespaces, leaving.signal))
  expect((await (await clusters.open('sandbox')).list(namespaces, signal)).length).toBeGreaterThan(0)
  leaving.abort()
  expect((await hanging).code).toBe('cancelled')
  await dead[Symbol.asyncDispose]()
})
