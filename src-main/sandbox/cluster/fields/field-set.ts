import { isObject, type Json, type JsonObject } from '../../../../shared/manifests/manifest.ts'
import { keyDefaults, type Shape, shapeAt } from './merge-keys.ts'

/**
 * Fields of an object by their place: elements of `FieldsV1` (`f:spec`, `k:{"name":"web"}`, `v:"finalizer"`) with a NUL
 * between them.
 */
export type FieldSet = ReadonlySet<string>

const separator = '\0'
export const elementsOf = (field: string): readonly string[] => field.split(separator)

/** What no manager owns: the server keeps these. */
const kept = new Set([
  'apiVersion',
  'kind',
  'metadata.name',
  'metadata.generateName',
  'metadata.namespace',
  'metadata.uid',
  'metadata.resourceVersion',
  'metadata.generation',
  'metadata.creationTimestamp',
  'metadata.deletionTimestamp',
  'metadata.deletionGracePeriodSeconds',
  'metadata.managedFields',
  'metadata.selfLink',
])

/** The element that names an item of a list with keys. */
export function itemElement(item: Json, shape: Shape & { kind: 'keyed' }): string {
  const named = shape.keys.map(key => [key, (isObject(item) ? item[key] : undefined) ?? keyDefaults[key] ?? ''])
  return `k:${JSON.stringify(Object.fromEntries(named))}`
}

/**
 * Every field of an object with its value as JSON text. A list's item and, with `containers`, each object and list that
 * is not empty is a field too, with an empty text: they are what they hold.
 */
export function flatten(object: JsonObject, containers: boolean): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  const visit = (value: Json, names: readonly string[], place: string): void => {
    const isList = Array.isArray(value)
    if (!isList && !isObject(value)) {
      fields.set(place, JSON.stringify(value))
      return
    }
    const shape = shapeAt(names, isList)
    const empty = isList ? value.length === 0 : Object.keys(value).length === 0
    if (shape.kind === 'atomic' || empty) {
      fields.set(place, JSON.stringify(value))
      return
    }
    if (containers && place !== '') fields.set(place, '')
    if (!isList) {
      for (const [key, inner] of Object.entries(value as JsonObject)) {
        if (names.length < 2 && kept.has([...names, key].join('.'))) continue
        visit(inner, [...names, key], place === '' ? `f:${key}` : `${place}${separator}f:${key}`)
      }
      return
    }
    for (const item of value as readonly Json[]) {
      if (shape.kind === 'keyed') {
        const itemPlace = `${place}${separator}${itemElement(item, shape)}`
        fields.set(itemPlace, '')
        if (isObject(item))
          for (const [key, inner] of Object.entries(item))
            visit(inner, [...names, key], `${itemPlace}${separator}f:${key}`)
      } else fields.set(`${place}${separator}v:${JSON.stringify(item)}`, '')
    }
  }
  visit(object, [], '')
  return fields
}

/** A set as the nested object that `managedFields` holds. */
export function encodeFields(set: FieldSet): JsonObject {
  type Node = { own: boolean; readonly inner: Map<string, Node> }
  const root: Node = { own: false, inner: new Map() }
  for (const field of [...set].sort()) {
    let node = root
    for (const element of elementsOf(field)) {
      let next = node.inner.get(element)
      if (!next) {
        next = { own: false, inner: new Map() }
        node.inner.set(element, next)
      }
      node = next
    }
    node.own = true
  }
  const write = (node: Node): JsonObject => ({
    ...(node.own && node.inner.size > 0 && { '.': {} }),
    ...Object.fromEntries([...node.inner].map(([element, inner]) => [element, write(inner)])),
  })
  return write(root)
}

export function decodeFields(fields: Json | undefined): FieldSet {
  const set = new Set<string>()
  const read = (node: Json | undefined, place: string): void => {
    if (!isObject(node)) return
    const keys = Object.keys(node)
    if (place !== '' && (keys.length === 0 || keys.includes('.'))) set.add(place)
    for (const key of keys) if (key !== '.') read(node[key], place === '' ? key : `${place}${separator}${key}`)
  }
  read(fields, '')
  return set
}

/** `.spec.template.spec.containers[name="web"].image`, as an API server writes a field in a sentence. */
export function describeField(field: string): string {
  return elementsOf(field)
    .map(element => {
      const rest = element.slice(2)
      if (element.startsWith('f:')) return `.${rest}`
      if (element.startsWith('v:')) return `[=${rest}]`
      const keys = Object.entries(JSON.parse(rest) as JsonObject)
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`
    })
    .join('')
}

/** The object without one field; objects and lists that it leaves empty go with it. */
export function removeField(object: JsonObject, field: string): JsonObject {
  const remove = (value: Json, elements: readonly string[], names: readonly string[]): Json | undefined => {
    const [element, ...rest] = elements as [string, ...string[]]
    if (element.startsWith('f:')) {
      const key = element.slice(2)
      if (!isObject(value) || !Object.hasOwn(value, key)) return value
      const inner = rest.length === 0 ? undefined : remove(value[key]!, rest, [...names, key])
      const others = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key))
      if (inner !== undefined) return { ...value, [key]: inner }
      return Object.keys(others).length === 0 && names.length > 0 ? undefined : others
    }
    if (!Array.isArray(value)) return value
    const shape = shapeAt(names, true)
    const items = (value as readonly Json[]).flatMap((item): Json[] => {
      const here =
        shape.kind === 'keyed' ? itemElement(item, shape) === element : `v:${JSON.stringify(item)}` === element
      if (!here) return [item]
      const inner = rest.length === 0 ? undefined : remove(item, rest, names)
      return inner === undefined ? [] : [inner]
    })
    return items.length === 0 ? undefined : items
  }
  return (remove(object, elementsOf(field), []) ?? {}) as JsonObject
}
