import { AppError } from '../../../../shared/errors.ts'

/** One line of a configuration. `key` is `section.name` or `section.Sub.name`: only the subsection keeps its case. */
export type ConfigEntry = {
  readonly key: string
  /** Null for a name without `=`, which means true. */
  readonly value: string | null
}

/** Reads git's configuration syntax (git-config, "Syntax"). Rejects with the file and line that git would refuse, too. */
export function parseConfig(text: string, file: string): readonly ConfigEntry[] {
  const entries: ConfigEntry[] = []
  let at = text.startsWith('\uFEFF') ? 1 : 0
  let line = 1
  let section = ''
  const fail = (): never => {
    throw new AppError('invalid-input', 'git.configBroken', { file, line })
  }
  const skipLine = (): void => {
    while (at < text.length && text[at] !== '\n') at++
  }
  while (at < text.length) {
    const letter = text[at]!
    if (letter === '\n') {
      line++
      at++
    } else if (/\s/.test(letter)) at++
    else if (letter === '#' || letter === ';') skipLine()
    else if (letter === '[') {
      const header = /\[([A-Za-z0-9.-]+)(?:[ \t]+"((?:[^"\\\n]|\\[^\n])*)")?[ \t]*\]/y
      header.lastIndex = at
      const match = header.exec(text)
      if (!match) return fail()
      section = match[1]!.toLowerCase()
      if (match[2] !== undefined) section += `.${match[2].replace(/\\(.)/g, '$1')}`
      at = header.lastIndex
    } else {
      const name = /([A-Za-z][A-Za-z0-9-]*)[ \t]*/y
      name.lastIndex = at
      const match = name.exec(text)
      if (!match || section === '') return fail()
      at = name.lastIndex
      const key = `${section}.${match[1]!.toLowerCase()}`
      if (text[at] !== '=') {
        if (at < text.length && !/[\r\n#;]/.test(text[at]!)) return fail()
        entries.push({ key, value: null })
        skipLine()
        continue
      }
      at++
      let value = ''
      let quoted = false
      // Spaces count only between words or in quotes.
      let spaces = ''
      for (;;) {
        const next = text[at]
        if (next === undefined || next === '\n' || (next === '\r' && text[at + 1] === '\n')) {
          if (quoted) return fail()
          break
        }
        at++
        if (next === '\\') {
          const escaped = text[at++]
          if (escaped === '\n' || (escaped === '\r' && text[at] === '\n')) {
            if (escaped === '\r') at++
            line++
            continue
          }
          const letter = escaped === undefined ? undefined : escapes[escaped]
          if (letter === undefined) return fail()
          value += spaces + letter
          spaces = ''
        } else if (next === '"') {
          quoted = !quoted
          value += spaces
          spaces = ''
        } else if (!quoted && (next === '#' || next === ';')) {
          skipLine()
          break
        } else if (!quoted && (next === ' ' || next === '\t')) {
          if (value !== '') spaces += next
        } else {
          value += spaces + next
          spaces = ''
        }
      }
      entries.push({ key, value })
    }
  }
  return entries
}

const escapes: { readonly [letter: string]: string } = { '\\': '\\', '"': '"', n: '\n', t: '\t', b: '\b' }

/** `Section.Sub.Name` as `parseConfig` writes keys. */
export function canonicalKey(key: string): string {
  const first = key.indexOf('.')
  const last = key.lastIndexOf('.')
  if (first === -1) return key.toLowerCase()
  return key.slice(0, first).toLowerCase() + key.slice(first, last) + key.slice(last).toLowerCase()
}

/** Git's reading of a boolean: null (a bare name) is true. Undefined when it is none. */
export function parseBoolean(value: string | null): boolean | undefined {
  if (value === null) return true
  const text = value.toLowerCase()
  if (text === 'true' || text === 'yes' || text === 'on') return true
  if (text === 'false' || text === 'no' || text === 'off' || text === '') return false
  return /^[-+]?\d+[kmg]?$/.test(text) ? Number.parseInt(text, 10) !== 0 : undefined
}
