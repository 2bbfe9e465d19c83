import type { Json, Path } from '../../manifests/manifest.ts'
import { resolvePlain } from '../../yaml/resolve-plain.ts'
import type { Origin } from './origin.ts'

/** One value as kustomize holds it: the text as written, and for each value where it is from. Changed in place. */
export type Scalar = {
  readonly type: 'scalar'
  text: string
  /** Text whatever it looks like; else it means what a plain scalar of YAML means. */
  str: boolean
  /** Written without quotes. */
  plain?: boolean
  /** Written line by line (`|`), so that a line of the text is a line of the file. */
  block?: boolean
  /** Written as lines that are joined (`>`). */
  folded?: boolean
  /** Values that are a part of the text, in order: name and tag of an image. */
  parts?: readonly TextPart[]
  origin: Origin
}
export type TextPart = { readonly text: string; readonly origin: Origin }
export type List = { readonly type: 'list'; items: Tree[]; origin: Origin }
export type Mapping = { readonly type: 'map'; entries: Map<string, Tree>; origin: Origin }
export type Tree = Scalar | List | Mapping

/** Text that is text whatever it looks like. */
export const textScalar = (text: string, origin: Origin): Scalar => ({ type: 'scalar', text, str: true, origin })
/** Text that means what a plain scalar of YAML means: `3` is a number. */
export const plainScalar = (text: string, origin: Origin): Scalar => ({ type: 'scalar', text, str: false, origin })
export const emptyMap = (origin: Origin): Mapping => ({ type: 'map', entries: new Map(), origin })
export const emptyList = (origin: Origin): List => ({ type: 'list', items: [], origin })

export const isMapping = (tree: Tree | null | undefined): tree is Mapping => tree?.type === 'map'
export const isList = (tree: Tree | null | undefined): tree is List => tree?.type === 'list'
export const isScalarTree = (tree: Tree | null | undefined): tree is Scalar => tree?.type === 'scalar'

export const copyTree = <T extends Tree>(tree: T): T => copy(tree) as T
function copy(tree: Tree): Tree {
  if (tree.type === 'scalar') return { ...tree }
  if (tree.type === 'list') return { ...tree, items: tree.items.map(copy) }
  const entries = new Map<string, Tree>()
  for (const [key, value] of tree.entries) entries.set(key, copy(value))
  return { ...tree, entries }
}

const nulls = new Set(['', '~', 'null', 'Null', 'NULL'])
export const isNull = (tree: Tree): boolean => tree.type === 'scalar' && !tree.str && nulls.has(tree.text)
/** Nothing there, or `null`. */
export const isMissing = (tree: Tree | null | undefined): boolean => !tree || isNull(tree)

export function treeAt(tree: Tree | null | undefined, path: Path): Tree | undefined {
  let at = tree ?? undefined
  for (const step of path) {
    if (at?.type === 'map') at = at.entries.get(String(step))
    else if (at?.type === 'list') at = typeof step === 'number' ? at.items[step] : undefined
    else return undefined
  }
  return at
}

/** Text of a scalar; undefined for anything else, and for null. */
export function textIn(tree: Tree | null | undefined, ...path: Path): string | undefined {
  const found = treeAt(tree, path)
  return found?.type === 'scalar' && !isNull(found) ? found.text : undefined
}
export const itemsIn = (tree: Tree | null | undefined, ...path: Path): readonly Tree[] => {
  const found = treeAt(tree, path)
  return found?.type === 'list' ? found.items : []
}
export const entriesIn = (tree: Tree | null | undefined, ...path: Path): ReadonlyMap<string, Tree> => {
  const found = treeAt(tree, path)
  return found?.type === 'map' ? found.entries : noEntries
}
const noEntries: ReadonlyMap<string, Tree> = new Map()

/**
 * What a scalar of a kustomization's own file means. That file is read by kubectl's rules, where `yes` and `y` are
 * booleans too.
 */
export const ownValue = (scalar: Scalar): unknown => (scalar.plain ? resolvePlain(scalar.text) : scalar.text)

/** True for a boolean of a kustomization's own file. */
export const isTrue = (tree: Tree | null | undefined): boolean => tree?.type === 'scalar' && ownValue(tree) === true

const booleans = new Set(['true', 'True', 'TRUE', 'false', 'False', 'FALSE'])
const day = /^(\d{4})-(\d\d?)-(\d\d?)$/

/**
 * What kustomize takes a plain scalar for: the rules of go-yaml 3, which differ from those of kubectl alone in that
 * `yes`, `no`, `on`, `off`, `y` and `n` are texts, and a day is its first moment (`2001-01-04T00:00:00Z`).
 */
export function valueOfPlain(text: string): string | number | boolean | null {
  const value = resolvePlain(text)
  if (typeof value === 'boolean') return booleans.has(text) ? value : text
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'string') return value
  const parts = day.exec(text)
  if (!parts) return value
  const date = new Date(0)
  date.setUTCFullYear(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]))
  // A thirteenth month is no day, and stays the text it is.
  if (date.getUTCMonth() + 1 !== Number(parts[2]) || date.getUTCDate() !== Number(parts[3])) return value
  return date.toISOString().replace('.000Z', 'Z')
}

export function scalarValue(scalar: Scalar): string | number | boolean | null {
  return scalar.str ? scalar.text : valueOfPlain(scalar.text)
}

/** As plain values. */
export function toJson(tree: Tree): Json {
  if (tree.type === 'scalar') return scalarValue(tree)
  if (tree.type === 'list') return tree.items.map(toJson)
  const value: Record<string, Json> = {}
  for (const [key, item] of tree.entries)
    if (key === '__proto__')
      Object.defineProperty(value, key, { value: toJson(item), enumerable: true, configurable: true, writable: true })
    else value[key] = toJson(item)
  return value
}

/** Where the values of a plain value are from, when it is made into a tree: all from one place. */
export function fromJson(value: Json, origin: Origin): Tree {
  if (value === null) return plainScalar('null', origin)
  if (typeof value === 'string') return textScalar(value, origin)
  if (typeof value !== 'object') return plainScalar(String(value), origin)
  if (Array.isArray(value))
    return { type: 'list', items: (value as readonly Json[]).map(item => fromJson(item, origin)), origin }
  return {
    type: 'map',
    entries: new Map(Object.entries(value).map(([key, item]) => [key, fromJson(item, origin)])),
    origin,
  }
}
