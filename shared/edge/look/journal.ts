import { plainText } from '../plain-text.ts'
import { leashedScript } from '../script.ts'

/** Syslog's severities, worst first: their place is their number. */
export const priorities = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const
export type Priority = (typeof priorities)[number]

/** Which lines of a journal are wanted. */
export type JournalFilter = {
  readonly unit?: string | undefined
  /** This and worse. */
  readonly priority?: Priority | undefined
  /** Somewhere in the message, the unit or the program; case does not matter. */
  readonly text?: string | undefined
  /** Since the node was started. */
  readonly boot?: boolean | undefined
}

export type JournalEntry = {
  /** Where it stands in that journal: from here it goes on after a lost line. */
  readonly cursor: string
  /** Milliseconds since the epoch, by the node's clock. */
  readonly time: number
  readonly priority: Priority
  readonly unit: string | null
  readonly program: string | null
  readonly process: number | null
  /** Lines in it are kept. */
  readonly message: string
}

/** Entries from before that are shown at first; with a text more are looked through, as few of them hold it. */
const [earlier, earlierWithText] = [300, 5000]

/** Follows the journal for as long as its standard input is open. One JSON object a line, as `journalctl -o json` writes. */
export const journalScript = ({ unit, priority, text, boot }: JournalFilter, after: string | null): string =>
  leashedScript([
    'journalctl',
    '--no-pager',
    '--output=json',
    '--output-fields=MESSAGE,PRIORITY,_SYSTEMD_UNIT,UNIT,SYSLOG_IDENTIFIER,_COMM,_PID',
    '--follow',
    ...(after === null ? [`--lines=${text ? earlierWithText : earlier}`] : [`--after-cursor=${after}`, '--lines=all']),
    ...(boot ? ['--boot'] : []),
    ...(unit === undefined ? [] : [`--unit=${unit}`]),
    ...(priority === undefined ? [] : [`--priority=${priorities.indexOf(priority)}`]),
  ])

/** Null: no entry (a hint, a marker, half a line). */
export function readJournalLine(line: string): JournalEntry | null {
  if (!line.startsWith('{')) return null
  let fields: Readonly<Record<string, unknown>>
  try {
    fields = JSON.parse(line)
  } catch {
    // A line that is no JSON is not the journal's.
    return null
  }
  const cursor = textOf(fields['__CURSOR'])
  const time = Number(textOf(fields['__REALTIME_TIMESTAMP'])) / 1000
  if (cursor === null || !/^[\w;=-]{1,400}$/.test(cursor) || !Number.isFinite(time)) return null
  const name = (field: string) => {
    const text = textOf(fields[field])
    return text === null || text === '' ? null : plainText(text, 256)
  }
  const process = Number(name('_PID') ?? Number.NaN)
  return {
    cursor,
    time: Math.round(time),
    priority: priorities[Number(name('PRIORITY') ?? '6')] ?? 'info',
    unit: name('UNIT') ?? name('_SYSTEMD_UNIT'),
    program: name('SYSLOG_IDENTIFIER') ?? name('_COMM'),
    process: Number.isSafeInteger(process) ? process : null,
    message: (textOf(fields['MESSAGE']) ?? '')
      .trimEnd()
      .split('\n', 100)
      .map(part => plainText(part.replace(/\r$/, '')))
      .join('\n'),
  }
}

/** A field's text: what is no UTF-8 comes as bytes, what is there twice as a list, what is too long as null. */
function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return null
  if (value.every(part => Number.isInteger(part) && part >= 0 && part < 256))
    return new TextDecoder().decode(Uint8Array.from(value))
  return value.map(textOf).find(text => text !== null) ?? null
}

export function holdsText(entry: JournalEntry, text: string | undefined): boolean {
  if (!text) return true
  const wanted = text.toLowerCase()
  return [entry.message, entry.unit, entry.program].some(part => part?.toLowerCase().includes(wanted))
}

/** What `journalctl` says on standard error when it shows a person's own messages alone. */
export const seesOwnOnly = (errors: string): boolean => /not seeing messages from other users/i.test(errors)
