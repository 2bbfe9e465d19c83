import { isMap, isScalar, isSeq } from 'yaml'
import { keyOf, parseYaml } from '../../yaml/parse-yaml.ts'
import type { Mark, Origins, ValueOrigin } from './evaluate.ts'
import { format } from './go-format.ts'
import { isDict, isList, textOf, type Value } from './value.ts'

/** Marks of the scalars of a value that was printed as YAML. */
export function marksOfYaml(value: Value, text: string, origins: Origins): readonly Mark[] {
  if ((!isDict(value) && !isList(value)) || !origins.has(value)) return []
  const [first] = parseYaml(text)
  if (!first || first.yaml.errors.length > 0) return []
  const marks: Mark[] = []
  const walk = (at: Value, node: unknown): void => {
    const written = isDict(at) || isList(at) ? origins.get(at) : undefined
    const visit = (key: string | number, item: Value | undefined, inner: unknown) => {
      if (item === undefined || item === null) return
      if (isDict(item) || isList(item)) walk(item, inner)
      const origin = written?.get(key)
      if (origin && isScalar(inner) && inner.range)
        marks.push({ start: first.start + inner.range[0], end: first.start + inner.range[1], origin })
    }
    if (isDict(at) && isMap(node))
      for (const pair of node.items) visit(keyOf(pair.key), at.get(keyOf(pair.key)), pair.value)
    if (isList(at) && isSeq(node)) for (const [index, inner] of node.items.entries()) visit(index, at[index], inner)
  }
  walk(value, first.yaml.document.contents)
  return marks
}

/** Functions after which text is still found in what they give. */
const keeping = new Set([
  'quote',
  'squote',
  'trim',
  'trimSuffix',
  'trimPrefix',
  'trimAll',
  'trunc',
  'toString',
  'default',
])

/** Marks of a text after a function has moved it: indented it, put it in quotes, cut its ends. */
export function carryMarks(
  name: string,
  args: readonly Value[],
  from: string,
  marks: readonly Mark[],
  to: Value,
): readonly Mark[] {
  if (typeof to !== 'string' || marks.length === 0) return []
  if (name === 'indent' || name === 'nindent') {
    const count = Math.max(0, Number(textOf(args[0])))
    const lead = name === 'nindent' ? 1 : 0
    const moved = (offset: number) => lead + offset + count * from.slice(0, offset).split('\n').length
    return marks.map(mark => ({ ...mark, start: moved(mark.start), end: moved(mark.end) }))
  }
  if (!keeping.has(name)) return []
  const cut = to.replace(/^["']|["']$/g, '')
  const at = to.indexOf(from)
  if (at >= 0) return marks.map(mark => ({ ...mark, start: mark.start + at, end: mark.end + at }))
  const start = cut === '' ? -1 : from.indexOf(cut)
  if (start < 0) return []
  const by = to.indexOf(cut) - start
  return marks
    .filter(mark => mark.start >= start && mark.end <= start + cut.length)
    .map(mark => ({ ...mark, start: mark.start + by, end: mark.end + by }))
}

/**
 * Marks of what `printf` put in: it runs again with signs of private use in place of the values whose places are
 * sought. Where putting the values back does not give the same text, nothing is said.
 */
export function marksOfFormat(
  args: readonly Value[],
  origins: readonly (ValueOrigin | undefined)[],
  text: string,
): readonly Mark[] {
  const sought = args.map((arg, index) => index > 0 && origins[index] && typeof arg === 'string' && arg !== '')
  if (!sought.includes(true)) return []
  const signs = format(
    textOf(args[0]),
    args.slice(1).map((arg, index) => (sought[index + 1] ? `\uE000${index + 1}\uE001` : arg)),
  )
  const marks: Mark[] = []
  let out = ''
  for (const part of signs.split(/(\uE000\d+\uE001)/)) {
    const index = /^\uE000(\d+)\uE001$/.exec(part)?.[1]
    const origin = index === undefined ? undefined : origins[Number(index)]
    const written = origin ? textOf(args[Number(index)]) : part
    if (origin) marks.push({ start: out.length, end: out.length + written.length, origin })
    out += written
  }
  return out === text ? marks : []
}
