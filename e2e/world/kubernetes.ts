import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const guard = '/usr/bin/setpriv'
/** What stands next to the checkout, or where PILOTHOUSE_K8S says. */
const folder = process.env['PILOTHOUSE_K8S'] ?? resolve(import.meta.dirname, '../../../shared/k8s')

/** The scripts of a real control plane whose programs are built; null: none, and nothing is built for a test. */
export function findKubernetes(): string | null {
  const cache = process.env['PILOTHOUSE_K8S_CACHE'] ?? join(homedir(), '.cache/pilothouse-k8s')
  const up = join(folder, 'up.sh')
  return process.platform === 'linux' && existsSync(up) && existsSync(join(cache, 'bin/.complete')) ? up : null
}

export type RunningKubernetes = AsyncDisposable & {
  /** Contexts `admin` (by certificate) and `dev` (by token, without any right). */
  readonly kubeconfig: string
  stop(): Promise<void>
  start(): Promise<void>
}

/**
 * A real control plane: etcd, controllers, and an API server of its own for the test, which may stop and start while the
 * data stays: beside the first one, as two API servers of one cluster.
 */
export async function runKubernetes(up: string): Promise<RunningKubernetes> {
  await using starting = new AsyncDisposableStack()
  const plane = spawn('bash', [up], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, PILOTHOUSE_K8S_DIE_WITH_PARENT: '1' },
  })
  const gone = exitOf(plane)
  starting.defer(async () => {
    plane.kill('SIGTERM')
    await gone
  })
  const first = await Promise.race([firstLine(plane), gone.then(() => null)])
  if (first === null) throw new Error('The control plane did not start')

  const [program, ...given] = commandOfChild(plane.pid!, 'kube-apiserver')
  const text = readFileSync(first, 'utf8')
  const port = /server: "?https:\/\/127\.0\.0\.1:(\d+)/.exec(text)![1]!
  // Above what the script chooses from, below what Linux gives out.
  const own = String(32_100 + (Number(port) % 600))
  const kubeconfig = join(dirname(first), 'test.kubeconfig')
  writeFileSync(kubeconfig, text.replace(`127.0.0.1:${port}`, `127.0.0.1:${own}`), { mode: 0o600 })
  const args = given.map(argument => argument.replace(`--secure-port=${port}`, `--secure-port=${own}`))

  let server: ChildProcess | null = null
  const stop = async (): Promise<void> => {
    const running = server
    server = null
    if (!running) return
    const ended = exitOf(running)
    running.kill('SIGKILL')
    await ended
  }
  starting.defer(stop)
  const all = starting.move()
  return {
    kubeconfig,
    stop,
    async start() {
      // It must not outlive a test that is killed.
      server = existsSync(guard)
        ? spawn(guard, ['--pdeathsig', 'KILL', program!, ...args], { stdio: 'ignore' })
        : spawn(program!, args, { stdio: 'ignore' })
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

const exitOf = (child: ChildProcess): Promise<void> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise(resolve => child.once('exit', () => resolve()))

async function firstLine(child: ChildProcess): Promise<string | null> {
  for await (const line of createInterface({ input: child.stdout! })) return line
  return null
}

/** The command line of a process that was started by another. */
function commandOfChild(parent: number, name: string): readonly string[] {
  for (const file of globSync('/proc/[0-9]*/cmdline')) {
    const stat = readText(join(dirname(file), 'stat'))
    const args = readText(file).split('\0').slice(0, -1)
    if (args[0]?.endsWith(name) && Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent) return args
  }
  throw new Error(`${name} does not run`)
}

/** Empty for a process that has ended meanwhile. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
