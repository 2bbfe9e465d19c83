import type { Type } from './type.ts'
import { readType } from './type.ts'
import { type CelValue, type Failure, fail, typeNameOf } from './value.ts'

export type Overload = { readonly member: boolean; readonly parameters: readonly Type[]; readonly result: Type }
/** What a function costs beyond its call: it may be long, so it is paid for by the size of its arguments. */
export type Meter = (units: number) => void
export type Implementation = (args: readonly CelValue[], pay: Meter) => CelValue
export type CelFunction = {
  readonly name: string
  readonly overloads: readonly Overload[]
  readonly call: Implementation
}

/** Reads `string.contains(string) bool`, or `size(list(A)) int` for a function that is no member. */
function readOverload(text: string): { name: string; overload: Overload } {
  const open = text.indexOf('(', text.indexOf('.') < 0 ? 0 : memberDot(text))
  const head = text.slice(0, open)
  const close = matching(text, open)
  const inner = text.slice(open + 1, close).trim()
  const parameters = splitTop(inner).map(readType)
  const result = readType(text.slice(close + 1).trim())
  const dot = memberDot(text)
  if (dot < 0) return { name: head, overload: { member: false, parameters, result } }
  const receiver = readType(text.slice(0, dot).trim())
  return {
    name: head.slice(dot + 1),
    overload: { member: true, parameters: [receiver, ...parameters], result },
  }
}
/** Receivers are set apart by `->`-less notation: the last dot before the arguments, outside of parentheses. */
function memberDot(text: string): number {
  let depth = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++
    else if (text[i] === ')') depth--
    else if (depth === 0 && text[i] === '.') return i
    else if (depth === 0 && text[i] === ' ') return -1
  }
  return -1
}
function matching(text: string, open: number): number {
  let depth = 0
  for (let i = open; i < text.length; i++) {
    if (text[i] === '(') depth++
    else if (text[i] === ')' && --depth === 0) return i
  }
  return text.length
}
function splitTop(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '(') depth++
    else if (text[i] === ')') depth--
    else if (text[i] === ',' && depth === 0) {
      parts.push(text.slice(start, i))
      start = i + 1
    }
  }
  if (text !== '') parts.push(text.slice(start))
  return parts
}

/**
 * A function from its signatures and its code. `math.greatest` and its like have a dot of their own: they are written
 * `math:greatest(int, int) int`.
 */
export function define(signatures: readonly string[], call: Implementation): CelFunction {
  const read = signatures.map(readOverload)
  const name = (read[0] as { name: string }).name.replace(':', '.')
  return { name, overloads: read.map(({ overload }) => overload), call }
}

/** The answer of a function to values it has no overload for. */
export const noOverload = (name: string, args: readonly CelValue[]): Failure =>
  fail('rule.celNoOverload', { name: printName(name), types: args.map(typeNameOf).join(', ') })

/** `_+_` is an inner name. */
export const printName = (name: string): string => name.replace(/^[_@](?=\W|in)|(?<=\W)_$/g, '').replace(/^@/, '')
