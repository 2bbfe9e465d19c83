import { compareDigits } from './compare-digits.ts'

/** Known qualifiers in their order; any other word comes after `sp`. The empty one is the release. */
const qualifiers = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp']
const short: { readonly [word: string]: string } = { a: 'alpha', b: 'beta', m: 'milestone' }
const same: { readonly [word: string]: string } = { ga: '', final: '', release: '', cr: 'rc' }

type Token = { readonly separator: string; readonly text: string }

/**
 * Maven's tokens: split at `.`, `-`, `_` and between digits and letters (which counts as a hyphen); what means nothing
 * (`0`, `final`) is trimmed before a hyphen and at the end.
 */
function tokens(version: string): Token[] {
  const found: Token[] = []
  let separator = '.'
  for (const [index, part] of version
    .toLowerCase()
    .split(/([.\-_])|(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)/)
    .filter(part => part !== undefined)
    .entries()) {
    if (/^[.\-_]$/.test(part)) {
      separator = part === '.' ? '.' : '-'
      continue
    }
    found.push({ separator: index === 0 ? '' : separator, text: part === '' ? '0' : part })
    separator = '-'
  }
  const named = found.map(({ separator, text }, index) => {
    const next = found[index + 1]
    const word = next && /^\d/.test(next.text) && next.separator === '-' ? (short[text] ?? text) : text
    return { separator, text: same[word] ?? word }
  })
  const kept: Token[] = []
  for (const token of named) {
    if (token.separator === '-') trim(kept)
    kept.push(token)
  }
  trim(kept)
  return kept
}

function trim(tokens: Token[]): void {
  while (tokens.length > 1 && /^(0*|)$/.test(tokens.at(-1)!.text)) tokens.pop()
}

/** Numbers after a hyphen come before those after a dot, and words before both. */
function rank(token: Token): number {
  if (!/^\d/.test(token.text)) return 0
  return token.separator === '-' ? 1 : 2
}

function compareTokens(a: Token, b: Token): number {
  const [x, y] = [rank(a), rank(b)]
  if (x !== y) return x - y
  if (x > 0) return compareDigits(a.text, b.text)
  const [p, q] = [qualifiers.indexOf(a.text), qualifiers.indexOf(b.text)]
  if (p < 0 && q < 0) return a.text < b.text ? -1 : a.text > b.text ? 1 : 0
  return (p < 0 ? qualifiers.length : p) - (q < 0 ? qualifiers.length : q)
}

/** The order of Maven's ComparableVersion (https://maven.apache.org/pom.html#version-order-specification). */
export function compareMaven(a: string, b: string): number {
  const [x, y] = [tokens(a), tokens(b)]
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const [p, q] = [x[i], y[i]]
    const order = compareTokens(p ?? padding(q!), q ?? padding(p!))
    if (order !== 0) return order
  }
  return 0
}

/** What stands where the shorter version has ended: nothing, of the other's kind. */
const padding = ({ separator, text }: Token): Token => ({ separator, text: /^\d/.test(text) ? '0' : '' })
