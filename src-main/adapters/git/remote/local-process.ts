import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { AppError } from '../../../../shared/errors.ts'
import type { ProcessExit, RemoteProcess } from '../../../needs/ssh.ts'

/** Variables that would point a git program at another repository than the one it is told (git's `local_repo_env`). */
const leftOut = [
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_CONFIG',
  'GIT_COMMON_DIR',
  'GIT_DIR',
  'GIT_GRAFT_FILE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_NAMESPACE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_PROTOCOL',
  'GIT_REPLACE_REF_BASE',
  'GIT_SHALLOW_FILE',
  'GIT_WORK_TREE',
]

export function gitEnvironment(env: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv {
  return { ...Object.fromEntries(Object.entries(env).filter(([name]) => !leftOut.includes(name))), LC_ALL: 'C' }
}

/**
 * Runs a program on this machine. It leads a session of its own, so that it cannot ask on a terminal behind our back
 * and so that what it starts ends with it.
 */
export async function startProcess(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<RemoteProcess> {
  signal?.throwIfAborted()
  const detached = process.platform !== 'win32'
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'], detached, windowsHide: true })
  const exit = new Promise<ProcessExit>(resolve => {
    // Not `close`: that waits for the last byte of output to be read, and not everybody reads to the end.
    child.once('exit', (code, signalName) => resolve({ code, signal: signalName }))
    child.once('error', () => resolve({ code: null, signal: null }))
  })
  await once(child, 'spawn') // rejects with the reason when it does not start
  const end = () => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
    try {
      if (detached) process.kill(-child.pid, 'SIGTERM')
      else child.kill()
    } catch (error) {
      // It has ended in between.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
    }
  }
  if (signal?.aborted) end()
  signal?.addEventListener('abort', end, { once: true })
  void exit.then(() => signal?.removeEventListener('abort', end))
  const lost = (cause: unknown) =>
    new AppError('connection-lost', 'transport.connectionLost', { host: program }, { cause })
  child.stdin.on('error', () => {}) // a write sees it too

  async function* bytes(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    yield* stream
    signal?.throwIfAborted()
  }
  return {
    stdin: {
      write: chunk => {
        signal?.throwIfAborted()
        return new Promise((resolve, reject) => {
          child.stdin.write(chunk, error => (error ? reject(lost(error)) : resolve()))
        })
      },
      end: async () => void child.stdin.end(),
    },
    stdout: bytes(child.stdout),
    stderr: bytes(child.stderr),
    exit,
    async [Symbol.asyncDispose]() {
      // Left unread, a full pipe would keep it from ending.
      child.stdout.destroy()
      child.stderr.destroy()
      end()
      await exit
    },
  }
}
