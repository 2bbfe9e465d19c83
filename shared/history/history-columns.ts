import {
  type DecisionKind,
  type DecisionLink,
  type DecisionRelation,
  type DecisionSummary,
  decisionKinds,
  decisionRelations,
} from '../decisions/decision.ts'
import type { RecordedGate } from '../gate/gate.ts'

const kinds: readonly (DecisionKind | 'commit')[] = ['commit', ...decisionKinds]
const gates: readonly (RecordedGate | null)[] = [null, 'pass', 'warn', 'waived']
/** Between the fields of one entry; Git allows it in no name, and in a message nobody types it. */
const between = '\u001f'
/** Between the items of one field whose items may hold anything else. */
const item = '\u001e'
/** Around each service in the text that is searched, so that a whole name can be asked for. */
export const bracket = '\u001d'
const format = 'pilothouse history 2\n'
/** In front of an id in the text that is searched: the entry's own, or of one that it speaks of. Nobody types these. */
const ownMark = '\u0001'
const markOf = (relation: DecisionRelation): string => String.fromCharCode(2 + decisionRelations.indexOf(relation))

/** Every entry that takes back or takes the place of another has one of these among its words. */
export const endingMarks: readonly string[] = [markOf('reverts'), markOf('supersedes')]

/** What to look for among the words to find the decision of an id. */
export const ownNeedle = (id: string): string => `${ownMark}${id}${bracket}`
/** What to look for among the words to find what speaks of a decision by this id, commit or path. */
export const linkNeedle = (link: DecisionLink): string => `${markOf(link.relation)}${link.target}${bracket}`

/**
 * A stretch of history, newest first, as columns: a hundred thousand commits are a few arrays and two texts, read from
 * disk and searched without making an object of each.
 */
export type HistoryColumns = {
  readonly count: number
  /** The commit it begins with, and where it ends: nothing, or what the next stretch begins with. */
  readonly tip: string
  /** Twenty bytes a commit. */
  readonly oids: Uint8Array
  /** Author's time, in seconds since the epoch. */
  readonly times: Float64Array
  readonly kinds: Uint8Array
  readonly gates: Uint8Array
  /** Of each entry in `fields`, in bytes; one more than there are entries. */
  readonly fieldStarts: Uint32Array
  /** What an entry shows, as UTF-8. */
  readonly fields: Uint8Array
  /** Of each entry in `words`, in UTF-16 units; one more than there are entries. */
  readonly wordStarts: Uint32Array
  /** What an entry is found by, in lower case. */
  readonly words: string
}

/** Collects commits, newest first, and makes columns of them. */
export class ColumnsBuilder {
  readonly #oids: string[] = []
  readonly #times: number[] = []
  readonly #kinds: number[] = []
  readonly #gates: number[] = []
  readonly #fieldStarts: number[] = [0]
  readonly #wordStarts: number[] = [0]
  readonly #encoder = new TextEncoder()
  #fields = new Uint8Array(1 << 16)
  #words: string[] = []
  #wordEnd = 0

  add(summary: DecisionSummary): void {
    const { author } = summary
    this.#oids.push(summary.id)
    this.#times.push(author.time)
    this.#kinds.push(kinds.indexOf(summary.kind))
    this.#gates.push(gates.indexOf(summary.gate))
    const fields = [
      summary.title,
      summary.why,
      author.name,
      author.email,
      author.offset,
      summary.parents.join(' '),
      summary.decisionId ?? '',
      summary.services.join(','),
      summary.record ?? '',
      summary.changeSet ?? '',
      (summary.links ?? []).map(({ relation, target }) => `${relation} ${target}`).join(item),
    ].join(between)
    this.#fieldStarts.push(this.#encode(fields))
    const services = summary.services.length === 0 ? '' : `${bracket}${summary.services.join(bracket)}${bracket}`
    const own = summary.decisionId === null ? '' : ownNeedle(summary.decisionId)
    const ids = `${own}${(summary.links ?? []).map(linkNeedle).join('')}`
    const words =
      `${summary.title}\n${summary.why}\n${author.name} ${author.email}\n${services}\n${ids}\n`.toLowerCase()
    this.#words.push(words)
    this.#wordEnd += words.length
    this.#wordStarts.push(this.#wordEnd)
  }

  #encode(text: string): number {
    const at = this.#fieldStarts.at(-1)!
    if (this.#fields.length - at < text.length * 3) {
      const room = new Uint8Array(Math.max(this.#fields.length * 2, at + text.length * 3))
      room.set(this.#fields.subarray(0, at))
      this.#fields = room
    }
    return at + this.#encoder.encodeInto(text, this.#fields.subarray(at)).written
  }

  get count(): number {
    return this.#oids.length
  }

  columns(tip: string): HistoryColumns {
    const oids = new Uint8Array(this.count * 20)
    for (const [index, oid] of this.#oids.entries()) writeHex(oid, oids, index * 20)
    return {
      count: this.count,
      tip,
      oids,
      times: Float64Array.from(this.#times),
      kinds: Uint8Array.from(this.#kinds),
      gates: Uint8Array.from(this.#gates),
      fieldStarts: Uint32Array.from(this.#fieldStarts),
      fields: this.#fields.slice(0, this.#fieldStarts.at(-1)),
      wordStarts: Uint32Array.from(this.#wordStarts),
      words: this.#words.join(''),
    }
  }
}

/** What the log shows of an entry. Dependencies are not kept here: they are in the record. */
export function summaryAt(columns: HistoryColumns, index: number): DecisionSummary {
  const { fields, fieldStarts } = columns
  const [title, why, name, email, offset, parents, decisionId, services, record, changeSet, links] = new TextDecoder()
    .decode(fields.subarray(fieldStarts[index], fieldStarts[index + 1]))
    .split(between) as [string, string, string, string, string, string, string, string, string, string, string]
  return {
    id: oidAt(columns, index),
    decisionId: decisionId || null,
    title,
    why,
    kind: kinds[columns.kinds[index]!]!,
    author: { name, email, time: columns.times[index]!, offset: Number(offset) },
    parents: parents === '' ? [] : parents.split(' '),
    services: services === '' ? [] : services.split(','),
    gate: gates[columns.gates[index]!]!,
    record: record || null,
    changeSet: changeSet || null,
    dependencies: [],
    ...(links !== '' && { links: links.split(item).map(readLink) }),
  }
}

function readLink(text: string): DecisionLink {
  const space = text.indexOf(' ')
  return { relation: text.slice(0, space) as DecisionRelation, target: text.slice(space + 1) }
}

export const kindNumber = (kind: DecisionKind | 'commit'): number => kinds.indexOf(kind)
export const gateNumber = (gate: RecordedGate): number => gates.indexOf(gate)

export function oidAt({ oids }: HistoryColumns, index: number): string {
  let oid = ''
  for (let at = index * 20; at < index * 20 + 20; at++) oid += hex[oids[at]!]
  return oid
}

/** Where a commit stands; -1 when it is not in this stretch. */
export function indexOfOid({ oids, count }: HistoryColumns, oid: string): number {
  const wanted = new Uint8Array(20)
  writeHex(oid, wanted, 0)
  search: for (let index = 0; index < count; index++) {
    const at = index * 20
    for (let byte = 0; byte < 20; byte++) if (oids[at + byte] !== wanted[byte]) continue search
    return index
  }
  return -1
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Value of a hexadecimal digit in lower case. */
const digit = (code: number): number => (code < 58 ? code - 48 : code - 87)

function writeHex(oid: string, into: Uint8Array, at: number): void {
  for (let byte = 0; byte < 20; byte++)
    into[at + byte] = (digit(oid.charCodeAt(byte * 2)) << 4) | digit(oid.charCodeAt(byte * 2 + 1))
}

/** The columns as parts of a file: a line of JSON that says how long each is, then their bytes. */
export function encodeColumns(columns: HistoryColumns): readonly Uint8Array[] {
  const bytes = (view: Float64Array | Uint32Array): Uint8Array =>
    new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
  const words = new TextEncoder().encode(columns.words)
  const parts = [
    bytes(columns.times),
    bytes(columns.fieldStarts),
    bytes(columns.wordStarts),
    columns.oids,
    columns.kinds,
    columns.gates,
    columns.fields,
    words,
  ]
  const lengths = parts.map(part => part.byteLength)
  const head = `${format}${JSON.stringify({ count: columns.count, tip: columns.tip, lengths })}\n`
  // The numbers behind it begin at a multiple of eight.
  const padded = head.slice(0, -1).padEnd(Math.ceil(head.length / 8) * 8 - 1)
  return [new TextEncoder().encode(`${padded}\n`), ...parts]
}

/** Reads what {@link encodeColumns} wrote; null for a file of another version, or one that was cut short. */
export function decodeColumns(file: Uint8Array): HistoryColumns | null {
  const text = new TextDecoder().decode(file.subarray(0, 4096))
  if (!text.startsWith(format)) return null
  const end = text.indexOf('\n', format.length)
  if (end < 0) return null
  const { count, tip, lengths } = JSON.parse(text.slice(format.length, end)) as {
    count: number
    tip: string
    lengths: readonly number[]
  }
  if (file.length !== end + 1 + lengths.reduce((sum, length) => sum + length, 0)) return null
  // Views of numbers need their alignment, which a file read into the middle of a buffer does not have.
  const whole = file.byteOffset % 8 === 0 ? file : Uint8Array.from(file)
  let at = end + 1
  const next = (index: number): Uint8Array => {
    const from = at
    at += lengths[index]!
    return whole.subarray(from, at)
  }
  const times = next(0)
  const fieldStarts = next(1)
  const wordStarts = next(2)
  const numbers = (view: Uint8Array) => new Uint32Array(view.buffer, view.byteOffset, view.byteLength / 4)
  return {
    count,
    tip,
    times: new Float64Array(times.buffer, times.byteOffset, times.byteLength / 8),
    fieldStarts: numbers(fieldStarts),
    wordStarts: numbers(wordStarts),
    oids: next(3),
    kinds: next(4),
    gates: next(5),
    fields: next(6),
    words: new TextDecoder().decode(next(7)),
  }
}

/** The entry that a place in the words belongs to, at or behind `from`. */
export function entryAt(starts: Uint32Array, at: number, from: number): number {
  let low = from
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if (starts[middle]! <= at) low = middle
    else high = middle - 1
  }
  return low
}
