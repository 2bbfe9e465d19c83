import { duration, timestamp } from './functions/time.ts'
import * as t from './type.ts'
import {
  CelMap,
  CelUint,
  type CelValue,
  doubleOf,
  fail,
  double as fromDouble,
  isDouble,
  isInt,
  isList,
  isMap,
  type MessageField,
  type MessageType,
  mapKeys,
  typeNameOf,
} from './value.ts'

const same = (value: CelValue): CelValue => value
const field = (type: t.Type, unset: CelValue, accept: MessageField['accept'] = same): MessageField => ({
  type,
  unset,
  accept,
})

/** A wrapper is its value: `google.protobuf.Int64Value{value: 1}` is 1. */
function wrapper(name: string, inner: t.Type, unset: CelValue, accept?: MessageField['accept']): MessageType {
  return {
    name: `google.protobuf.${name}`,
    type: { kind: 'wrapper', parameters: [inner] },
    fields: new Map([['value', field(inner, unset, accept)]]),
    unwrap: fields => fields.get('value') ?? unset,
  }
}
/** A whole number that fits; 64 bits are held by the value itself. */
export const within =
  (least: bigint, most: bigint): MessageField['accept'] =>
  value => {
    if (!isInt(value) && !(value instanceof CelUint)) return refused(value)
    const whole = BigInt(value instanceof CelUint ? value.value : value)
    return whole < least || whole > most ? fail('rule.celOverflow') : value
  }
const refused = (value: CelValue): CelValue => fail('rule.celNoOverload', { name: '{}', types: typeNameOf(value) })
export const int32 = within(-(2n ** 31n), 2n ** 31n - 1n)
export const uint32 = within(0n, 2n ** 32n - 1n)
/** 32 bits keep fewer digits. */
export const float: MessageField['accept'] = value => {
  if (!isDouble(value)) return refused(value)
  const kept = Math.fround(doubleOf(value))
  return typeof value === 'number' && kept === value ? value : fromDouble(kept)
}

const mapOfTexts: MessageField['accept'] = value =>
  isMap(value) && mapKeys(value).every(key => typeof key === 'string') ? value : refused(value)
const listOnly: MessageField['accept'] = value => (isList(value) ? value : refused(value))
const one = (fields: ReadonlyMap<string, CelValue>): CelValue => [...fields.values()][0] ?? null
const nanosOf = (fields: ReadonlyMap<string, CelValue>): bigint =>
  BigInt((fields.get('seconds') ?? 0) as number) * 1_000_000_000n + BigInt((fields.get('nanos') ?? 0) as number)

const structType = t.mapOf(t.stringType, t.dyn)
const moment = [
  ['seconds', field(t.intType, 0)],
  ['nanos', field(t.intType, 0, int32)],
] as const

const types: readonly MessageType[] = [
  wrapper('BoolValue', t.bool, false),
  wrapper('StringValue', t.stringType, ''),
  wrapper('BytesValue', t.bytesType, new Uint8Array()),
  wrapper('DoubleValue', t.doubleType, fromDouble(0)),
  wrapper('FloatValue', t.doubleType, fromDouble(0), float),
  wrapper('Int32Value', t.intType, 0, int32),
  wrapper('Int64Value', t.intType, 0),
  wrapper('UInt32Value', t.uintType, new CelUint(0n), uint32),
  wrapper('UInt64Value', t.uintType, new CelUint(0n)),
  {
    name: 'google.protobuf.Value',
    type: t.dyn,
    fields: new Map([
      ['null_value', field(t.dyn, null, () => null)],
      ['number_value', field(t.doubleType, fromDouble(0))],
      ['string_value', field(t.stringType, '')],
      ['bool_value', field(t.bool, false)],
      ['struct_value', field(structType, new CelMap(), mapOfTexts)],
      ['list_value', field(t.listOf(t.dyn), [], listOnly)],
    ]),
    unwrap: one,
  },
  {
    name: 'google.protobuf.Struct',
    type: structType,
    fields: new Map([['fields', field(structType, new CelMap(), mapOfTexts)]]),
    unwrap: fields => fields.get('fields') ?? new CelMap(),
  },
  {
    name: 'google.protobuf.ListValue',
    type: t.listOf(t.dyn),
    fields: new Map([['values', field(t.listOf(t.dyn), [], listOnly)]]),
    unwrap: fields => fields.get('values') ?? [],
  },
  {
    name: 'google.protobuf.Timestamp',
    type: t.timestampType,
    fields: new Map(moment),
    unwrap: fields => timestamp(nanosOf(fields)),
  },
  {
    name: 'google.protobuf.Duration',
    type: t.durationType,
    fields: new Map(moment),
    unwrap: fields => duration(nanosOf(fields)),
  },
  {
    name: 'google.protobuf.Any',
    type: { kind: 'any' },
    fields: new Map([
      ['type_url', field(t.stringType, '')],
      ['value', field(t.bytesType, new Uint8Array())],
    ]),
    // What bytes mean only a descriptor can say, and rules have none.
    unwrap: () => fail('rule.celConversion', { text: 'google.protobuf.Any', type: 'dyn' }),
  },
]
/** The messages that CEL itself knows, as the values it takes them for. */
export const wellKnownTypes: ReadonlyMap<string, MessageType> = new Map(types.map(type => [type.name, type]))
