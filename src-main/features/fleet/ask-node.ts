import { plainText } from '../../../shared/edge/plain-text.ts'
import { AppError } from '../../../shared/errors.ts'
import { linesOfStep, type NodeVerb, nodeCommand } from '../../../shared/fleet/node-script.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import type { SshConnection } from '../../needs/ssh.ts'

export type Line = Pick<SshConnection, 'address' | 'exec'>
/** A node that is spoken to: its name for people, the line, and whether one is root there. */
export type Spoken = { readonly node: string; readonly connection: Line; readonly isRoot: boolean }

/** The node said that a change is waiting for its confirmation, for so many more seconds. */
export class StillPending extends Error {
  readonly seconds: number
  constructor(seconds: number) {
    super(`a change waits ${seconds} s for its confirmation`)
    this.seconds = seconds
  }
}
/** What was sent before is not what is there: begin anew. */
export class Moved extends Error {}

/**
 * Does one step on a node and gives the lines it said. Rejects with what the node named: no right, no space, a file
 * system that cannot be written; `connection-lost` when the line ended first.
 */
export async function askNode(
  { node, connection, isRoot }: Spoken,
  verb: NodeVerb,
  parameters: readonly string[],
  input: AsyncIterable<Uint8Array> | null,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const nonce = crypto.randomUUID()
  await using process = await connection.exec(nodeCommand(verb, parameters, isRoot, nonce), signal)
  const writing = write(process.stdin, input)
  // When the other side ends early, that it does not listen is no news: its answer says why.
  const wrote = writing.then(
    () => null,
    (error: unknown) => error,
  )
  const [answer, problem] = await Promise.all([textOf(process.stdout), textOf(process.stderr)])
  const exit = await process.exit
  const failure = await wrote
  signal.throwIfAborted()
  const said = linesOfStep(answer, nonce)
  const lines = said ?? []
  const error = lines.find(line => line.startsWith('error '))
  if (error !== undefined) throw failureOf(node, error.slice('error '.length))
  if (exit.code === 0 && failure === null && said !== null) return lines
  if (exit.code === null)
    throw new AppError(
      'connection-lost',
      'transport.connectionLost',
      { host: connection.address },
      { cause: failure ?? new Error(`${verb} ended by ${exit.signal ?? 'no signal'}: ${problem.slice(-300)}`) },
    )
  if (/^sudo:|sudo: /m.test(problem))
    throw new AppError('forbidden', 'fleet.noSudo', { node, user: connection.address })
  const reason = plainText(problem.trim().split('\n').at(-1) ?? '', 300)
  throw new AppError('unexpected', 'fleet.stepFailed', { node, step: verb, reason: reason || String(exit.code) })
}

/** The next piece is asked for when there is room for it: who makes them sees how fast the line is. */
async function write(
  stdin: { write(bytes: Uint8Array): Promise<void>; end(): Promise<void> },
  input: AsyncIterable<Uint8Array> | null,
): Promise<void> {
  if (input) for await (const piece of input) await stdin.write(piece)
  await stdin.end()
}

/** A node that says more than any step has to say is not listened to. */
const longest = 64 * 1024 * 1024
async function textOf(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of stream) {
    size += part.length
    if (size > longest) break
    parts.push(part)
  }
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return new TextDecoder().decode(all)
}

const named: { readonly [code: string]: readonly ['conflict' | 'forbidden' | 'unsupported', MessageKey] } = {
  'read-only': ['forbidden', 'fleet.readOnly'],
  denied: ['forbidden', 'fleet.denied'],
  'no-tool': ['unsupported', 'fleet.noTool'],
  'no-probe': ['unsupported', 'fleet.noTool'],
  'not-armed': ['unsupported', 'fleet.notArmed'],
  'too-late': ['conflict', 'fleet.tooLate'],
  digest: ['conflict', 'fleet.wrongDigest'],
  pull: ['unsupported', 'fleet.pullFailed'],
}

function failureOf(node: string, said: string): Error {
  const [code = '', ...words] = said.split(' ')
  const rest = plainText(words.join(' '), 500)
  if (code === 'pending') return new StillPending(Number(words[0]) || 0)
  if (code === 'moved') return new Moved()
  if (code === 'disk-full') {
    const [path = '', needed, free] = words
    return needed === undefined
      ? new AppError('conflict', 'fleet.diskFull', { node, path: plainText(path) })
      : new AppError('conflict', 'fleet.diskTooSmall', { node, path: plainText(path), needed, free: free ?? '0' })
  }
  const known = named[code]
  if (known) return new AppError(known[0], known[1], { node, path: rest, tool: rest, reason: rest })
  return new AppError('unexpected', 'fleet.stepFailed', { node, step: words[0] ?? code, reason: rest })
}
