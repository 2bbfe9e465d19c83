import { diffLines } from 'diff'

/**
 * Where lines of a text stood in the text before it, by 1-based number: null for a line that this change wrote. Two
 * texts too different to compare in half a second count as written anew.
 */
export function carryLines(
  before: string,
  after: string,
  lines: readonly number[],
): ReadonlyMap<number, number | null> {
  const carried = new Map<number, number | null>(lines.map(line => [line, null]))
  let [old, now] = [1, 1]
  for (const part of diffLines(before, after, { timeout: 500 }) ?? []) {
    if (part.removed) old += part.count
    else {
      if (!part.added)
        for (const line of lines) if (line >= now && line < now + part.count) carried.set(line, line - now + old)
      now += part.count
      if (!part.added) old += part.count
    }
  }
  return carried
}
