import { type CelError, type CelMap, CelUint, type CelValue, fail, isInt } from './value.ts'

/** A failure where a key is none, or is there already. */
export function putKey(map: CelMap, key: CelValue): CelError | null {
  const fits = typeof key === 'string' || typeof key === 'boolean' || isInt(key) || key instanceof CelUint
  if (!fits) return fail('rule.celKeyType')
  return map.has(key)
    ? fail('rule.celRepeatedKey', { key: key instanceof CelUint ? String(key.value) : String(key) })
    : null
}
