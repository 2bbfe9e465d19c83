/** Git's custom for a subject line; forges cut longer ones in their lists. */
export const titleLimit = 72

/** Characters as a person counts them (an emoji or an accented letter is one), and whether a list would cut them. */
export function titleLength(title: string): { readonly count: number; readonly tooLong: boolean } {
  const count = [...new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(title.trim())].length
  return { count, tooLong: count > titleLimit }
}
