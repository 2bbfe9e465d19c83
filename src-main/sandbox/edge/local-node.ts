import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProcessExit, RemoteProcess, SshConnection } from '../../needs/ssh.ts'
import { installMiniSystemd, ownNode } from './mini-systemd.ts'

/** A *sandbox* node without a line to it: a folder, and shells of this machine that see it as their root. */
export interface LocalNode extends AsyncDisposable {
  readonly root: string
  readonly env: Readonly<Record<string, string>>
  connect(): Pick<SshConnection, 'address' | 'exec'>
}

export async function createLocalNode(): Promise<LocalNode> {
  const root = await mkdtemp(join(tmpdir(), 'pilothouse-node-'))
  const env = { ...(await installMiniSystemd(root)), LC_ALL: 'C' }
  const owner = await ownNode(root)
  return {
    root,
    env,
    connect: () => ({
      address: 'sandbox',
      exec: async (command, signal) => localProcess(command, env, signal),
    }),
    async [Symbol.asyncDispose]() {
      // Whatever runs as a unit of this node ends with it: units are process groups, found by their pid files.
      const end =
        'for file in "$PILOTHOUSE_ROOT"/run/systemd/*.pid; do [ -f "$file" ] && kill -KILL "-$(cat "$file")" 2>/dev/null; done; exit 0'
      await localProcess(end, env).exit
      await owner[Symbol.asyncDispose]()
      await rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
    },
  }
}

/** A command under this machine's shell, as a server of SSH would run it. */
export function localProcess(
  command: string,
  env: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): RemoteProcess {
  const child = spawn('/bin/sh', ['-c', command], {
    env: { ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(signal && { signal }),
  })
  // That a process ended early is told by its exit.
  child.on('error', () => {})
  child.stdin.on('error', () => {})
  const exit = new Promise<ProcessExit>(resolve => child.once('close', (code, name) => resolve({ code, signal: name })))
  return {
    stdin: {
      write: bytes =>
        new Promise((resolve, reject) => child.stdin.write(bytes, error => (error ? reject(error) : resolve()))),
      end: async () => void child.stdin.end(),
    },
    stdout: child.stdout,
    stderr: child.stderr,
    exit,
    [Symbol.asyncDispose]: async () => void child.kill('SIGKILL'),
  }
}
