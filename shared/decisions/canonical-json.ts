/**
 * JSON with sorted keys in which each item of a list stands on a line of its own, so that two snapshots differ in as
 * few lines as they differ in items. `undefined` members are left out. Ends with a line feed.
 *
 * The text of an item is kept with it, and that of a long list, since two decisions on a large graph share nearly all
 * of theirs: what was printed must not be changed in place.
 */
export function canonicalJson(value: unknown): string {
  const pieces: string[] = []
  open(pieces, value, '\n')
  pieces.push('\n')
  // Once for all: text put together bit by bit is copied again for every bit.
  return pieces.join('')
}

/** One line, sorted keys: what a change-set is hashed over. */
export function compactJson(value: unknown): string {
  const pieces: string[] = []
  put(pieces, value)
  return pieces.join('')
}

function put(pieces: string[], value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    pieces.push(JSON.stringify(value) ?? 'null')
    return
  }
  let before = ''
  if (Array.isArray(value)) {
    pieces.push('[')
    for (const item of value) {
      pieces.push(before)
      put(pieces, item)
      before = ','
    }
    pieces.push(']')
    return
  }
  const members = value as Members
  pieces.push('{')
  for (const key of keysOf(members)) {
    pieces.push(before, quoted(key), ':')
    put(pieces, members[key])
    before = ','
  }
  pieces.push('}')
}

/** `line` is a line feed with the indentation of what is being printed. */
function open(pieces: string[], value: unknown, line: string): void {
  if (typeof value !== 'object' || value === null) {
    pieces.push(JSON.stringify(value) ?? 'null')
    return
  }
  const inner = `${line}  `
  let before = inner
  if (Array.isArray(value)) {
    pieces.push(listText(value, line))
    return
  }
  const members = value as Members
  const keys = keysOf(members)
  if (keys.length === 0) {
    pieces.push('{}')
    return
  }
  pieces.push('{')
  for (const key of keys) {
    pieces.push(before, quoted(key), ': ')
    open(pieces, members[key], inner)
    before = `,${inner}`
  }
  pieces.push(line, '}')
}

function listText(items: readonly unknown[], line: string): string {
  if (items.length === 0) return '[]'
  const known = printedLists.get(items)
  if (known?.line === line) return known.text
  const inner = `${line}  `
  const text = `[${inner}${items.map(itemText).join(`,${inner}`)}${line}]`
  if (items.length > 100) printedLists.set(items, { line, text })
  return text
}
const printedLists = new WeakMap<readonly unknown[], { readonly line: string; readonly text: string }>()

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
