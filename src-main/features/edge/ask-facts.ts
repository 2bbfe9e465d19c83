import type { EdgeFacts } from '../../../shared/edge/facts/facts.ts'
import { factsScript } from '../../../shared/edge/facts/facts-script.ts'
import { readFacts } from '../../../shared/edge/facts/read-facts.ts'
import type { Nonce } from '../../../shared/edge/script.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Clock } from '../../needs/clock.ts'
import type { SshConnection } from '../../needs/ssh.ts'
import { runScript } from './run-script.ts'

/** 128 random bits. */
export const newNonce = (clock: Pick<Clock, 'random'>): Nonce =>
  [...clock.random(16)].map(byte => byte.toString(16).padStart(2, '0')).join('')

/** Facts of a node in one round trip. `privilege`: whether `sudo -n` works is asked too. */
export async function askFacts(
  connection: SshConnection,
  options: { readonly privilege: boolean; readonly timeout?: number },
  clock: Clock,
  signal: AbortSignal,
): Promise<EdgeFacts> {
  const nonce = newNonce(clock)
  const { timeout = 30_000 } = options
  const answer = await runScript(connection, factsScript(nonce, options), { now: clock.now, timeout }, signal)
  const facts = readFacts(nonce, answer.stdout, answer)
  if (facts) return facts
  throw new AppError('unsupported', 'edge.noShell', { host: connection.address })
}
