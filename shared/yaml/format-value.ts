import type { DocumentStyle } from './document-style.ts'
import { formatKey, formatScalar, type QuoteStyle, type ScalarPlace } from './format-scalar.ts'
import { isYamlList, isYamlMap, type YamlValue } from './yaml-value.ts'

const emptyMap = (value: YamlValue) => isYamlMap(value) && Object.keys(value).length === 0
const emptyList = (value: YamlValue) => isYamlList(value) && value.length === 0

/** Lines of `key: value` in block style, the first at column 0; the caller indents. */
export function blockPair(key: string, value: YamlValue, style: DocumentStyle, keyQuotes: QuoteStyle): string[] {
  const name = formatKey(key, keyQuotes, 'block')
  if (emptyMap(value)) return [`${name}: {}`]
  if (emptyList(value)) return [`${name}: []`]
  if (isYamlMap(value)) return [`${name}:`, ...indent(blockMap(value, style), style.step)]
  if (isYamlList(value) && style.flowLists && value.every(item => isShortScalar(item)))
    return [`${name}: ${flowValue(value, style, style.flowLists)}`]
  if (isYamlList(value)) return [`${name}:`, ...indent(blockList(value, style, key), style.listOffset)]
  const [first, ...rest] = blockScalar(value, style.quotesOf(key), style.step, style)
  return [`${name}: ${first}`, ...rest]
}

const isShortScalar = (value: YamlValue): boolean =>
  (typeof value !== 'object' || value === null) && !String(value).includes('\n')

/** Lines of a map's pairs, at column 0. */
export const blockMap = (value: { readonly [key: string]: YamlValue }, style: DocumentStyle): string[] =>
  Object.entries(value).flatMap(([key, item]) => blockPair(key, item, style, 'plain'))

/** Lines of a list's items, dashes at column 0. `key` is the list's own, for the habit of quoting below it. */
export const blockList = (value: readonly YamlValue[], style: DocumentStyle, key: string): string[] =>
  value.flatMap(item => blockItem(item, style, key))

export function blockItem(item: YamlValue, style: DocumentStyle, key: string): string[] {
  const dash = `-${' '.repeat(Math.max(1, style.dashWidth - 1))}`
  const lines =
    isYamlMap(item) && !emptyMap(item)
      ? blockMap(item, style)
      : isYamlList(item) && !emptyList(item)
        ? blockList(item, style, key)
        : typeof item === 'object' && item !== null
          ? [flowValue(item, style, 'flow')]
          : blockScalar(item, style.quotesOf(key), dash.length, style)
  const isText = typeof item !== 'object' || item === null
  return lines.map((line, index) => {
    if (index === 0) return dash + line
    return line === '' || isText ? line : ' '.repeat(dash.length) + line
  })
}

/** A scalar after its key or dash: one line, or a literal block with its lines `step` further in. */
export function blockScalar(
  value: string | number | bigint | boolean | null,
  quotes: QuoteStyle,
  step: number,
  style: Pick<DocumentStyle, 'neededQuotes' | 'literals'>,
): string[] {
  if (style.literals && typeof value === 'string' && value.includes('\n') && canBeLiteral(value))
    return literalBlock(value, step)
  return [formatScalar(value, quotes, 'block', style.neededQuotes)]
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find.
const notLiteral = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/
/** A literal block cannot hold control characters, and text of blank lines alone is clearer in quotes. */
export const canBeLiteral = (value: string): boolean => !notLiteral.test(value) && value.trim() !== ''

/** Header and lines of a literal block whose text stands at `column`. */
export function literalBlock(value: string, column: number): string[] {
  const body = value.replace(/\n+$/, '')
  const trailing = value.length - body.length
  const chomping = trailing === 0 ? '-' : trailing === 1 ? '' : '+'
  // Leading spaces (or blank first lines that hold some) would be taken for the indentation.
  const firstLine = body.split('\n').find(line => line !== '') ?? ''
  const indicator = firstLine.startsWith(' ') ? String(column) : ''
  const lines = body.split('\n').map(line => (line === '' ? '' : ' '.repeat(column) + line))
  const extra = Array.from({ length: Math.max(0, trailing - 1) }, () => '')
  return [`|${indicator}${chomping}`, ...lines, ...extra]
}

/** A value on one line, as in `{a: 1, b: [x, y]}`. */
export function flowValue(value: YamlValue, style: DocumentStyle, place: ScalarPlace): string {
  if (isYamlList(value)) return `[${value.map(item => flowValue(item, style, place)).join(', ')}]`
  if (!isYamlMap(value)) return formatScalar(value, 'plain', place)
  const pairs = Object.entries(value).map(([key, item]) => flowPair(key, item, style, place, 'plain'))
  if (pairs.length === 0) return '{}'
  const pad = style.flowPadding ? ' ' : ''
  return `{${pad}${pairs.join(', ')}${pad}}`
}

export const flowPair = (
  key: string,
  value: YamlValue,
  style: DocumentStyle,
  place: ScalarPlace,
  quotes: QuoteStyle,
): string => {
  const text =
    isYamlMap(value) || isYamlList(value) ? flowValue(value, style, place) : formatScalar(value, quotes, place)
  return `${formatKey(key, quotes, place)}: ${text}`
}

/** JSON over several lines, as `JSON.stringify(value, null, step)` prints it, the first line at column 0. */
export const jsonLines = (value: YamlValue, step: number | string): string[] =>
  JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? Number(item) : item), step).split('\n')

export const indent = (lines: readonly string[], by: number): string[] =>
  lines.map(line => (line === '' ? line : ' '.repeat(by) + line))
