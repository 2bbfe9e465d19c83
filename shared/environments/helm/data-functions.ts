import { define, dictOf, type FunctionTable, listOf, text, toFloat, toInt, whole } from './define-function.ts'
import type { Origins, Run } from './evaluate.ts'
import { fromJson, toJson } from './go-json.ts'
import { durationText, formatTime, parseTime, readDuration, timeObject } from './go-time.ts'
import {
  type Dict,
  deepEqual,
  GoObject,
  isDict,
  isList,
  isTrue,
  kindName,
  TemplateError,
  textOf,
  typeName,
  type Value,
} from './value.ts'

export const copyValue = (value: Value): Value =>
  isList(value)
    ? value.map(copyValue)
    : isDict(value)
      ? new Map([...value].map(([key, item]): [string, Value] => [key, copyValue(item)]))
      : value

/** mergo.Merge: what is empty in the target is filled; with `overwrite` what is not empty in the source wins. */
function merge(target: Dict, source: Dict, overwrite: boolean, origins: Origins): Dict {
  const put = (key: string, item: Value) => {
    target.set(key, copyValue(item))
    const origin = origins.get(source)?.get(key)
    if (origin) origins.get(target)?.set(key, origin)
    else origins.get(target)?.delete(key)
  }
  for (const [key, item] of source) {
    const own = target.get(key)
    if (isDict(own) && isDict(item)) merge(own, item, overwrite, origins)
    else if (!target.has(key) || !isTrue(own)) {
      if (!target.has(key) || isTrue(item)) put(key, item)
    } else if (overwrite && isTrue(item)) put(key, item)
  }
  return target
}

const mergeAll = (args: readonly Value[], overwrite: boolean, run: Run): Value => {
  const [target, ...sources] = args
  const dict = dictOf('merge', target)
  for (const source of sources) if (isDict(source)) merge(dict, source, overwrite, run.origins)
  return dict
}

const reduceInts = (args: readonly Value[], step: (a: bigint, b: bigint) => bigint): bigint =>
  args.slice(1).reduce<bigint>((sum, one) => BigInt.asIntN(64, step(sum, toInt(one))), toInt(args[0]))
const divided = (name: string, a: bigint, b: bigint, how: (a: bigint, b: bigint) => bigint): bigint => {
  if (b === 0n) throw new TemplateError('helm.divideByZero', { name })
  return how(a, b)
}
const round = (value: number, digits: number, on = 0.5): number => {
  const scaled = value * 10 ** digits
  const fraction = scaled - Math.trunc(scaled)
  return (
    (Math.abs(fraction) >= on ? (scaled < 0 ? Math.floor(scaled) : Math.ceil(scaled)) : Math.trunc(scaled)) /
    10 ** digits
  )
}
/** Sprig's float functions add as decimals. */
const decimal = (value: number): number => Number(value.toPrecision(15))
const range = (start: number, stop: number, step: number): Value[] => {
  const items: Value[] = []
  if (step === 0) return items
  if (Math.abs((stop - start) / step) > 1_000_000) throw new TemplateError('helm.tooLong')
  for (let at = start; step > 0 ? at < stop : at > stop; at += step) items.push(BigInt(at))
  return items
}

/** Sprig's `must…` twin of a function that fails the same way here. */
function withMust(table: FunctionTable, names: readonly string[]): FunctionTable {
  const all: { [name: string]: FunctionTable[string] } = { ...table }
  for (const name of names) all[`must${name.charAt(0).toUpperCase()}${name.slice(1)}`] = table[name]!
  return all
}

const indexOne = (value: Value, key: Value): Value => {
  if (value instanceof GoObject && value.entries) return indexOne(value.entries, key)
  if (isDict(value)) {
    if (typeof key !== 'string')
      throw new TemplateError('helm.argumentType', { name: 'index', want: 'string', got: typeName(key), index: 2 })
    return value.get(key) ?? null
  }
  if (isList(value) || typeof value === 'string') {
    if (typeof key !== 'bigint')
      throw new TemplateError('helm.argumentType', { name: 'index', want: 'int', got: typeName(key), index: 2 })
    if (key < 0n || key >= BigInt(value.length)) throw new TemplateError('helm.outOfRange', { index: Number(key) })
    const item = value[Number(key)]!
    return typeof item === 'string' && typeof value === 'string' ? BigInt(item.charCodeAt(0)) : (item as Value)
  }
  throw new TemplateError('helm.cannotIndex', { type: typeName(value) })
}

const timeOf = (value: Value | undefined, now: number): number => {
  if (value instanceof GoObject && value.time !== undefined) return value.time
  if (typeof value === 'bigint') return Number(value) * 1000
  return now
}

const dayMilliseconds = 86_400_000

/** Lists, dicts, numbers, defaults, types, dates: text/template's and Sprig's. */
export const dataFunctions: FunctionTable = withMust(
  {
    not: define('any', ([value]) => !isTrue(value)),
    len: define('any', ([value]) => {
      if (typeof value === 'string') return BigInt(new TextEncoder().encode(value).length)
      if (isList(value)) return BigInt(value.length)
      if (isDict(value)) return BigInt(value.size)
      if (value instanceof GoObject && isDict(value.entries)) return BigInt(value.entries.size)
      throw new TemplateError('helm.argumentType', { name: 'len', want: 'list', got: typeName(value), index: 1 })
    }),
    index: define('any any*', ([value, ...keys]) => {
      let at: Value = value!
      for (const key of keys) {
        if (at === null) throw new TemplateError('helm.cannotIndex', { type: 'nil' })
        at = indexOne(at, key)
      }
      return at
    }),
    slice: define('any any*', ([value, from, to]) => {
      if (!isList(value) && typeof value !== 'string')
        throw new TemplateError('helm.cannotIndex', { type: typeName(value) })
      const [start, end] = [
        from === undefined ? 0 : Number(toInt(from)),
        to === undefined ? value.length : Number(toInt(to)),
      ]
      if (start < 0 || end > value.length || start > end)
        throw new TemplateError('helm.outOfRange', { index: start < 0 ? start : end })
      return value.slice(start, end)
    }),
    call: define('any any*', ([value]) => {
      throw new TemplateError('helm.notCallable', { about: typeName(value) })
    }),

    default: define('any any?', ([fallback, given]) => (isTrue(given) ? given! : fallback!)),
    empty: define('any', ([value]) => !isTrue(value)),
    coalesce: define('any*', args => args.find(arg => isTrue(arg)) ?? null),
    all: define('any*', args => args.every(arg => isTrue(arg))),
    any: define('any*', args => args.some(arg => isTrue(arg))),

    list: define('any*', args => [...args]),
    tuple: define('any*', args => [...args]),
    first: define('any', ([value]) => listOf('first', value)[0] ?? null),
    last: define('any', ([value]) => listOf('last', value).at(-1) ?? null),
    rest: define('any', ([value]) => listOf('rest', value).slice(1)),
    initial: define('any', ([value]) => listOf('initial', value).slice(0, -1)),
    append: define('any any', ([value, item]) => [...listOf('append', value), item!]),
    push: define('any any', ([value, item]) => [...listOf('push', value), item!]),
    prepend: define('any any', ([value, item]) => [item!, ...listOf('prepend', value)]),
    concat: define('any*', args => args.flatMap(arg => listOf('concat', arg))),
    reverse: define('any', ([value]) => listOf('reverse', value).toReversed()),
    uniq: define('any', ([value]) => {
      const seen: Value[] = []
      for (const item of listOf('uniq', value)) if (!seen.some(one => deepEqual(one, item))) seen.push(item)
      return seen
    }),
    without: define('any any*', ([value, ...omit]) =>
      listOf('without', value).filter(item => !omit.some(one => deepEqual(one, item))),
    ),
    has: define(
      'any any',
      ([needle, value]) => value !== null && listOf('has', value).some(item => deepEqual(item, needle)),
    ),
    compact: define('any', ([value]) => listOf('compact', value).filter(item => isTrue(item))),
    chunk: define('int any', args => {
      const [size, items] = [whole(args, 0), listOf('chunk', args[1])]
      if (size <= 0) throw new TemplateError('helm.outOfRange', { index: size })
      return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
    }),
    until: define('int', args => (whole(args, 0) >= 0 ? range(0, whole(args, 0), 1) : range(0, whole(args, 0), -1))),
    untilStep: define('int int int', args => range(whole(args, 0), whole(args, 1), whole(args, 2))),

    dict: define('any*', args => {
      const dict: Dict = new Map()
      for (let at = 0; at < args.length; at += 2)
        dict.set(textOf(args[at]), args[at + 1] ?? (at + 1 < args.length ? null : ''))
      return dict
    }),
    get: define('dict string', ([dict, key]) => dictOf('get', dict).get(textOf(key)) ?? ''),
    set: define('dict string any', ([dict, key, item], run) => {
      const target = dictOf('set', dict)
      run.origins.get(target)?.delete(textOf(key))
      return target.set(textOf(key), item!)
    }),
    unset: define('dict string', ([dict, key]) => {
      dictOf('unset', dict).delete(textOf(key))
      return dict!
    }),
    hasKey: define('dict string', ([dict, key]) => dictOf('hasKey', dict).has(textOf(key))),
    pluck: define('string dict*', ([key, ...dicts]) =>
      dicts.flatMap(dict => (isDict(dict) && dict.has(textOf(key)) ? [dict.get(textOf(key))!] : [])),
    ),
    keys: define('dict*', args => args.flatMap(dict => (isDict(dict) ? [...dict.keys()].sort() : []))),
    values: define('dict', ([dict]) =>
      [...dictOf('values', dict)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item),
    ),
    pick: define('dict string*', ([dict, ...keys]) => {
      const names = new Set(keys.map(key => textOf(key)))
      return new Map([...dictOf('pick', dict)].filter(([key]) => names.has(key)))
    }),
    omit: define('dict string*', ([dict, ...keys]) => {
      const names = new Set(keys.map(key => textOf(key)))
      return new Map([...dictOf('omit', dict)].filter(([key]) => !names.has(key)))
    }),
    dig: define('any any any any*', args => {
      const keys = args.slice(0, -2).map(key => textOf(key))
      let at: Value = args.at(-1)!
      for (const key of keys) {
        if (!isDict(at))
          throw new TemplateError('helm.argumentType', {
            name: 'dig',
            want: 'dict',
            got: typeName(at),
            index: args.length,
          })
        if (!at.has(key)) return args.at(-2)!
        at = at.get(key)!
      }
      return at
    }),
    merge: define('dict dict*', (args, run) => mergeAll(args, false, run)),
    mergeOverwrite: define('dict dict*', (args, run) => mergeAll(args, true, run)),
    deepCopy: define('any', ([value]) => copyValue(value!)),
    deepEqual: define('any any', ([a, b]) => deepEqual(a, b)),

    int: define('any', ([value]) => toInt(value)),
    int64: define('any', ([value]) => toInt(value)),
    float64: define('any', ([value]) => toFloat(value)),
    toDecimal: define('any', ([value]) => BigInt(Number.parseInt(textOf(value), 8) || 0)),
    add: define('any*', args => args.reduce<bigint>((sum, one) => BigInt.asIntN(64, sum + toInt(one)), 0n)),
    add1: define('any', ([value]) => toInt(value) + 1n),
    sub: define('any any', ([a, b]) => toInt(a) - toInt(b)),
    mul: define('any any*', args => reduceInts(args, (a, b) => a * b)),
    div: define('any any', ([a, b]) => divided('div', toInt(a), toInt(b), (x, y) => x / y)),
    mod: define('any any', ([a, b]) => divided('mod', toInt(a), toInt(b), (x, y) => x % y)),
    max: define('any any*', args => reduceInts(args, (a, b) => (a > b ? a : b))),
    biggest: define('any any*', args => reduceInts(args, (a, b) => (a > b ? a : b))),
    min: define('any any*', args => reduceInts(args, (a, b) => (a < b ? a : b))),
    addf: define('any*', args => decimal(args.reduce<number>((sum, one) => sum + toFloat(one), 0))),
    add1f: define('any', ([value]) => decimal(toFloat(value) + 1)),
    subf: define('any any*', ([first, ...rest]) =>
      decimal(rest.reduce<number>((sum, one) => sum - toFloat(one), toFloat(first))),
    ),
    mulf: define('any any*', ([first, ...rest]) =>
      decimal(rest.reduce<number>((sum, one) => sum * toFloat(one), toFloat(first))),
    ),
    divf: define('any any*', ([first, ...rest]) =>
      decimal(rest.reduce<number>((sum, one) => sum / toFloat(one), toFloat(first))),
    ),
    maxf: define('any any*', args => Math.max(...args.map(toFloat))),
    minf: define('any any*', args => Math.min(...args.map(toFloat))),
    floor: define('any', ([value]) => Math.floor(toFloat(value))),
    ceil: define('any', ([value]) => Math.ceil(toFloat(value))),
    round: define('any int any?', args =>
      round(toFloat(args[0]), whole(args, 1), args[2] === undefined ? 0.5 : toFloat(args[2])),
    ),

    typeOf: define('any', ([value]) => typeName(value)),
    typeIs: define('string any', ([name, value]) => sameType(textOf(name), typeName(value))),
    typeIsLike: define(
      'string any',
      ([name, value]) => sameType(textOf(name), typeName(value)) || `*${textOf(name)}` === typeName(value),
    ),
    kindOf: define('any', ([value]) => kindName(value)),
    kindIs: define('string any', ([name, value]) => sameType(textOf(name), kindName(value))),

    now: define('', (_, run) => timeObject(run.clock)),
    date: define('string any', ([layout, at], run) => formatTime(textOf(layout), timeOf(at, run.clock))),
    dateInZone: define('string any string', ([layout, at, zone], run) => {
      if (!['', 'UTC', 'GMT', 'Etc/UTC'].includes(textOf(zone))) run.approximate('zone')
      return formatTime(textOf(layout), timeOf(at, run.clock))
    }),
    date_in_zone: define('string any string', ([layout, at], run) => formatTime(textOf(layout), timeOf(at, run.clock))),
    htmlDate: define('any', ([at], run) => formatTime('2006-01-02', timeOf(at, run.clock))),
    htmlDateInZone: define('any string', ([at], run) => formatTime('2006-01-02', timeOf(at, run.clock))),
    dateModify: define('string any', ([by, at], run) => timeObject(timeOf(at, run.clock) + readDuration(textOf(by)))),
    date_modify: define('string any', ([by, at], run) => timeObject(timeOf(at, run.clock) + readDuration(textOf(by)))),
    ago: define('any', ([at], run) => durationText(Math.floor((run.clock - timeOf(at, run.clock)) / 1000) * 1000)),
    duration: define('any', ([seconds]) => durationText(Number(toInt(seconds)) * 1000)),
    durationRound: define('any', ([given], run) => {
      const size =
        given instanceof GoObject
          ? run.clock - timeOf(given, run.clock)
          : typeof given === 'string'
            ? readDuration(given)
            : Number(toInt(given)) / 1e6
      const unit = (
        [
          ['y', 365 * dayMilliseconds],
          ['mo', 30 * dayMilliseconds],
          ['d', dayMilliseconds],
          ['h', 3_600_000],
          ['m', 60_000],
          ['s', 1000],
        ] as const
      ).find(([, length]) => size >= length)
      return unit ? `${Math.floor(size / unit[1])}${unit[0]}` : '0s'
    }),
    toDate: define('string string', args => {
      const time = parseTime(text(args, 0), text(args, 1))
      if (time === undefined) throw new TemplateError('helm.badTime', { text: text(args, 1) })
      return timeObject(time)
    }),
    unixEpoch: define('any', ([at], run) => String(Math.floor(timeOf(at, run.clock) / 1000))),

    toJson: define('any', ([value]) => toJson(value!)),
    toPrettyJson: define('any', ([value]) => toJson(value!, { indent: 2 })),
    toRawJson: define('any', ([value]) => toJson(value!, { raw: true })),
    ...randomLooking(),
  },
  [
    'toJson',
    'toPrettyJson',
    'toRawJson',
    'first',
    'last',
    'rest',
    'initial',
    'append',
    'push',
    'prepend',
    'reverse',
    'uniq',
    'without',
    'has',
    'compact',
    'chunk',
    'slice',
    'merge',
    'mergeOverwrite',
    'deepCopy',
    'dateModify',
    'toDate',
  ],
)

/** int and int64 are one type here. */
const sameType = (want: string, is: string): boolean => want === is || (is === 'int64' && want === 'int')

/** What is different each time Helm renders: a text that says so and stays the same, so that renderings compare. */
function randomLooking(): FunctionTable {
  const table: { [name: string]: FunctionTable[string] } = {}
  for (const name of ['randAlphaNum', 'randAlpha', 'randNumeric', 'randAscii'])
    table[name] = define('int', (args, run) => {
      run.approximate(name)
      const count = Math.max(0, Math.min(whole(args, 0), 100_000))
      return name === 'randNumeric' ? '0'.repeat(count) : 'random'.repeat(Math.ceil(count / 6)).slice(0, count)
    })
  table['randInt'] = define('int int', (args, run) => {
    run.approximate('randInt')
    return args[0]!
  })
  table['randBytes'] = define('int', (args, run) => {
    run.approximate('randBytes')
    return 'A'.repeat(Math.ceil(whole(args, 0) / 3) * 4)
  })
  table['shuffle'] = define('string', (args, run) => {
    run.approximate('shuffle')
    return text(args, 0)
  })
  table['uuidv4'] = define('', (_, run) => {
    run.approximate('uuidv4')
    return '00000000-0000-4000-8000-000000000000'
  })
  const pair = (name: string): Value =>
    new GoObject({
      type: 'sprig.certificate',
      fields: new Map<string, Value>([
        ['Cert', `placeholder of ${name}: certificate`],
        ['Key', `placeholder of ${name}: private key`],
      ]),
    })
  for (const name of [
    'genCA',
    'genCAWithKey',
    'genSelfSignedCert',
    'genSelfSignedCertWithKey',
    'genSignedCert',
    'genSignedCertWithKey',
    'buildCustomCert',
  ])
    table[name] = define('any*', (_, run) => {
      run.approximate(name)
      return pair(name)
    })
  table['htpasswd'] = define('string string', ([user], run) => {
    run.approximate('htpasswd')
    return `${textOf(user)}:placeholder of htpasswd`
  })
  for (const name of ['genPrivateKey', 'derivePassword', 'bcrypt', 'encryptAES', 'decryptAES'])
    table[name] = define('any*', (_, run) => {
      run.approximate(name)
      return `placeholder of ${name}`
    })
  return table
}

export const jsonReading: FunctionTable = {
  fromJson: define('string', args => {
    try {
      const value = fromJson(text(args, 0))
      return isDict(value)
        ? value
        : new Map([
            ['Error', `json: cannot unmarshal ${kindName(value)} into Go value of type map[string]interface {}`],
          ])
    } catch (error) {
      // Helm's own gives the error as a value.
      if (error instanceof SyntaxError) return new Map([['Error', error.message]])
      throw error
    }
  }),
  fromJsonArray: define('string', args => {
    try {
      const value = fromJson(text(args, 0))
      return isList(value) ? value : ['json: cannot unmarshal into Go value of type []interface {}']
    } catch (error) {
      if (error instanceof SyntaxError) return [error.message]
      throw error
    }
  }),
  mustFromJson: define('string', args => {
    try {
      return fromJson(text(args, 0))
    } catch (error) {
      if (error instanceof SyntaxError) throw new TemplateError('helm.badData', { reason: error.message })
      throw error
    }
  }),
}
