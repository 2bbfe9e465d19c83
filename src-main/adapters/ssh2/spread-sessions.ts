import type { Client } from 'ssh2'
import { AppError } from '../../../shared/errors.ts'

/** The server opened no further session on a connection; it may on another. */
export class SessionRefused extends Error {}

/** Was a channel refused as such? What is asked on an open one fails without a reason code (RFC 4254, 5.1). */
export const isRefusedChannel = (error: unknown): boolean =>
  error instanceof Error && 'reason' in error && typeof error.reason === 'number'

export type Line = AsyncDisposable & { readonly client: Client }

/** More connections to one server are a storm rather than a remedy. */
const mostLines = 8

/**
 * Spreads sessions over as many connections as they need: `sshd` permits ten on each (`MaxSessions`), or one. `another`
 * opens the same connection once more. A server that refuses the first session of a connection permits none.
 */
export function spreadSessions(
  first: Client,
  address: string,
  another: (signal: AbortSignal) => Promise<Line>,
): AsyncDisposable & {
  use<T>(open: (client: Client) => Promise<T>): Promise<T>
} {
  /** The one that has room comes first. */
  let clients: readonly Client[] = [first]
  const fresh = new Set<Client>()
  const opened: Line[] = []
  const over = new AbortController()
  let opening: Promise<void> | null = null

  const refused = (cause: unknown) =>
    new AppError(
      'unreachable',
      'transport.sshNoSession',
      { host: address, reason: cause instanceof Error ? cause.message : String(cause) },
      { cause },
    )

  async function openAnother(): Promise<void> {
    const line = await another(over.signal)
    opened.push(line)
    const { client } = line
    fresh.add(client)
    clients = [client, ...clients]
    client.once('close', () => {
      clients = clients.filter(one => one !== client)
    })
  }

  return {
    async use(open) {
      for (;;) {
        let cause: unknown
        for (const client of clients) {
          const isFresh = fresh.delete(client)
          try {
            const session = await open(client)
            clients = [client, ...clients.filter(one => one !== client)]
            return session
          } catch (error) {
            if (!(error instanceof SessionRefused)) throw error
            cause = error.cause
            if (isFresh) throw refused(cause)
          }
        }
        if (opened.length >= mostLines) throw refused(cause)
        opening ??= openAnother().finally(() => {
          opening = null
        })
        await opening
      }
    },
    async [Symbol.asyncDispose]() {
      over.abort()
      await opening?.catch(() => {})
      await Promise.all(opened.map(line => line[Symbol.asyncDispose]()))
    },
  }
}
