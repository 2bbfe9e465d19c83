/**
 * The known name a person most likely meant: one that differs in at most a third of its letters (two at least), or
 * that only adds or drops a part (`cart` for `cart-service`). Undefined when nothing is near, or two are equally so.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined
  let bestDistance = Number.POSITIVE_INFINITY
  let tied = false
  const limit = Math.max(2, Math.floor(name.length / 3))
  for (const candidate of known) {
    if (candidate === name) continue
    const part =
      plainly(candidate) === plainly(name) || candidate.startsWith(`${name}-`) || name.startsWith(`${candidate}-`)
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
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i]
    let least = i
    for (let j = 1; j <= b.length; j += 1) {
      const change = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      const value = Math.min(change, previous[j]! + 1, current[j - 1]! + 1)
      current.push(value)
      least = Math.min(least, value)
    }
    if (least > limit) return limit + 1
    previous = current
  }
  return previous[b.length]!
}
