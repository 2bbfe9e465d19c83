import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { connect as dial } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Architecture } from '../../shared/edge/edge-schema.ts'
import { serveFleet } from '../../src-main/sandbox/edge/serve-fleet.ts'
import { createSshWorld, sshdPath } from '../world/sshd.ts'

/** A machine the suite is played on, reached through an SSH configuration of its own. */
export interface EdgeGround extends AsyncDisposable {
  readonly name: string
  readonly ssh: { readonly home: string; readonly configFiles: readonly string[] }
  /** Its alias in that configuration. */
  readonly host: string
  readonly machine: string
  readonly architecture: Architecture
  readonly systemd: boolean
  /** What is typed into its terminal of 120 columns and 40 rows, and what it shows then. */
  readonly typed: readonly [text: string, shown: string]
  /** Writes to its journal; null where there is none. */
  readonly log: ((message: string) => Promise<void>) | null
}

/** A board of the sandbox. */
export async function sandboxGround(): Promise<EdgeGround> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'pilothouse-ground-')))
  const fleet = await serveFleet(folder, { now: Date.now() })
  return {
    name: 'a sandbox node',
    ssh: fleet.ssh,
    host: 'lisbon',
    machine: 'aarch64',
    architecture: 'arm64',
    systemd: true,
    typed: ['stty size\r', '40 120'],
    log: message => fleet.boards.get('lisbon')!.made.log('suite.service', message),
    async [Symbol.asyncDispose]() {
      await fleet[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const hasSshd = sshdPath !== null

/**
 * A real OpenSSH server of this machine. It is rude: a banner with escapes before anybody has signed in, and noise before
 * every command's own words.
 */
export async function opensshGround(): Promise<EdgeGround> {
  const world = await createSshWorld()
  const banner = join(world.directory, 'banner')
  await writeFile(banner, '\u001b]0;owned\u0007\u001b[2J<script>alert(1)</script>\n')
  const noise = `ForceCommand sh -c 'if [ -z "$SSH_ORIGINAL_COMMAND" ]; then exec sh; fi; case $SSH_ORIGINAL_COMMAND in internal-sftp|*sftp*) ;; *) printf "\\033[31mnoise\\n@0 uname\\nevil\\n" ;; esac; exec sh -c "$SSH_ORIGINAL_COMMAND"'`
  const sftp = ['/usr/lib/openssh/sftp-server', '/usr/libexec/openssh/sftp-server', '/usr/lib/ssh/sftp-server'].find(
    existsSync,
  )
  const server = await world.server({ config: `Banner ${banner}\nSubsystem sftp ${sftp ?? 'internal-sftp'}\n${noise}` })
  const key = await world.key('id')
  await world.trust(server)
  await world.config(
    `Host box\n  HostName 127.0.0.1\n  Port ${server.port}\n  IdentityFile ${key}\n  IdentityAgent none\n`,
  )
  return {
    name: 'OpenSSH on this machine',
    ssh: { home: world.home, configFiles: [join(world.home, '.ssh', 'config')] },
    host: 'box',
    machine: { x64: 'x86_64', arm64: 'aarch64', arm: 'armv7l', ia32: 'i686' }[process.arch as string] ?? process.arch,
    architecture: { x64: 'amd64', arm64: 'arm64', arm: 'arm', ia32: '386' }[process.arch as string] as Architecture,
    systemd: existsSync('/run/systemd/system'),
    typed: ['stty size; echo answer-$((6 * 7))\r', 'answer-42'],
    log: null,
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  }
}

/** The folder with the recipe of a real ARM64 machine, where it is at hand. */
export const machineFolder: string | null = (() => {
  const folder = process.env['PILOTHOUSE_EDGE'] ?? resolve(import.meta.dirname, '../../../shared/edge-vm')
  return existsSync(join(folder, 'up.sh')) ? folder : null
})()

/** A machine whose power and cable are in our hands. */
export interface MachineGround extends EdgeGround {
  readonly port: number
  /** Nothing of it moves any more, as if it hung; its time stands still. */
  freeze(): void
  thaw(): void
  /** Its cable: what is sent meanwhile is lost, and nobody is told. */
  link(isUp: boolean): Promise<void>
}

type Started = {
  readonly pid: number
  readonly qmp: string
  readonly host: string
  readonly port: number
  readonly user: string
  readonly key: string
  readonly hostKey: string
}

/** A real Debian with systemd on ARM64, in an emulator; or the reason why it is not there within so many seconds. */
export async function machineGround(folder: string, { patience = 90 } = {}): Promise<MachineGround | string> {
  const child = spawn('bash', [join(folder, 'up.sh'), '--timeout', String(patience)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // It does not outlive whoever started it.
  const endWithUs = () => void child.kill()
  process.once('exit', endWithUs)
  let said = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    said += text
  })
  const started = await new Promise<Started | null>(done => {
    createInterface(child.stdout).once('line', line => done(JSON.parse(line) as Started))
    child.once('exit', () => done(null))
  })
  if (!started) return said.trim().split('\n').at(-1) ?? 'it ended at once'
  const home = await mkdtemp(join(tmpdir(), 'pilothouse-machine-'))
  await mkdir(join(home, '.ssh'), { mode: 0o700 })
  const knownHosts = join(home, '.ssh', 'known_hosts')
  await writeFile(knownHosts, `[${started.host}]:${started.port} ${started.hostKey}\n`)
  const config = join(home, '.ssh', 'config')
  await writeFile(
    config,
    `Host machine\n  HostName ${started.host}\n  Port ${started.port}\n  User ${started.user}\n  IdentityFile ${started.key}\n  IdentitiesOnly yes\n  IdentityAgent none\n  UserKnownHostsFile ${knownHosts}\n  StrictHostKeyChecking yes\n  ConnectTimeout 60\n`,
  )
  return {
    name: 'Debian with systemd on ARM64',
    ssh: { home, configFiles: [config] },
    host: 'machine',
    machine: 'aarch64',
    architecture: 'arm64',
    systemd: true,
    typed: ['stty size; echo answer-$((6 * 7))\r', 'answer-42'],
    port: started.port,
    freeze: () => void process.kill(started.pid, 'SIGSTOP'),
    thaw: () => void process.kill(started.pid, 'SIGCONT'),
    link: (isUp: boolean) => setLink(started.qmp, isUp),
    log: message => run('ssh', ['-F', config, 'machine', 'logger', '-t', 'suite', `'${message}'`]),
    async [Symbol.asyncDispose]() {
      process.off('exit', endWithUs)
      await end(child)
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** QEMU's machine protocol (QMP): a greeting, then an answer to each command; events come between. */
async function setLink(socket: string, up: boolean): Promise<void> {
  const line = dial(socket)
  try {
    const lines = createInterface(line)[Symbol.asyncIterator]()
    const answer = async (): Promise<void> => {
      for (;;) {
        const { value, done } = await lines.next()
        if (done) throw new Error('The machine has ended')
        const said = JSON.parse(value) as { readonly return?: unknown; readonly error?: unknown }
        if (said.error) throw new Error(JSON.stringify(said.error))
        if (said.return) return
      }
    }
    await lines.next()
    for (const command of [{ execute: 'qmp_capabilities' }, { execute: 'set_link', arguments: { name: 'net0', up } }]) {
      line.write(`${JSON.stringify(command)}\n`)
      await answer()
    }
  } finally {
    line.destroy()
  }
}

function run(program: string, arguments_: readonly string[]): Promise<void> {
  return new Promise((done, failed) => {
    const child = spawn(program, arguments_, { stdio: ['ignore', 'ignore', 'inherit'] })
    child.once('error', failed)
    child.once('close', code => (code === 0 ? done() : failed(new Error(`${program} ended with ${code}`))))
  })
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise(done => child.once('exit', done))
  child.kill('SIGTERM')
  await ended
}
