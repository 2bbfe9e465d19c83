/** Equal as plain JSON, whatever the order of keys; an absent key equals `undefined`. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  const [left, right] = [a as { [key: string]: unknown }, b as { [key: string]: unknown }]
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every(key => sameJson(left[key], right[key]))
}
