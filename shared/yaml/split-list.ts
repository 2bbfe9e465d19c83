import type { DocumentSpan } from './split-documents.ts'
import { indentOf } from './text-lines.ts'

/** Smaller documents are read whole: it costs less than it saves. */
const smallestSplit = 24_000

/** An anchor or alias would tie one item to another; a tab might stand for indentation. */
const tied = /(?:^|[\s[{,:-])[&*][A-Za-z0-9_]|^\s*\t/m

/**
 * Cuts the items of a large `kind: List` apart, so that one of them can be read and changed without the others: the
 * spans of the lines of each item, in the document's own text. Null where the text is not plainly such a list; the
 * document is then read whole.
 *
 * Sound, because in block style an item ends where a line stands no further in than its dash, whatever is in it; a
 * quoted or bracketed text that runs on over such a line is an error when the item is read alone.
 */
export function splitList(text: string): readonly DocumentSpan[] | null {
  if (text.length < smallestSplit || !/^kind: +["']?\w*List["']? *\r?$/m.test(text)) return null
  const head = /^items: *\r?\n/m.exec(text)
  if (!head || tied.test(text)) return null
  const spans: DocumentSpan[] = []
  let column = -1
  let start = -1
  let at = head.index + head[0].length
  while (at < text.length) {
    const end = text.indexOf('\n', at)
    const next = end < 0 ? text.length : end + 1
    const line = text.slice(at, next)
    const content = line.trimStart()
    if (content !== '' && !content.startsWith('#')) {
      const indent = indentOf(line)
      if (column < 0) {
        if (!/^- /.test(content)) return null
        column = indent
      }
      if (indent < column || (indent === column && !/^-(?:\s|$)/.test(content))) {
        if (indent > 0 || /^(?:---|\.\.\.)/.test(content)) return null
        break
      }
      if (indent === column) {
        if (start >= 0) spans.push({ start, end: at })
        start = at
      }
    }
    at = next
  }
  if (start < 0) return null
  spans.push({ start, end: at })
  return spans
}
