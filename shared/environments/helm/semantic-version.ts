import { GoObject, TemplateError, type Value } from './value.ts'

export type Version = {
  readonly major: number
  readonly minor: number
  readonly patch: number
  readonly prerelease: string
  readonly metadata: string
  readonly original: string
}

const versionText =
  /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$/

/** Reads a version as Masterminds/semver does: `v` in front and missing parts are allowed. */
export function readVersion(text: string): Version {
  const match = versionText.exec(text)
  if (!match) throw new TemplateError('helm.badVersion', { version: text })
  return {
    major: Number(match[1]),
    minor: Number(match[2] ?? 0),
    patch: Number(match[3] ?? 0),
    prerelease: match[4] ?? '',
    metadata: match[5] ?? '',
    original: text,
  }
}

/** Below zero when `a` comes before `b`. Precedence of semver.org, 11. */
export function compareVersions(a: Version, b: Version): number {
  const numbers = a.major - b.major || a.minor - b.minor || a.patch - b.patch
  if (numbers !== 0) return numbers
  if (a.prerelease === b.prerelease) return 0
  if (a.prerelease === '') return 1
  if (b.prerelease === '') return -1
  const left = a.prerelease.split('.')
  const right = b.prerelease.split('.')
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const l = left[index]
    const r = right[index]
    if (l === undefined) return -1
    if (r === undefined) return 1
    if (l === r) continue
    const isNumberL = /^\d+$/.test(l)
    const isNumberR = /^\d+$/.test(r)
    if (isNumberL && isNumberR) return Number(l) - Number(r)
    if (isNumberL !== isNumberR) return isNumberL ? -1 : 1
    return l < r ? -1 : 1
  }
  return 0
}

const constraintText =
  /^(=|==|!=|>|<|>=|=>|<=|=<|~|~>|\^)?\s*v?([0-9]+|[xX*])(?:\.([0-9]+|[xX*]))?(?:\.([0-9]+|[xX*]))?(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/
const operatorFirst = /((?:=|==|!=|>|<|>=|=>|<=|=<|~|~>|\^)?\s*v?[0-9xX*][0-9A-Za-z.*+-]*)/g

/** Masterminds/semver: `,` and spaces join, `||` parts; a prerelease fits only a constraint that names one. */
export function fitsConstraint(constraint: string, version: Version): boolean {
  return constraint.split('||').some(part => {
    const ranged = part.replace(/(\S+)\s+-\s+(\S+)/g, '>=$1 <=$2').trim()
    const pieces = ranged.match(operatorFirst) ?? []
    if (pieces.length === 0 || ranged.replace(operatorFirst, '').replace(/[\s,]/g, '') !== '')
      throw new TemplateError('helm.badVersion', { version: constraint })
    return pieces.every(piece => fitsOne(piece.trim(), version))
  })
}

function fitsOne(piece: string, version: Version): boolean {
  const match = constraintText.exec(piece)
  if (!match) throw new TemplateError('helm.badVersion', { version: piece })
  const loose = (part: string | undefined) => part === undefined || /^[xX*]$/.test(part)
  const [anyMajor, anyMinor, anyPatch] = [loose(match[2]), loose(match[3]), loose(match[4])]
  const prerelease = match[5] ?? ''
  const bound: Version = {
    major: anyMajor ? 0 : Number(match[2]),
    minor: anyMajor || anyMinor ? 0 : Number(match[3]),
    patch: anyMajor || anyMinor || anyPatch ? 0 : Number(match[4]),
    prerelease,
    metadata: '',
    original: piece,
  }
  const dirty = anyMajor || anyMinor || anyPatch
  if (version.prerelease !== '' && prerelease === '' && match[1] !== '!=') return false
  const order = compareVersions(version, bound)
  const sameMinor = version.major === bound.major && version.minor === bound.minor
  switch (match[1] ?? '') {
    case '!=':
      if (!dirty) return order !== 0
      if (version.prerelease !== '' && prerelease === '') return false
      return !(anyMajor || (version.major === bound.major && (anyMinor || version.minor === bound.minor)))
    case '>':
      if (!dirty) return order > 0
      if (version.major !== bound.major) return !anyMajor && version.major > bound.major
      return !anyMinor && version.minor > bound.minor
    case '<':
      return order < 0
    case '>=':
    case '=>':
      return order >= 0
    case '<=':
    case '=<':
      if (!dirty) return order <= 0
      if (version.major !== bound.major) return anyMajor || version.major < bound.major
      return anyMinor || version.minor <= bound.minor
    case '^':
      if (order < 0) return false
      if (anyMajor) return true
      if (bound.major > 0 || anyMinor) return version.major === bound.major
      if (version.major !== 0) return false
      if (bound.minor > 0 || anyPatch) return version.minor === bound.minor
      return version.minor === 0 && version.patch === bound.patch
    case '~':
    case '~>':
      if (order < 0) return false
      return anyMajor || (version.major === bound.major && (anyMinor || sameMinor))
    default:
      if (!dirty) return order === 0
      return order >= 0 && (anyMajor || (version.major === bound.major && (anyMinor || sameMinor)))
  }
}

/** What Sprig's `semver` gives. */
export function versionObject(text: string): GoObject {
  const version = readVersion(text)
  const plain = `${version.major}.${version.minor}.${version.patch}${version.prerelease && `-${version.prerelease}`}${version.metadata && `+${version.metadata}`}`
  const parts: [string, Value][] = [
    ['Major', BigInt(version.major)],
    ['Minor', BigInt(version.minor)],
    ['Patch', BigInt(version.patch)],
    ['Prerelease', version.prerelease],
    ['Metadata', version.metadata],
    ['Original', version.original],
    ['String', plain],
  ]
  const other = (value: Value | undefined) => readVersion(value instanceof GoObject ? value.text : String(value))
  return new GoObject({
    type: '*semver.Version',
    text: plain,
    methods: new Map<string, (args: readonly Value[]) => Value>([
      ...parts.map(([name, value]): [string, () => Value] => [name, () => value]),
      ['Compare', args => BigInt(Math.sign(compareVersions(version, other(args[0]))))],
      ['LessThan', args => compareVersions(version, other(args[0])) < 0],
      ['GreaterThan', args => compareVersions(version, other(args[0])) > 0],
      ['Equal', args => compareVersions(version, other(args[0])) === 0],
    ]),
  })
}
