import { type CelFunction, define, noOverload } from '../function-table.ts'
import { CelDuration, type CelError, CelTimestamp, type CelValue, fail } from '../value.ts'

const second = 1_000_000_000n
const firstMoment = -62_135_596_800n * second
const lastMoment = 253_402_300_800n * second - 1n
/** As Go's: nanoseconds in 64 bits. */
const longest = 2n ** 63n - 1n

/** A moment of the years 1 to 9999; a failure outside of them. */
export const timestamp = (nanos: bigint): CelTimestamp | CelError =>
  nanos < firstMoment || nanos > lastMoment ? fail('rule.celTimeRange') : new CelTimestamp(nanos)
export const duration = (nanos: bigint): CelDuration | CelError =>
  nanos < -longest - 1n || nanos > longest ? fail('rule.celTimeRange') : new CelDuration(nanos)

const moment = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/
/** Reads RFC 3339. */
export function readTimestamp(text: string): CelTimestamp | CelError {
  const found = moment.exec(text)
  const bad = (): CelError => fail('rule.celNotATime', { text: text.slice(0, 60) })
  if (!found) return bad()
  const [year, month, day, hour, minute, seconds] = found.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (date.getUTCMonth() !== month - 1 || hour > 23 || minute > 59 || seconds > 59) return bad()
  const offset =
    found[8] === undefined ? 0 : (Number(found[9]) * 60 + Number(found[10])) * (found[8] === '-' ? -60 : 60)
  const whole = BigInt(date.getTime() / 1000 + hour * 3600 + minute * 60 + seconds - offset)
  return timestamp(whole * second + BigInt((found[7] ?? '').padEnd(9, '0') || 0))
}

const units: { readonly [unit: string]: bigint } = {
  h: 3600n * second,
  m: 60n * second,
  s: second,
  ms: 1_000_000n,
  us: 1000n,
  µs: 1000n,
  μs: 1000n,
  ns: 1n,
}
/** Reads durations as Go writes them: `1h30m`, `-1.5s`. */
export function readDuration(text: string): CelDuration | CelError {
  const bad = (): CelError => fail('rule.celNotADuration', { text: text.slice(0, 60) })
  const body = text.replace(/^[+-]/, '')
  if (body === '0') return new CelDuration(0n)
  if (text.length > 100 || !/^(?:(?:\d+\.?\d*|\.\d+)(?:h|ms|m|s|us|µs|μs|ns))+$/.test(body)) return bad()
  let nanos = 0n
  for (const [, whole = '', fraction = '', unit] of body.matchAll(/(\d*)(?:\.(\d*))?(h|ms|m|s|us|µs|μs|ns)/g)) {
    const size = units[unit as string] as bigint
    nanos += BigInt(whole || 0) * size
    if (fraction !== '') nanos += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length)
  }
  return duration(text.startsWith('-') ? -nanos : nanos)
}

const fractionOf = (nanos: bigint): string => {
  if (nanos === 0n) return ''
  return `.${nanos.toString().padStart(9, '0').replace(/0+$/, '')}`
}
const floorDivide = (a: bigint, b: bigint): bigint => (a >= 0n ? a / b : -((-a + b - 1n) / b))
/** RFC 3339 in UTC, with as many digits of a second as there are. */
export function printTimestamp({ nanos }: CelTimestamp): string {
  const whole = floorDivide(nanos, second)
  return `${new Date(Number(whole) * 1000).toISOString().slice(0, 19)}${fractionOf(nanos - whole * second)}Z`
}
export function printDuration({ nanos }: CelDuration): string {
  const size = nanos < 0n ? -nanos : nanos
  return `${nanos < 0n ? '-' : ''}${size / second}${fractionOf(size % second)}s`
}
export const secondsOf = (nanos: bigint): bigint => floorDivide(nanos, second)

type Parts = {
  readonly [part in 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'weekday' | 'dayOfYear']: number
}
const zones = new Map<string, Intl.DateTimeFormat>()
function offsetOf(zone: string, milliseconds: number): number | CelError {
  const fixed = /^([+-]?)(\d\d):(\d\d)$/.exec(zone)
  if (fixed) return (Number(fixed[2]) * 60 + Number(fixed[3])) * (fixed[1] === '-' ? -60_000 : 60_000)
  try {
    let format = zones.get(zone)
    if (!format) {
      format = new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      })
      // There are some 600 zones; whoever asks for more is not asking for zones.
      if (zones.size < 1000) zones.set(zone, format)
    }
    const parts: { [part: string]: number } = {}
    for (const { type, value } of format.formatToParts(milliseconds)) parts[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second: s = 0 } = parts
    const local = new Date(0)
    local.setUTCFullYear(year, month - 1, day)
    local.setUTCHours(hour, minute, s)
    return local.getTime() - Math.floor(milliseconds / 1000) * 1000
  } catch {
    // An unknown zone is a RangeError of Intl, and a failure of the expression.
    return fail('rule.celZone', { zone: zone.slice(0, 60) })
  }
}
function partsOf({ nanos }: CelTimestamp, zone: string): Parts | CelError {
  const milliseconds = Number(floorDivide(nanos, 1_000_000n))
  const offset = zone === 'UTC' || zone === '' ? 0 : offsetOf(zone, milliseconds)
  if (typeof offset !== 'number') return offset
  const date = new Date(milliseconds + offset)
  const start = new Date(0)
  start.setUTCFullYear(date.getUTCFullYear(), 0, 1)
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth(),
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    weekday: date.getUTCDay(),
    dayOfYear: Math.floor((date.getTime() - start.getTime()) / 86_400_000),
  }
}

const part = (name: string, read: (parts: Parts) => number, per: bigint | null): CelFunction =>
  define(
    [`timestamp.${name}() int`, `timestamp.${name}(string) int`, ...(per === null ? [] : [`duration.${name}() int`])],
    args => {
      const [value, zone = 'UTC'] = args
      if (value instanceof CelTimestamp && typeof zone === 'string') {
        const parts = partsOf(value, zone)
        return 'year' in parts ? read(parts) : parts
      }
      if (value instanceof CelDuration && per !== null && args.length === 1) return Number(value.nanos / per)
      return noOverload(name, args)
    },
  )

export const timeFunctions: readonly CelFunction[] = [
  part('getFullYear', ({ year }) => year, null),
  part('getMonth', ({ month }) => month, null),
  part('getDate', ({ day }) => day, null),
  part('getDayOfMonth', ({ day }) => day - 1, null),
  part('getDayOfWeek', ({ weekday }) => weekday, null),
  part('getDayOfYear', ({ dayOfYear }) => dayOfYear, null),
  part('getHours', ({ hour }) => hour, 3600n * second),
  part('getMinutes', ({ minute }) => minute, 60n * second),
  part('getSeconds', parts => parts.second, second),
  define(
    ['timestamp.getMilliseconds() int', 'timestamp.getMilliseconds(string) int', 'duration.getMilliseconds() int'],
    args => {
      const [value] = args as [CelValue]
      if (value instanceof CelTimestamp) return Number((value.nanos - secondsOf(value.nanos) * second) / 1_000_000n)
      if (value instanceof CelDuration) return Number((value.nanos % second) / 1_000_000n)
      return noOverload('getMilliseconds', args)
    },
  ),
]
