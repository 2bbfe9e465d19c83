export type Trailer = { readonly key: string; readonly value: string }

const trailerLine = /^([A-Za-z0-9-]+)\s*:\s*(.*)$/

/**
 * Splits a commit message as `git interpret-trailers --parse` does: the last paragraph counts when every line of it is
 * a trailer or continues one, or when it holds a trailer Git itself writes and at least a quarter of it are trailers.
 * The subject is never a trailer block.
 */
export function splitTrailers(message: string): { text: string; trailers: readonly Trailer[] } {
  const lines = (message.includes('\r') ? message.replaceAll('\r\n', '\n') : message).trimEnd().split('\n')
  let start = lines.length
  while (start > 0 && lines[start - 1]!.trim() !== '') start--
  if (start === 0) return { text: lines.join('\n'), trailers: [] }
  const trailers: { key: string; value: string }[] = []
  let other = 0
  let own = false
  for (const line of lines.slice(start)) {
    const match = trailerLine.exec(line)
    if (/^\s/.test(line) && trailers.length > 0) trailers.at(-1)!.value += ` ${line.trim()}`
    else if (match) {
      trailers.push({ key: match[1]!, value: match[2]!.trim() })
      if (/^signed-off-by$/i.test(match[1]!)) own = true
    } else if (line.startsWith('(cherry picked from commit ')) own = true
    else other++
  }
  const counts = trailers.length > 0 && (other === 0 || (own && trailers.length * 3 >= other))
  if (!counts) return { text: lines.join('\n'), trailers: [] }
  return { text: lines.slice(0, start).join('\n').replace(/\s+$/, ''), trailers }
}

/** The value of a trailer; the last one wins, keys without regard to case. */
export const trailer = (trailers: readonly Trailer[], key: string): string | null =>
  trailers.findLast(t => t.key.toLowerCase() === key.toLowerCase())?.value ?? null
