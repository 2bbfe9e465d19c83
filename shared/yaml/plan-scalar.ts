import { Scalar } from 'yaml'
import { documentStyle, quoteStyleOf } from './document-style.ts'
import { formatScalar, type ScalarPlace, type ScalarValue } from './format-scalar.ts'
import { canBeLiteral, literalBlock } from './format-value.ts'
import { blockHeader, blockScalarBody, isBlockScalar, nodeEnd } from './node-extent.ts'
import type { YamlDocument } from './parse-yaml.ts'
import type { Splice } from './splice.ts'
import { lineBreakAt } from './text-lines.ts'

/**
 * Ways to write another value where a scalar stands, the most faithful first. Which of them holds is decided by
 * reading the result, so a way may be tried that is not always right.
 * `parentColumn` is the column of the key or dash the scalar belongs to.
 */
export function planScalar(
  yaml: YamlDocument,
  node: Scalar,
  value: ScalarValue,
  place: ScalarPlace,
  parentColumn: number,
): Splice[][] {
  const { text } = yaml
  const [start] = node.range!
  const end = nodeEnd(text, node)
  const plans: Splice[][] = []
  if (isBlockScalar(node) && typeof value === 'string') {
    if (node.type === Scalar.BLOCK_FOLDED) plans.push(...substitution(text, node, value))
    if (canBeLiteral(value)) {
      if (node.type === Scalar.BLOCK_FOLDED) plans.push(blockBody(text, node, value, parentColumn, fold))
      plans.push(blockBody(text, node, value, parentColumn, lines => lines))
      if (node.type === Scalar.BLOCK_FOLDED) plans.push(asLiteral(text, node, value, parentColumn))
    }
  }
  const source = text.slice(start, end)
  if (typeof value === 'string' && source.includes('\n') && !isBlockScalar(node))
    plans.push(...substitution(text, node, value))
  const style = documentStyle(yaml)
  const quotes = typeof value === 'string' ? (quoteStyleOf(node) ?? 'plain') : 'plain'
  plans.push([{ start, end, text: formatScalar(value, quotes, place, style.neededQuotes) }])
  if (quotes === 'plain') plans.push([{ start, end, text: formatScalar(value, style.neededQuotes, place) }])
  return plans
}

/**
 * Changes words inside a scalar over several lines where they stand, so that its line breaks, which mean nothing,
 * stay: the changed part is found in the raw text by how often it occurred before.
 */
function substitution(text: string, node: Scalar, value: string): Splice[][] {
  const before = String(node.value)
  let from = 0
  while (from < before.length && before[from] === value[from]) from += 1
  let tail = 0
  while (
    tail < before.length - from &&
    tail < value.length - from &&
    before[before.length - 1 - tail] === value[value.length - 1 - tail]
  )
    tail += 1
  while (from > 0 && !/\s/.test(before[from - 1]!)) from -= 1
  while (tail > 0 && !/\s/.test(before[before.length - tail]!)) tail -= 1
  const old = before.slice(from, before.length - tail)
  const next = value.slice(from, value.length - tail)
  if (old === '' || /\s/.test(old) || next.includes('\n')) return []
  let nth = 0
  for (let at = before.indexOf(old); at >= 0 && at < from; at = before.indexOf(old, at + 1)) nth += 1
  const [start, end] = node.range!
  let at = text.indexOf(old, start)
  for (; nth > 0 && at >= 0; nth--) at = text.indexOf(old, at + 1)
  return at >= 0 && at + old.length <= end ? [[{ start: at, end: at + old.length, text: next }]] : []
}

/** In a folded block a single line break is a space, so each one that is meant needs a blank line. */
const fold = (lines: readonly string[]): string[] =>
  lines.flatMap((line, index) => {
    const next = lines[index + 1]
    const folds = next !== undefined && line !== '' && next !== '' && !/^\s/.test(line) && !/^\s/.test(next)
    return folds ? [line, ''] : [line]
  })

/** Rewrites the lines of a block scalar that differ; header, indentation and the other lines stay as they are. */
function blockBody(
  text: string,
  node: Scalar,
  value: string,
  parentColumn: number,
  shape: (lines: readonly string[]) => readonly string[],
): Splice[] {
  const body = blockScalarBody(text, node)
  const end = Math.max(body, nodeEnd(text, node))
  const header = blockHeader(text, node)
  const lineBreak = lineBreakAt(text, node.range![0])
  const rawLines = body >= end ? [] : text.slice(body, end).split('\n')
  const kept = header.includes('+') && rawLines.at(-1) === '' ? rawLines.slice(0, -1) : rawLines
  const explicit = /[1-9]/.exec(header)?.[0]
  const firstLine = kept.find(line => line.trim() !== '')
  const column = explicit
    ? parentColumn + Number(explicit)
    : firstLine === undefined
      ? parentColumn + 2
      : firstLine.length - firstLine.trimStart().length
  const trailing = value.length - value.replace(/\n+$/, '').length
  const content = value.slice(0, value.length - trailing)
  const lines = [...shape(content.split('\n')), ...Array.from({ length: Math.max(0, trailing - 1) }, () => '')]
  const before = kept.map(line => stripped(line, column))
  const raw = sameEnds(before, lines, kept, line => (line === '' ? '' : ' '.repeat(column) + line))
  const needsIndicator = !explicit && (lines.find(line => line !== '') ?? '').startsWith(' ')
  // At the end of a file without a line break the text has none either, whatever the header says.
  const isUnfinished = end >= text.length && !text.endsWith('\n')
  const chompingNow = /[-+]/.exec(header)?.[0] ?? ''
  const keepsChomping = (trailing === 0 && isUnfinished) || (trailing === 1 && chompingNow === '+')
  const chomping = keepsChomping ? chompingNow : trailing === 0 ? '-' : trailing === 1 ? '' : '+'
  const newHeader = `${header[0]}${explicit ?? (needsIndicator ? String(column - parentColumn) : '')}${chomping}`
  const splices: Splice[] = []
  const [start] = node.range!
  if (newHeader !== header) splices.push({ start, end: start + header.length, text: newHeader })
  const joined = raw.map(line => line.replace(/\r$/, '')).join(lineBreak)
  const keepsEnd = header.includes('+') && rawLines.at(-1) === ''
  const before1 = text.slice(body, end)
  const after1 = joined + (keepsEnd ? lineBreak : '')
  if (body > end || (body >= text.length && !text.endsWith('\n')))
    splices.push({ start: text.length, end: text.length, text: lineBreak + after1 })
  else if (before1 !== after1) splices.push({ start: body, end, text: after1 })
  return splices
}

function stripped(line: string, column: number): string {
  const clean = line.replace(/\r$/, '')
  return clean.trim() === '' && clean.length <= column ? '' : clean.slice(column)
}

/** New raw lines; those equal at both ends are taken from the text, with whatever spaces their blank lines hold. */
function sameEnds(
  before: readonly string[],
  after: readonly string[],
  raw: readonly string[],
  print: (line: string) => string,
): string[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1
  let tail = 0
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail += 1
  return [...raw.slice(0, head), ...after.slice(head, after.length - tail).map(print), ...raw.slice(raw.length - tail)]
}

/** The whole scalar anew, as a literal block. */
function asLiteral(text: string, node: Scalar, value: string, parentColumn: number): Splice[] {
  const [start] = node.range!
  const lineBreak = lineBreakAt(text, start)
  const body = text.slice(blockScalarBody(text, node), node.range![1])
  const firstLine = body.split('\n').find(line => line.trim() !== '')
  const column =
    firstLine === undefined ? 2 : Math.max(1, firstLine.length - firstLine.trimStart().length - parentColumn)
  const [header = '', ...lines] = literalBlock(value, column)
  const indented = lines.map(line => (line === '' ? '' : ' '.repeat(parentColumn) + line))
  return [{ start, end: nodeEnd(text, node), text: [header, ...indented].join(lineBreak) }]
}
