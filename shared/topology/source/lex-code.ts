import type { Language } from './classify-path.ts'

/** A text between quotes. Offsets count on the line of its start. */
export type Literal = { readonly value: string; readonly start: number; readonly end: number }
/** A line of code without its comments, and the texts that begin on it. */
export type CodeLine = { readonly line: number; readonly code: string; readonly literals: readonly Literal[] }

/**
 * Lines of a program with comments blanked and texts found: one pass that knows the quotes and comments of a family
 * of languages (C and its kin; Python and Ruby; shells), which is all that is asked of a hundred dialects. A text over
 * several lines counts where it begins; a text that stands alone as a statement (a docstring) is a comment.
 */
export function lexCode(text: string, language: Language): CodeLine[] {
  const lines: CodeLine[] = []
  let code = ''
  let literals: Literal[] = []
  let line = 1
  const finish = () => {
    if (code.trim() !== '') lines.push({ line, code, literals })
    code = ''
    literals = []
  }
  const hash = language !== 'c'
  let at = 0
  while (at < text.length) {
    const char = text[at]!
    if (char === '\n') {
      finish()
      line += 1
      at += 1
      continue
    }
    if (!hash && char === '/' && (text[at + 1] === '/' || text[at + 1] === '*')) {
      const block = text[at + 1] === '*'
      const end = text.indexOf(block ? '*/' : '\n', at + 2)
      const stop = end < 0 ? text.length : block ? end + 2 : end
      for (; at < stop; at += 1)
        if (text[at] === '\n') {
          finish()
          line += 1
        }
      continue
    }
    if (hash && char === '#' && (at === 0 || /[\s;(]/.test(text[at - 1]!))) {
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end
      continue
    }
    if (!hash && char === '/' && beginsPattern.test(code.slice(-16))) {
      const end = patternEnd(text, at)
      if (end > 0) {
        code += text.slice(at, end).replace(/["'`]/g, ' ')
        at = end
        continue
      }
    }
    if (char === '"' || char === "'" || (char === '`' && language === 'c')) {
      const triple = language !== 'shell' && char !== '`' && text.startsWith(char.repeat(3), at)
      const quote = triple ? char.repeat(3) : char
      const start = at + quote.length
      let end = start
      const long = triple || char === '`' || language === 'shell'
      while (end < text.length && !text.startsWith(quote, end)) {
        if (text[end] === '\n' && !long) break
        end += text[end] === '\\' && char !== '`' ? 2 : 1
      }
      // An apostrophe in running text, or a lifetime: no text at all.
      if (text[end] === '\n' || end > text.length || (end >= text.length && !long)) {
        code += char
        at += 1
        continue
      }
      const value = text.slice(start, Math.min(end, text.length))
      const shown = value.split('\n', 1)[0]!
      const alone = triple && code.trim() === ''
      const from = code.length
      if (!alone) {
        code += `${quote[0]}${shown}${quote[0]}`
        literals.push({ value, start: from, end: code.length })
      }
      const broken = value.split('\n').length - 1
      if (broken > 0) {
        const began = line
        // What follows the end of a long text belongs to the line it began on.
        const rest = text.indexOf('\n', end)
        const tail = text.slice(end + quote.length, rest < 0 ? text.length : rest)
        if (!/["'`]/.test(tail)) {
          code += tail
          at = rest < 0 ? text.length : rest
        } else at = end + quote.length
        if (code.trim() !== '') lines.push({ line: began, code, literals })
        code = ''
        literals = []
        line += broken
        continue
      }
      at = Math.min(end + quote.length, text.length)
      continue
    }
    code += char
    at += 1
  }
  finish()
  return lines
}

/** What stands before a slash that begins a pattern, and not a division. */
const beginsPattern = /(^|[=(,:[!&|?{};]|\breturn)\s*$/

/** Offset behind a pattern such as `/['"]/g`; 0 where none ends on its line. */
function patternEnd(text: string, start: number): number {
  let inClass = false
  for (let at = start + 1; at < text.length && text[at] !== '\n'; at += 1) {
    const char = text[at]
    if (char === '\\') at += 1
    else if (char === '[') inClass = true
    else if (char === ']') inClass = false
    else if (char === '/' && !inClass) return at + 1
  }
  return 0
}
