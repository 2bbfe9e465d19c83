import type { ParameterType, Run, TemplateFunction } from './evaluate.ts'
import { GoObject, isDict, isList, TemplateError, typeName, type Value } from './value.ts'

export type FunctionTable = { readonly [name: string]: TemplateFunction }

/** `'string int'` are two parameters; `'any*'` as the last repeats; `'any?'` may be left out. */
export function define(signature: string, call: (args: readonly Value[], run: Run) => Value): TemplateFunction {
  const words = signature.split(' ').filter(word => word !== '')
  return {
    parameters: words.map(word => word.replace(/[*?]$/, '') as ParameterType),
    rest: words.some(word => word.endsWith('*')),
    optional: words.filter(word => word.endsWith('?')).length,
    call,
  }
}

export const text = (args: readonly Value[], index: number): string => String(args[index] ?? '')
export const whole = (args: readonly Value[], index: number): number => {
  const value = args[index]
  return typeof value === 'bigint' ? Number(value) : 0
}

/** A list for functions that take any slice. Throws for what is none, as Sprig's do. */
export function listOf(name: string, value: Value | undefined): Value[] {
  if (isList(value)) return value
  if (value instanceof GoObject && isList(value.entries)) return value.entries
  throw new TemplateError('helm.argumentType', { name, want: 'list', got: typeName(value), index: 1 })
}
export function dictOf(name: string, value: Value | undefined): Map<string, Value> {
  if (isDict(value)) return value
  throw new TemplateError('helm.argumentType', { name, want: 'dict', got: typeName(value), index: 1 })
}

/** cast.ToInt64: text as a number, what cannot be one is 0. */
export function toInt(value: Value | undefined): bigint {
  if (typeof value === 'bigint') return value
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n
  if (typeof value !== 'string') return 0n
  const plain = value.trim().replaceAll('_', '')
  if (/^[-+]?0[xXbBoO][0-9a-fA-F]+$/.test(plain)) {
    const sign = plain.startsWith('-') ? -1n : 1n
    try {
      return sign * BigInt(plain.replace(/^[-+]/, ''))
    } catch (error) {
      // Letters that its base does not have.
      if (error instanceof SyntaxError) return 0n
      throw error
    }
  }
  if (/^[-+]?0[0-7]+$/.test(plain)) return BigInt(Number.parseInt(plain, 8))
  if (/^[-+]?\d+$/.test(plain)) return BigInt(plain.replace(/^\+/, ''))
  // "1.0" is 1 to cast, "1.5" is none.
  return /^[-+]?\d+\.0*$/.test(plain) ? BigInt(plain.replace(/^\+/, '').replace(/\.0*$/, '')) : 0n
}

/** cast.ToFloat64. */
export function toFloat(value: Value | undefined): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string') return 0
  const number = Number(value)
  return Number.isNaN(number) || value.trim() === '' ? 0 : number
}
