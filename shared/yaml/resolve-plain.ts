const booleans: { readonly [source: string]: boolean } = Object.fromEntries([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(source => [source, true]),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(source => [source, false]),
])
const nulls = new Set(['', '~', 'null', 'Null', 'NULL'])
const infinities: { readonly [source: string]: number } = Object.fromEntries(
  ['.inf', '.Inf', '.INF'].flatMap(source => [
    [source, Number.POSITIVE_INFINITY],
    [`+${source}`, Number.POSITIVE_INFINITY],
    [`-${source}`, Number.NEGATIVE_INFINITY],
  ]),
)
const notANumber = new Set(['.nan', '.NaN', '.NAN'])
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/
const integer = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/
const timestamp =
  /^\d{4}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+)\d\d?:\d\d?:\d\d?(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?)?$/
/** `.`, `-.`, `1_0.` and `E0` are numbers to some readers of YAML 1.1. */
const looseFloat = /^[-+]?[0-9_]*(?:\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)$/
const sexagesimal = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/

/**
 * What kubectl reads where a plain (unquoted) scalar stands: the rules of go-yaml 2 inside sigs.k8s.io/yaml, which
 * are those of YAML 1.1 without base-60 numbers and with dates left as text. (resolve.go)
 */
export function resolvePlain(source: string): string | number | bigint | boolean | null {
  if (nulls.has(source)) return null
  if (Object.hasOwn(booleans, source)) return booleans[source]!
  const first = source.charCodeAt(0)
  const isDigit = first >= 48 && first <= 57
  if (!isDigit && first !== 43 && first !== 45 && first !== 46) return source
  if (Object.hasOwn(infinities, source)) return infinities[source]!
  if (notANumber.has(source)) return Number.NaN
  if (first === 46) return float.test(source) ? Number(source) : source
  if (timestamp.test(source)) return source
  const plain = source.replaceAll('_', '')
  const whole = integer.exec(plain)
  if (whole) {
    const digits = whole[2]!
    const magnitude = /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits)
    const value = whole[1] === '-' ? -magnitude : magnitude
    if (value >= -(2n ** 63n) && value < 2n ** 64n) {
      return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value
    }
  }
  return float.test(plain) ? Number(plain) : source
}

/**
 * True when every reader in use (go-yaml 2 and 3, YAML 1.1 and 1.2) takes the plain text for a string. Stricter than
 * kubectl alone: base-60 numbers, dates and `=` are other things to some of them.
 */
export const isPlainString = (source: string): boolean =>
  typeof resolvePlain(source) === 'string' &&
  !timestamp.test(source) &&
  !sexagesimal.test(source) &&
  !looseFloat.test(source) &&
  source !== '=' &&
  source !== '<<'
