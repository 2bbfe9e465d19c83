import { wildmatch } from '../files/wildmatch.ts'

/** True: set, false: unset (`-name`), text: a value. Absent: not specified. */
export type AttributeValue = boolean | string
export type PathAttributes = ReadonlyMap<string, AttributeValue>

/** One line of a `.gitattributes` file. Null takes back what lines before it said (`!name`). */
type AttributeRule = {
  readonly matches: (path: string, name: string) => boolean
  readonly values: readonly (readonly [name: string, value: AttributeValue | null])[]
}
/** One file; `folder` is where it lies, `''` for the root. */
export type AttributeFile = {
  readonly folder: string
  readonly rules: readonly AttributeRule[]
  readonly macros: ReadonlyMap<string, AttributeRule['values']>
}

/** Reads a `.gitattributes` file (gitattributes). Lines that make no sense are passed over, as git does with a warning. */
export function parseAttributes(text: string, folder: string, ignoreCase: boolean): AttributeFile {
  const rules: AttributeRule[] = []
  const macros = new Map<string, AttributeRule['values']>()
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const trimmed = line.trim()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const match = /^("(?:[^"\\]|\\.)*"|\S+)(?:\s+(.*))?$/s.exec(trimmed)
    if (!match) continue
    const values = (match[2] ?? '')
      .split(/\s+/)
      .filter(word => word !== '')
      .map(parseValue)
    const pattern = match[1]!.startsWith('"') ? match[1]!.slice(1, -1).replace(/\\(.)/g, '$1') : match[1]!
    if (pattern.startsWith('[attr]')) macros.set(pattern.slice(6), values)
    // Git refuses negative patterns here, and one that ends in a slash matches folders, which have no attributes.
    else if (!pattern.startsWith('!') && !pattern.endsWith('/'))
      rules.push({ matches: matcher(pattern, ignoreCase), values })
  }
  return { folder, rules, macros }
}

function parseValue(word: string): readonly [string, AttributeValue | null] {
  if (word.startsWith('-')) return [word.slice(1), false]
  if (word.startsWith('!')) return [word.slice(1), null]
  const equals = word.indexOf('=')
  return equals === -1 ? [word, true] : [word.slice(0, equals), word.slice(equals + 1)]
}

function matcher(pattern: string, ignoreCase: boolean): (path: string, name: string) => boolean {
  const glob = wildmatch(pattern.replace(/^\//, ''), ignoreCase)
  return pattern.includes('/') ? path => glob.test(path) : (_path, name) => glob.test(name)
}

const builtIn: ReadonlyMap<string, AttributeRule['values']> = new Map([
  [
    'binary',
    [
      ['diff', false],
      ['merge', false],
      ['text', false],
    ],
  ],
])

/** Attributes of a path; `files` in the order git reads them, the last one wins. */
export function attributesOf(path: string, files: readonly AttributeFile[]): PathAttributes {
  const macros = new Map(builtIn)
  for (const file of files) for (const [name, values] of file.macros) macros.set(name, values)
  const found = new Map<string, AttributeValue>()
  const set = (values: AttributeRule['values'], depth: number): void => {
    for (const [name, value] of values) {
      if (value === null) found.delete(name)
      else found.set(name, value)
      const macro = value === true && depth < 8 ? macros.get(name) : undefined
      if (macro) set(macro, depth + 1)
    }
  }
  const name = path.slice(path.lastIndexOf('/') + 1)
  for (const file of files) {
    const start = file.folder === '' ? '' : `${file.folder}/`
    if (!path.startsWith(start)) continue
    const below = path.slice(start.length)
    for (const rule of file.rules) if (rule.matches(below, name)) set(rule.values, 0)
  }
  return found
}
