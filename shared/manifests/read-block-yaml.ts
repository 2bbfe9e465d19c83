import { resolvePlain } from '../yaml/resolve-plain.ts'
import type { Json } from './manifest.ts'
import { type Place, type Positions, positionsFrom, put } from './plain-value.ts'

/** A document as plain values, with where each stands. */
export type BlockDocument = { readonly value: Json; readonly positions: Positions }

/**
 * The documents of a YAML text that keeps to how nearly all manifests are written: block maps and lists, values on one
 * line, literal blocks, comments. Null for a text with anything else in it, which the full parser then reads; this
 * takes a tenth of its time.
 *
 * Decision: two readers, of which this one may only answer what the other would answer, to the offset.
 * Because: parsing is most of what it takes to infer a graph, and the full parser spends it on syntax trees that
 * nothing here needs.
 * Price: what is unusual is read twice; and a test holds the two together over every file it can find.
 */
export function readBlockYaml(text: string): BlockDocument[] | null {
  // Tabs, returns and other marks, directives, texts behind a document's start, templates.
  if (/[^\n\u0020-\u007e\u00a1-\u1fff\u2030-\ud7ff\ue000-\ufefe]|\{\{|^(%|\.\.\.)|^---.*\S/m.test(text)) return null
  return new BlockReader(text).documents()
}

/** What has no place in this reader. */
const unusual = Symbol('unusual')

type Entry = { readonly value: Json; readonly place: Place }

const keyPattern = /([A-Za-z0-9_][A-Za-z0-9_./-]*):(?= |$)/my
const plainStart = /[A-Za-z0-9_./$(+~^=;<\u00a1-\ud7ff\ue000-\ufefe]/
const flowItem = / *(?:"([^"\\\n]*)"|'([^'\n]*)'|([A-Za-z0-9_./=-]+)) *(,|\])/y

class BlockReader {
  readonly #text: string
  /** Where the line starts that is read now, and its first letter that is no space; -1 at the end. */
  #line = 0
  #at = 0

  constructor(text: string) {
    this.#text = text
    this.#settle(0)
  }

  documents(): BlockDocument[] | null {
    const documents: BlockDocument[] = []
    try {
      while (this.#at >= 0) {
        if (this.#isMarker()) {
          this.#next()
          continue
        }
        if (this.#indent() !== 0) throw unusual
        const { value, place } = this.#map(0)
        if (this.#at >= 0 && !this.#isMarker()) throw unusual
        documents.push({ value, positions: positionsFrom(place) })
      }
    } catch (reason) {
      if (reason === unusual) return null
      throw reason
    }
    return documents
  }

  /** Goes to the first line from here on that says something. */
  #settle(from: number): void {
    const text = this.#text
    let line = from
    while (line < text.length) {
      let at = line
      while (text.charCodeAt(at) === 32) at++
      const code = text.charCodeAt(at)
      if (at < text.length && code !== 10 && code !== 35) {
        this.#line = line
        this.#at = at
        return
      }
      const end = text.indexOf('\n', at)
      line = end < 0 ? text.length : end + 1
    }
    this.#line = text.length
    this.#at = -1
  }

  #next(): void {
    const end = this.#text.indexOf('\n', this.#at)
    this.#settle(end < 0 ? this.#text.length : end + 1)
  }

  #indent(): number {
    return this.#at < 0 ? -1 : this.#at - this.#line
  }

  #isMarker(): boolean {
    return this.#at >= 0 && this.#at === this.#line && this.#text.startsWith('---', this.#at)
  }

  #isItem(): boolean {
    if (this.#at < 0 || this.#text.charCodeAt(this.#at) !== 45) return false
    const after = this.#text.charCodeAt(this.#at + 1)
    return after === 32 || after === 10 || Number.isNaN(after)
  }

  /** A map whose keys stand at this column. The first stands where the reader is, maybe behind a dash. */
  #map(column: number, from = this.#at): Entry {
    const values: Record<string, Json> = {}
    const items = new Map<string, Place>()
    let key = this.#keyAt(from)
    if (key === null) throw unusual
    for (let at = from; key !== null; ) {
      const name = String(plainValue(key) ?? 'null')
      const { value, place } = this.#valueAfter(at, at + key.length + 1, column)
      put(values, name, value)
      items.set(name, place)
      if (this.#indent() !== column || this.#isMarker() || (this.#isItem() && column === this.#indent())) break
      at = this.#at
      key = this.#keyAt(at)
      if (key === null) throw unusual
    }
    return { value: values, place: { at: from, items } }
  }

  #keyAt(at: number): string | null {
    keyPattern.lastIndex = at
    return keyPattern.exec(this.#text)?.[1] ?? null
  }

  /** What stands behind a key's colon, or below it. Leaves the reader on the line after. */
  #valueAfter(key: number, colon: number, column: number): Entry {
    const start = this.#skipSpaces(colon)
    if (!this.#isLineEnd(start)) {
      const entry = this.#inline(start, column)
      return entry.value === '' ? { value: '', place: { at: key } } : entry
    }
    this.#next()
    const indent = this.#indent()
    if (this.#at >= 0 && !this.#isMarker()) {
      if (this.#isItem() && indent >= column) return this.#list(indent)
      if (indent > column) return this.#map(indent)
    }
    return { value: null, place: { at: key } }
  }

  #list(column: number): Entry {
    const values: Json[] = []
    const items: Place[] = []
    const at = this.#at
    while (this.#isItem() && this.#indent() === column && !this.#isMarker()) {
      const start = this.#skipSpaces(this.#at + 1)
      if (this.#isLineEnd(start)) throw unusual
      const inner = start - this.#line
      const isNested = this.#text.charCodeAt(start) === 45 && this.#text.charCodeAt(start + 1) === 32
      if (isNested) throw unusual
      const entry = this.#keyAt(start) === null ? this.#inline(start, column) : this.#map(inner, start)
      values.push(entry.value)
      items.push(entry.place)
    }
    // A line further in belongs to nothing; one further out is its parents'.
    if (this.#indent() > column) throw unusual
    return { value: values, place: { at, items } }
  }

  /** A value that begins on this line. What follows it must not stand further in than what holds it. */
  #inline(start: number, column: number): Entry {
    const text = this.#text
    const first = text[start]!
    if (first === '|') return this.#literal(start, column)
    let entry: Entry
    let end: number
    if (first === '"' || first === "'") {
      end = text.indexOf(first, start + 1)
      const content = text.slice(start + 1, end)
      if (end < 0 || content.includes('\n') || (first === '"' && content.includes('\\'))) throw unusual
      // Two quotes in a row are one that is meant.
      if (first === "'" && text[end + 1] === "'") throw unusual
      entry = { value: content, place: { at: start } }
      end += 1
    } else if (first === '{') {
      if (text[start + 1] !== '}') throw unusual
      entry = { value: {}, place: { at: start, items: new Map() } }
      end = start + 2
    } else if (first === '[') {
      const list = this.#flowList(start)
      entry = list.entry
      end = list.end
    } else {
      const line = text.indexOf('\n', start)
      let content = line < 0 ? text.slice(start) : text.slice(start, line)
      const comment = content.indexOf(' #')
      if (comment >= 0) content = content.slice(0, comment)
      content = content.trimEnd()
      const isNumber = first === '-' && /^-[^\s-]/.test(content)
      const isFlag = first === '-' && /^--[A-Za-z]/.test(content)
      if (!(plainStart.test(first) || isNumber || isFlag) || /:( |$)/.test(content)) throw unusual
      entry = { value: plainValue(content), place: { at: start } }
      end = start + content.length
    }
    if (!this.#isLineEnd(this.#skipSpaces(end), end)) throw unusual
    this.#next()
    if (this.#indent() > column && !this.#isMarker()) throw unusual
    return entry
  }

  /** `["sh", '-c', run]` on one line. */
  #flowList(start: number): { readonly entry: Entry; readonly end: number } {
    const values: Json[] = []
    const items: Place[] = []
    const entry = { value: values, place: { at: start, items } }
    let at = this.#skipSpaces(start + 1)
    if (this.#text[at] === ']') return { entry, end: at + 1 }
    while (true) {
      flowItem.lastIndex = at
      const found = flowItem.exec(this.#text)
      if (!found) throw unusual
      const [whole, double, single, plain, after] = found
      if (plain !== undefined && /^-+$/.test(plain)) throw unusual
      const place = at + whole.search(/[^ ]/)
      values.push(plain === undefined ? (double ?? single ?? '') : plainValue(plain))
      items.push({ at: place })
      at += whole.length
      if (after === ']') return { entry, end: at }
      at = this.#skipSpaces(at)
      // A comma before the end is one too many for some.
      if (this.#text[at] === ']') throw unusual
    }
  }

  /** `|` and its lines, whose indentation is that of the first. */
  #literal(start: number, column: number): Entry {
    const text = this.#text
    const keep = text[start + 1] === '-' ? 'strip' : 'clip'
    const header = keep === 'strip' ? start + 2 : start + 1
    if (text[header] !== '\n') throw unusual
    const lines: string[] = []
    let indent = -1
    let line = header + 1
    while (line < text.length) {
      let at = line
      while (text.charCodeAt(at) === 32) at++
      const end = text.indexOf('\n', at)
      if (end < 0) throw unusual
      const depth = at - line
      if (at === end) {
        // Spaces alone are a line too, where they are more than the others have.
        if (depth > 0 && (indent < 0 || depth > indent)) throw unusual
        lines.push('')
      } else {
        if (indent < 0) {
          if (depth <= column) break
          indent = depth
        }
        if (depth < indent) {
          if (depth > column) throw unusual
          break
        }
        lines.push(text.slice(line + indent, end))
      }
      line = end + 1
    }
    if (indent < 0) throw unusual
    while (lines.at(-1) === '') lines.pop()
    const value = lines.join('\n') + (keep === 'clip' ? '\n' : '')
    this.#settle(line)
    if (this.#indent() > column) throw unusual
    return { value, place: { at: start, block: true } }
  }

  #skipSpaces(at: number): number {
    let to = at
    while (this.#text.charCodeAt(to) === 32) to++
    return to
  }

  /** The end of a line, or a comment; one needs a space before it. */
  #isLineEnd(at: number, after = -1): boolean {
    const code = this.#text.charCodeAt(at)
    return Number.isNaN(code) || code === 10 || (code === 35 && at > after)
  }
}

/** A plain text as kubectl takes it. */
function plainValue(text: string): Json {
  const value = resolvePlain(text)
  return typeof value === 'bigint' ? Number(value) : value
}
