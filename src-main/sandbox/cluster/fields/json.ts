import { isObject, type Json, type JsonObject } from '../../../../shared/manifests/manifest.ts'

/** A copy with the value at a path of keys; undefined takes it away. Objects on the way are made. */
export function setAt(object: JsonObject, path: readonly string[], value: Json | undefined): JsonObject {
  const [key, ...rest] = path as [string, ...string[]]
  if (rest.length === 0) {
    if (value === undefined) return omit(object, [key])
    return { ...object, [key]: value }
  }
  const inner = object[key]
  if (value === undefined && !isObject(inner)) return object
  return { ...object, [key]: setAt(isObject(inner) ? inner : {}, rest, value) }
}

export function omit(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)))
}
