import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { textAt } from '../../../shared/manifests/manifest.ts'
import { type SandboxCluster, serveCluster } from './serve-cluster.ts'
import { type Ask, askAs, socketTo } from './testing/ask.ts'

const folder = mkdtempSync(join(tmpdir(), 'pilothouse-streams-'))
const file = join(folder, 'kubeconfig')
const start = Date.UTC(2026, 10, 20, 9)
let cluster: SandboxCluster
let ask: Ask
beforeAll(async () => {
  cluster = await serveCluster({ startAt: start })
  await cluster.writeKubeconfig(file)
  ask = await askAs(file, 'sandbox')
  await ask('POST', '/api/v1/namespaces/default/pods', {
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: {
      containers: [
        {
          name: 'web',
          image: 'web:1',
          env: [{ name: 'COLOR', value: 'blue' }],
          readinessProbe: { httpGet: { path: '/ready', port: 80 } },
        },
      ],
    },
  })
  await ask('POST', '/api/v1/namespaces/default/services', {
    metadata: { name: 'web' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  })
  cluster.simulation.advance(10_000)
})
afterAll(async () => {
  await cluster[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})
const pod = '/api/v1/namespaces/default/pods/web'

/** Everything that comes over a socket, by channel, until it closes. */
async function read(socket: WebSocket, until?: (channels: string[]) => boolean): Promise<string[]> {
  const channels: string[] = ['', '', '', '']
  await new Promise<void>((resolve, reject) => {
    socket.on('message', (data: Buffer) => {
      channels[data[0]!] = (channels[data[0]!] ?? '') + data.subarray(1).toString()
      if (until?.(channels)) resolve()
    })
    socket.on('close', () => resolve())
    socket.on('error', reject)
  })
  return channels
}

test('commands run in a shell that says it is a sandbox, with their exit code', async () => {
  const run = async (query: string) => read(await socketTo(file, `${pod}/exec?stdout=true&stderr=true&${query}`))
  const [, out] = await run('command=printenv')
  expect(out).toContain('COLOR=blue')
  const [, , error, status] = await run(`command=sh&command=-c&command=${encodeURIComponent('nothing; exit 3')}`)
  expect(error).toContain('sh: nothing: not found (sandbox)')
  expect(JSON.parse(status!)).toMatchObject({ reason: 'NonZeroExitCode', details: { causes: [{ message: '3' }] } })

  const terminal = await socketTo(file, `${pod}/exec?stdin=true&stdout=true&tty=true&command=sh`)
  const reading = read(terminal)
  terminal.send(Buffer.concat([Buffer.from([4]), Buffer.from('{"Width":80,"Height":24}')]))
  terminal.send(Buffer.concat([Buffer.from([0]), Buffer.from('whoamx\u007fi\rexit\r')]))
  const said = (await reading)[1]!
  expect(said).toContain('sandbox: nothing runs here')
  expect(said).toContain('app\r\n')
})

test('ports lead to what the Pod answers; Services and Pods answer through the proxy', async () => {
  const socket = await socketTo(file, `${pod}/portforward?ports=80`)
  socket.send(
    Buffer.concat([Buffer.from([0]), Buffer.from('GET /ready HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n')]),
  )
  const [data] = await read(socket, channels => channels[0]!.endsWith('ok') || channels[0]!.includes('\r\n0\r\n\r\n'))
  expect(data).toContain('HTTP/1.1 200 OK')
  socket.close()
  const ready = await ask('GET', '/api/v1/namespaces/default/services/http:web:80/proxy/ready')
  expect([ready.code, textAt(ready.body, 'text')]).toEqual([200, 'ok'])
  expect((await ask('GET', `${pod}:80/proxy/nothing`)).code).toBe(404)
  expect((await ask('GET', '/api/v1/namespaces/default/services/none/proxy/')).code).toBe(404)
})

test('a log is made up, and agrees with itself', async () => {
  const whole = await ask('GET', `${pod}/log`)
  const lines = textAt(whole.body, 'text')!.trimEnd().split('\n')
  expect(lines[0]).toContain('sandbox')
  expect(lines.length).toBeGreaterThan(4)
  const tail = await ask('GET', `${pod}/log?tailLines=2&timestamps=true`)
  const stamped = textAt(tail.body, 'text')!.trimEnd().split('\n')
  expect(stamped.map(line => line.slice(line.indexOf(' ') + 1))).toEqual(lines.slice(-2))
  expect(stamped[0]).toMatch(/^2026-11-20T09:00:\d\d\.\d{9}Z /)
  expect((await ask('GET', `${pod}/log?container=other`)).code).toBe(400)
})

/** Minor version of the kubectl on the path; 0 where there is none. */
const kubectl = (() => {
  try {
    const said = execFileSync('kubectl', ['version', '--client', '--output=json'], { stdio: 'pipe' }).toString()
    return Number.parseInt((JSON.parse(said) as { clientVersion: { minor: string } }).clientVersion.minor, 10)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    console.log('NOT RUN: kubectl against the sandbox cluster (there is no kubectl here)')
    return 0
  }
})()

test.runIf(kubectl > 0)('kubectl itself gets, applies, describes and runs commands', async () => {
  const run = async (...args: string[]) =>
    (
      await promisify(execFile)('kubectl', ['--kubeconfig', file, ...args], {
        env: { PATH: process.env['PATH'], HOME: folder },
      })
    ).stdout
  expect(await run('get', 'pods')).toMatch(/^NAME +READY +STATUS +RESTARTS +AGE\nweb +1\/1 +Running +0 +/)
  expect(await run('describe', 'pod', 'web')).toMatch(/Successfully assigned default\/web to sandbox-\d/)
  const map = join(folder, 'map.json')
  writeFileSync(
    map,
    JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map' }, data: { a: 'b' } }),
  )
  const apply = await run('apply', '--server-side', '--validate=false', '-f', map)
  expect(apply).toBe('configmap/map serverside-applied\n')
  // Older ones speak SPDY.
  if (kubectl >= 31) expect(await run('exec', 'web', '--', 'hostname')).toBe('web\n')
  expect(await run('label', 'pod', 'web', 'tier=front')).toContain('labeled')
})
