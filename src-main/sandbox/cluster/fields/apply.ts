import { isObject, type Json, type JsonObject, textAt } from '../../../../shared/manifests/manifest.ts'
import { ApiError } from '../api-error.ts'
import { describeField, type FieldSet, flatten, itemElement, removeField } from './field-set.ts'
import { isManager, type Manager, readManagers, writeManagers } from './managed-fields.ts'
import { shapeAt } from './merge-keys.ts'

/**
 * Server-side apply: what the manager says is merged into the live object, what it said before and says no more is
 * taken away unless somebody else owns it, and who owns what is written down. Throws 409 with the fields and their
 * managers where others own what would change, unless `force` takes it over.
 */
export function applyFields(
  live: JsonObject | undefined,
  applied: JsonObject,
  writer: Omit<Manager, 'fields' | 'operation'>,
  force: boolean,
): JsonObject {
  const self = { ...writer, operation: 'Apply' as const }
  const wanted = flatten(applied, false)
  const fields: FieldSet = new Set(wanted.keys())
  if (!live) return writeManagers(applied, [{ ...self, fields }])

  const present = flatten(live, true)
  const managers = readManagers(live)
  const others = managers.filter(manager => !isManager(manager, self))
  const conflicts = others.flatMap(manager =>
    [...manager.fields]
      .filter(field => wanted.has(field) && wanted.get(field) !== '' && wanted.get(field) !== present.get(field))
      .map(field => ({ manager, field })),
  )
  if (conflicts.length > 0 && !force) throw conflict(conflicts, applied)

  let merged = merge(live, applied, []) as JsonObject
  const mine = managers.find(manager => isManager(manager, self))
  const owned = new Set(others.flatMap(manager => [...manager.fields]))
  const dropped = [...(mine?.fields ?? [])]
    .filter(field => !fields.has(field) && !ownedWithin(field, owned))
    .sort((a, b) => b.length - a.length)
  for (const field of dropped) merged = removeField(merged, field)

  const taken = new Set(conflicts.map(({ field }) => field))
  const rest = others.map(manager => {
    const left = new Set([...manager.fields].filter(field => !taken.has(field)))
    return left.size === manager.fields.size ? manager : { ...manager, fields: left }
  })
  const unchanged = mine !== undefined && mine.fields.size === fields.size && fields.isSubsetOf(mine.fields)
  return writeManagers(merged, [...rest, { ...self, time: unchanged ? mine.time : self.time, fields }])
}

/** An item stays while somebody owns anything in it. */
const ownedWithin = (field: string, owned: ReadonlySet<string>): boolean => {
  if (owned.has(field)) return true
  for (const other of owned) if (other.startsWith(`${field}\0`)) return true
  return false
}

function conflict(found: readonly { manager: Manager; field: string }[], applied: JsonObject): ApiError {
  const who = ({ manager }: { manager: Manager }) => {
    const part = manager.subresource === '' ? '' : ` with subresource "${manager.subresource}"`
    const version =
      manager.operation === 'Update' ? ` using ${manager.apiVersion || textAt(applied, 'apiVersion')}` : ''
    return `conflict with "${manager.name}"${part}${version}`
  }
  const groups = [...Map.groupBy(found, who)].map(([by, each]) => {
    const fields = each.map(({ field }) => describeField(field))
    return fields.length === 1 ? `${by}: ${fields[0]}` : `${by}:\n${fields.map(field => `- ${field}`).join('\n')}`
  })
  const count = `Apply failed with ${found.length} conflict${found.length === 1 ? '' : 's'}`
  return new ApiError(409, `${count}: ${groups.join('\n')}`, {
    causes: found.map(each => ({
      reason: 'FieldManagerConflict',
      message: who(each),
      field: describeField(each.field),
    })),
  })
}

function merge(live: Json | undefined, applied: Json, names: readonly string[]): Json {
  if (Array.isArray(applied)) {
    const shape = shapeAt(names, true)
    if (!Array.isArray(live) || shape.kind === 'atomic' || shape.kind === 'map') return applied
    if (shape.kind === 'set')
      return [...live, ...applied.filter(item => !live.some(old => JSON.stringify(old) === JSON.stringify(item)))]
    const places = new Map((applied as readonly Json[]).map(item => [itemElement(item, shape), item]))
    const old = (live as readonly Json[]).map(item => {
      const place = itemElement(item, shape)
      const wanted = places.get(place)
      places.delete(place)
      return wanted === undefined ? item : merge(item, wanted, names)
    })
    return [...old, ...places.values()]
  }
  if (!isObject(applied)) return applied
  const isItem = names.length > 0 && isObject(live) && shapeAt(names, false).kind === 'map'
  if (!isObject(live) || (names.length > 0 && !isItem)) return applied
  const result: Record<string, Json> = { ...live }
  for (const [key, value] of Object.entries(applied)) result[key] = merge(live[key], value, [...names, key])
  return result
}
