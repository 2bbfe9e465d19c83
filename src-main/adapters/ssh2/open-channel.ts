import type { Client, ClientChannel } from 'ssh2'
import { AppError } from '../../../shared/errors.ts'
import type { RemoteProcess } from '../../needs/ssh.ts'
import { channelProcess } from './channel-process.ts'
import { isRefusedChannel, SessionRefused } from './spread-sessions.ts'

/**
 * Asks a connection for a channel. Rejects with `SessionRefused` when the server opens no further one on it, else with
 * what `failed` makes of ssh2's reason.
 */
export function openChannel<T>(
  client: Client,
  ask: (client: Client, done: (error: Error | undefined, channel: T) => void) => void,
  failed: (cause: unknown) => AppError,
  signal?: AbortSignal,
): Promise<T> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const lost = () => reject(failed(new Error('closed by the other side')))
    client.once('close', lost)
    try {
      ask(client, (error, channel) => {
        client.off('close', lost)
        if (error) reject(isRefusedChannel(error) ? new SessionRefused('refused', { cause: error }) : failed(error))
        else resolve(channel)
      })
    } catch (error) {
      client.off('close', lost)
      reject(failed(error))
    }
  })
}

export const lostAt = (address: string) => (cause: unknown) =>
  new AppError('connection-lost', 'transport.connectionLost', { host: address }, { cause })

/** A command as a process. It is listened to at once: an answer that came whole in one piece is over before any promise. */
export const openExec = (client: Client, command: string, address: string, signal?: AbortSignal) =>
  openChannel<RemoteProcess>(
    client,
    (of, done) =>
      of.exec(command, (error: Error | undefined, channel: ClientChannel) =>
        error ? done(error, undefined as never) : done(undefined, channelProcess(channel, address, signal)),
      ),
    lostAt(address),
    signal,
  )
