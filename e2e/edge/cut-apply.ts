import { readdirSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readEdgeFile } from '../../shared/edge/read-edge.ts'
import { memoryDocuments } from '../../src-main/adapters/app-data/memory-documents.ts'
import { systemArtifacts } from '../../src-main/adapters/artifacts/system-artifacts.ts'
import { memorySecrets } from '../../src-main/adapters/secrets/memory-secrets.ts'
import { createSsh } from '../../src-main/adapters/ssh2/create-ssh.ts'
import { applyRelease, lookAt } from '../../src-main/features/fleet/apply-release.ts'
import { prepareRelease } from '../../src-main/features/fleet/prepare-release.ts'
import type { SshConnection } from '../../src-main/needs/ssh.ts'
import { boards } from '../../src-main/sandbox/edge/board.ts'
import { serveFleet } from '../../src-main/sandbox/edge/serve-fleet.ts'
import { droppingProxy } from './dropping-proxy.ts'

const never = new AbortController().signal

const declared = (version: number) => {
  const { nodes, services } = readEdgeFile(
    '.pilothouse/edge/a.yaml',
    `apiVersion: pilothouse.dev/v1alpha1
kind: EdgeNode
metadata: { name: board }
spec: { host: board }
---
apiVersion: pilothouse.dev/v1alpha1
kind: EdgeService
metadata: { name: counter }
spec:
  node: board
  version: ${version}
  artifact: { path: counter }
  health: { exec: ["true"], stable: 1ms, timeout: 60s }
`,
  )
  return { node: nodes[0]!, service: services[0]! }
}
/** Two times a size that is sent in several packets, without pattern, of which half stays from one version to the next. */
const program = (version: number): string => {
  let state = version
  const noise = Array.from({ length: 12_000 }, () => {
    state = (state * 1103515245 + 12345) % 2147483648
    return state.toString(36)
  }).join('')
  return `#!/bin/sh\necho "version ${version}"\nwhile :; do sleep 600; done\n# ${noise}\n`
}

export type CutOutcome = {
  readonly cuts: number
  /** Where the node was after a cut: on the release before, on the new one. */
  readonly old: number
  readonly new: number
  /** Anything else: must be none. */
  readonly broken: readonly string[]
}

/**
 * Applies one release after the other to a *sandbox* node over SSH, and cuts the line of each at another place. After
 * each cut the time of the node's own timer comes (its program is run as the timer would), and the node is looked at;
 * then the same release is applied over a whole line.
 */
export async function cutApplies(cuts: number, random: () => number): Promise<CutOutcome> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'pilothouse-cut-'))
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }))
  const fleet = stack.use(await serveFleet(join(folder, 'fleet'), { boards: boards.slice(0, 1), now: Date.now() }))
  const [board] = fleet.boards.values()
  if (!board) throw new Error('no board')
  const proxy = stack.use(await droppingProxy(board.port))
  const config = await readFile(fleet.ssh.configFiles[0]!, 'utf8')
  const known = await readFile(join(fleet.ssh.home, '.ssh/known_hosts'), 'utf8')
  await writeFile(fleet.ssh.configFiles[0]!, `Host cut\n  HostName 127.0.0.1\n  Port ${proxy.port}\n${config}`)
  await writeFile(
    join(fleet.ssh.home, '.ssh/known_hosts'),
    known + known.replaceAll(`:${board.port} `, `:${proxy.port} `),
  )
  const ask = async (): Promise<null> => {
    throw new Error('nobody is here to be asked')
  }
  const ssh = createSsh({ prompter: { ask } as never, secrets: memorySecrets(), ...fleet.ssh, env: {} })
  const build = join(folder, 'build')
  await mkdir(build)

  const whole = stack.use(await ssh.connect({ host: board.board.name }))
  const apply = async (connection: SshConnection, version: number) => {
    await writeFile(join(build, 'counter'), program(version))
    const { node, service } = declared(version)
    const prepared = await prepareRelease(service, build, systemArtifacts(memoryDocuments()), never)
    return await applyRelease(node, service, {
      connection,
      prepared,
      pause: milliseconds => sleep(milliseconds),
      signal: never,
    })
  }
  const run = async (command: string): Promise<string> => {
    await using process = await whole.exec(command)
    let said = ''
    for await (const bytes of process.stdout) said += new TextDecoder().decode(bytes)
    return said
  }
  const look = async () => (await lookAt(declared(1).node, whole, ['counter'], never)).services.get('counter')!
  const overProxy = async (version: number) => {
    await using connection = await ssh.connect({ host: 'cut' })
    return await apply(connection, version)
  }
  /** Steps of ours that still run on the board although their line is gone. */
  const quiet = async (): Promise<void> => {
    const steps = `for of in /proc/[0-9]*; do tr '\\0' '\\n' <$of/environ 2>/dev/null | grep -qxF "PILOTHOUSE_ROOT=$PILOTHOUSE_ROOT" && tr '\\0' '\\n' <$of/cmdline 2>/dev/null | grep -qxE '(stage|receive|assemble|activate|confirm)' && echo busy; done; echo`
    while ((await run(steps)).includes('busy')) await sleep(50)
  }
  const home = join(board.made.root, 'opt/pilothouse/counter')

  const first = await overProxy(1)
  if (first.kind !== 'applied') throw new Error(JSON.stringify(first))
  proxy.cutAfter(1 << 30)
  const second = await overProxy(2)
  if (second.kind !== 'applied') throw new Error(JSON.stringify(second))
  const bytes = proxy.passed()

  let [old, fresh] = [0, 0]
  const broken: string[] = []
  for (let cut = 1; cut <= cuts; cut++) {
    const version = cut + 2
    const before = await look()
    // Anywhere; every other time in the last fifth, where it is started, found healthy and confirmed.
    const from = cut % 2 === 0 ? bytes * 0.8 : 0
    const at = 1 + Math.floor(from + random() * (bytes - from))
    proxy.cutAfter(at)
    const how = await overProxy(version).then(
      ({ kind }) => kind,
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    )
    proxy.cutAfter(null)
    await quiet()
    // The timer's time has come.
    await run(
      `sh "$PILOTHOUSE_ROOT/opt/pilothouse/counter/revert" unconfirmed; systemctl stop pilothouse-counter-revert.timer`,
    )
    const after = await look()
    const wrong = (what: string) => broken.push(`cut ${cut} at ${at} of ${bytes} (${how}): ${what}`)
    if (after.pending) wrong('a change is still pending')
    if (after.active !== 'active') wrong(`the service is ${after.active}`)
    if (after.files.some(({ sha256, actual }) => sha256 !== actual)) wrong('files differ from their manifest')
    if (after.current === before.current) old++
    else if (after.version === String(version)) fresh++
    else wrong(`it is on ${after.version}`)
    const running = (await run('tail -n 1 "$PILOTHOUSE_ROOT/run/systemd/pilothouse-counter.service.log"')).trim()
    if (running !== `version ${after.version}`) wrong(`what runs says ${running}`)
    const again = await apply(whole, version)
    if (again.kind !== 'applied' && again.kind !== 'unchanged') wrong(`the next apply: ${JSON.stringify(again)}`)
    const done = await look()
    if (done.version !== String(version) || done.active !== 'active') wrong('the next apply did not converge')
    const left = readdirSync(home).filter(name => !['current', 'releases', 'revert'].includes(name))
    if (left.length > 0) wrong(`left over: ${left.join(', ')}`)
  }
  return { cuts, old, new: fresh, broken }
}
