import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readEdgeFile } from '../../shared/edge/read-edge.ts'
import { memoryDocuments } from '../../src-main/adapters/app-data/memory-documents.ts'
import { systemArtifacts } from '../../src-main/adapters/artifacts/system-artifacts.ts'
import { memorySecrets } from '../../src-main/adapters/secrets/memory-secrets.ts'
import { createSsh } from '../../src-main/adapters/ssh2/create-ssh.ts'
import { type ApplyStep, applyRelease, lookAt } from '../../src-main/features/fleet/apply-release.ts'
import { prepareRelease } from '../../src-main/features/fleet/prepare-release.ts'
import type { SshConnection } from '../../src-main/needs/ssh.ts'
import { boards } from '../../src-main/sandbox/edge/board.ts'
import { serveFleet } from '../../src-main/sandbox/edge/serve-fleet.ts'
import { droppingProxy } from './dropping-proxy.ts'
import { machineGround } from './grounds.ts'

const never = new AbortController().signal

const declared = (version: number) => {
  const { nodes, services } = readEdgeFile(
    '.pilothouse/edge/a.yaml',
    `apiVersion: pilothouse.dev/v1alpha1
kind: EdgeNode
metadata: { name: node }
spec: { host: node }
---
apiVersion: pilothouse.dev/v1alpha1
kind: EdgeService
metadata: { name: counter }
spec:
  node: node
  version: ${version}
  artifact: { path: counter }
  health: { exec: ["true"], stable: 1ms, timeout: 60s }
`,
  )
  return { node: nodes[0]!, service: services[0]! }
}
/** Of a size that is sent in several packets, and without pattern. */
const program = (version: number): string => {
  let block = String(version)
  const noise = Array.from({ length: 1200 }, () => {
    block = createHash('sha256').update(block).digest('hex')
    return block
  }).join('')
  return `#!/bin/sh\necho "version ${version}"\nwhile :; do sleep 600; done\n# ${noise}\n`
}

/** How a line is lost: after so many bytes; while the node hangs; or by its cable, of which nobody is told. */
export type CutKind = 'line' | 'freeze' | 'cable'

/** A node whose lines can be cut. */
export interface CutGround extends AsyncDisposable {
  readonly ssh: { readonly home: string; readonly configFiles: readonly string[] }
  readonly host: string
  /** Where its SSH server listens on this machine. */
  readonly port: number
  readonly kinds: readonly CutKind[]
  freeze(): void
  thaw(): void
  link(isUp: boolean): Promise<void>
  /** Succeeds as long as a step of ours runs there. */
  readonly busy: string
  /** Runs what the armed timer would run; where none is armed, nothing. */
  readonly timer: string
  /** Says the last line of what the service wrote. */
  readonly lastWords: string
}

export async function sandboxCutGround(): Promise<CutGround> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'pilothouse-cut-'))
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 }))
  const fleet = stack.use(await serveFleet(join(folder, 'fleet'), { boards: boards.slice(0, 1), now: Date.now() }))
  const [board] = fleet.boards.values()
  if (!board) throw new Error('no board')
  const all = stack.move()
  const cannot = () => {
    throw new Error('A sandbox node has neither power nor cable')
  }
  return {
    ssh: fleet.ssh,
    host: board.board.name,
    port: board.port,
    kinds: ['line'],
    freeze: cannot,
    thaw: cannot,
    link: cannot,
    busy: `(for of in /proc/[0-9]*; do tr '\\0' '\\n' <$of/environ 2>/dev/null | grep -qxF "PILOTHOUSE_ROOT=$PILOTHOUSE_ROOT" && tr '\\0' '\\n' <$of/cmdline 2>/dev/null | grep -qxE '(stage|receive|activate|confirm)' && exit; done; exit 1)`,
    timer: `sh "$PILOTHOUSE_ROOT/opt/pilothouse/counter/revert" unconfirmed; systemctl stop pilothouse-counter-revert.timer`,
    lastWords: 'tail -n 1 "$PILOTHOUSE_ROOT/run/systemd/pilothouse-counter.service.log"',
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

/** A real Debian with systemd on ARM64: what the timer runs is run by systemd itself. */
export async function machineCutGround(recipe: string): Promise<CutGround> {
  const machine = await machineGround(recipe)
  if (typeof machine === 'string') throw new Error(`The machine did not start: ${machine}`)
  return {
    ...machine,
    kinds: ['line', 'freeze', 'cable'],
    busy: `pgrep -f '[p]ilothouse [0-9a-f-]{36} (stage|receive|activate|confirm) ' >/dev/null`,
    timer: `sudo -n systemctl start pilothouse-counter-revert.service; sudo -n systemctl stop pilothouse-counter-revert.timer`,
    lastWords: 'sudo -n journalctl -u pilothouse-counter.service -o cat --no-pager | grep ^version | tail -n 1',
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  }
}

/** Where in its course an apply was: before its first word, or at one of its steps. */
type Step = 'connecting' | ApplyStep

export type CutOutcome = {
  /** Cuts that fell inside an apply: whoever applied never heard that it was done. */
  readonly cuts: number
  /** Applies that were over before their cut came; another one was cut instead. */
  readonly missed: number
  /** During which step they fell. */
  readonly during: { readonly [step in Step]?: number }
  /** Where the node was after a cut: on the release before, on the new one; by how its line was lost. */
  readonly ended: { readonly [kind in CutKind]?: { readonly old: number; readonly new: number } }
  /** Anything else: must be none. */
  readonly broken: readonly string[]
}

/**
 * Applies one release after the other to a node over SSH, and cuts the line of each at another place: after any byte of
 * it, there or back, or at any moment of the time it takes. After each cut the time of the node's own timer comes, and the
 * node is looked at; then the same release is applied over a whole line.
 */
export async function cutApplies(
  open: () => Promise<CutGround>,
  cuts: number,
  random: () => number,
  tell: (line: string) => void = () => {},
): Promise<CutOutcome> {
  await using stack = new AsyncDisposableStack()
  const ground = stack.use(await open())
  const proxy = stack.use(await droppingProxy(ground.port))
  const build = await mkdtemp(join(tmpdir(), 'pilothouse-cut-build-'))
  stack.defer(() => rm(build, { recursive: true, force: true }))
  await mkdir(join(build, '.ssh'))
  // The same node by another way, which is looked up under the same name.
  const config = await readFile(ground.ssh.configFiles[0]!, 'utf8')
  const through = join(build, '.ssh/config')
  const alias = `Host cut\n  HostName 127.0.0.1\n  Port ${proxy.port}\n  HostKeyAlias [127.0.0.1]:${ground.port}\n`
  await writeFile(through, `${alias}${config.replace(`Host ${ground.host}\n`, `Host ${ground.host} cut\n`)}`)
  const ask = async (): Promise<null> => {
    throw new Error('nobody is here to be asked')
  }
  const needs = { prompter: { ask } as never, secrets: memorySecrets(), home: ground.ssh.home, env: {} }
  const ssh = createSsh({ ...needs, configFiles: [through] })

  let whole = await ssh.connect({ host: ground.host })
  stack.defer(() => whole[Symbol.asyncDispose]())
  const apply = async (connection: SshConnection, version: number, progress: (step: Step) => void = () => {}) => {
    await writeFile(join(build, 'counter'), program(version))
    const { node, service } = declared(version)
    const prepared = await prepareRelease(service, build, systemArtifacts(memoryDocuments()), never)
    const pause = (milliseconds: number) => sleep(milliseconds)
    return await applyRelease(node, service, { connection, prepared, pause, signal: never, progress })
  }
  const run = async (command: string): Promise<string> => {
    await using process = await whole.exec(command)
    let said = ''
    for await (const bytes of process.stdout) said += new TextDecoder().decode(bytes)
    return said
  }
  const look = async () => (await lookAt(declared(1).node, whole, ['counter'], never)).services.get('counter')!
  const overProxy = async (version: number, enter: (step: Step) => void) => {
    enter('connecting')
    await using connection = await ssh.connect({ host: 'cut' })
    return await apply(connection, version, enter)
  }
  /** An apply that nobody cuts: how long it was at each step, and the bytes that went each way. */
  const wholly = async (version: number) => {
    proxy.cutAfter(1 << 30)
    const course = new Map<Step, number>()
    let [step, since]: [Step, number] = ['connecting', performance.now()]
    const enter = (next: Step) => {
      course.set(step, (course.get(step) ?? 0) + performance.now() - since)
      step = next
      since = performance.now()
    }
    const { kind } = await overProxy(version, enter)
    if (kind !== 'applied') throw new Error(`${version} is ${kind}`)
    enter(step)
    return { course, bytes: proxy.passed() }
  }

  await wholly(1)
  const { course, bytes } = await wholly(2)
  const lasts = [...course.values()].reduce((sum, each) => sum + each)
  const tellCourse = [...course].map(([step, each]) => `${step} ${Math.round(each)} ms`)
  tell(`an apply: ${tellCourse.join(', ')}; ${bytes.there} bytes there, ${bytes.back} back`)
  /** A moment of the course: so long after that step has begun. */
  const momentAt = (share: number): { readonly step: Step; readonly after: number } => {
    let left = share * lasts
    for (const [step, each] of course) {
      if (left < each) return { step, after: left }
      left -= each
    }
    return { step: 'confirming', after: 0 }
  }

  const during: { [step in Step]?: number } = {}
  const ended: { [kind in CutKind]?: { old: number; new: number } } = {}
  const broken: string[] = []
  let before = await look()
  let missed = 0
  for (let [cut, version] = [0, 3]; cut < cuts; version++) {
    const kind = ground.kinds[cut % ground.kinds.length]!
    let at: Step = 'connecting'
    const over = (applying: Promise<unknown>) =>
      applying.then(
        () => true,
        () => true,
      )
    let when: string
    let applying: ReturnType<typeof overProxy>
    // On the way there anything may be half sent; on the way back all was done that is never heard of.
    const way = kind === 'line' ? ([null, 'there', 'back'] as const)[Math.floor(cut / ground.kinds.length) % 3]! : null
    if (way) {
      const byte = 1 + Math.floor(random() * bytes[way])
      proxy.cutAfter(byte, way)
      when = `at ${byte} of ${bytes[way]} bytes ${way}`
      applying = overProxy(version, step => {
        at = step
      })
      await over(applying)
    } else {
      proxy.cutAfter(1 << 30)
      const { step, after } = momentAt(random())
      when = `${Math.round(after)} of ${Math.round(course.get(step) ?? 0)} ms in ${step}`
      const reached = Promise.withResolvers<void>()
      applying = overProxy(version, entered => {
        at = entered
        if (entered === step) reached.resolve()
      })
      const come = reached.promise.then(() => sleep(after)).then(() => false)
      if (!(await Promise.race([over(applying), come]))) {
        if (kind === 'freeze') ground.freeze()
        else if (kind === 'cable') await ground.link(false)
        // Whoever applied gives up: their end of the line is closed, and the other one hears of it later or never.
        proxy.cutNow()
        await over(applying)
        if (kind === 'freeze') ground.thaw()
        else if (kind === 'cable') await ground.link(true)
      }
      // The line of whoever looks may have been lost with the cable.
      if (kind !== 'line') {
        await whole[Symbol.asyncDispose]()
        whole = await ssh.connect({ host: ground.host })
      }
    }
    const how = await applying.then(
      one => one.kind,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
    )
    proxy.cutAfter(null)
    if (how === 'applied') {
      missed += 1
      tell(`${kind} ${when}: the apply was over before`)
      before = await look()
      continue
    }
    cut += 1
    during[at] = (during[at] ?? 0) + 1
    const words = (
      await run(`while ${ground.busy}; do sleep 0.1; done; { ${ground.timer}; } >/dev/null 2>&1; ${ground.lastWords}`)
    ).trim()
    const after = await look()
    const said = how instanceof Error ? how.message : how
    const wrong = (what: string) => {
      broken.push(`${kind} ${cut} ${when} (${said}): ${what}`)
      tell(`BROKEN ${broken.at(-1)}`)
    }
    if (!(how instanceof Error)) wrong('the apply did not say that its line was lost')
    if (after.pending) wrong('a change is still pending')
    if (after.active !== 'active') wrong(`the service is ${after.active}`)
    if (after.files.some(({ sha256, actual }) => sha256 !== actual)) wrong('files differ from their manifest')
    const count = ended[kind] ?? { old: 0, new: 0 }
    ended[kind] = count
    if (after.current === before.current) count.old++
    else if (after.version === String(version)) count.new++
    else wrong(`it is on ${after.version}`)
    if (words !== `version ${after.version}`) wrong(`what runs says ${words}`)
    const again = await apply(whole, version)
    if (again.kind !== 'applied' && again.kind !== 'unchanged') wrong(`the next apply: ${JSON.stringify(again)}`)
    before = await look()
    if (before.version !== String(version) || before.active !== 'active') wrong('the next apply did not converge')
    const left = (await run(leftovers)).split('\n').filter(name => name !== '')
    if (left.length > 0) wrong(`left over: ${left.join(', ')}`)
    tell(`${cut} ${kind} ${when}, at ${at} (${said}): on ${after.version}, then on ${before.version}`)
  }
  return { cuts, missed, during, ended, broken }
}

/** What is neither a release nor of use to one: beside the releases, among the units, and in the folders for what is passing. */
const leftovers = `cd "\${PILOTHOUSE_ROOT-}/opt/pilothouse" && ls -A counter | grep -vxE 'current|releases|revert'
ls -A counter/releases | grep -vxE '[0-9a-f]{64}'
ls -A "\${PILOTHOUSE_ROOT-}/etc/systemd/system" | grep -E '^\\.|\\.new'`
