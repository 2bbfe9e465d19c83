import { toBase64 } from '../../../shared/edge/base64.ts'
import type { TerminalItem } from '../../../shared/edge/contract.ts'
import { AppError } from '../../../shared/errors.ts'
import type { RemoteTerminal, SshConnection, TerminalSize } from '../../needs/ssh.ts'

/** Terminals that are open, by an id that whoever opened one is told. */
export interface Terminals {
  open(connection: SshConnection, size: TerminalSize, signal: AbortSignal): AsyncGenerator<TerminalItem>
  type(terminal: string, text: string): Promise<void>
  resize(terminal: string, size: TerminalSize): void
}

export function createTerminals(newId: () => string): Terminals {
  const open = new Map<string, RemoteTerminal>()
  const of = (id: string): RemoteTerminal => {
    const terminal = open.get(id)
    if (!terminal) throw new AppError('not-found', 'edge.terminalGone')
    return terminal
  }
  return {
    async *open(connection, size, signal) {
      await using _line = connection
      await using terminal = await connection.terminal(size, signal)
      const id = newId()
      open.set(id, terminal)
      try {
        yield { kind: 'opened', terminal: id }
        for await (const bytes of terminal.output) yield { kind: 'output', bytes: toBase64(bytes) }
        yield { kind: 'exit', code: (await terminal.exit).code }
      } finally {
        open.delete(id)
      }
    },
    type: (id, text) => of(id).write(new TextEncoder().encode(text)),
    resize: (id, size) => of(id).resize(size),
  }
}
