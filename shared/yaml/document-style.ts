import { isMap, isScalar, isSeq, type Node, Scalar, type YAMLMap, type YAMLSeq } from 'yaml'
import { canBePlain, type QuoteStyle, type ScalarPlace } from './format-scalar.ts'
import { keyOf, type YamlDocument } from './parse-yaml.ts'
import { columnOf } from './text-lines.ts'

/** How the author of a document writes: what new lines have to look like. */
export type DocumentStyle = {
  /** Spaces a nested map stands further in. */
  readonly step: number
  /** Spaces the dashes of a list stand further in than the list's key: 0 or more. */
  readonly listOffset: number
  /** Spaces from a dash to what follows it, the dash included. */
  readonly dashWidth: number
  /** `{ a: 1 }` rather than `{a: 1}`. */
  readonly flowPadding: boolean
  /** Quotes of text under a key, where the author has a habit for that key; else the habit of the whole document. */
  quotesOf(key: string): QuoteStyle
  /** True when text under this key was seen, so that `quotesOf` knows and does not guess. */
  knows(key: string): boolean
  /** Lists of single values are written `[a, b]` (or `["a", "b"]`, as in JSON) more often than with dashes. */
  readonly flowLists: false | ScalarPlace
  /** Text of several lines becomes a literal block. */
  readonly literals: boolean
  /** Quotes for text that cannot be plain. */
  readonly neededQuotes: 'single' | 'double'
}

const styles = new WeakMap<object, DocumentStyle>()

/** Reads the habits of a document once; ties go to what is most common in Kubernetes. */
export function documentStyle(yaml: YamlDocument): DocumentStyle {
  let style = styles.get(yaml.document)
  if (!style) {
    style = measure(yaml)
    styles.set(yaml.document, style)
  }
  return style
}

type Count = Map<number, number>
const add = (count: Count, value: number) => count.set(value, (count.get(value) ?? 0) + 1)
const most = (count: Count, otherwise: number): number =>
  [...count].reduce((best, one) => (one[1] > best[1] ? one : best), [otherwise, 0])[0]

function measure({ text, document }: YamlDocument): DocumentStyle {
  const steps: Count = new Map()
  const offsets: Count = new Map()
  const dashes: Count = new Map()
  let dashedLists = 0
  let bracketLists = 0
  let bracketListsInQuotes = 0
  let padded = 0
  let flows = 0
  const quotes = new Map<string, Record<QuoteStyle, number>>()
  const needed = { single: 0, double: 0 }
  const quotesOfAll: Record<QuoteStyle, number> = { plain: 0, single: 0, double: 0 }

  const walk = (node: unknown, key: string, column: number): void => {
    if (isScalar(node)) noteQuotes(node, key)
    else if (isMap(node) && node.flow) noteFlow(node)
    else if (isMap(node)) {
      const own = node.items[0] ? firstColumn(text, node) : column
      if (column >= 0 && own > column) add(steps, own - column)
      for (const pair of node.items) {
        const name = keyOf(pair.key)
        if (isSeq(pair.value) && !pair.value.flow) {
          const at = firstDash(pair.value)
          if (at !== undefined) add(offsets, columnOf(text, at) - own)
        }
        walk(pair.value, name, own)
      }
    } else if (isSeq(node)) {
      if (node.items.length > 0 && node.items.every(isScalar)) {
        if (!node.flow) dashedLists += 1
        else {
          bracketLists += 1
          if (node.items.every(item => quoteStyleOf(item as Scalar) === 'double')) bracketListsInQuotes += 1
        }
      }
      if (node.flow) {
        noteFlow(node)
        return
      }
      node.items.forEach((item, index) => {
        const dash = dashOf(node, index)
        const at = (item as Node | null)?.range?.[0]
        if (dash !== undefined && at !== undefined && at > dash && !text.slice(dash, at).includes('\n'))
          add(dashes, at - dash)
        walk(item, key, -1)
      })
    }
  }
  const noteFlow = (node: YAMLMap | YAMLSeq): void => {
    const [start, end] = node.range!
    if (node.items.length > 0 && isMap(node)) {
      flows += 1
      if (text[start + 1] === ' ' && text[end - 2] === ' ') padded += 1
    }
    for (const item of node.items) {
      if (isMap(node)) walk((item as { value: unknown }).value, keyOf((item as { key: unknown }).key), -1)
      else walk(item, '', -1)
    }
  }
  const noteQuotes = (node: Scalar, key: string): void => {
    const value = String(node.value)
    const style = quoteStyleOf(node)
    if (style === 'single' || style === 'double') needed[style] += 1
    // What has to be quoted tells nothing of a habit, and a plain number or boolean is no text.
    if (!style || !canBePlain(value)) return
    let own = quotes.get(key)
    if (!own) {
      own = { plain: 0, single: 0, double: 0 }
      quotes.set(key, own)
    }
    own[style] += 1
    quotesOfAll[style] += 1
  }
  walk(document.contents, '', -1)

  const habit = (counts: Record<QuoteStyle, number>): QuoteStyle => {
    const { plain, single, double } = counts
    return plain >= single && plain >= double ? 'plain' : double >= single ? 'double' : 'single'
  }
  return {
    step: most(steps, 2),
    listOffset: most(offsets, 0),
    dashWidth: most(dashes, 2),
    flowPadding: flows > 0 && padded * 2 > flows,
    flowLists: bracketLists > dashedLists && (bracketListsInQuotes * 2 > bracketLists ? 'json' : 'flow'),
    quotesOf: key => habit(quotes.get(key) ?? quotesOfAll),
    literals: true,
    knows: key => quotes.has(key),
    neededQuotes: needed.single > needed.double ? 'single' : 'double',
  }
}

export function quoteStyleOf(node: Scalar): QuoteStyle | undefined {
  if (node.type === Scalar.PLAIN) return 'plain'
  if (node.type === Scalar.QUOTE_SINGLE) return 'single'
  if (node.type === Scalar.QUOTE_DOUBLE) return 'double'
  return undefined
}

/** Column of a block map's keys. */
export function firstColumn(text: string, map: YAMLMap): number {
  return columnOf(text, pairStart(map, 0))
}

type Token = { readonly type: string; readonly offset: number; readonly source: string }
export type ItemTokens = {
  readonly start: readonly Token[]
  readonly key?: { readonly offset: number } | null
  readonly sep?: readonly Token[]
  readonly value?: { readonly offset: number }
}
const tokensOf = (collection: YAMLMap | YAMLSeq): readonly ItemTokens[] =>
  (collection.srcToken as { items?: readonly ItemTokens[] } | undefined)?.items ?? []

const itemTokens = new WeakMap<object, readonly ItemTokens[]>()
/** The concrete tokens of each item of a block list, those without a dash (trailing comments) left out. */
export function listItemTokens(list: YAMLSeq): readonly ItemTokens[] {
  let tokens = itemTokens.get(list)
  if (!tokens) {
    tokens = tokensOf(list).filter(item => item.start.some(token => token.type === 'seq-item-ind'))
    itemTokens.set(list, tokens)
  }
  return tokens
}

/** Offset of the dash of a block list's item. */
export const dashOf = (list: YAMLSeq, index: number): number | undefined =>
  listItemTokens(list)[index]?.start.find(token => token.type === 'seq-item-ind')?.offset
const firstDash = (list: YAMLSeq): number | undefined => dashOf(list, 0)

/** The concrete tokens of a map's pair. */
export const pairTokens = (map: YAMLMap, index: number): ItemTokens | undefined =>
  map.items[index]?.srcToken as ItemTokens | undefined

/** Offset of the first character of a pair: its `?`, the tag or anchor of its key, or the key. */
export function pairStart(map: YAMLMap, index: number): number {
  const tokens = pairTokens(map, index)
  const first = tokens?.start.find(token => ['explicit-key-ind', 'anchor', 'tag'].includes(token.type))
  const key = map.items[index]!.key as Node | null
  return first?.offset ?? tokens?.key?.offset ?? key?.range?.[0] ?? map.range![0]
}
