/** One YAML document of a stream, with the marker, directives and comments that come before it. */
export type DocumentSpan = { readonly start: number; readonly end: number }

const marker = /^---(?=[ \t\r\n]|$)/
const ended = /^\.\.\.(?=[ \t\r\n]|$)/

/**
 * Cuts a stream where its documents begin. A line that starts with `---` or `...` is a marker wherever it stands (YAML
 * 1.2, c-forbidden), so no parser is needed and one document can be read, changed and read again without the others.
 * Every character is in exactly one span, but for a byte order mark at the start.
 */
export function splitDocuments(text: string): readonly DocumentSpan[] {
  const spans: DocumentSpan[] = []
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0
  /** `open`: nothing but comments, blanks and directives so far. `begun`: has a marker or content. `closed`: after `...`. */
  let state: 'open' | 'begun' | 'closed' = 'open'
  let closedAt = start
  let at = start
  while (at < text.length) {
    const end = text.indexOf('\n', at)
    const next = end < 0 ? text.length : end + 1
    const first = text.charCodeAt(at)
    if (first === 45 && marker.test(text.slice(at, at + 4))) {
      if (state === 'begun') {
        spans.push({ start, end: at })
        start = at
      } else if (state === 'closed') {
        // What stands between `...` and `---` (comments, directives) belongs to the document that begins.
        spans.push({ start, end: closedAt })
        start = closedAt
      }
      state = 'begun'
    } else if (first === 46 && ended.test(text.slice(at, at + 4))) {
      state = 'closed'
      closedAt = next
    } else if (state !== 'begun') {
      const line = text.slice(at, next).trimStart()
      const blank = line === '' || line.startsWith('#') || (first === 37 && line.startsWith('%'))
      if (!blank) {
        if (state === 'closed') {
          spans.push({ start, end: closedAt })
          start = closedAt
        }
        state = 'begun'
      }
    }
    at = next
  }
  spans.push({ start, end: text.length })
  return spans
}
