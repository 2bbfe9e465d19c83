/** Edits (insert, delete, replace, swap of neighbours) from one word to another: optimal string alignment. */
export function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...Array<number>(b.length).fill(0)])
  for (let j = 0; j <= b.length; j++) rows[0]![j] = j
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2]![j - 2]! + 1 : replaced
      rows[i]![j] = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, replaced, swapped)
    }
  return rows[a.length]![b.length]!
}

/** The known word most like a mistyped one; null when none is like it. */
export function nearest(word: string, known: readonly string[]): string | null {
  const lower = word.toLowerCase()
  const close = known
    .map(candidate => ({ candidate, far: candidate.startsWith(lower) ? 0.5 : distance(lower, candidate) }))
    .filter(({ candidate, far }) => far <= Math.max(1, Math.floor(candidate.length / 3)))
  return close.sort((a, b) => a.far - b.far)[0]?.candidate ?? null
}
