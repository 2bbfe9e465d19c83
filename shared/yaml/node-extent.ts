import { isAlias, isMap, isScalar, isSeq, type Node, Scalar, type YAMLMap, type YAMLSeq } from 'yaml'
import { dashOf, listItemTokens, pairStart, pairTokens } from './document-style.ts'
import { isEmptyNode } from './parse-yaml.ts'
import { columnOf, indentOf, lineEnd, lineStart, nextLine } from './text-lines.ts'

/** Where things stand in the text of one document: what belongs to a node and what does not. */

const isContentToken = (type: string): boolean => !['space', 'newline', 'comment', 'comma'].includes(type)

/** Just after the colon of a pair (or after an anchor or tag behind it): where a value that is not there would begin. */
export function valueGap(map: YAMLMap, index: number): number | undefined {
  const last = pairTokens(map, index)?.sep?.findLast(token => isContentToken(token.type))
  return last ? last.offset + last.source.length : undefined
}

/** Just after the last character of a pair that means something; trailing comments and blank lines left out. */
function pairEnd(text: string, map: YAMLMap, index: number): number {
  const { key, value } = map.items[index] as { key: Node | null; value: Node | null }
  if (value && !isEmptyNode(value)) return nodeEnd(text, value)
  return valueGap(map, index) ?? key?.range?.[1] ?? pairStart(map, index)
}

function itemEnd(text: string, list: YAMLSeq, index: number): number {
  const item = list.items[index] as Node | null
  if (item && !isEmptyNode(item)) return nodeEnd(text, item)
  const last = listItemTokens(list)[index]?.start.findLast(token => isContentToken(token.type))
  return last ? last.offset + last.source.length : (item?.range?.[1] ?? list.range![1])
}

export function nodeEnd(text: string, node: Node): number {
  if (isAlias(node) || (isScalar(node) && !isBlockScalar(node))) return node.range![1]
  if (isScalar(node)) return blockScalarEnd(text, node)
  if (isMap(node) && !node.flow && node.items.length > 0) return pairEnd(text, node, node.items.length - 1)
  if (isSeq(node) && !node.flow && node.items.length > 0) return itemEnd(text, node, node.items.length - 1)
  return node.range![1]
}

export const isBlockScalar = (node: unknown): node is Scalar =>
  isScalar(node) && (node.type === Scalar.BLOCK_LITERAL || node.type === Scalar.BLOCK_FOLDED)

/** Where a block scalar's text begins: the line after its header. */
export const blockScalarBody = (text: string, node: Scalar): number => nextLine(text, node.range![0])

/** Before the last line break of a block scalar; after it where `+` keeps the blank lines as part of the value. */
function blockScalarEnd(text: string, node: Scalar): number {
  const [start, end] = node.range!
  const body = Math.min(blockScalarBody(text, node), end)
  if (blockHeader(text, node).includes('+')) return end
  const content = text.slice(body, end).replace(/(?:[ \t]*\r?\n)*[ \t]*$/, '')
  return content === '' ? lineEnd(text, start) : body + content.length
}

/** `|`, `>-`, `|2+` … */
export const blockHeader = (text: string, node: Scalar): string =>
  /^[|>][-+0-9]*/.exec(text.slice(node.range![0], node.range![0] + 8))?.[0] ?? ''

/** Column of a block collection's keys or dashes. */
export function blockColumn(text: string, collection: YAMLMap | YAMLSeq): number {
  const at = isMap(collection) ? pairStart(collection, 0) : dashOf(collection, 0)
  return at === undefined ? 0 : columnOf(text, at)
}

/** Offset of a pair or item of a block collection, its dash included. */
export const memberStart = (collection: YAMLMap | YAMLSeq, index: number): number =>
  isMap(collection) ? pairStart(collection, index) : dashOf(collection, index)!
export const memberEnd = (text: string, collection: YAMLMap | YAMLSeq, index: number): number =>
  isMap(collection) ? pairEnd(text, collection, index) : itemEnd(text, collection, index)

/** True when nothing but spaces stands before `offset` on its line. */
export const beginsLine = (text: string, offset: number): boolean =>
  text.slice(lineStart(text, offset), offset).trim() === ''

/** Start of the comment lines that stand directly above a line and at its column: they speak of what is below them. */
export function attachedTop(text: string, offset: number): number {
  const column = columnOf(text, offset)
  let top = lineStart(text, offset)
  while (top > 0) {
    const above = lineStart(text, top - 1)
    const line = text.slice(above, lineEnd(text, above))
    if (!line.trimStart().startsWith('#') || indentOf(line) !== column) break
    top = above
  }
  return top
}

/** End of the comment lines directly below a member that stand further in than it does: they are inside it. */
export function attachedBottom(text: string, end: number, column: number): number {
  let at = end
  for (;;) {
    const next = nextLine(text, at)
    if (next >= text.length) return at
    const line = text.slice(next, lineEnd(text, next))
    if (!line.trimStart().startsWith('#') || indentOf(line) <= column) return at
    at = lineEnd(text, next)
  }
}
