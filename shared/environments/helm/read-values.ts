import { type Alias, isAlias, isMap, isSeq } from 'yaml'
import { keyOf, parseYaml } from '../../yaml/parse-yaml.ts'
import type { ValueOrigin } from './evaluate.ts'
import { fromPlain } from './go-json.ts'
import { lineAt } from './parse-template.ts'
import { type Dict, isDict, isList, TemplateError, type Value } from './value.ts'

/** Origins can be written while values are read and merged. */
export type OriginsKept = WeakMap<object, Map<string | number, ValueOrigin>>

/** Reads a values file, and where each of its entries stands. Throws TemplateError for what is no map. */
export function readValues(file: string, source: string, origins: OriginsKept): Dict {
  const [first] = parseYaml(source)
  if (!first) return new Map()
  const [error] = first.yaml.errors
  if (error)
    throw new TemplateError(
      'helm.brokenYaml',
      { reason: error.message },
      { file, line: lineAt(source, first.start + error.offset) },
    )
  const value = fromPlain(first.yaml.value)
  if (value === null) return new Map()
  if (!isDict(value)) throw new TemplateError('helm.valuesNotMap', {}, { file, line: 1 })
  const lines = lineStarts(source)
  const walk = (one: Value, node: unknown, path: readonly (string | number)[], line: number): void => {
    if (!isDict(one) && !isList(one)) return
    const kept = new Map<string | number, ValueOrigin>()
    origins.set(one, kept)
    const at: unknown = isAlias(node) ? (node as Alias).resolve(first.yaml.document) : node
    const entries: (readonly [string | number, Value])[] = isList(one) ? [...one.entries()] : [...one]
    for (const [key, item] of entries) {
      let inner: unknown = null
      let offset: number | undefined
      if (isMap(at)) {
        const pair = at.items.findLast(each => keyOf(each.key) === key)
        inner = pair?.value
        offset = (pair?.key as { range?: readonly number[] } | undefined)?.range?.[0]
      } else if (isSeq(at) && typeof key === 'number') {
        inner = at.items[key]
        offset = (inner as { range?: readonly number[] } | null)?.range?.[0]
      }
      const where = offset === undefined ? line : lineOf(lines, first.start + offset)
      kept.set(key, { path: [...path, key], file, line: where })
      walk(item, inner, [...path, key], where)
    }
  }
  walk(value, first.yaml.document.contents, [], 1)
  return value
}

function lineStarts(source: string): readonly number[] {
  const starts = [0]
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

function lineOf(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (starts[middle]! <= offset) low = middle
    else high = middle - 1
  }
  return low + 1
}

/** A copy that templates may change; its entries keep their origins. */
export function copyWithOrigins(value: Value, origins: OriginsKept): Value {
  if (!isDict(value) && !isList(value)) return value
  const copy: Value[] | Dict = isList(value)
    ? value.map(item => copyWithOrigins(item, origins))
    : new Map([...value].map(([key, item]): [string, Value] => [key, copyWithOrigins(item, origins)]))
  const kept = origins.get(value)
  if (kept) origins.set(copy, new Map(kept))
  return copy
}

/**
 * `over` laid on `base`: maps join, everything else of `over` wins. A null takes the key away, unless it has to stay
 * to take something away further down.
 */
export function layValues(over: Dict, base: Dict, origins: OriginsKept, keepNull = false): Dict {
  const result: Dict = new Map()
  const written = new Map<string | number, ValueOrigin>()
  const put = (key: string, value: Value, from: Dict) => {
    result.set(key, value)
    const origin = origins.get(from)?.get(key)
    if (origin) written.set(key, origin)
  }
  for (const [key, own] of base) {
    if (!over.has(key)) put(key, copyWithOrigins(own, origins), base)
    else {
      const wins = over.get(key)!
      if (wins === null && !keepNull) continue
      if (isDict(wins) && isDict(own)) put(key, layValues(wins, own, origins, keepNull), over)
      else put(key, copyWithOrigins(wins, origins), over)
    }
  }
  for (const [key, wins] of over) if (!base.has(key)) put(key, copyWithOrigins(wins, origins), over)
  origins.set(result, written)
  return result
}

/** Reads `--set a.b=c,d[0]=e,f={x,y}` (strvals of Helm). `asText` is `--set-string`. */
export function readSet(argument: string, asText: boolean, origins: OriginsKept): Dict {
  const root: Dict = new Map()
  for (const part of splitOutside(argument, ',')) {
    if (part === '') continue
    const equals = findOutside(part, '=')
    if (equals < 0) throw new TemplateError('helm.badSet', { argument: part })
    const steps: (string | number)[] = []
    for (const name of splitOutside(part.slice(0, equals), '.')) {
      const match = /^(.*?)((?:\[\d+\])*)$/s.exec(name)
      if (match?.[1]) steps.push(withoutEscapes(match[1]))
      for (const [, index] of (match?.[2] ?? '').matchAll(/\[(\d+)\]/g)) steps.push(Math.min(Number(index), 65_536))
    }
    const source = part.slice(equals + 1)
    const list = /^\{(.*)\}$/s.exec(source)
    const value: Value = list
      ? list[1] === ''
        ? []
        : splitOutside(list[1]!, ',').map(one => setValue(one, asText))
      : setValue(source, asText)
    putAt(root, steps, value, origins)
  }
  return root
}

const withoutEscapes = (text: string): string => text.replace(/\\(.)/gs, '$1')

function setValue(source: string, asText: boolean): Value {
  const text = withoutEscapes(source)
  if (asText) return text
  if (text === 'true' || text === 'false') return text === 'true'
  if (text === 'null') return null
  if (text === '0') return 0n
  return /^-?[1-9]\d*$/.test(text) ? BigInt(text) : text
}

function putAt(root: Dict, steps: readonly (string | number)[], value: Value, origins: OriginsKept): void {
  let at: Dict | Value[] = root
  for (const [index, step] of steps.entries()) {
    const path = steps.slice(0, index + 1)
    const kept: Map<string | number, ValueOrigin> = origins.get(at) ?? new Map()
    kept.set(step, { path, file: '--set', line: 1 })
    origins.set(at, kept)
    const isLast = index === steps.length - 1
    const known: Value | undefined = isList(at) ? at[Number(step)] : at.get(String(step))
    const next: Value = isLast
      ? value
      : isDict(known) || isList(known)
        ? known
        : typeof steps[index + 1] === 'number'
          ? []
          : new Map()
    if (isList(at)) {
      while (at.length < Number(step)) at.push(null)
      at[Number(step)] = next
    } else at.set(String(step), next)
    if (isDict(next) || isList(next)) at = next
  }
}

/** Splits where no backslash and no brace protects. */
function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = []
  let rest = text
  for (let at = findOutside(rest, separator); at >= 0; at = findOutside(rest, separator)) {
    parts.push(rest.slice(0, at))
    rest = rest.slice(at + 1)
  }
  return [...parts, rest]
}

function findOutside(text: string, sought: string): number {
  let depth = 0
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index]
    if (char === '\\') index += 1
    else if (char === '{') depth += 1
    else if (char === '}') depth -= 1
    else if (char === sought && depth === 0) return index
  }
  return -1
}
