import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import ssh2, { type Connection, type ServerChannel, type Session } from 'ssh2'
import type { Board, BoardFault } from './board.ts'
import type { MadeBoard } from './make-board.ts'
import { ownNode } from './mini-systemd.ts'
import { serveFiles } from './serve-files.ts'
import { serveTerminal } from './serve-terminal.ts'

/** A *sandbox* board that answers SSH on a port of this machine. */
export interface ServedBoard extends AsyncDisposable {
  readonly board: Board
  readonly made: MadeBoard
  readonly port: number
  /** How many connections were signed in so far. */
  readonly signedIn: () => number
  setFaults(faults: readonly BoardFault[]): void
  /** Cuts every line, as a pulled cable does; what runs on the board goes on. */
  cut(): void
  /** Cuts every line, ends what runs, and answers again as a board that has just started. */
  reboot(): Promise<void>
}

export type BoardKeys = {
  /** OpenSSH format. */
  readonly host: string
  readonly otherHost: string
  /** Who may sign in: the wire form of one public key. */
  readonly guest: Buffer
}

/** Serves a board. It knows one person, `pilot`, by one key, and listens on loopback alone. */
export async function serveBoard(board: Board, made: MadeBoard, keys: BoardKeys): Promise<ServedBoard> {
  let faults: readonly BoardFault[] = []
  let signedIn = 0
  let connections = 0
  let starting = false
  const sockets = new Set<Socket>()
  const children = new Set<ChildProcess>()
  const fault = <K extends BoardFault['kind']>(kind: K) =>
    faults.find((one): one is Extract<BoardFault, { kind: K }> => one.kind === kind)

  const server = (hostKey: string) =>
    new ssh2.Server({ hostKeys: [hostKey], ident: 'sandbox', banner: 'sandbox board\r\n' }, client => {
      client.on('error', () => {})
      client.on('authentication', context => {
        if (context.username !== 'pilot' || context.method !== 'publickey' || !context.key.data.equals(keys.guest))
          return context.reject(['publickey'])
        if (!context.signature) return context.accept()
        const key = ssh2.utils.parseKey(keys.guest)
        if (key instanceof Error || Array.isArray(key)) return context.reject()
        if (key.verify(context.blob!, context.signature, context.hashAlgo) === true) context.accept()
        else context.reject()
      })
      client.on('ready', () => {
        signedIn++
        serveSessions(client)
      })
    })
  const owner = await ownNode(made.root)
  const right = server(keys.host)
  const wrong = server(keys.otherHost)

  function serveSessions(client: Connection): void {
    client.on('session', accept => {
      const session: Session = accept()
      let size = { columns: 80, rows: 24 }
      session.on('pty', (accepted, _reject, info) => {
        size = { columns: info.cols, rows: info.rows }
        accepted?.()
      })
      session.on('window-change', (accepted, _reject, info) => {
        size = { columns: info.cols, rows: info.rows }
        accepted?.()
      })
      session.on('exec', (accepted, _reject, { command }) => void run(accepted(), command))
      session.on('shell', accepted => serveTerminal(accepted(), board, made, () => size))
      session.on('sftp', accepted => serveFiles(accepted(), made.root, () => fault('full-disk') !== undefined))
    })
  }

  async function run(channel: ServerChannel, command: string): Promise<void> {
    channel.on('error', () => {})
    channel.stderr.on('error', () => {})
    const slow = fault('slow')
    if (slow) await sleep(slow.by)
    const full = fault('full-disk')
    const child = spawn('sh', ['-c', full ? `ulimit -f 0; ${command}` : command], {
      cwd: made.environment.HOME,
      env: made.environment,
      detached: true,
    })
    children.add(child)
    // What a board's program reads and says goes through; where one side has gone, the other is told by its end.
    child.stdin.on('error', () => {})
    channel.pipe(child.stdin)
    child.stdout.pipe(channel, { end: false })
    child.stderr.pipe(channel.stderr, { end: false })
    child.once('error', () => channel.end())
    child.once('close', (code, signal) => {
      children.delete(child)
      if (signal) channel.exit(signal.replace('SIG', ''))
      else channel.exit(code ?? 255)
      channel.end()
    })
    channel.once('close', () => child.stdin.destroy())
  }

  const accept = (socket: Socket): void => {
    if (starting || fault('dead')) {
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.setNoDelay(true)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    connections++
    const flaky = fault('flaky')
    if (flaky && (connections * flaky.share) % 1 < flaky.share) {
      let left = flaky.after
      socket.on('data', (bytes: Buffer) => {
        left -= bytes.length
        if (left <= 0) socket.destroy()
      })
    }
    ;(fault('wrong-key') ? wrong : right).injectSocket(socket)
  }

  // A port that was given up could be somebody else's when the board is back: who is dead hangs up instead.
  const listening = createServer(accept)
  await new Promise<void>((resolve, reject) => {
    listening.once('error', reject)
    listening.listen(0, '127.0.0.1', resolve)
  })
  const address = listening.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  /** Ends what was called over a line, and what runs as a unit. Returns the services that ran. */
  const endAll = async (): Promise<string[]> => {
    for (const { pid } of children) if (pid !== undefined) endGroup(pid)
    const folder = join(made.root, 'run/systemd')
    const ran = (await readdir(folder)).filter(name => name.endsWith('.pid'))
    for (const name of ran) {
      endGroup(Number(await readFile(join(folder, name), 'utf8')))
      await rm(join(folder, name))
    }
    return ran.flatMap(name => (name.endsWith('.service.pid') ? [name.slice(0, -'.pid'.length)] : []))
  }
  return {
    board,
    made,
    port,
    signedIn: () => signedIn,
    setFaults(next) {
      faults = next
      if (fault('dead')) cut()
    },
    cut,
    async reboot() {
      starting = true
      cut()
      const services = await endAll()
      await made.restart(Date.now())
      await made.log('init.scope', `Booted ${board.model} (sandbox)`)
      // Services are enabled, so they come back by themselves; timers that were armed for once do not.
      if (services.length > 0)
        await once(spawn('systemctl', ['start', ...services], { env: made.environment, stdio: 'ignore' }), 'close')
      starting = false
    },
    async [Symbol.asyncDispose]() {
      listening.close()
      cut()
      await endAll()
      await owner[Symbol.asyncDispose]()
    },
  }
}

/** Ends a process and what it started; that it has ended already is no fault. */
function endGroup(pid: number): void {
  if (!Number.isInteger(pid) || pid <= 1) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
