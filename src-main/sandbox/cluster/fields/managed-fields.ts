import { type Json, type JsonObject, listAt, objectAt, textAt } from '../../../../shared/manifests/manifest.ts'
import { decodeFields, encodeFields, type FieldSet, flatten } from './field-set.ts'

/** One entry of `metadata.managedFields`. */
export type Manager = {
  readonly name: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource: string
  readonly time: string
  readonly fields: FieldSet
}

export function readManagers(object: JsonObject): readonly Manager[] {
  return listAt(object, 'metadata', 'managedFields').map(entry => ({
    name: textAt(entry, 'manager') ?? 'unknown',
    operation: textAt(entry, 'operation') === 'Apply' ? 'Apply' : 'Update',
    apiVersion: textAt(entry, 'apiVersion') ?? '',
    subresource: textAt(entry, 'subresource') ?? '',
    time: textAt(entry, 'time') ?? '',
    fields: decodeFields(objectAt(entry, 'fieldsV1')),
  }))
}

export function writeManagers(object: JsonObject, managers: readonly Manager[]): JsonObject {
  const managedFields: Json[] = managers
    .filter(({ fields }) => fields.size > 0)
    .map(({ name, operation, apiVersion, subresource, time, fields }) => ({
      manager: name,
      operation,
      apiVersion,
      time,
      fieldsType: 'FieldsV1',
      fieldsV1: encodeFields(fields),
      ...(subresource !== '' && { subresource }),
    }))
  return { ...object, metadata: { ...objectAt(object, 'metadata'), managedFields } }
}

export const isManager = (a: Manager, b: Pick<Manager, 'name' | 'operation' | 'subresource'>): boolean =>
  a.name === b.name && a.operation === b.operation && a.subresource === b.subresource

/**
 * Who owns what after an update (anything but a server-side apply): what the writer changed or added is the writer's,
 * and nobody else's any more; what went is nobody's. `managers` are those before.
 */
export function managersAfterUpdate(
  before: JsonObject | undefined,
  after: JsonObject,
  writer: Omit<Manager, 'fields' | 'operation'>,
  managers: readonly Manager[],
): readonly Manager[] {
  const old = before ? flatten(before, true) : new Map<string, string>()
  const now = flatten(after, true)
  const changed = new Set<string>()
  for (const [field, text] of now) if (old.get(field) !== text) changed.add(field)
  const gone = (field: string) => old.has(field) && !now.has(field)
  const self = { ...writer, operation: 'Update' as const }
  let found = false
  const next = managers.map((manager): Manager => {
    if (isManager(manager, self)) {
      found = true
      const fields = new Set([...manager.fields].filter(field => !gone(field)))
      const size = fields.size
      for (const field of changed) fields.add(field)
      const same = size === manager.fields.size && fields.size === size && changed.size === 0
      return same ? manager : { ...manager, apiVersion: writer.apiVersion, time: writer.time, fields }
    }
    const fields = new Set([...manager.fields].filter(field => !changed.has(field) && !gone(field)))
    return fields.size === manager.fields.size ? manager : { ...manager, fields }
  })
  return found || changed.size === 0 ? next : [...next, { ...self, fields: changed }]
}
