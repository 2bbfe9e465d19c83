import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node, type ParsedNode, type Scalar } from 'yaml'
import { resolvePlain } from '../yaml/resolve-plain.ts'
import type { Json, Path } from './manifest.ts'

/** Where the values of a document start in the text. */
export type Positions = {
  /** Offset of the value at a path, or of its nearest parent. */
  start(path: Path): number
  /** True for a literal block scalar (`|`), whose lines are lines of the file. */
  isBlock(path: Path): boolean
}

export type Place = { readonly at: number; readonly block?: true; readonly items?: Map<string, Place> | Place[] }
type Read = { readonly value: Json; readonly place: Place }

/**
 * A document as plain values, with a compact record of where each stands, so that the parser's own tree (fifty times
 * the text's size) need not be kept. Aliases share one value, so an alias bomb stays as small as its text.
 */
export function toPlainValue(document: Document.Parsed<ParsedNode>): { value: Json; positions: Positions } {
  const anchored = new Map<Node, Read>()
  const { value, place } = read(document.contents)
  return { value, positions: positionsFrom(place) }

  function read(node: unknown): Read {
    if (isScalar(node)) {
      const at = node.range?.[0] ?? 0
      const place: Place = node.type === 'BLOCK_LITERAL' ? { at, block: true } : { at }
      const result = { value: valueOfScalar(node), place }
      if (node.anchor) anchored.set(node, result)
      return result
    }
    if (isAlias(node)) {
      const target = node.resolve(document)
      // An alias to itself or to nothing has no plain value.
      if (!target) return { value: null, place: { at: node.range?.[0] ?? 0 } }
      const known = anchored.get(target)
      return known ? { value: known.value, place: known.place } : { value: null, place: { at: node.range?.[0] ?? 0 } }
    }
    if (isSeq(node)) {
      const values: Json[] = []
      const items: Place[] = []
      const result = { value: values, place: { at: node.range?.[0] ?? 0, items } }
      if (node.anchor) anchored.set(node, result)
      for (const item of node.items) {
        const inner = isPair(item) ? { value: null, place: { at: result.place.at } } : read(item)
        values.push(inner.value)
        items.push(inner.place)
      }
      return result
    }
    if (isMap(node)) {
      const values: Record<string, Json> = {}
      const items = new Map<string, Place>()
      const result = { value: values, place: { at: node.range?.[0] ?? 0, items } }
      if (node.anchor) anchored.set(node, result)
      for (const pair of node.items) {
        if (isScalar(pair.key) && pair.key.type === 'PLAIN' && pair.key.source === '<<') {
          merge(values, items, read(pair.value))
          continue
        }
        const key = isScalar(pair.key) ? String(valueOfScalar(pair.key) ?? 'null') : ''
        const inner = read(pair.value)
        const empty = pair.value === null || (isScalar(pair.value) && pair.value.source === '')
        const keyAt = isScalar(pair.key) ? pair.key.range?.[0] : undefined
        put(values, key, inner.value)
        items.set(key, empty && keyAt !== undefined ? { at: keyAt } : inner.place)
      }
      return result
    }
    return { value: null, place: { at: 0 } }
  }

  /** `<<: *base`: keys that stand here win over those merged in, and earlier merges over later ones. */
  function merge(values: Record<string, Json>, items: Map<string, Place>, from: Read): void {
    if (Array.isArray(from.value) && Array.isArray(from.place.items)) {
      for (const [index, value] of (from.value as Json[]).entries())
        merge(values, items, { value, place: from.place.items[index]! })
      return
    }
    if (typeof from.value !== 'object' || from.value === null || !(from.place.items instanceof Map)) return
    for (const [key, value] of Object.entries(from.value))
      if (!Object.hasOwn(values, key)) {
        put(values, key, value)
        items.set(key, from.place.items.get(key) ?? from.place)
      }
  }
}

/** Finds places from the top of a document's. */
export function positionsFrom(place: Place): Positions {
  const find = (path: Path): Place => {
    let found = place
    for (const step of path) {
      const next = Array.isArray(found.items)
        ? typeof step === 'number'
          ? found.items[step]
          : undefined
        : found.items?.get(String(step))
      if (!next) break
      found = next
    }
    return found
  }
  return { start: path => find(path).at, isBlock: path => find(path).block === true }
}

/** As an own key always, `__proto__` too. */
export const put = (values: Record<string, Json>, key: string, value: Json): void => {
  if (key === '__proto__')
    Object.defineProperty(values, key, { value, enumerable: true, configurable: true, writable: true })
  else values[key] = value
}

/** The document is read without a schema, so that a plain text means what kubectl takes it for and nothing else. */
function valueOfScalar(node: Scalar): Json {
  const text = typeof node.value === 'string' ? node.value : (node.source ?? '')
  const typed = node.tag === undefined ? node.type === 'PLAIN' : /:(int|float|bool|null)$/.test(node.tag)
  if (!typed) return text
  const value = resolvePlain(text)
  return typeof value === 'bigint' ? Number(value) : value
}
