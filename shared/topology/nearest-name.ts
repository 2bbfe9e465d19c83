/**
 * The known name a person most likely meant: one that differs in at most a third of its letters (two at least), or
 * that only adds or drops a part (`cart` for `cart-service`). Undefined when nothing is near, or two are equally so.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Number.POSITIVE_INFINITY
  let tied = false
  const limit = Math.max(2, Math.floor(name.length / 3))
  const plain = plainly(name)
  for (const candidate of known) {
    if (candidate === name) continue
    const part =
      candidate.startsWith(`${name}-`) ||
      name.startsWith(`${candidate}-`) ||
      // Only the first letters are sure to stay.
      (candidate[0] === name[0] && plainly(candidate) === plain)
    if (!part && Math.abs(candidate.length - name.length) > limit) continue
    const distance = part ? 1 : editDistance(name, candidate, limit)
    if (distance > limit || distance >= Math.min(name.length, candidate.length)) continue
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
      tied = false
    } else if (distance === bestDistance) tied = true
  }
  return tied ? undefined : best
}

/** Without separators and a trailing `s` or `service`. */
const plainly = (name: string): string =>
  name
    .replace(/[-_.]/g, '')
    .replace(/(service|svc)$/, '')
    .replace(/s$/, '')

/** Levenshtein distance, given up above the limit. */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1
  const row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const letter = a.charCodeAt(i - 1)
    let diagonal = row[0]!
    let left = i
    let least = i
    row[0] = i
    for (let j = 1; j <= b.length; j += 1) {
      const above = row[j]!
      const change = diagonal + (letter === b.charCodeAt(j - 1) ? 0 : 1)
      left = Math.min(change, above + 1, left + 1)
      diagonal = above
      row[j] = left
      if (left < least) least = left
    }
    if (least > limit) return limit + 1
  }
  return row[b.length]!
}
