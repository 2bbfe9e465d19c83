/**
 * JSON with sorted keys in which each item of a list stands on a line of its own, so that two snapshots differ in as
 * few lines as they differ in items. `undefined` members are left out. Ends with a line feed.
 *
 * The text of an item is kept with it, since two decisions on a large graph share nearly all of theirs: an item that
 * was printed must not be changed in place.
 */
export function canonicalJson(value: unknown): string {
  return `${open(value, '')}\n`
}

/** One line, sorted keys: what a change-set is hashed over. */
export function compactJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  let text = ''
  if (Array.isArray(value)) {
    for (const item of value) text += text === '' ? compactJson(item) : `,${compactJson(item)}`
    return `[${text}]`
  }
  const members = value as Members
  for (const key of keysOf(members)) {
    const member = `${quoted(key)}:${compactJson(members[key])}`
    text += text === '' ? member : `,${member}`
  }
  return `{${text}}`
}

function open(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const inner = `${indent}  `
  if (Array.isArray(value))
    return value.length === 0 ? '[]' : `[\n${value.map(item => inner + itemText(item)).join(',\n')}\n${indent}]`
  const members = value as Members
  const lines = keysOf(members).map(key => `${inner}${quoted(key)}: ${open(members[key], inner)}`)
  return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`
}

function itemText(item: unknown): string {
  if (typeof item !== 'object' || item === null) return compactJson(item)
  let text = printed.get(item)
  if (text === undefined) {
    text = compactJson(item)
    printed.set(item, text)
  }
  return text
}
const printed = new WeakMap<object, string>()

type Members = { readonly [key: string]: unknown }

/** Names of members that have a value, sorted by code unit. */
const keysOf = (value: Members): string[] =>
  Object.keys(value)
    .filter(key => value[key] !== undefined)
    .sort()

/** A key as JSON; there are few of them, written many times. */
function quoted(key: string): string {
  let text = keys.get(key)
  if (text === undefined) {
    text = JSON.stringify(key)
    if (keys.size < 10_000) keys.set(key, text)
  }
  return text
}
const keys = new Map<string, string>()
