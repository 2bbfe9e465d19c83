import { type Document, isCollection, isScalar, parseAllDocuments, Scalar, visit } from 'yaml'

type Options = NonNullable<Parameters<typeof parseAllDocuments>[1]>
type Span = { readonly start: number; readonly end: number; readonly comments: readonly (readonly [number, number])[] }

/**
 * Reads a stream as go-yaml does where that is more lenient than the standard: the lines of a quoted text, or of a list
 * or map in brackets, may stand at any column. Offsets are those of the text.
 *
 * The breaks inside of such values are read as spaces, which are as long; then the texts are folded as they are written.
 */
export function parseLoose(text: string, options: Options): Document.Parsed[] {
  const strict = documentsIn(text, options)
  if (strict.every(document => document.errors.length === 0)) return strict
  const spans = looseSpans(text)
  if (spans.length === 0) return strict
  const { lineCounter: _, ...rest } = options
  const loose = documentsIn(onOneLine(text, spans), rest)
  return loose.every(document => document.errors.length === 0) && restored(loose, spans, text) ? loose : strict
}

function documentsIn(text: string, options: Options): Document.Parsed[] {
  const documents = parseAllDocuments(text, options)
  return Array.isArray(documents) ? documents : []
}

const blockStart = /(?:^|[:-])[ \t]+(?:[!&]\S+[ \t]+)*[|>][-+0-9]*[ \t]*(?:#.*)?\r?$/
const opening = /^[ \t]*(?:-[ \t]+)*(?:(?:"[^"\n]*"|'[^'\n]*'|[^\s'"#[\]{},|>][^'"#\n]*?)[ \t]*:[ \t]+)?(?=['"[{])/

/** Values over several lines of which one does not stand further in than what they belong to. */
function looseSpans(text: string): Span[] {
  const spans: Span[] = []
  for (let at = 0; at < text.length; ) {
    const lineBreak = text.indexOf('\n', at)
    const end = lineBreak < 0 ? text.length : lineBreak
    const line = text.slice(at, end)
    at = end + 1
    if (blockStart.test(line)) {
      at = behindBlock(text, at, columnOf(line))
      continue
    }
    const lead = opening.exec(line)
    if (!lead) continue
    const start = end - line.length + lead[0].length
    const span = flowAt(text, start)
    if (!span) continue
    at = Math.max(at, text.indexOf('\n', span.end) + 1 || text.length)
    const inside = text.slice(start, span.end).split('\n').slice(1)
    const column = /^[ \t]*(?:-[ \t]+)*/.exec(line)![0].length
    if (inside.some(below => below.trim() !== '' && columnOf(below) <= column)) spans.push(span)
  }
  return spans
}

const columnOf = (line: string): number => line.length - line.trimStart().length

/** Where the first line begins that does not belong to a block of text. */
function behindBlock(text: string, from: number, column: number): number {
  let at = from
  while (at < text.length) {
    const lineBreak = text.indexOf('\n', at)
    const line = text.slice(at, lineBreak < 0 ? text.length : lineBreak)
    if (line.trim() !== '' && columnOf(line) <= column) return at
    at = lineBreak < 0 ? text.length : lineBreak + 1
  }
  return at
}

/** A value in quotes or brackets, to its end; null where it has none. */
function flowAt(text: string, start: number): Span | null {
  const comments: [number, number][] = []
  let depth = 0
  for (let at = start; at < text.length; ) {
    const char = text[at]!
    if ((char === '"' || char === "'") && (depth === 0 || /[\s,:[{]/.test(text[at - 1]!))) {
      at = behindQuoted(text, at)
      if (at < 0) return null
    } else if (char === '#' && /\s/.test(text[at - 1]!)) {
      const lineBreak = text.indexOf('\n', at)
      const end = lineBreak < 0 ? text.length : lineBreak
      comments.push([at, end])
      at = end
    } else {
      if (char === '[' || char === '{') depth += 1
      if (char === ']' || char === '}') depth -= 1
      at += 1
    }
    if (depth === 0) return { start, end: at, comments }
  }
  return null
}

function behindQuoted(text: string, start: number): number {
  const quote = text[start]!
  for (let at = start + 1; at < text.length; at += 1) {
    if (quote === '"' && text[at] === '\\') at += 1
    else if (text[at] === quote) {
      if (quote === '"' || text[at + 1] !== quote) return at + 1
      at += 1
    }
  }
  return -1
}

function onOneLine(text: string, spans: readonly Span[]): string {
  let result = ''
  let at = 0
  for (const { start, end, comments } of spans) {
    let value = text.slice(start, end)
    for (const [from, to] of comments)
      value = value.slice(0, from - start) + ' '.repeat(to - from) + value.slice(to - start)
    result += text.slice(at, start) + value.replace(/[\r\n]/g, ' ')
    at = end
  }
  return result + text.slice(at)
}

/** Gives texts inside of the spans what they say over their lines. False where a span is no value by itself. */
function restored(documents: readonly Document.Parsed[], spans: readonly Span[], text: string): boolean {
  const left = new Map(spans.map(({ start, end }) => [start, end]))
  for (const document of documents)
    visit(document, {
      Node: (_, node) => {
        const [start, end] = node.range ?? [0, 0]
        const isFlow = isCollection(node) ? node.flow === true : isScalar(node) && isQuoted(node)
        if (isFlow && left.get(start) === end) left.delete(start)
        const written = text.slice(start, end)
        if (!isScalar(node) || !written.includes('\n')) return
        if (isQuoted(node)) node.value = quotedText(written)
        else if (node.type === Scalar.PLAIN) node.value = folded(written)
      },
    })
  return left.size === 0
}

const isQuoted = ({ type }: Scalar): boolean => type === Scalar.QUOTE_SINGLE || type === Scalar.QUOTE_DOUBLE

/** By itself a quoted text may stand at any column. */
const quotedText = (written: string): unknown =>
  documentsIn(written, { schema: 'failsafe', logLevel: 'silent' })[0]?.toJS() ?? ''

const folded = (written: string): string =>
  written.replace(/[ \t]*\r?\n(?:[ \t]*\r?\n)*[ \t]*/g, breaks => {
    const count = breaks.split('\n').length - 1
    return count > 1 ? '\n'.repeat(count - 1) : ' '
  })
