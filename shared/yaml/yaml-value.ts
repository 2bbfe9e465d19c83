/** What a manifest holds once it is read. Integers beyond 2^53 are bigints, so that none is rounded. */
export type YamlValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly YamlValue[]
  | { readonly [key: string]: YamlValue }
export type YamlMap = { readonly [key: string]: YamlValue }
export type YamlPath = readonly (string | number)[]

export const isYamlMap = (value: YamlValue | undefined): value is YamlMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
export const isYamlList = (value: YamlValue | undefined): value is readonly YamlValue[] => Array.isArray(value)

/** Sets a key without ever reaching a prototype: `__proto__` is an ordinary key of a ConfigMap. */
export function setKey(map: { [key: string]: YamlValue }, key: string, value: YamlValue): void {
  if (key === '__proto__')
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true })
  else map[key] = value
}

/** Deep equality; the order of keys does not count, the order of items does. */
export function sameValue(a: YamlValue | undefined, b: YamlValue | undefined): boolean {
  if (a === b) return true
  if (typeof a === 'number' && typeof b === 'number') return Number.isNaN(a) && Number.isNaN(b)
  if (isYamlList(a))
    return isYamlList(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index]))
  if (!isYamlMap(a) || !isYamlMap(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && sameValue(a[key], b[key]))
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: YamlValue | undefined, path: YamlPath): YamlValue | undefined {
  let at = value
  for (const step of path) {
    if (isYamlList(at) && typeof step === 'number') at = at[step]
    else if (isYamlMap(at) && Object.hasOwn(at, String(step))) at = at[String(step)]
    else return undefined
  }
  return at
}

/** A copy in which one place is another; only what lies on the path is copied. Missing or null maps are made. */
export function withValueAt(value: YamlValue | undefined, path: YamlPath, next: YamlValue): YamlValue {
  const [step, ...rest] = path
  if (step === undefined) return next
  if (isYamlList(value) && typeof step === 'number')
    return value.map((item, index) => (index === step ? withValueAt(item, rest, next) : item))
  const copy: { [key: string]: YamlValue } = {}
  if (isYamlMap(value)) for (const [key, item] of Object.entries(value)) setKey(copy, key, item)
  const key = String(step)
  setKey(copy, key, withValueAt(Object.hasOwn(copy, key) ? copy[key] : undefined, rest, next))
  return copy
}

/** A copy without the key or item at a path. */
export function withoutValueAt(value: YamlValue, path: YamlPath): YamlValue {
  const step = path[0]
  if (step === undefined) return null
  const rest = path.slice(1)
  if (isYamlList(value)) {
    if (rest.length === 0) return value.filter((_, index) => index !== step)
    return value.map((item, index) => (index === step ? withoutValueAt(item, rest) : item))
  }
  if (!isYamlMap(value)) return value
  const copy: { [key: string]: YamlValue } = {}
  for (const [key, item] of Object.entries(value)) {
    if (key !== String(step)) setKey(copy, key, item)
    else if (rest.length > 0) setKey(copy, key, withoutValueAt(item, rest))
  }
  return copy
}

/** A copy with one more item in the list at a path. */
export function withItemAt(value: YamlValue, path: YamlPath, index: number, item: YamlValue): YamlValue {
  const list = valueAt(value, path)
  return withValueAt(value, path, isYamlList(list) ? list.toSpliced(index, 0, item) : [item])
}
