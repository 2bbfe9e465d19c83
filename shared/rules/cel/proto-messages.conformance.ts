import { getTestRegistry } from '@bufbuild/cel-spec/testdata/registry.js'
import {
  type DescEnum,
  type DescField,
  type DescMessage,
  fromBinary,
  fromJson,
  getExtension,
  hasExtension,
  type JsonValue,
  ScalarType,
} from '@bufbuild/protobuf'
import { type ReflectMessage, reflect } from '@bufbuild/protobuf/reflect'
import { type Any, anyUnpack } from '@bufbuild/protobuf/wkt'
import { wellKnownValue } from './cel.conformance.ts'
import { messageType } from './check.ts'
import { printDuration, printTimestamp } from './functions/time.ts'
import * as t from './type.ts'
import {
  CelDouble,
  CelDuration,
  CelMap,
  CelMessage,
  CelTimestamp,
  CelUint,
  type CelValue,
  double,
  fail,
  int,
  isInt,
  isList,
  isMap,
  type MessageField,
  type MessageType,
  mapGet,
  mapKeys,
  numberOf,
  typeNameOf,
} from './value.ts'
import { float, int32, uint32, wellKnownTypes } from './well-known.ts'

// The messages of the conformance suite, declared to the engine as an environment would declare its own. Rules have
// facts and no messages; this is here so that the suite is run as it stands.

const registry = getTestRegistry()
const descriptors = [...registry].filter((each): each is DescMessage => each.kind === 'message')
const enums = [...registry].filter((each): each is DescEnum => each.kind === 'enum')
const extensions = [...registry].filter(each => each.kind === 'extension')

const uints = new Set([ScalarType.UINT64, ScalarType.UINT32, ScalarType.FIXED32, ScalarType.FIXED64])
const doubles = new Set([ScalarType.DOUBLE, ScalarType.FLOAT])
const small = new Set([ScalarType.INT32, ScalarType.SINT32, ScalarType.SFIXED32])
function scalarType(scalar: ScalarType): t.Type {
  if (scalar === ScalarType.BOOL) return t.bool
  if (scalar === ScalarType.STRING) return t.stringType
  if (scalar === ScalarType.BYTES) return t.bytesType
  return doubles.has(scalar) ? t.doubleType : uints.has(scalar) ? t.uintType : t.intType
}
function scalarValue(scalar: ScalarType, value: unknown): CelValue {
  if (uints.has(scalar)) return new CelUint(BigInt(value as number))
  if (doubles.has(scalar)) return double(scalar === ScalarType.FLOAT ? Math.fround(value as number) : (value as number))
  return typeof value === 'bigint' || typeof value === 'number' ? int(BigInt(value)) : (value as CelValue)
}
const refused = (value: CelValue): CelValue => fail('rule.celNoOverload', { name: '{}', types: typeNameOf(value) })

function acceptScalar(scalar: ScalarType, value: CelValue): CelValue | undefined {
  if (small.has(scalar)) return isInt(value) ? int32(value) : refused(value)
  if (scalar === ScalarType.UINT32 || scalar === ScalarType.FIXED32)
    return value instanceof CelUint ? uint32(value) : refused(value)
  if (scalar === ScalarType.FLOAT) return float(value)
  const wanted = { bool: 'bool', string: 'string', bytes: 'bytes', double: 'double', uint: 'uint', int: 'int' }[
    scalarType(scalar).kind as 'int'
  ]
  return typeNameOf(value) === wanted ? value : refused(value)
}
/** As `google.protobuf.Value` keeps it: numbers are doubles, and what a double cannot hold is a text. */
function asJson(value: CelValue): CelValue {
  if (value instanceof Uint8Array) return btoa(Array.from(value, byte => String.fromCharCode(byte)).join(''))
  if (value instanceof CelTimestamp) return printTimestamp(value)
  if (value instanceof CelDuration) return printDuration(value)
  if (value instanceof CelMessage && value.type.name === 'google.protobuf.Empty') return new CelMap()
  if (value instanceof CelMessage && value.type.name === 'google.protobuf.FieldMask')
    return ((value.fields.get('paths') ?? []) as readonly CelValue[]).join(',')
  if (isInt(value) || value instanceof CelUint) {
    const whole = BigInt(numberOf(value) as bigint)
    return whole > 2n ** 53n - 1n || whole < -(2n ** 53n - 1n) ? String(whole) : double(Number(whole))
  }
  if (isList(value)) return value.map(asJson)
  if (!isMap(value)) return value
  const map = new CelMap()
  for (const key of mapKeys(value)) map.set(key, asJson(mapGet(value, key) as CelValue))
  return map
}

const types = new Map<string, MessageType>()
const typeOfMessage = (descriptor: DescMessage): MessageType => {
  const name = descriptor.typeName
  const known = wellKnownTypes.get(name) ?? types.get(name)
  if (known) return known
  const fields = new Map<string, MessageField>()
  const type: MessageType = { name, fields }
  types.set(name, type)
  for (const field of descriptor.fields) fields.set(field.name, fieldOf(field))
  for (const extension of extensions)
    if (extension.extendee.typeName === name) fields.set(extension.typeName, fieldOf(extension as unknown as DescField))
  return type
}

type One = {
  readonly kind: 'scalar' | 'enum' | 'message'
  readonly scalar?: ScalarType | undefined
  readonly message?: DescMessage | undefined
}
const typeOfOne = ({ kind, scalar, message }: One): t.Type =>
  kind === 'scalar'
    ? scalarType(scalar as ScalarType)
    : kind === 'enum'
      ? t.intType
      : messageType(typeOfMessage(message as DescMessage))
function acceptOne({ kind, scalar, message }: One, value: CelValue): CelValue | undefined {
  if (kind === 'scalar') return acceptScalar(scalar as ScalarType, value)
  if (kind === 'enum') return isInt(value) ? int32(value) : refused(value)
  const name = (message as DescMessage).typeName
  if (name === 'google.protobuf.Value') return asJson(value)
  if (value === null && (name === 'google.protobuf.Struct' || name === 'google.protobuf.ListValue'))
    return refused(value)
  if (value === null) return name === 'google.protobuf.Any' ? value : undefined
  if (name === 'google.protobuf.Struct')
    return isMap(value) && mapKeys(value).every(key => typeof key === 'string') ? asJson(value) : refused(value)
  if (name === 'google.protobuf.ListValue') return isList(value) ? asJson(value) : refused(value)
  const wrapped = wellKnownTypes.get(name)?.type
  if (wrapped?.kind === 'wrapper') return wellKnownTypes.get(name)?.fields.get('value')?.accept(value)
  return value
}
const unsetOne = ({ kind, scalar, message }: One): CelValue => {
  if (kind === 'enum') return 0
  if (kind === 'scalar') {
    if (scalar === ScalarType.BYTES) return new Uint8Array()
    return scalar === ScalarType.STRING ? '' : scalar === ScalarType.BOOL ? false : scalarValue(scalar as ScalarType, 0)
  }
  const type = typeOfMessage(message as DescMessage)
  if (type.type?.kind === 'wrapper' || type.name === 'google.protobuf.Any') return null
  return type.unwrap ? type.unwrap(new Map()) : new CelMessage(type, new Map())
}

function fieldOf(field: DescField): MessageField {
  if (field.fieldKind === 'list') {
    const one: One = { kind: field.listKind, scalar: field.scalar, message: field.message }
    return {
      get type() {
        return t.listOf(typeOfOne(one))
      },
      unset: [],
      accept(value) {
        if (value === null || (isList(value) && value.length === 0)) return value === null ? refused(value) : undefined
        if (!isList(value)) return refused(value)
        const kept = value.map(item =>
          item === null && one.kind !== 'message' ? refused(item) : (acceptOne(one, item) ?? item),
        )
        return kept.find(item => typeNameOf(item) === 'map' && !isMap(item)) ?? kept
      },
    }
  }
  if (field.fieldKind === 'map') {
    const one: One = { kind: field.mapKind, scalar: field.scalar, message: field.message }
    return {
      get type() {
        return t.mapOf(scalarType(field.mapKey), typeOfOne(one))
      },
      unset: new CelMap(),
      accept(value) {
        if (!isMap(value)) return refused(value)
        const map = new CelMap()
        for (const key of mapKeys(value)) {
          const item = mapGet(value, key) as CelValue
          map.set(key, acceptOne(one, item) ?? item)
        }
        return map.size === 0 ? undefined : map
      },
    }
  }
  const one: One = { kind: field.fieldKind, scalar: field.scalar, message: field.message }
  // 2 is IMPLICIT of descriptor.proto's FieldPresence: what is zero is not there.
  const implicit = field.presence === 2 && one.kind !== 'message'
  return {
    get type() {
      return typeOfOne(one)
    },
    get unset() {
      const given = 'getDefaultValue' in field ? field.getDefaultValue() : undefined
      if (given === undefined || one.kind === 'message') return unsetOne(one)
      return one.kind === 'enum' ? int(BigInt(given as number)) : scalarValue(one.scalar as ScalarType, given)
    },
    accept(value) {
      if (value === null && one.kind !== 'message') return refused(value)
      const kept = acceptOne(one, value)
      const zero =
        kept === 0 ||
        kept === '' ||
        kept === false ||
        (kept instanceof CelDouble && Object.is(kept.value, 0)) ||
        (kept instanceof CelUint && kept.value === 0n) ||
        (kept instanceof Uint8Array && kept.length === 0)
      return implicit && zero ? undefined : kept
    },
  }
}

function fromReflected(message: ReflectMessage): CelValue {
  const name = message.desc.typeName
  if (name === 'google.protobuf.Any') {
    const any = message.message as Any
    const unpacked = anyUnpack(any, registry)
    if (unpacked) return fromReflected(reflect(registry.getMessage(unpacked.$typeName) as DescMessage, unpacked))
    // Nobody knows what it is: its bytes are compared.
    return new CelMessage(types.get(name) as MessageType, new Map([['value', any.value]]))
  }
  const get = (field: string): unknown => (message.message as unknown as { [key: string]: unknown })[field]
  const nanos = (): bigint => (get('seconds') as bigint) * 1_000_000_000n + BigInt(get('nanos') as number)
  if (name === 'google.protobuf.Timestamp') return new CelTimestamp(nanos())
  if (name === 'google.protobuf.Duration') return new CelDuration(nanos())
  if (name === 'google.protobuf.Value' && (get('kind') as { case?: string }).case === 'nullValue') return null
  const fields = new Map<string, CelValue>()
  for (const extension of extensions) {
    if (extension.extendee.typeName !== name || !hasExtension(message.message, extension)) continue
    const value = getExtension(message.message, extension) as unknown
    const kept =
      extension.fieldKind === 'message'
        ? fromReflected(reflect(extension.message, value as never, registry as never))
        : extension.fieldKind === 'list'
          ? (value as unknown[]).map(item =>
              extension.listKind === 'message'
                ? fromReflected(reflect(extension.message, item as never))
                : scalarValue(extension.scalar ?? ScalarType.INT32, item),
            )
          : scalarValue(extension.scalar ?? ScalarType.INT32, value)
    fields.set(extension.typeName, kept)
  }
  for (const field of message.fields) {
    if (!message.isSet(field)) continue
    const value = message.get(field) as unknown
    const one: One = { kind: field.fieldKind as 'scalar', scalar: field.scalar, message: field.message }
    const convert = (kind: string, item: unknown): CelValue =>
      kind === 'message'
        ? fromReflected(item as ReflectMessage)
        : kind === 'enum'
          ? int(BigInt(item as number))
          : scalarValue(one.scalar as ScalarType, item)
    if (field.fieldKind === 'list')
      fields.set(
        field.name,
        [...(value as Iterable<unknown>)].map(item => convert(field.listKind, item)),
      )
    else if (field.fieldKind === 'map') {
      const map = new CelMap()
      for (const [key, item] of value as Iterable<[unknown, unknown]>)
        map.set(scalarValue(field.mapKey, key), convert(field.mapKind, item))
      fields.set(field.name, map)
    } else fields.set(field.name, convert(field.fieldKind, value))
  }
  const type = typeOfMessage(message.desc)
  return type.unwrap ? type.unwrap(fields) : new CelMessage(type, fields)
}

for (const descriptor of descriptors) typeOfMessage(descriptor)
/** Here bytes mean something: there are descriptors. */
types.set('google.protobuf.Any', {
  ...(wellKnownTypes.get('google.protobuf.Any') as MessageType),
  unwrap(fields) {
    const schema = registry.getMessage(String(fields.get('type_url')).replace('type.googleapis.com/', ''))
    const bytes = fields.get('value')
    if (!schema) return fail('rule.celConversion', { text: 'google.protobuf.Any', type: 'dyn' })
    return fromReflected(reflect(schema, fromBinary(schema, bytes instanceof Uint8Array ? bytes : new Uint8Array())))
  },
})

/** The messages, enumerations and values of the suite. */
export const suiteMessages = {
  types: {
    messages: types,
    constants: new Map(
      enums.flatMap(({ typeName, values }) =>
        values.map(
          ({ name, number }) => [`${typeName}.${name}`, { type: t.intType, value: number as CelValue }] as const,
        ),
      ),
    ),
  },
  typeOf(name: string): t.Type {
    const type = types.get(name)
    if (!type) throw new Error(`no message ${name}`)
    return messageType(type)
  },
  valueOf({ '@type': url, ...json }: { readonly [key: string]: unknown }): CelValue {
    const name = String(url).replace('type.googleapis.com/', '')
    const known = wellKnownValue(name, json['value'] as null)
    if (known !== undefined) return known
    const schema = registry.getMessage(name)
    if (!schema) throw new Error(`no message ${name}`)
    const plain = name === 'google.protobuf.Any' || 'value' in json ? (json['value'] as JsonValue) : (json as JsonValue)
    return fromReflected(reflect(schema, fromJson(schema, plain, { registry })))
  },
}
