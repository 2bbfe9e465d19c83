import { readFileSync, realpathSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'

/**
 * The object directories a clone reads from, its own first: `info/alternates` and, recursively, theirs
 * (gitrepository-layout). One that is gone is left out, as git does; what is missing is then named when it is read.
 */
export function objectDirectories(own: string): readonly string[] {
  const found: string[] = []
  const visit = (directory: string, depth: number): void => {
    let real: string
    try {
      real = realpathSync(directory)
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'ENOENT' || code === 'ENOTDIR') return
      throw error
    }
    // Git stops at the same depth.
    if (found.includes(real) || depth > 5) return
    found.push(real)
    for (const line of alternatesOf(real)) visit(isAbsolute(line) ? line : resolve(real, line), depth + 1)
  }
  visit(own, 0)
  return found
}

/** Lines of `info/alternates`; `#` begins a comment and a path with odd characters is quoted as in C. */
function alternatesOf(directory: string): readonly string[] {
  let text: string
  try {
    text = readFileSync(join(directory, 'info', 'alternates'), 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'ENOTDIR') return []
    throw error
  }
  return text
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('#'))
    .map(line => (line.startsWith('"') ? unquote(line) : line))
}

const escapes: { readonly [letter: string]: number } = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 }

/** Undoes git's C quoting (`"a\303\251.txt"`); the bytes are UTF-8. */
function unquote(line: string): string {
  const bytes: number[] = []
  const source = Buffer.from(line.replace(/^"|"$/g, ''), 'utf8').toString('latin1')
  for (let at = 0; at < source.length; at++) {
    if (source[at] !== '\\') {
      bytes.push(source.charCodeAt(at))
      continue
    }
    const octal = /^[0-7]{3}/.exec(source.slice(at + 1))
    if (octal) {
      bytes.push(Number.parseInt(octal[0], 8))
      at += 3
    } else {
      at++
      bytes.push(escapes[source[at] ?? ''] ?? source.charCodeAt(at))
    }
  }
  return Buffer.from(bytes).toString('utf8')
}
