import * as t from './cel/type.ts'
import type { JsonMap } from './cel/value.ts'

type Schema = { readonly [key: string]: unknown }
const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The types of the variables that a JSON Schema of the context declares: its properties. What a schema leaves open
 * (`anyOf`, no type, unknown references) is `dyn`, so that the checker never refuses what might be right.
 */
export function typesOfSchema(schema: Schema): ReadonlyMap<string, t.Type> {
  const definitions = new Map<string, t.Type>()
  const define = (reference: string): t.Type => {
    const known = definitions.get(reference)
    if (known) return known
    const path = reference.startsWith('#/') ? reference.slice(2).split('/') : null
    let found: unknown = path ? schema : undefined
    for (const step of path ?? []) found = isSchema(found) && Object.hasOwn(found, step) ? found[step] : undefined
    if (!isSchema(found)) return t.dyn
    // Set before its parts are read: a definition may speak of itself.
    const name = path?.at(-1) as string
    const parts = found
    const type: t.Type = { kind: 'object', name, fields: () => fieldsOf(parts) }
    if (!isSchema(parts['properties'])) return typeOf(parts, name)
    definitions.set(reference, type)
    return type
  }
  const kept = new WeakMap<Schema, ReadonlyMap<string, t.Type>>()
  const fieldsOf = (object: Schema): ReadonlyMap<string, t.Type> => {
    const known = kept.get(object)
    if (known) return known
    const properties = isSchema(object['properties']) ? object['properties'] : {}
    const fields = new Map(Object.entries(properties).map(([name, part]) => [name, typeOf(part, name)] as const))
    kept.set(object, fields)
    return fields
  }
  function typeOf(part: unknown, name: string): t.Type {
    if (!isSchema(part)) return t.dyn
    if (typeof part['$ref'] === 'string') return define(part['$ref'])
    switch (part['type']) {
      case 'string':
        return t.stringType
      case 'boolean':
        return t.bool
      case 'integer':
      case 'number':
        return t.numberType
      case 'array':
        return t.listOf(typeOf(part['items'], name))
      case 'object':
        if (
          isSchema(part['properties']) &&
          part['additionalProperties'] !== true &&
          !isSchema(part['additionalProperties'])
        )
          return { kind: 'object', name, fields: () => fieldsOf(part) }
        return isSchema(part['properties']) ? t.dyn : t.mapOf(t.stringType, typeOf(part['additionalProperties'], name))
      default:
        return t.dyn
    }
  }
  return fieldsOf(schema)
}

/** The value of a plain path (`user.Age`) in the facts; undefined where there is none. */
export function factAt(facts: JsonMap, path: string): unknown {
  let at: unknown = facts
  for (const step of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined
    at = (at as { readonly [key: string]: unknown })[step]
  }
  return at
}
