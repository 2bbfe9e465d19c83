/**
 * The items of a list that are not in another, by identity. Neither list holds an object twice. Of graphs made one after
 * the other most is the same at the same place, and only what stands between is looked at.
 */
export function withoutSame<Item extends object>(items: readonly Item[], others: readonly Item[]): readonly Item[] {
  if (items === others) return []
  const most = Math.min(items.length, others.length)
  let start = 0
  while (start < most && items[start] === others[start]) start += 1
  let end = 0
  while (end < most - start && items[items.length - 1 - end] === others[others.length - 1 - end]) end += 1
  const same = new Set(others.slice(start, others.length - end))
  return items.slice(start, items.length - end).filter(item => !same.has(item))
}
