import { choicesOf, type JsonSchema, schemasBelow } from './json-schema.ts'

export type Completion = {
  readonly kind: 'key' | 'value'
  readonly label: string
  /** What is written; a key with what follows it. */
  readonly insert: string
  readonly about?: string
}

type Line = { readonly indent: number; readonly dash: boolean; readonly key?: string; readonly text: string }

/**
 * What may be written at a place of a YAML text, by its schema: keys that are not there yet, and the values a key may
 * have. The text need not be readable: where one is typing it rarely is. So the place is told by indentation alone.
 */
export function completionsAt(root: JsonSchema, text: string, line: number, column: number): readonly Completion[] {
  const lines = text.split(/\r?\n/)
  const before = (lines[line - 1] ?? '').slice(0, column - 1)
  if (/#/.test(before.replace(/(["']).*?\1/g, ''))) return []
  const valued = /^\s*(?:- +)*([\w.$/-]+):\s+(\S*)$/.exec(before)
  // Documents of one file stand apart.
  const start = lines.slice(0, line - 1).findLastIndex(one => /^---/.test(one)) + 1
  const above = lines.slice(start, line - 1)
  if (valued) {
    const path = [...pathTo(above, before), valued[1]!]
    return valuesOf(schemasAt(root, path))
  }
  if (!/^\s*(?:- +)*[\w.$/-]*$/.test(before) && before.trim() !== '-') return []
  const path = pathTo(above, before)
  const schemas = schemasAt(root, path)
  const there = siblings(lines, line - 1, start)
  const inList = /^\s*-\s/.test(before)
  const keys = schemas.flatMap(schema =>
    Object.entries(schema.properties ?? {}).flatMap(([key, below]): Completion[] =>
      there.has(key)
        ? []
        : [
            {
              kind: 'key',
              label: key,
              insert: `${key}:${after(below, root, column - 1 - /[\w.$/-]*$/.exec(before)![0].length)}`,
              ...(describe(below, root) && { about: describe(below, root)! }),
            },
          ],
    ),
  )
  return distinct([...keys, ...(inList ? valuesOf(schemas) : [])])
}

/** What follows a new key: a value on its line, or a line further in for what holds more. */
function after(schema: JsonSchema, root: JsonSchema, indent: number): string {
  const [first] = choicesOf(schema, root)
  const deeper = `\n${' '.repeat(indent + 2)}`
  if (first?.const !== undefined) return ` ${String(first.const)}`
  if (first?.type === 'object') return deeper
  return first?.type === 'array' ? `${deeper}- ` : ' '
}

const describe = (schema: JsonSchema, root: JsonSchema): string | undefined =>
  schema.description ?? choicesOf(schema, root)[0]?.description

function valuesOf(schemas: readonly JsonSchema[]): readonly Completion[] {
  return distinct(
    schemas.flatMap(schema => {
      const values =
        schema.const === undefined ? (schema.enum ?? (schema.type === 'boolean' ? [true, false] : [])) : [schema.const]
      return values.map(
        (value): Completion => ({
          kind: 'value',
          label: String(value),
          insert: String(value),
          ...(schema.description !== undefined && { about: schema.description }),
        }),
      )
    }),
  )
}

const distinct = (all: readonly Completion[]): readonly Completion[] => [
  ...new Map(all.map(one => [`${one.kind} ${one.label}`, one])).values(),
]

const schemasAt = (root: JsonSchema, path: readonly (string | number)[]): readonly JsonSchema[] =>
  path.reduce((schemas, step) => schemasBelow(schemas, step, root), choicesOf(root, root))

function read(text: string): Line {
  const indent = /^ */.exec(text)![0].length
  const dash = /^-(\s|$)/.test(text.slice(indent))
  const key = /^(?:- +)*["']?([\w.$/-]+)["']?\s*:(?=\s|$)/.exec(text.slice(indent))?.[1]
  return { indent, dash, text, ...(key !== undefined && { key }) }
}

const isEmpty = (text: string): boolean => text.trim() === '' || text.trim().startsWith('#')

/** Keys and positions that lead to the map or list a line stands in, from the lines above it. */
function pathTo(above: readonly string[], before: string): (string | number)[] {
  const path: (string | number)[] = []
  const own = read(before)
  let limit = own.indent
  // A line that begins an item stands in the item, and the item in a list.
  if (own.dash) path.unshift(0)
  let inItem = own.dash
  for (const text of [...above].reverse()) {
    if (isEmpty(text)) continue
    const line = read(text)
    const column = line.dash ? line.indent + 2 : line.indent
    if (line.dash && !inItem && column <= limit && line.indent < limit) {
      // The item this line is in; its own key stands beside us, unless we are further in.
      if (line.key !== undefined && column < limit) path.unshift(line.key)
      path.unshift(0)
      limit = line.indent
      inItem = true
    } else if (line.key !== undefined && !line.dash && (line.indent < limit || (inItem && line.indent === limit))) {
      path.unshift(line.key)
      limit = line.indent
      inItem = false
    } else if (line.dash && inItem && line.indent < limit) {
      // An item of a list around ours.
      if (line.key !== undefined) path.unshift(line.key)
      path.unshift(0)
      limit = line.indent
    }
    if (limit === 0 && !inItem) break
  }
  return path
}

/** Keys that stand in the same map as a line does, above and below it. */
function siblings(lines: readonly string[], at: number, start: number): ReadonlySet<string> {
  const own = read(lines[at] ?? '')
  const column = own.dash ? own.indent + 2 : own.indent
  const keys = new Set<string>()
  const walk = (from: number, step: 1 | -1) => {
    for (let index = from; index >= start && index < lines.length; index += step) {
      const text = lines[index]!
      if (/^---/.test(text)) return
      if (isEmpty(text)) continue
      const line = read(text)
      const place = line.dash ? line.indent + 2 : line.indent
      if (step === 1 && line.dash && line.indent < column) return
      if (place === column && line.key !== undefined) keys.add(line.key)
      if (place < column || (line.dash && place === column)) return
    }
  }
  if (!own.dash) walk(at - 1, -1)
  walk(at + 1, 1)
  return keys
}
