import type { JournalItem } from '../../../shared/edge/contract.ts'
import {
  holdsText,
  type JournalEntry,
  type JournalFilter,
  journalScript,
  readJournalLine,
  seesOwnOnly,
} from '../../../shared/edge/look/journal.ts'
import { AppError, isCancelled } from '../../../shared/errors.ts'
import type { Clock } from '../../needs/clock.ts'
import type { SshConnection } from '../../needs/ssh.ts'
import { linesOf } from './lines.ts'
import { problemOf } from './node-session.ts'

export type JournalNeeds = {
  connect(anew: boolean, signal: AbortSignal): Promise<SshConnection>
  readonly clock: Clock
  /** Waits so many milliseconds. */
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

const firstPause = 500
const longestPause = 60_000

/**
 * The journal of a node as it grows. When the line is lost that is told, and when it is back the journal goes on after
 * the last entry that came: nothing twice, nothing left out. Rejects when the node has no journal.
 */
export async function* followJournal(
  filter: JournalFilter,
  { connect, clock, pause }: JournalNeeds,
  signal: AbortSignal,
): AsyncGenerator<JournalItem> {
  let cursor: string | null = null
  let begin = true
  let ownOnly = false
  let lostSince: number | null = null
  let failures = 0
  for (;;) {
    try {
      for await (const step of once(filter, cursor, await connect(failures > 0, signal), signal)) {
        failures = 0
        lostSince = null
        cursor = step.cursor ?? cursor
        ownOnly ||= step.ownOnly
        yield { begin, entries: step.entries, lost: null, ownOnly }
        begin = false
      }
      // It ended by itself: the node goes down, or somebody ended it.
      throw new AppError('connection-lost', 'edge.journalEnded')
    } catch (error) {
      signal.throwIfAborted()
      if (isCancelled(error) || !(error instanceof AppError)) throw error
      if (error.code === 'unsupported') throw error
      lostSince ??= clock.now()
      yield {
        begin,
        entries: [],
        lost: { since: new Date(lostSince).toISOString(), problem: problemOf(error) },
        ownOnly,
      }
      begin = false
      await pause(Math.min(longestPause, firstPause * 2 ** Math.min(failures++, 10)), signal)
    }
  }
}

type Step = { readonly entries: readonly JournalEntry[]; readonly cursor: string | null; readonly ownOnly: boolean }

async function* once(
  filter: JournalFilter,
  after: string | null,
  connection: SshConnection,
  signal: AbortSignal,
): AsyncGenerator<Step> {
  await using _line = connection
  await using process = await connection.exec('sh', signal)
  let errors = ''
  const complaining = (async () => {
    for await (const bytes of process.stderr) if (errors.length < 4096) errors += new TextDecoder().decode(bytes)
  })()
  // Who leaves is told by the output; what is left of the complaints is of no interest then.
  complaining.catch(() => {})
  await process.stdin.write(new TextEncoder().encode(journalScript(filter, after)))
  // Nothing may have been written yet that is wanted: that it follows is told all the same.
  let said = false
  const first = { entries: [], cursor: null, ownOnly: false }
  const lines = linesOf(process.stdout)
  if (after !== null) {
    said = true
    yield first
  }
  for await (const some of lines) {
    const read = some.flatMap(line => readJournalLine(line) ?? [])
    const entries = read.filter(entry => holdsText(entry, filter.text))
    if (entries.length === 0 && said) continue
    said = true
    yield { entries, cursor: read.at(-1)?.cursor ?? null, ownOnly: seesOwnOnly(errors) }
  }
  const exit = await process.exit
  await complaining
  if (exit.code === 127 || /not found/.test(errors))
    throw new AppError('unsupported', 'edge.noJournal', { host: connection.address })
  if (exit.code !== null && exit.code !== 0 && !said)
    throw new AppError('unsupported', 'edge.journalRefused', {
      host: connection.address,
      reason: errors.trim().split('\n').at(-1)?.slice(0, 300) ?? '',
    })
}
