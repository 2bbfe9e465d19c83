import type { Client, ClientChannel } from 'ssh2'
import { AppError } from '../../../shared/errors.ts'
import type { RemoteTerminal, TerminalSize } from '../../needs/ssh.ts'
import { channelProcess } from './channel-process.ts'
import { openChannel } from './open-channel.ts'

/** The login shell in a pseudo-terminal, as `ssh` without a command asks for it. */
export async function openTerminal(
  client: Client,
  { columns, rows }: TerminalSize,
  address: string,
  signal?: AbortSignal,
): Promise<RemoteTerminal> {
  const channel = await openChannel<ClientChannel>(
    client,
    (of, done) => of.shell({ cols: columns, rows, term: 'xterm-256color' }, done),
    cause =>
      new AppError(
        'unsupported',
        'edge.noTerminal',
        { host: address, reason: cause instanceof Error ? cause.message : String(cause) },
        { cause },
      ),
    signal,
  )
  const shell = channelProcess(channel, address, signal)
  return {
    write: bytes => shell.stdin.write(bytes),
    resize: size => void channel.setWindow(size.rows, size.columns, 0, 0),
    output: shell.stdout,
    exit: shell.exit,
    [Symbol.asyncDispose]: () => shell[Symbol.asyncDispose](),
  }
}
