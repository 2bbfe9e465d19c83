import { isObject, type Json, type JsonObject } from '../../../../shared/manifests/manifest.ts'
import { keyDefaults, shapeAt } from './merge-keys.ts'

/** RFC 7386: null takes away, objects merge, everything else replaces. */
export function mergePatch(value: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch
  const result: Record<string, Json> = isObject(value) ? { ...value } : {}
  for (const [key, inner] of Object.entries(patch)) {
    if (inner === null) delete result[key]
    else result[key] = mergePatch(result[key], inner)
  }
  return result
}

/**
 * Kubernetes' strategic merge: like a merge patch, but lists that have keys merge by them. Understands `$patch`
 * (`delete`, `replace`, `merge`), `$deleteFromPrimitiveList/…`, `$setElementOrder/…` and `$retainKeys`.
 */
export function strategicMerge(value: Json | undefined, patch: Json, names: readonly string[] = []): Json {
  if (!isObject(patch)) return patch
  const directive = patch['$patch']
  if (directive === 'replace') return without(patch, ['$patch'])
  if (directive === 'delete') return {}
  const result: Record<string, Json> = isObject(value) ? { ...value } : {}
  const retained = patch['$retainKeys']
  if (Array.isArray(retained)) for (const key of Object.keys(result)) if (!retained.includes(key)) delete result[key]
  for (const [key, inner] of Object.entries(patch)) {
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const field = key.slice('$deleteFromPrimitiveList/'.length)
      const old = result[field]
      if (Array.isArray(old) && Array.isArray(inner))
        result[field] = (old as readonly Json[]).filter(item => !inner.includes(item))
    } else if (key.startsWith('$')) continue
    else if (inner === null) delete result[key]
    else if (Array.isArray(inner)) result[key] = mergeList(result[key], inner, [...names, key])
    else result[key] = strategicMerge(result[key], inner, [...names, key])
  }
  for (const [key, order] of Object.entries(patch))
    if (key.startsWith('$setElementOrder/') && Array.isArray(order)) {
      const field = key.slice('$setElementOrder/'.length)
      const list = result[field]
      if (Array.isArray(list)) result[field] = inOrder(list, order, [...names, field])
    }
  return result
}

const without = (value: JsonObject, keys: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)))

function mergeList(value: Json | undefined, patch: readonly Json[], names: readonly string[]): Json {
  const shape = shapeAt(names, true)
  const replaces = patch.some(item => isObject(item) && item['$patch'] === 'replace' && Object.keys(item).length === 1)
  const plain = patch.filter(
    item => !(isObject(item) && item['$patch'] === 'replace' && Object.keys(item).length === 1),
  )
  if (replaces || !Array.isArray(value)) return plain.flatMap(item => clean(item))
  const old = value as readonly Json[]
  if (shape.kind === 'set') return [...old, ...plain.filter(item => !old.includes(item))]
  if (shape.kind !== 'keyed') return plain
  const idOf = (item: Json) => (isObject(item) ? (item[shape.strategic] ?? keyDefaults[shape.strategic] ?? null) : null)
  const result = [...old]
  for (const item of plain) {
    const at = result.findIndex(each => idOf(each) === idOf(item))
    if (isObject(item) && item['$patch'] === 'delete') {
      if (at >= 0) result.splice(at, 1)
    } else if (at >= 0) result[at] = strategicMerge(result[at], item, names)
    else result.push(...clean(item))
  }
  return result
}

const clean = (item: Json): readonly Json[] =>
  isObject(item) ? (item['$patch'] === 'delete' ? [] : [strategicMerge({}, without(item, ['$patch']))]) : [item]

function inOrder(list: readonly Json[], order: readonly Json[], names: readonly string[]): readonly Json[] {
  const shape = shapeAt(names, true)
  const key = shape.kind === 'keyed' ? shape.strategic : null
  const idOf = (item: Json) => (key !== null && isObject(item) ? (item[key] ?? null) : item)
  const wanted = order.map(idOf)
  const place = (item: Json) => {
    const at = wanted.indexOf(idOf(item))
    return at < 0 ? wanted.length : at
  }
  return [...list].sort((a, b) => place(a) - place(b))
}
