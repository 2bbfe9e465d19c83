import { type MergeShape, mergeShapeOf } from './merge-keys.ts'
import type { ShapeOf } from './schema-shapes.ts'
import {
  isList,
  isMapping,
  isMissing,
  isNull,
  type List,
  type Mapping,
  type Scalar,
  type Tree,
  textIn,
  textScalar,
} from './tree.ts'

/** A patch that does not fit what it is applied to. */
export class MergeConflict extends Error {}

/**
 * Strategic merge as kustomize does it (kyaml's merge2 over its walker, with new list items put first). The patch is
 * used up: parts of it become parts of the result. Returns null where the patch deletes the whole object.
 */
export function strategicMerge(target: Mapping, patch: Mapping, shapeOf: ShapeOf = mergeShapeOf): Mapping | null {
  const result = walk(target, patch, undefined, shapeOf)
  return isMapping(result) ? result : null
}

type Maybe = Tree | null

function walk(target: Maybe, patch: Maybe, shape: MergeShape | undefined, shapeOf: ShapeOf): Maybe {
  const first = !isMissing(target) ? target : !isMissing(patch) ? patch : null
  const type = first?.type ?? 'map'
  for (const one of [target, patch])
    if (one && !isNull(one) && one.type !== type)
      throw new MergeConflict(`a ${named[type]} was expected where a ${named[one.type]} stands`)
  if (type === 'map') return walkMap(target, patch, shape ?? typedShape(target, patch, shapeOf), shapeOf)
  if (type === 'list') return shape?.keys ? walkKeyedList(target, patch, shape, shapeOf) : (patch ?? target)
  return patch ?? target
}

const named = { map: 'map', list: 'list', scalar: 'value' } as const

function typedShape(target: Maybe, patch: Maybe, shapeOf: ShapeOf): MergeShape | undefined {
  for (const one of [target, patch]) {
    const kind = textIn(one, 'kind')
    const apiVersion = textIn(one, 'apiVersion')
    if (kind && apiVersion) return shapeOf(apiVersion, kind)
  }
  return undefined
}

function walkMap(target: Maybe, patch: Maybe, shape: MergeShape | undefined, shapeOf: ShapeOf): Maybe {
  const base = mapToWalk(target, patch)
  if (!base || !isMapping(base)) return base
  const fields = new Set([...base.entries.keys(), ...(isMapping(patch) ? patch.entries.keys() : [])])
  for (const field of [...fields].sort()) {
    const before = base.entries.get(field) ?? null
    const change = isMapping(patch) ? (patch.entries.get(field) ?? null) : null
    const value = walk(before, change, shape?.fields?.[field] ?? shape?.others, shapeOf)
    // A null that the object itself says stays; one that a patch says takes the field away.
    const stays = value !== null && (!isNull(value) || (change === null && (value as Scalar).text !== ''))
    if (stays) base.entries.set(field, value)
    else base.entries.delete(field)
  }
  return base
}

function mapToWalk(target: Maybe, patch: Maybe): Maybe {
  if (isMissing(target)) {
    if (isMapping(patch) && directiveOf(patch) === 'delete') return null
    if (!patch) return target && (target as Scalar).text !== '' ? target : null
    return patch
  }
  if (patch && isNull(patch)) return null
  const directive = isMapping(patch) ? directiveOf(patch) : 'merge'
  if (directive === 'delete') return null
  return directive === 'replace' ? patch : target
}

type Directive = 'merge' | 'replace' | 'delete'
const directives = new Set<string>(['merge', 'replace', 'delete'] satisfies Directive[])

/** `$patch` of a map, taken out of it. */
function directiveOf(patch: Mapping): Directive {
  const said = patch.entries.get('$patch')
  if (said === undefined) return 'merge'
  const text = textIn(said) ?? ''
  if (!directives.has(text)) throw new MergeConflict(`$patch: ${text} is not known`)
  patch.entries.delete('$patch')
  return text as Directive
}

/** `- $patch: replace` as an item of its own, taken out of the list. */
function listDirectiveOf(patch: List): Directive {
  const said = patch.items.find(item => isMapping(item) && item.entries.has('$patch'))
  if (!isMapping(said) || said.entries.size > 1) return 'merge'
  const text = textIn(said, '$patch') ?? ''
  if (!directives.has(text)) throw new MergeConflict(`$patch: ${text} is not known`)
  patch.items = patch.items.filter(item => textIn(item, '$patch') !== text)
  return text as Directive
}

function walkKeyedList(target: Maybe, patch: Maybe, shape: MergeShape, shapeOf: ShapeOf): Maybe {
  let base: Maybe = target
  if (isMissing(target)) base = patch
  else if (patch && isNull(patch)) return null
  else if (isList(patch)) {
    const directive = listDirectiveOf(patch)
    if (directive === 'delete') return null
    if (directive === 'replace') base = patch
  }
  if (!isList(base)) return base
  const change = isList(patch) ? patch : null
  return shape.keys!.length === 0 ? joinPlainLists(base, change) : joinKeyedLists(base, change, shape, shapeOf)
}

/** Each value once, the patch's first. */
function joinPlainLists(base: List, patch: List | null): List {
  const seen = new Map<string, Tree>()
  for (const item of [...(patch?.items ?? []), ...base.items]) {
    const text = textIn(item) ?? ''
    if (!seen.has(text)) seen.set(text, item)
  }
  return { ...base, items: [...seen.values()] }
}

type Values = readonly string[]

function joinKeyedLists(base: List, patch: List | null, shape: MergeShape, shapeOf: ShapeOf): Maybe {
  const keys = shape.keys!
  let all: Values[] = []
  for (const list of [patch, base])
    for (const item of list?.items ?? []) {
      const values = keys.map(key => textIn(item, key) ?? '')
      if (!all.some(known => sameValues(known, values))) all.push(values)
    }
  if (keys.length > 1) all = unifyValues(all)

  const itemShape: MergeShape = { fields: shape.fields, others: shape.others }
  const joined: Tree[] = []
  // Keys that no item says do not tell items apart.
  const said = keys.filter((_, index) => all.some(values => values[index] !== ''))
  const used = said.length > 0 ? said : keys
  const usedOf = (values: Values): Values =>
    said.length > 0 ? values.filter((_, index) => said.includes(keys[index]!)) : values
  let rest = base.items
  for (const values of all) {
    const match = usedOf(values)
    const find = (list: List | null): Maybe => (list && findItem(list.items, used, match)) ?? null
    const item = walk(find(base), find(patch), itemShape, shapeOf)
    if (!item || isNull(item) || (isMapping(item) && item.entries.size === 0)) {
      rest = withoutItem(rest, used, match)
      continue
    }
    if (isMapping(item))
      for (const [index, key] of used.entries())
        if (!item.entries.has(key) && match[index] !== '') item.entries.set(key, textScalar(match[index]!, item.origin))
    setItem(joined, used, match, item)
  }
  if (all.length === 0) return base
  for (const item of rest) addRest(joined, used, item)
  return { ...base, items: joined }
}

const sameValues = (a: Values, b: Values): boolean => a.every((value, index) => value === b[index])

/** A value left out of one item is taken for that of another that agrees in the rest: `protocol` of a port. */
function unifyValues(all: readonly Values[]): Values[] {
  const list = [...all]
  for (let i = 0; i < list.length; i += 1)
    for (let j = 0; j < list.length; j += 1) {
      const joined = joinedValues(list[i]!, list[j]!)
      if (joined) {
        list[i] = joined
        list[j] = joined
      }
    }
  return list
}

function joinedValues(a: Values, b: Values): Values | null {
  let common = false
  const joined: string[] = []
  for (const [index, value] of a.entries()) {
    const other = b[index]!
    if (value === other) common = true
    else if (value !== '' && other !== '') return null
    joined.push(value === '' ? other : value)
  }
  return common ? joined : null
}

/** The field at a key equals the value; any value of the field will do for an empty one. */
const matches = (item: Tree, keys: readonly string[], values: Values): boolean =>
  isMapping(item) &&
  keys.every((key, index) => {
    const value = values[index]
    if (value === undefined) return true
    const field = item.entries.get(key)
    return field !== undefined && (value === '' || (field.type === 'scalar' && field.text === value))
  })

function findItem(items: readonly Tree[], keys: readonly string[], values: Values): Tree | undefined {
  // What is not said on both sides does not count.
  const said = keys.filter((_, index) => values[index] !== '')
  const wanted = values.filter(value => value !== '')
  return said.length > 0
    ? items.find(item => matches(item, said, wanted))
    : items.find(item => matches(item, keys, values))
}

const isEmptyItem = (item: Tree): boolean => isNull(item) || (isMapping(item) && item.entries.size === 0)

function withoutItem(items: readonly Tree[], keys: readonly string[], values: Values): Tree[] {
  return items.filter(item => !isEmptyItem(item) && !matches(item, keys, values))
}

/** Puts an item in the place of those that match, else at the end. */
function setItem(items: Tree[], keys: readonly string[], values: Values, item: Tree): void {
  let found = false
  for (const [index, other] of items.entries())
    if (matches(other, keys, values)) {
      items[index] = item
      found = true
    }
  if (!found) items.push(item)
}

/** What stood in the target and was not merged stays behind what was. */
function addRest(items: Tree[], keys: readonly string[], item: Tree): void {
  const values: string[] = []
  for (const key of keys) {
    const field = isMapping(item) ? item.entries.get(key) : undefined
    if (field === undefined || isNull(field)) items.push(item)
    else values.push(textIn(field) ?? '')
  }
  if (keys.length > 1) {
    const left = items.filter(other => !isEmptyItem(other) && !(values.length > 0 && matches(other, keys, values)))
    items.splice(0, items.length, ...left)
  }
  if (values.length > 0) setItem(items, keys, values, item)
}
