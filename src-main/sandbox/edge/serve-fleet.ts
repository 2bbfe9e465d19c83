import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { AppError } from '../../../shared/errors.ts'
import { type Board, type BoardFault, boards as ownBoards } from './board.ts'
import { linkTools, makeBoard } from './make-board.ts'
import { makeKey } from './make-key.ts'
import { type ServedBoard, serveBoard } from './serve-board.ts'

/** *Sandbox* boards, and the SSH configuration that leads to them: nothing of the person's own is read. */
export interface SandboxFleet extends AsyncDisposable {
  /** Home folder and configuration for whoever connects. */
  readonly ssh: { readonly home: string; readonly configFiles: readonly string[] }
  readonly boards: ReadonlyMap<string, ServedBoard>
}

export type FleetOptions = {
  readonly boards?: readonly Board[]
  readonly faults?: Readonly<Record<string, readonly BoardFault[]>>
  /** Milliseconds between what boards say in their journals; 0: they say nothing by themselves. */
  readonly pulse?: number
  readonly now: number
}

/** Makes the boards below an empty folder and serves them on ports of this machine until disposed. */
export async function serveFleet(folder: string, options: FleetOptions): Promise<SandboxFleet> {
  if (process.platform === 'win32') throw new AppError('unsupported', 'edge.sandboxNeedsShell')
  const { boards = ownBoards, faults = {}, pulse = 0, now } = options
  await using opening = new AsyncDisposableStack()
  const home = join(folder, 'home')
  await mkdir(join(home, '.ssh'), { recursive: true, mode: 0o700 })
  const guest = makeKey()
  const guestKey = ssh2.utils.parseKey(guest.public)
  if (guestKey instanceof Error) throw guestKey
  const otherHost = makeKey().private
  const identity = join(home, '.ssh', 'sandbox')
  const knownHosts = join(home, '.ssh', 'known_hosts')
  const tools = join(folder, 'tools')
  await linkTools(tools)

  const served = new Map<string, ServedBoard>()
  let [config, known] = ['', '']
  for (const board of boards) {
    const host = makeKey()
    const made = await makeBoard(join(folder, 'boards', board.name), board, tools, now)
    const keys = { host: host.private, otherHost, guest: guestKey.getPublicSSH() }
    const one = opening.use(await serveBoard(board, made, keys))
    served.set(board.name, one)
    config += `Host ${board.name}\n  HostName 127.0.0.1\n  Port ${one.port}\n`
    known += `[127.0.0.1]:${one.port} ${host.public.split(' ').slice(0, 2).join(' ')}\n`
    one.setFaults(faults[board.name] ?? [])
  }
  config += `Host *\n  User pilot\n  IdentityFile ${identity}\n  IdentitiesOnly yes\n  IdentityAgent none\n  UserKnownHostsFile ${knownHosts}\n  GlobalKnownHostsFile none\n  StrictHostKeyChecking yes\n`
  await writeFile(identity, guest.private, { mode: 0o600 })
  await writeFile(knownHosts, known)
  await writeFile(join(home, '.ssh', 'config'), config)

  if (pulse > 0) {
    let beat = 0
    const timer = setInterval(() => {
      beat++
      for (const { board, made } of served.values())
        for (const { name, says, active } of board.units)
          if (says)
            void made.log(
              name,
              says[beat % says.length]!.replaceAll('#', String(1000 + beat)),
              active === 'failed' ? 4 : 6,
            )
    }, pulse)
    timer.unref()
    opening.defer(() => clearInterval(timer))
  }
  const all = opening.move()
  return {
    ssh: { home, configFiles: [join(home, '.ssh', 'config')] },
    boards: served,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}
