import { spawn } from 'node:child_process'
import { homedir, hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from 'ssh2'
import { AppError, isCancelled } from '../../../shared/errors.ts'
import type { Prompter } from '../../needs/prompter.ts'
import type { Secrets } from '../../needs/secrets.ts'
import type { Ssh, SshConnection, SshTarget } from '../../needs/ssh.ts'
import { connectHop, type HopNeeds } from './connect-hop.ts'
import { limitHandshakes } from './limit-handshakes.ts'
import { openExec } from './open-channel.ts'
import { openFiles } from './open-files.ts'
import { openTerminal } from './open-terminal.ts'
import { readSshConfig } from './read-ssh-config.ts'
import { type HostSettings, type LocalSide, parseHop, resolveHost } from './resolve-host.ts'
import { ShareByKey } from './share-by-key.ts'
import { spreadSessions } from './spread-sessions.ts'
import type { UnlockedKeys } from './unlock-key.ts'

/** Handshakes at once, in all and with one server. */
const handshakesAtOnce = { all: 48, server: 6 }
const deepestJump = 8
const attemptsWhenDropped = 3
const longestPause = 2000

export type SshOptions = {
  readonly prompter: Prompter
  readonly secrets: Secrets
  /** Default: this process's. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Default: the person's home folder. */
  readonly home?: string
  /** Default: `~/.ssh/config`, then `/etc/ssh/ssh_config`. */
  readonly configFiles?: readonly string[]
}

/** SSH over the ssh2 package, configured by OpenSSH's own files. */
export function createSsh(options: SshOptions): Ssh {
  const env = options.env ?? process.env
  const home = options.home ?? homedir()
  const configFiles = options.configFiles ?? [join(home, '.ssh', 'config'), '/etc/ssh/ssh_config']
  const unlocked: UnlockedKeys = new Map()
  const needs: HopNeeds = { prompter: options.prompter, secrets: options.secrets, unlocked }
  const handshakes = limitHandshakes(handshakesAtOnce)
  const jumps = new ShareByKey<Client>(0)

  async function settingsOf(target: SshTarget, signal: AbortSignal): Promise<HostSettings> {
    const directives = []
    for (const file of configFiles) directives.push(...(await readSshConfig(file, home, file.startsWith('/etc/'))))
    const local: LocalSide = {
      home,
      user: env['USER'] ?? env['USERNAME'] ?? userInfo().username,
      hostName: hostname(),
      env,
      succeeds: command => succeeds(command, signal),
    }
    return await resolveHost(target, directives, local)
  }

  /** Connects to a hop and everything before it. What was opened on the way is closed with the returned stack. */
  async function open(
    target: SshTarget,
    through: readonly string[] | null,
    depth: number,
    signal: AbortSignal,
  ): Promise<{ client: Client; settings: HostSettings; opened: AsyncDisposableStack }> {
    if (depth > deepestJump) throw new AppError('invalid-input', 'transport.sshTooManyJumps', { host: target.host })
    await using opened = new AsyncDisposableStack()
    const settings = await settingsOf(target, signal)
    const way = through ?? settings.proxyJump
    const last = way.at(-1)
    let connect: () => Promise<Client>
    if (last !== undefined) {
      // `-J a,b`: b is reached through a whatever its own entry says; a follows its own entry.
      const rest = way.length > 1 ? way.slice(0, -1) : null
      // The depth is in the key: a circle of jumps must not wait for itself.
      const key = JSON.stringify([depth, last, rest])
      const before = opened.use(await jumps.lease(key, openJump(last, rest, depth + 1), signal))
      connect = async () => connectHop(settings, await forward(before.value, settings, signal), needs, signal)
    } else if (settings.proxyCommand !== null) {
      const command = settings.proxyCommand
      connect = () => connectHop(settings, commandStream(command, opened), needs, signal)
    } else {
      connect = () => retryWhenDropped(() => connectHop(settings, null, needs, signal), signal)
    }
    const client = await handshakes(`${settings.hostName}:${settings.port}`, connect, signal)
    opened.adopt(client, closeClient)
    return { client, settings, opened: opened.move() }
  }

  /** A hop that others are reached through; those that go the same way share it. */
  const openJump = (hop: string, through: readonly string[] | null, depth: number) => async (signal: AbortSignal) => {
    const { client, opened } = await open(parseHop(hop), through, depth, signal)
    const ended = new Promise<void>(resolve => client.once('close', () => resolve()))
    return { value: client, ended, close: () => opened.disposeAsync() }
  }

  return {
    async connect(target, signal = new AbortController().signal): Promise<SshConnection> {
      try {
        const { client, settings, opened } = await open(target, null, 0, signal)
        const address = `${settings.user}@${settings.hostName}:${settings.port}`
        const closed = new Promise<void>(resolve => client.once('close', () => resolve()))
        // What lies under a connection that ended by itself is of no more use.
        void closed.then(() => opened.disposeAsync())
        const sessions = opened.use(
          spreadSessions(client, address, async own => {
            const more = await open(target, null, 0, own)
            return { client: more.client, [Symbol.asyncDispose]: () => more.opened.disposeAsync() }
          }),
        )
        return {
          address,
          closed,
          exec: (command, own) => sessions.use(line => openExec(line, command, address, own)),
          terminal: (size, own) => sessions.use(line => openTerminal(line, size, address, own)),
          files: own => sessions.use(line => openFiles(line, address, own)),
          [Symbol.asyncDispose]: () => opened.disposeAsync(),
        }
      } catch (error) {
        if (isCancelled(error) || signal.aborted)
          throw new AppError('cancelled', 'error.cancelled', {}, { cause: error })
        throw error
      }
    },
  }
}

/** A TCP connection to the next hop, made by this one. */
function forward(client: Client, to: HostSettings, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    client.forwardOut('127.0.0.1', 0, to.hostName, to.port, (error, stream) =>
      error
        ? reject(
            new AppError(
              'unreachable',
              'transport.sshJumpFailed',
              { host: `${to.hostName}:${to.port}`, reason: error.message },
              { cause: error },
            ),
          )
        : resolve(stream),
    )
  })
}

/** `ProxyCommand`: whatever a command says and hears is the connection. */
function commandStream(command: string, opened: AsyncDisposableStack): Duplex {
  const child = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'ignore'] })
  opened.defer(() => void child.kill())
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin })
  child.once('error', error => stream.destroy(error))
  // ssh2 stops listening once a connection has failed; what the command says after that is of no interest.
  stream.on('error', () => {})
  return stream
}

async function closeClient(client: Client): Promise<void> {
  await new Promise<void>(resolve => {
    client.once('close', () => resolve())
    client.end()
    // A line that is cut never confirms its end.
    setTimeout(() => {
      client.destroy()
      resolve()
    }, 500).unref()
  })
}

function succeeds(command: string, signal: AbortSignal): Promise<boolean> {
  return new Promise(resolve => {
    const child = spawn(command, { shell: true, stdio: 'ignore', timeout: 10_000, signal })
    child.once('error', () => resolve(false))
    child.once('close', code => resolve(code === 0))
  })
}

/** A busy server drops connections before it says a word; it is asked again after a pause that grows and differs. */
async function retryWhenDropped(connect: () => Promise<Client>, signal: AbortSignal): Promise<Client> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await connect()
    } catch (error) {
      const dropped =
        error instanceof AppError && /before handshake|ECONNRESET/.test(String(error.params['reason'] ?? ''))
      if (!dropped || attempt === attemptsWhenDropped) throw error
      await sleep(Math.min(longestPause, 200 * 2 ** attempt) * (0.5 + Math.random() / 2), undefined, { signal })
    }
  }
}
