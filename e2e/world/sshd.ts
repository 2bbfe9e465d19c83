import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export const sshdPath: string | null =
  ['/usr/sbin/sshd', '/usr/bin/sshd', '/usr/local/sbin/sshd'].find(existsSync) ?? null

/** A folder with keys, an agent and a client's home, and as many real OpenSSH servers as a test wants. */
export interface SshWorld extends AsyncDisposable {
  readonly directory: string
  /** The client's home: `.ssh/config`, `.ssh/known_hosts`. */
  readonly home: string
  readonly user: string
  /** Makes a key pair the servers accept; returns the private key's file. */
  key(
    name: string,
    options?: { passphrase?: string; type?: string; format?: 'PEM'; authorized?: boolean },
  ): Promise<string>
  /** Starts an agent that holds these keys (which have no passphrase); returns its socket. */
  agent(...keys: string[]): Promise<string>
  server(options?: { readonly config?: string; readonly hostKey?: string }): Promise<SshServer>
  knownHosts(): Promise<string>
  /** Writes a server into known_hosts, as `ssh-keyscan` would. */
  trust(server: SshServer, options?: { readonly hashed?: boolean; readonly name?: string }): Promise<void>
  config(text: string): Promise<void>
}

export interface SshServer {
  readonly port: number
  readonly hostKey: string
  /** What it logged, at level VERBOSE. */
  log(): string
  /** Cuts every open connection and stops listening. */
  stop(): Promise<void>
}

/** The real thing on loopback, in the foreground, as whoever runs the tests. */
export async function createSshWorld(): Promise<SshWorld> {
  if (sshdPath === null) throw new Error('There is no sshd on this machine')
  const sshd = sshdPath
  const directory = await mkdtemp(join(tmpdir(), 'pilothouse-ssh-'))
  const home = join(directory, 'home')
  await mkdir(join(home, '.ssh'), { recursive: true, mode: 0o700 })
  const authorized = join(directory, 'authorized_keys')
  await writeFile(authorized, '')
  // sshd as root insists on its own empty folder.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 })
  const running: ChildProcess[] = []
  // A test run that is ended before it could tidy up must not leave servers behind.
  const endAll = () => {
    for (const child of running) child.kill()
  }
  process.once('exit', endAll)

  const makeKey = async (file: string, type: string, passphrase: string, format?: string) => {
    await run('ssh-keygen', [
      ...['-q', '-t', type, '-N', passphrase, '-f', file, '-C', 'test'],
      ...(type === 'rsa' ? ['-b', '2048'] : []),
      // Few rounds: the tests are not about the cost of guessing.
      ...(format ? ['-m', format] : ['-a', '1']),
    ])
    return file
  }

  return {
    directory,
    home,
    user: userInfo().username,
    async key(name, options = {}) {
      const file = await makeKey(
        join(directory, name),
        options.type ?? 'ed25519',
        options.passphrase ?? '',
        options.format,
      )
      if (options.authorized !== false) await appendFile(authorized, await readFile(`${file}.pub`))
      return file
    },
    async agent(...keys) {
      const socket = join(directory, `agent-${running.length}`)
      const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
      running.push(agent)
      // Its socket is there a moment before anybody listens on it.
      await new Promise<void>((resolve, reject) => {
        agent.once('exit', code => reject(new Error(`ssh-agent ended with ${code}`)))
        const knock = () => {
          const line = connect(socket)
          line.once('connect', () => {
            line.destroy()
            resolve()
          })
          line.once('error', () => setTimeout(knock, 10))
        }
        knock()
      })
      if (keys.length > 0) await run('ssh-add', ['-q', ...keys], { env: { ...process.env, SSH_AUTH_SOCK: socket } })
      return socket
    },
    async server(options = {}) {
      const port = await freePort()
      const hostKey = options.hostKey ?? (await makeKey(join(directory, `host-${port}`), 'ed25519', ''))
      const config = join(directory, `sshd-${port}.conf`)
      await writeFile(
        config,
        [
          options.config ?? '',
          `Port ${port}`,
          'ListenAddress 127.0.0.1',
          `HostKey ${hostKey}`,
          `AuthorizedKeysFile ${authorized}`,
          `PidFile ${join(directory, `sshd-${port}.pid`)}`,
          'PasswordAuthentication no',
          'KbdInteractiveAuthentication no',
          'UsePAM no',
          'StrictModes no',
          'PermitRootLogin prohibit-password',
          'LogLevel VERBOSE',
          '',
        ].join('\n'),
      )
      const server = spawn(sshd, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] })
      running.push(server)
      let log = ''
      await new Promise<void>((resolve, reject) => {
        server.stderr!.setEncoding('utf8').on('data', (text: string) => {
          log += text
          if (/Server listening/.test(log)) resolve()
        })
        server.once('exit', code => reject(new Error(`sshd ended with ${code}: ${log}`)))
      })
      return {
        port,
        hostKey,
        log: () => log,
        stop: () => stopGroup(server),
      }
    },
    knownHosts: () => readFile(join(home, '.ssh', 'known_hosts'), 'utf8'),
    async trust(server, options = {}) {
      const file = join(home, '.ssh', 'known_hosts')
      const [type, key] = (await readFile(`${server.hostKey}.pub`, 'utf8')).split(' ')
      await appendFile(file, `${options.name ?? `[127.0.0.1]:${server.port}`} ${type} ${key}\n`)
      if (options.hashed) await run('ssh-keygen', ['-q', '-H', '-f', file]).then(() => rm(`${file}.old`))
    },
    config: text => writeFile(join(home, '.ssh', 'config'), text),
    async [Symbol.asyncDispose]() {
      process.off('exit', endAll)
      await Promise.all(running.map(stopGroup))
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** Ends a process and what it started: sshd has one process a connection. */
async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = new Promise(resolve => child.once('exit', resolve))
  const connections = await run('ps', ['-o', 'pid=', '--ppid', String(child.pid)]).then(
    ({ stdout }) => stdout.trim().split(/\s+/).filter(Boolean).map(Number),
    () => [], // no child: ps says so with an exit code
  )
  child.kill()
  for (const pid of connections) {
    try {
      process.kill(pid)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
    }
  }
  await ended
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
