/**
 * JSON with sorted keys in which each item of a list stands on a line of its own, so that two snapshots differ in as
 * few lines as they differ in items. `undefined` members are left out. Ends with a line feed.
 */
export function canonicalJson(value: unknown): string {
  return `${open(value, '')}\n`
}

/** One line, sorted keys: what a change-set is hashed over. */
export function compactJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(compactJson).join(',')}]`
  if (value !== null && typeof value === 'object') {
    const members = entries(value).map(([key, item]) => `${JSON.stringify(key)}:${compactJson(item)}`)
    return `{${members.join(',')}}`
  }
  return JSON.stringify(value)
}

function open(value: unknown, indent: string): string {
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    if (value.length === 0) return '[]'
    return `[\n${value.map(item => inner + compactJson(item)).join(',\n')}\n${indent}]`
  }
  if (value !== null && typeof value === 'object') {
    const members = entries(value)
    if (members.length === 0) return '{}'
    return `{\n${members.map(([key, item]) => `${inner}${JSON.stringify(key)}: ${open(item, inner)}`).join(',\n')}\n${indent}}`
  }
  return JSON.stringify(value)
}

const entries = (value: object): [string, unknown][] =>
  Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
