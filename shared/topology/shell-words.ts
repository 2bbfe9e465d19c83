/** A word of a shell script, quotes removed, with the 0-based line it starts on. Operators are words of their own. */
export type ShellWord = { readonly text: string; readonly line: number }

/**
 * Splits a script into words: enough of sh's grammar to see who is called with what (quotes, escapes, comments,
 * operators). Substitutions stay in the text.
 */
export function shellWords(script: string): ShellWord[] {
  const words: ShellWord[] = []
  let word: string | null = null
  let line = 0
  let start = 0
  let quote: '"' | "'" | null = null
  const push = () => {
    if (word !== null) words.push({ text: word, line: start })
    word = null
  }
  const append = (text: string) => {
    if (word === null) {
      word = ''
      start = line
    }
    word += text
  }
  for (let at = 0; at < script.length; at += 1) {
    const char = script[at]!
    if (quote) {
      if (char === quote) quote = null
      else if (char === '\\' && quote === '"' && /["\\$`\n]/.test(script[at + 1] ?? '')) {
        at += 1
        if (script[at] !== '\n') append(script[at]!)
      } else append(char)
      if (script[at] === '\n') line += 1
      continue
    }
    if (char === '"' || char === "'") {
      quote = char
      append('')
    } else if (char === '\\') {
      at += 1
      if (script[at] === '\n') line += 1
      else if (at < script.length) append(script[at]!)
    } else if (char === '#' && word === null) {
      while (at < script.length && script[at] !== '\n') at += 1
      at -= 1
    } else if (char === '\n') {
      push()
      words.push({ text: ';', line })
      line += 1
    } else if (char === ' ' || char === '\t' || char === '\r') push()
    else if (char === '$' && script[at + 1] === '(') {
      // A command substitution runs a command of its own.
      push()
      words.push({ text: '(', line })
      at += 1
    } else if (/[;|&<>()`]/.test(char)) {
      push()
      const double = script[at + 1] === char && /[;|&]/.test(char)
      words.push({ text: char === '`' || char === ')' ? ';' : double ? char + char : char, line })
      if (double) at += 1
    } else append(char)
  }
  push()
  return words
}
