import type { TerminalItem } from '../../../shared/clusters/contract.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Clock } from '../../needs/clock.ts'
import type { Cluster, ContainerProcess } from '../../needs/cluster.ts'

/** Processes with a terminal that pages have open. A terminal ends with the stream that opened it. */
export interface Terminals extends AsyncDisposable {
  open(
    cluster: Cluster,
    pod: Parameters<Cluster['exec']>[0],
    command: readonly string[],
    size: { readonly columns: number; readonly rows: number },
    signal: AbortSignal,
  ): AsyncGenerator<TerminalItem>
  type(session: string, data: string): Promise<void>
  resize(session: string, columns: number, rows: number): void
}

export function createTerminals(clock: Clock): Terminals {
  const open = new Map<string, ContainerProcess>()
  const at = (session: string): ContainerProcess => {
    const process = open.get(session)
    if (!process) throw new AppError('not-found', 'live.terminalGone')
    return process
  }
  return {
    async *open(cluster, pod, command, size, signal) {
      await using process = await cluster.exec(pod, command, { terminal: size }, signal)
      const session = Buffer.from(clock.random(16)).toString('hex')
      open.set(session, process)
      try {
        yield { kind: 'opened', session }
        for await (const { bytes } of process.output) {
          if (signal.aborted) return
          yield { kind: 'output', data: Buffer.from(bytes).toString('base64') }
        }
        yield { kind: 'ended', code: (await process.exit).code }
      } finally {
        open.delete(session)
      }
    },
    type: (session, data) => at(session).write(Buffer.from(data, 'base64')),
    resize: (session, columns, rows) => at(session).resize(columns, rows),
    async [Symbol.asyncDispose]() {
      await Promise.allSettled([...open.values()].map(process => process[Symbol.asyncDispose]()))
      open.clear()
    },
  }
}
