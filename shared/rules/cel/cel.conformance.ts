import { tests } from '@bufbuild/cel-spec/testdata/conformance.js'
import { compileExpression } from './compile-expression.ts'
import { type Environment, environment } from './environment.ts'
import type { CelFunction } from './function-table.ts'
import { readDuration, readTimestamp } from './functions/time.ts'
import * as t from './type.ts'
import {
  CelDouble,
  CelDuration,
  CelMap,
  CelMessage,
  CelOptional,
  CelTimestamp,
  CelType,
  CelUint,
  type CelValue,
  double,
  equals,
  Failure,
  int,
  isList,
  isMap,
  type JsonMap,
  mapGet,
  mapKeys,
  typeNameOf,
} from './value.ts'
import { wellKnownTypes } from './well-known.ts'

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
type JsonObject = { [key: string]: Json }
/** A test of the official suite, as its package writes it. */
export type SpecTest = { readonly original: JsonObject & { expr: string; name?: string }; readonly type?: string }
type Suite = { readonly name: string; readonly suites?: Suite[]; readonly tests?: SpecTest[] }
export type Messages = {
  readonly types: Pick<Environment, 'messages' | 'constants'>
  typeOf(name: string): t.Type
  valueOf(object: JsonObject): CelValue
}

/** The official conformance suite of CEL (google/cel-spec, simple tests), by section. */
export function sections(): ReadonlyMap<string, readonly SpecTest[]> {
  const flat = (suite: Suite): SpecTest[] => [...(suite.tests ?? []), ...(suite.suites ?? []).flatMap(flat)]
  return new Map(((tests as unknown as Suite).suites ?? []).map(suite => [suite.name, flat(suite)]))
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(atob(base64), character => character.charCodeAt(0))
function readValue(json: JsonObject, messages: Messages | null): CelValue {
  const [[kind, value] = ['', null]] = Object.entries(json)
  switch (kind) {
    case 'nullValue':
      return null
    case 'boolValue':
    case 'stringValue':
      return value as string
    case 'int64Value':
      return int(BigInt(value as string))
    case 'uint64Value':
      return new CelUint(BigInt(value as string))
    case 'doubleValue':
      return double(Number(value))
    case 'bytesValue':
      return bytesOf(value as string)
    case 'typeValue':
      return new CelType(value as string)
    case 'enumValue':
      return int(BigInt((value as { value?: number }).value ?? 0))
    case 'listValue':
      return ((value as { values?: JsonObject[] }).values ?? []).map(item => readValue(item, messages))
    case 'mapValue': {
      const map = new CelMap()
      for (const entry of (value as { entries?: { key: JsonObject; value: JsonObject }[] }).entries ?? [])
        map.set(readValue(entry.key, messages), readValue(entry.value, messages))
      return map
    }
    case 'objectValue': {
      const object = value as JsonObject
      const name = String(object['@type']).replace('type.googleapis.com/', '')
      if (name === 'google.protobuf.Timestamp') return readTimestamp(object['value'] as string)
      if (name === 'google.protobuf.Duration') return readDuration(object['value'] as string)
      const known = wellKnownValue(name, object['value'])
      if (known !== undefined) return known
      if (messages) return messages.valueOf(object)
    }
  }
  throw new Error(`no value: ${JSON.stringify(json)}`)
}

/** A well-known message in JSON, as the value CEL takes it for; an absent value is the default. */
export function wellKnownValue(name: string, value: Json | undefined): CelValue | undefined {
  const kind = /^google\.protobuf\.(\w+)$/.exec(name)?.[1]
  switch (kind) {
    case 'BoolValue':
      return value === true
    case 'StringValue':
      return (value as string | undefined) ?? ''
    case 'BytesValue':
      return bytesOf((value as string | undefined) ?? '')
    case 'Int32Value':
    case 'Int64Value':
      return int(BigInt((value as string | undefined) ?? 0))
    case 'UInt32Value':
    case 'UInt64Value':
      return new CelUint(BigInt((value as string | undefined) ?? 0))
    case 'FloatValue':
    case 'DoubleValue':
      return double(Number(value ?? 0))
    case 'Value':
    case 'Struct':
    case 'ListValue':
      return fromJson(value ?? (kind === 'Struct' ? {} : kind === 'ListValue' ? [] : null))
    default:
      return undefined
  }
}
/** JSON as `google.protobuf.Value` has it: its numbers are doubles. */
function fromJson(value: Json): CelValue {
  if (typeof value === 'number') return double(value)
  if (Array.isArray(value)) return value.map(fromJson)
  if (typeof value !== 'object' || value === null) return value
  const map = new CelMap()
  for (const [key, item] of Object.entries(value)) map.set(key, fromJson(item))
  return map
}

const primitives: { readonly [name: string]: t.Type } = {
  BOOL: t.bool,
  INT64: t.intType,
  UINT64: t.uintType,
  DOUBLE: t.doubleType,
  STRING: t.stringType,
  BYTES: t.bytesType,
}
function typeOf(json: JsonObject, messages: Messages | null): t.Type {
  const [[kind, value] = ['', null]] = Object.entries(json)
  const inner = value as JsonObject
  switch (kind) {
    case 'primitive':
      return primitives[value as string] as t.Type
    case 'wrapper':
      return { kind: 'wrapper', parameters: [primitives[value as string] as t.Type] }
    case 'wellKnown':
      return ({ TIMESTAMP: t.timestampType, DURATION: t.durationType, ANY: { kind: 'any' } } as const)[value as 'ANY']
    case 'listType':
      return t.listOf(typeOf(inner['elemType'] as JsonObject, messages))
    case 'mapType':
      return t.mapOf(
        typeOf(inner['keyType'] as JsonObject, messages),
        typeOf(inner['valueType'] as JsonObject, messages),
      )
    case 'dyn':
      return t.dyn
    case 'null':
      return t.nullType
    case 'type':
      return t.typeOf(typeOf(inner, messages))
    case 'typeParam':
      return { kind: 'parameter', name: value as string }
    case 'abstractType':
      return {
        kind: 'opaque',
        name: inner['name'] as string,
        parameters: ((inner['parameterTypes'] ?? []) as JsonObject[]).map(each => typeOf(each, messages)),
      }
    case 'messageType': {
      if (value === 'google.protobuf.Duration') return t.durationType
      if (value === 'google.protobuf.Timestamp') return t.timestampType
      const known = wellKnownTypes.get(value as string)?.type
      if (known) return known
      if (messages) return messages.typeOf(value as string)
    }
  }
  throw new Error(`no type: ${JSON.stringify(json)}`)
}

/** Equal, and of one type all the way down. */
function isSame(a: CelValue, b: CelValue): boolean {
  if (typeof a === 'number' && typeof b === 'number' && Number.isNaN(a) && Number.isNaN(b)) return true
  if (typeNameOf(a) !== typeNameOf(b)) return false
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, i) => isSame(item, b[i] as CelValue))
  if (isMap(a) && isMap(b)) {
    const keys = mapKeys(a)
    return (
      keys.length === mapKeys(b).length &&
      keys.every(key => {
        const other = mapGet(b, key)
        return other !== undefined && isSame(mapGet(a, key) as CelValue, other)
      })
    )
  }
  return equals(a, b)
}

/** Runs one test through `compileExpression`; what went otherwise than the suite says, or null. */
export function runSpecTest({ original }: SpecTest, messages: Messages | null = null): string | null {
  const variables = new Map<string, t.Type>()
  const functions = new Map<string, CelFunction>()
  for (const declared of (original['typeEnv'] ?? []) as JsonObject[]) {
    const ident = declared['ident'] as JsonObject | undefined
    if (ident) variables.set(declared['name'] as string, typeOf(ident['type'] as JsonObject, messages))
    const declaredFunction = declared['function'] as JsonObject | undefined
    if (declaredFunction) {
      const name = declared['name'] as string
      const overloads = (declaredFunction['overloads'] as JsonObject[]).map(overload => ({
        member: overload['isInstanceFunction'] === true,
        parameters: ((overload['params'] ?? []) as JsonObject[]).map(each => typeOf(each, messages)),
        result: typeOf(overload['resultType'] as JsonObject, messages),
      }))
      functions.set(name, { name, overloads, call: () => null })
    }
  }
  const facts: { [name: string]: CelValue } = {}
  for (const [name, binding] of Object.entries((original['bindings'] ?? {}) as JsonObject)) {
    facts[name] = readValue((binding as JsonObject)['value'] as JsonObject, messages)
    if (!variables.has(name)) variables.set(name, t.dyn)
  }
  const within = environment({
    ...messages?.types,
    variables,
    functions,
    facts: 'none',
    open: false,
    container: (original['container'] ?? '') as string,
  })
  const { program, problems } = compileExpression(original.expr, within, {
    unchecked: original['disableCheck'] === true,
  })
  const typed = original['typedResult'] as JsonObject | undefined
  const expectsError = 'evalError' in original || 'anyEvalErrors' in original
  if (!program) return expectsError ? null : `refused: ${JSON.stringify(problems[0])}`
  if (typed?.['deducedType']) {
    const wanted = t.printType(typeOf(typed['deducedType'] as JsonObject, messages))
    if (wanted !== t.printType(program.type)) return `type ${t.printType(program.type)}, not ${wanted}`
  }
  if (original['checkOnly'] === true) return null
  const result = program.evaluate(facts as JsonMap)
  if (expectsError) return result instanceof Failure ? null : `no error but ${show(result)}`
  const json = (typed ? typed['result'] : original['value']) as JsonObject | undefined
  const wanted = json ? readValue(json, messages) : true
  return isSame(result, wanted) ? null : `${show(result)}, not ${show(wanted)}`
}

function show(value: CelValue): string {
  if (value instanceof Failure) return JSON.stringify(value)
  if (value instanceof CelDouble || value instanceof CelUint) return `${typeNameOf(value)} ${value.value}`
  if (value instanceof CelTimestamp || value instanceof CelDuration) return `${typeNameOf(value)} ${value.nanos}`
  if (value instanceof CelOptional) return `optional(${value.value === undefined ? '' : show(value.value)})`
  if (value instanceof CelMessage)
    return `${value.type.name}{${[...value.fields].map(([name, field]) => `${name}: ${show(field)}`).join(', ')}}`
  if (isList(value)) return `[${value.map(show).join(', ')}]`
  if (isMap(value))
    return `{${mapKeys(value)
      .map(key => `${show(key)}: ${show(mapGet(value, key) as CelValue)}`)
      .join(', ')}}`
  return `${typeNameOf(value)} ${String(value)}`
}
