import { isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml'
import { type DocumentStyle, documentStyle, type ItemTokens, quoteStyleOf } from './document-style.ts'
import { formatKey, formatScalar, type QuoteStyle, type ScalarPlace } from './format-scalar.ts'
import { flowPair, flowValue, jsonLines } from './format-value.ts'
import { valueGap } from './node-extent.ts'
import { isEmptyNode, type YamlDocument } from './parse-yaml.ts'
import { mostFrequent } from './plan-block.ts'
import { resolvePlain } from './resolve-plain.ts'
import type { Splice } from './splice.ts'
import { lineBreakAt, lineEnd, lineStart } from './text-lines.ts'
import type { YamlValue } from './yaml-value.ts'

type FlowCollection = YAMLMap | YAMLSeq

/**
 * JSON where the author wrote JSON: all keys of a map, or all texts of a list, in double quotes. A plain text beside
 * keys that only had to be quoted (`{ "true": go }`) is none.
 */
export function placeIn(collection: FlowCollection): ScalarPlace {
  if (isMap(collection) && collection.items.some(({ value }) => isScalar(value) && isText(value) && isPlain(value)))
    return 'flow'
  const texts: unknown[] = isMap(collection) ? collection.items.map(pair => pair.key) : collection.items
  const styles = texts.flatMap(node => (isScalar(node) && isText(node) ? [quoteStyleOf(node)] : []))
  if (styles.length > 0) return styles.every(style => style === 'double') ? 'json' : 'flow'
  const nested = texts.find(node => isMap(node) || isSeq(node))
  return nested ? placeIn(nested as FlowCollection) : 'flow'
}

const isText = (node: Scalar): boolean =>
  quoteStyleOf(node) !== 'plain' || typeof resolvePlain(String(node.value)) === 'string'

const isPlain = (node: Scalar): boolean => quoteStyleOf(node) === 'plain'

/** Quotes of new text in a flow collection: those of its neighbours. */
function quotesIn(collection: FlowCollection, style: DocumentStyle, key: string): QuoteStyle {
  const values: unknown[] = isMap(collection) ? collection.items.map(pair => pair.value) : collection.items
  const seen = values.flatMap(node => (isScalar(node) ? (quoteStyleOf(node) ?? []) : []))
  return mostFrequent(seen) ?? (style.knows(key) ? style.quotesOf(key) : 'plain')
}

const members = (collection: FlowCollection): readonly ItemTokens[] => {
  const items = (collection.srcToken as { items?: readonly ItemTokens[] } | undefined)?.items ?? []
  return items.filter(item => item.key || item.value || (item.sep && item.sep.length > 0))
}

function flowStart(collection: FlowCollection, index: number): number {
  const tokens = members(collection)[index]
  const first = tokens?.start.find(token => ['explicit-key-ind', 'anchor', 'tag'].includes(token.type))
  const member = collection.items[index] as Pair<Node, Node | null> | Node
  const node = isMap(collection) ? (member as Pair<Node>).key : (member as Node)
  return first?.offset ?? node.range![0]
}

function flowEnd(collection: FlowCollection, index: number): number {
  if (!isMap(collection)) return (collection.items[index] as Node).range![1]
  const { key, value } = collection.items[index] as { key: Node; value: Node | null }
  if (value && !isEmptyNode(value)) return value.range![1]
  return valueGap(collection, index) ?? key.range![1]
}

const commaBefore = (collection: FlowCollection, index: number): number | undefined =>
  members(collection)[index]?.start.find(token => token.type === 'comma')?.offset

function hasTrailingComma(collection: FlowCollection): boolean {
  const items = (collection.srcToken as { items?: readonly ItemTokens[] } | undefined)?.items ?? []
  const last = items.at(-1)
  return last !== undefined && !last.key && !last.value && last.start.some(token => token.type === 'comma')
}

/** White space before the members when each stands on a line of its own; undefined when they share one. */
function memberIndent(text: string, collection: FlowCollection): string | undefined {
  const first = flowStart(collection, 0)
  const before = text.slice(collection.range![0] + 1, first)
  if (!before.includes('\n')) return undefined
  const line = text.slice(lineStart(text, first), first)
  return line.trim() === '' ? line : undefined
}

/** One level of indentation in a multi-line flow collection. */
function levelOf(text: string, collection: FlowCollection, own: string): string {
  const close = collection.range![1] - 1
  const outer = /^[ \t]*/.exec(text.slice(lineStart(text, close)))?.[0] ?? ''
  return own.startsWith(outer) && own.length > outer.length ? own.slice(outer.length) : '  '
}

/** Adds a member (a pair when `key` is given) to a flow collection, after the member at `after`; -1 puts it first. */
export function planFlowMember(
  yaml: YamlDocument,
  collection: FlowCollection,
  after: number,
  value: YamlValue,
  key: string | undefined,
  listKey: string,
): Splice[] {
  const { text } = yaml
  const style = documentStyle(yaml)
  const place = placeIn(collection)
  const quotes = quotesIn(collection, style, key ?? listKey)
  const compact = isMap(collection) && collection.items.length > 0 && isCompact(text, collection)
  const print = (own: string | undefined): string => {
    if (place === 'json' && own !== undefined && typeof value === 'object' && value !== null) {
      const level = levelOf(text, collection, own)
      const lines = jsonLines(value, level)
      const lineBreak = lineBreakAt(text, collection.range![0])
      const body = lines.map((line, index) => (index === 0 ? line : own + line)).join(lineBreak)
      return key === undefined ? body : `${formatKey(key, 'double', 'json')}: ${body}`
    }
    if (key !== undefined) {
      const printed = flowPair(key, value, style, place, quotes)
      return compact ? printed.replace(/^("(?:[^"\\]|\\.)*"): /, '$1:') : printed
    }
    if (typeof value === 'object' && value !== null) return flowValue(value, style, place)
    return formatScalar(value, quotes, place, style.neededQuotes)
  }
  if (collection.items.length === 0) {
    const [start, end] = collection.range!
    const printed = print(undefined)
    const [open, close] = isMap(collection) ? ['{', '}'] : ['[', ']']
    return [{ start, end, text: `${open}${printed}${close}` }]
  }
  const own = memberIndent(text, collection)
  const printed = print(own)
  const lineBreak = lineBreakAt(text, collection.range![0])
  if (after < 0) {
    const at = flowStart(collection, 0)
    return [{ start: at, end: at, text: own === undefined ? `${printed}, ` : `${printed},${lineBreak}${own}` }]
  }
  const end = flowEnd(collection, after)
  const isLast = after === collection.items.length - 1
  if (own === undefined) return [{ start: end, end, text: `, ${printed}` }]
  const follows = isLast ? hasTrailingComma(collection) : true
  const at = isLast || follows ? lineEndWithin(text, end, collection, after) : end
  if (at === end) return [{ start: end, end, text: `,${lineBreak}${own}${printed}` }]
  // A comment may stand behind the member before: the comma goes before it, the new line below it.
  const comma: Splice[] = follows ? [] : [{ start: end, end, text: ',' }]
  return [...comma, { start: at, end: at, text: `${lineBreak}${own}${printed}${follows ? ',' : ''}` }]
}

/** End of the line of a member, unless another member or the closing bracket stands on it. */
function lineEndWithin(text: string, end: number, collection: FlowCollection, index: number): number {
  const at = lineEnd(text, end)
  const next = index + 1 < collection.items.length ? flowStart(collection, index + 1) : collection.range![1] - 1
  return at <= next ? at : end
}

const isCompact = (text: string, map: YAMLMap): boolean => {
  const gap = valueGap(map, 0)
  return gap !== undefined && placeIn(map) === 'json' && !/\s/.test(text[gap] ?? ' ')
}

/** Takes a member out of a flow collection that keeps others. */
export function planFlowRemoval(text: string, collection: FlowCollection, index: number): Splice[] {
  const start = flowStart(collection, index)
  if (index < collection.items.length - 1) return [{ start, end: flowStart(collection, index + 1), text: '' }]
  const end = flowEnd(collection, index)
  const before = flowEnd(collection, index - 1)
  if (!text.slice(before, start).includes('#')) return [{ start: before, end, text: '' }]
  const comma = commaBefore(collection, index)
  const lineBefore = lineStart(text, start)
  const from = lineBefore > before ? lineEnd(text, Math.max(0, lineBefore - 2)) : start
  return [
    ...(comma === undefined || comma >= from ? [] : [{ start: comma, end: comma + 1, text: '' }]),
    { start: Math.min(from, start), end, text: '' },
  ]
}

/** A whole value as it is written inside a flow collection. */
export function flowReplacement(yaml: YamlDocument, parent: FlowCollection, value: YamlValue, key: string): string {
  const style = documentStyle(yaml)
  const place = placeIn(parent)
  const own = memberIndent(yaml.text, parent)
  if (place === 'json' && own !== undefined && typeof value === 'object' && value !== null) {
    const lineBreak = lineBreakAt(yaml.text, parent.range![0])
    return jsonLines(value, levelOf(yaml.text, parent, own))
      .map((line, index) => (index === 0 ? line : own + line))
      .join(lineBreak)
  }
  if (typeof value === 'object' && value !== null) return flowValue(value, style, place)
  return formatScalar(value, quotesIn(parent, style, key), place, style.neededQuotes)
}
