/**
 * Git's glob (wildmatch with WM_PATHNAME) as a regular expression over a whole path: `*` and `?` stop at a slash,
 * `**` between slashes matches any number of folders, `[…]` with POSIX classes.
 */
export function wildmatch(pattern: string, ignoreCase = false): RegExp {
  let source = ''
  for (let at = 0; at < pattern.length; at++) {
    const letter = pattern[at]!
    if (letter === '*') {
      let end = at
      while (pattern[end + 1] === '*') end++
      const alone =
        end > at && (at === 0 || pattern[at - 1] === '/') && (end + 1 === pattern.length || pattern[end + 1] === '/')
      if (!alone) source += '[^/]*'
      else if (end + 1 === pattern.length) source += '.*'
      else {
        source += '(?:.*/)?'
        end++
      }
      at = end
    } else if (letter === '?') source += '[^/]'
    else if (letter === '[') {
      const set = bracket(pattern, at)
      if (!set) return /(?!)/
      source += set.source
      at = set.end
    } else {
      if (letter === '\\' && at + 1 < pattern.length) at++
      source += pattern[at]!.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
    }
  }
  return new RegExp(`^${source}$`, ignoreCase ? 'isu' : 'su')
}

const classes: { readonly [name: string]: string } = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: ' \\t',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '!-\\/:-@\\[-`\\{-~',
  space: '\\s',
  upper: 'A-Z',
  xdigit: 'A-Fa-f0-9',
}

/** A bracket expression; null when it is not closed, and then the pattern matches nothing. */
function bracket(pattern: string, start: number): { source: string; end: number } | null {
  let at = start + 1
  const not = pattern[at] === '!' || pattern[at] === '^'
  if (not) at++
  let set = ''
  for (let first = true; ; first = false, at++) {
    let letter = pattern[at]
    if (letter === undefined) return null
    if (letter === ']' && !first) break
    if (letter === '[' && pattern[at + 1] === ':') {
      const end = pattern.indexOf(':]', at)
      const members = classes[pattern.slice(at + 2, end)]
      if (end === -1 || !members) return null
      set += members
      at = end + 1
      continue
    }
    if (letter === '\\') letter = pattern[++at]
    if (letter === undefined) return null
    if (pattern[at + 1] === '-' && pattern[at + 2] !== undefined && pattern[at + 2] !== ']') {
      at += 2
      const last = pattern[at] === '\\' ? pattern[++at] : pattern[at]
      if (last === undefined) return null
      // A range the wrong way round is empty, and a regular expression would refuse it.
      if (letter <= last) set += `${escapeLetter(letter)}-${escapeLetter(last)}`
    } else set += escapeLetter(letter)
  }
  if (set === '') return { source: not ? '[^/]' : '(?!)', end: at }
  return { source: not ? `[^/${set}]` : `(?!/)[${set}]`, end: at }
}

/** Inside of brackets, where the hyphen counts, too. */
const escapeLetter = (letter: string): string => letter.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&')
