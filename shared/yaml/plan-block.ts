import { isMap, isScalar, type YAMLMap, type YAMLSeq } from 'yaml'
import { type DocumentStyle, documentStyle, firstColumn, quoteStyleOf } from './document-style.ts'
import type { QuoteStyle } from './format-scalar.ts'
import { blockItem, blockPair, indent } from './format-value.ts'
import { attachedBottom, attachedTop, beginsLine, blockColumn, memberEnd, memberStart } from './node-extent.ts'
import type { YamlDocument } from './parse-yaml.ts'
import type { Splice } from './splice.ts'
import { columnOf, lineBreakAt, lineEnd, lineStart, nextLine } from './text-lines.ts'
import type { YamlValue } from './yaml-value.ts'

/** The style of new lines in one map: its own habits before those of the document. */
export function styleIn(yaml: YamlDocument, map: YAMLMap): DocumentStyle & { readonly keyQuotes: QuoteStyle } {
  const style = documentStyle(yaml)
  const own = firstColumn(yaml.text, map)
  const steps: number[] = []
  const quotes: QuoteStyle[] = []
  const keyQuotes: QuoteStyle[] = []
  for (const { key, value } of map.items) {
    if (isMap(value) && !value.flow && value.items.length > 0) steps.push(firstColumn(yaml.text, value) - own)
    const quoted = isScalar(value) && typeof value.value === 'string' ? quoteStyleOf(value) : undefined
    if (quoted) quotes.push(quoted)
    const keyQuoted = isScalar(key) ? quoteStyleOf(key) : undefined
    if (keyQuoted) keyQuotes.push(keyQuoted)
  }
  const siblings = mostFrequent(quotes)
  return {
    ...style,
    step: mostFrequent(steps.filter(step => step > 0)) ?? style.step,
    quotesOf: key => (style.knows(key) || siblings === undefined ? style.quotesOf(key) : siblings),
    keyQuotes: mostFrequent(keyQuotes) ?? 'plain',
  }
}

export function mostFrequent<T>(values: readonly T[]): T | undefined {
  const counts = new Map<T, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].reduce<[T, number] | undefined>(
    (best, one) => (best && best[1] >= one[1] ? best : one),
    undefined,
  )?.[0]
}

/** Ways to write a new pair of a block map, after the pair at `after`; -1 puts it first. */
export function planPair(yaml: YamlDocument, map: YAMLMap, after: number, key: string, value: YamlValue): Splice[][] {
  const style = styleIn(yaml, map)
  return withAndWithoutLiterals(style, value).map(one =>
    planLines(yaml.text, map, after, blockPair(key, value, one, style.keyQuotes)),
  )
}

/** Ways to write a new item of a block list, after the item at `after`; -1 puts it first. `key` is the list's own. */
export const planItem = (yaml: YamlDocument, list: YAMLSeq, after: number, value: YamlValue, key: string): Splice[][] =>
  withAndWithoutLiterals(documentStyle(yaml), value).map(one =>
    planLines(yaml.text, list, after, blockItem(value, one, key)),
  )

/** At the end of a file without a final line break a literal block would lose its last one: quotes do not. */
const withAndWithoutLiterals = (style: DocumentStyle, value: YamlValue): DocumentStyle[] =>
  hasLines(value) ? [style, { ...style, literals: false }] : [style]

const hasLines = (value: YamlValue): boolean =>
  typeof value === 'string'
    ? value.includes('\n')
    : typeof value === 'object' && value !== null && Object.values(value).some(hasLines)

function planLines(text: string, collection: YAMLMap | YAMLSeq, after: number, lines: readonly string[]): Splice[] {
  const column = blockColumn(text, collection)
  const indented = indent(lines, column)
  if (after >= 0) return [linesAfter(text, memberEnd(text, collection, after), column, indented)]
  const first = memberStart(collection, 0)
  const lineBreak = lineBreakAt(text, first)
  if (beginsLine(text, first)) {
    const top = attachedTop(text, first)
    return [{ start: top, end: top, text: indented.map(line => line + lineBreak).join('') }]
  }
  // `- name: x`: the first key stands on the dash's line, so the new one takes its place and sends it a line down.
  const [head = '', ...rest] = lines
  const body = [head, ...indent(rest, column), ' '.repeat(column)].join(lineBreak)
  return [{ start: first, end: first, text: body }]
}

/** New lines below whatever ends at `end`, its trailing comment and the comments inside it. */
function linesAfter(text: string, end: number, column: number, lines: readonly string[]): Splice {
  const lineBreak = lineBreakAt(text, Math.max(0, end - 1))
  if (end > 0 && text[end - 1] === '\n') return { start: end, end, text: lines.map(line => line + lineBreak).join('') }
  const at = lineEnd(text, attachedBottom(text, end, column))
  return { start: at, end: at, text: lines.map(line => lineBreak + line).join('') }
}

/** Takes a pair or item out of a block collection that keeps others, with its comments and at most one blank line. */
export function planRemoval(text: string, collection: YAMLMap | YAMLSeq, index: number, finish = false): Splice[] {
  const start = memberStart(collection, index)
  const column = columnOf(text, start)
  const end = memberEnd(text, collection, index)
  if (!beginsLine(text, start)) return [inlineRemoval(text, collection, index, start, end)]
  const isFirstOfDocument = column === 0 && index === 0
  const top = isFirstOfDocument ? lineStart(text, start) : attachedTop(text, start)
  const bottom = end > 0 && text[end - 1] === '\n' ? end : attachedBottom(text, end, column)
  return [removeLines(text, top, bottom, finish)]
}

/**
 * Removes whole lines, from the line start `top` to the line that holds `end`, and one blank line where two would meet.
 * `finish` lets a file that had no final line break have one: what comes last by then may need it.
 */
export function removeLines(text: string, top: number, end: number, finish = false): Splice {
  let start = top
  let stop = end > top && text[end - 1] === '\n' ? end : nextLine(text, end)
  const isBlank = (from: number, to: number) => from < to && text.slice(from, to).trim() === ''
  const above = start > 0 ? lineStart(text, start - 1) : 0
  const blankAbove = start === 0 || isBlank(above, start)
  const unfinished = stop >= text.length && text[stop - 1] !== '\n'
  if (stop < text.length) {
    const below = nextLine(text, stop)
    if (blankAbove && isBlank(stop, below)) stop = below
  } else if (blankAbove && start > 0) {
    start = above
  }
  // A file that ends without a line break goes on doing so.
  if (unfinished && start > 0 && !finish) start -= text[start - 2] === '\r' ? 2 : 1
  return { start, end: stop, text: '' }
}

/** The first member shares its line with a dash: the next member moves up to it. */
function inlineRemoval(text: string, collection: YAMLMap | YAMLSeq, index: number, start: number, end: number): Splice {
  const next = memberStart(collection, index + 1)
  if (!text.slice(lineEnd(text, end), next).includes('#')) return { start, end: next, text: '' }
  // Comments between the two stay: the dash keeps a line of its own.
  const dashEnd = text.slice(0, start).trimEnd().length
  return { start: dashEnd, end: lineEnd(text, end), text: '' }
}
