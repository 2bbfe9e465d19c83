import type WebSocket from 'ws'
import { AppError } from '../../../shared/errors.ts'
import type { Json } from '../../../shared/manifests/manifest.ts'
import { listAt, textAt } from '../../../shared/manifests/manifest.ts'
import type { ContainerProcess } from '../../needs/cluster.ts'
import type { ProcessExit } from '../../needs/ssh.ts'
import type { ApiLine } from './api-line.ts'

/** The first byte of each message. https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/kubelet/pkg/cri/streaming/remotecommand/websocket.go */
const channel = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4 } as const
/** Bytes that may wait to be sent before a writer is made to wait. */
const fullAt = 256 * 1024
/** Messages a slow reader is given time for before the other side has to wait. */
const mostWaiting = 256

type Output = { readonly stream: 'stdout' | 'stderr'; readonly bytes: Uint8Array }

export async function runInContainer(
  line: ApiLine,
  pod: { readonly namespace: string; readonly name: string; readonly container?: string },
  command: readonly string[],
  { terminal }: { readonly terminal?: { readonly columns: number; readonly rows: number } },
  signal: AbortSignal,
): Promise<ContainerProcess> {
  const { namespace, name } = pod
  const socket = await line.socket(
    {
      method: 'GET',
      path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/exec`,
      query: {
        command,
        container: pod.container,
        stdin: 'true',
        stdout: 'true',
        stderr: terminal ? undefined : 'true',
        tty: terminal ? 'true' : undefined,
      },
      asked: { verb: 'create', group: '', resource: 'pods', subresource: 'exec', namespace, name },
    },
    ['v5.channel.k8s.io', 'v4.channel.k8s.io'],
    signal,
  )
  const exit = Promise.withResolvers<ProcessExit>()
  const waiting: Output[] = []
  let ended: ProcessExit | null = null
  let lost: AppError | null = null
  let closed = false
  let wake = (): void => {}
  socket.on('message', (data: Buffer) => {
    const bytes = data.subarray(1)
    if (data[0] === channel.status) ended = exitOf(bytes.toString('utf8'))
    else if ((data[0] === channel.stdout || data[0] === channel.stderr) && bytes.length > 0) {
      waiting.push({ stream: data[0] === channel.stdout ? 'stdout' : 'stderr', bytes })
      if (waiting.length > mostWaiting) socket.pause()
      wake()
    }
  })
  // `close` follows and says what came of it.
  socket.on('error', () => {})
  socket.once('close', () => {
    closed = true
    if (!ended && !signal.aborted)
      lost = new AppError('connection-lost', 'cluster.processLost', { pod: `${namespace}/${name}` })
    exit.resolve(ended ?? { code: null, signal: null })
    wake()
  })
  const resize = (columns: number, rows: number): void => {
    if (terminal) send(socket, channel.resize, Buffer.from(JSON.stringify({ Width: columns, Height: rows })))
  }
  if (terminal) resize(terminal.columns, terminal.rows)

  async function* output(): AsyncGenerator<Output> {
    for (;;) {
      const next = waiting.shift()
      if (next) yield next
      else if (closed) {
        if (lost) throw lost
        return
      } else {
        if (socket.isPaused) socket.resume()
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
    }
  }

  return {
    async write(bytes) {
      send(socket, channel.stdin, bytes)
      while (socket.bufferedAmount > fullAt && socket.readyState === socket.OPEN)
        await new Promise(resolve => setTimeout(resolve, 10))
    },
    resize,
    output: output(),
    exit: exit.promise,
    async [Symbol.asyncDispose]() {
      socket.terminate()
      await exit.promise
    },
  }
}

function send(socket: WebSocket, to: number, bytes: Uint8Array): void {
  if (socket.readyState === socket.OPEN) socket.send(Buffer.concat([Buffer.from([to]), bytes]))
}

/** The exit code out of the Status that ends a process. */
function exitOf(text: string): ProcessExit {
  const status = JSON.parse(text) as Json
  if (textAt(status, 'status') === 'Success') return { code: 0, signal: null }
  const cause = listAt(status, 'details', 'causes').find(each => textAt(each, 'reason') === 'ExitCode')
  const code = Number(textAt(cause, 'message'))
  return { code: cause && Number.isInteger(code) ? code : null, signal: null }
}
