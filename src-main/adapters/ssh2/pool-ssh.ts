import { AppError, isCancelled } from '../../../shared/errors.ts'
import type { Ssh, SshConnection, SshPool, SshTarget } from '../../needs/ssh.ts'
import { ShareByKey } from './share-by-key.ts'

/** Long enough to look at one thing after another, short enough for `sshd` to count few. */
const idleTime = 60_000
const firstPause = 2000
const longestPause = 2 * 60_000

export type PoolOptions = {
  /** Milliseconds an unused connection stays open. */
  readonly idle?: number
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** From 0 to 1: those that failed together would otherwise come back together. */
  readonly random?: () => number
}

type Failure = { readonly error: AppError; readonly count: number; readonly until: number }

const keyOf = ({ host, user, port }: SshTarget): string => JSON.stringify([host, user, port])

/** One connection a target for all who ask; see `SshPool`. */
export function poolSsh(ssh: Ssh, { idle = idleTime, now, random = Math.random }: PoolOptions): SshPool {
  const shared = new ShareByKey<SshConnection>(idle)
  const failures = new Map<string, Failure>()

  const failed = (key: string, error: AppError) => {
    const count = (failures.get(key)?.count ?? 0) + 1
    const pause = Math.min(longestPause, firstPause * 2 ** (count - 1))
    failures.set(key, { error, count, until: now() + pause * (0.5 + random() / 2) })
  }

  return {
    async connect(target, signal = new AbortController().signal, anew = false) {
      const key = keyOf(target)
      const failure = failures.get(key)
      if (failure && !anew && now() < failure.until) throw failure.error
      const lease = await shared.lease(
        key,
        async own => {
          try {
            const connection = await ssh.connect(target, own)
            failures.delete(key)
            return { value: connection, ended: connection.closed, close: () => connection[Symbol.asyncDispose]() }
          } catch (error) {
            if (error instanceof AppError && !isCancelled(error)) failed(key, error)
            throw error
          }
        },
        signal,
      )
      const { address, closed, exec, terminal, files } = lease.value
      return { address, closed, exec, terminal, files, [Symbol.asyncDispose]: () => lease[Symbol.asyncDispose]() }
    },
    [Symbol.asyncDispose]: () => shared[Symbol.asyncDispose](),
  }
}
