import type { Ecosystem } from '../ecosystem.ts'
import { compareDigits, compareNumbers } from './compare-digits.ts'
import { compareMaven } from './compare-maven.ts'
import { comparePep440 } from './compare-pep440.ts'

/** Core numbers, pre-release identifiers and what follows a version that orders like SemVer 2.0. */
export type Semantic = { readonly numbers: readonly string[]; readonly pre: readonly string[]; readonly rest: string }

/**
 * Reads `v1.2.3-rc.1+build`, and the loose forms of it: one to four numbers, a leading `v` or `=`. Null when the text
 * does not begin with a number.
 */
export function readSemantic(version: string): Semantic | null {
  const match = /^[=v\s]*(\d+(?:\.\d+)*)(?:-([0-9A-Za-z.-]+))?(.*)$/.exec(version)
  if (!match) return null
  return { numbers: match[1]!.split('.'), pre: match[2]?.split('.') ?? [], rest: match[3]! }
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * The order of two versions that are numbers and dots alone, as nearly all in a graph are: that of the first numbers
 * that differ. Null for any others.
 */
function comparePlain(a: string, b: string): number | null {
  if (a.length > 40 || b.length > 40) return null
  let [i, j] = [a.charCodeAt(0) === 118 ? 1 : 0, b.charCodeAt(0) === 118 ? 1 : 0]
  let order = 0
  while (i < a.length || j < b.length) {
    let [x, y] = [0, 0]
    for (let digit = a.charCodeAt(i) - 48; i < a.length && digit !== -2; digit = a.charCodeAt(++i) - 48) {
      if (digit < 0 || digit > 9) return null
      x = x * 10 + digit
    }
    for (let digit = b.charCodeAt(j) - 48; j < b.length && digit !== -2; digit = b.charCodeAt(++j) - 48) {
      if (digit < 0 || digit > 9) return null
      y = y * 10 + digit
    }
    if (x > Number.MAX_SAFE_INTEGER || y > Number.MAX_SAFE_INTEGER) return null
    if (order === 0) order = x - y
    i += 1
    j += 1
  }
  return order
}

/** SemVer 2.0 precedence (§11), which Go's pseudo-versions keep. */
export function compareSemantic(a: string, b: string): number {
  const quick = comparePlain(a, b)
  if (quick !== null) return quick
  const [x, y] = [readSemantic(a), readSemantic(b)]
  if (!x || !y) return x ? 1 : y ? -1 : byText(a, b)
  const core = compareNumbers(x.numbers, y.numbers)
  if (core !== 0) return core
  if (x.pre.length === 0 || y.pre.length === 0) return y.pre.length - x.pre.length
  for (let i = 0; i < Math.max(x.pre.length, y.pre.length); i++) {
    const [p, q] = [x.pre[i], y.pre[i]]
    if (p === undefined || q === undefined) return p === undefined ? -1 : 1
    const [pDigits, qDigits] = [/^\d+$/.test(p), /^\d+$/.test(q)]
    const order = pDigits && qDigits ? compareDigits(p, q) : pDigits !== qDigits ? (pDigits ? -1 : 1) : byText(p, q)
    if (order !== 0) return order
  }
  return 0
}

/** Gem::Version: letters make a pre-release, and a segment of letters is before any number. */
function compareGem(a: string, b: string): number {
  const segments = (version: string): string[] => version.match(/\d+|[A-Za-z]+/g) ?? []
  const [x, y] = [segments(a), segments(b)]
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const [p, q] = [x[i] ?? '0', y[i] ?? '0']
    const [pDigits, qDigits] = [/^\d/.test(p), /^\d/.test(q)]
    const order = pDigits && qDigits ? compareDigits(p, q) : pDigits !== qDigits ? (pDigits ? 1 : -1) : byText(p, q)
    if (order !== 0) return order
  }
  return 0
}

/** A tag is numbers and a variant (`1.27-alpine`): only the numbers tell an order, and only within one variant. */
function compareTag(a: string, b: string): number {
  const [x, y] = [a, b].map(tag => readSemantic(tag.replace(/@sha256:.*$/, '')))
  return x && y ? compareSemantic(a.replace(/@.*$/, ''), b.replace(/@.*$/, '')) : 0
}

/** The order of two versions of one package in its ecosystem; 0 also where no order can be told. */
export function compareVersions(ecosystem: Ecosystem, a: string, b: string): number {
  if (a === b) return 0
  if (ecosystem === 'pypi') return comparePep440(a, b)
  if (ecosystem === 'maven') return compareMaven(a, b)
  if (ecosystem === 'gem') return compareGem(a, b)
  if (ecosystem === 'oci') return compareTag(a, b)
  return compareSemantic(a, b)
}
