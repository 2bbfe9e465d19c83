import { longestAnswer } from '../../../shared/edge/facts/facts-script.ts'
import { AppError } from '../../../shared/errors.ts'
import type { ProcessExit, SshConnection } from '../../needs/ssh.ts'

export type ScriptAnswer = {
  readonly stdout: string
  readonly stderr: string
  readonly exit: ProcessExit
  /** Milliseconds since the epoch: when the script had been sent, and when the first of its answer came. */
  readonly sent: number
  readonly answered: number
}

export type ScriptOptions = {
  readonly now: () => number
  /** Bytes of each stream; a node that sends more is refused. */
  readonly longest?: number
  /** Milliseconds until it is given up. */
  readonly timeout?: number
}

/** Sends a script (of `shared/edge/script.ts`) to a shell of the node and reads all it says: one round trip. */
export async function runScript(
  connection: SshConnection,
  script: string,
  { now, longest = longestAnswer, timeout = 30_000 }: ScriptOptions,
  signal: AbortSignal,
): Promise<ScriptAnswer> {
  const late = AbortSignal.timeout(timeout)
  const either = AbortSignal.any([signal, late])
  let answered = 0
  const read = async (stream: AsyncIterable<Uint8Array>): Promise<string> => {
    const decoder = new TextDecoder()
    let text = ''
    let length = 0
    for await (const bytes of stream) {
      answered ||= now()
      length += bytes.length
      if (length > longest)
        throw new AppError('unsupported', 'edge.tooMuch', { host: connection.address, kilobytes: longest / 1024 })
      text += decoder.decode(bytes, { stream: true })
    }
    return text + decoder.decode()
  }
  try {
    await using process = await connection.exec('sh', either)
    const sent = now()
    await process.stdin.write(new TextEncoder().encode(script))
    await process.stdin.end()
    const [stdout, stderr, exit] = await Promise.all([read(process.stdout), read(process.stderr), process.exit])
    return { stdout, stderr, exit, sent, answered: answered || now() }
  } catch (error) {
    signal.throwIfAborted()
    if (late.aborted)
      throw new AppError(
        'unreachable',
        'edge.scriptTimeout',
        { host: connection.address, seconds: Math.round(timeout / 1000) },
        { cause: error },
      )
    throw error
  }
}
