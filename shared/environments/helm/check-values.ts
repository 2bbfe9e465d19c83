import type { MessageKey, MessageParams } from '../../messages/index.ts'
import { compileRegexp } from './go-regexp.ts'
import type { OriginsKept } from './read-values.ts'
import { type Dict, isDict, isList, TemplateError, type TemplatePlace, type Value } from './value.ts'

/** One thing a schema has against values: what, and where the value stands. */
type Wrong = { readonly key: MessageKey; readonly params: MessageParams; readonly place: TemplatePlace }
type At = {
  readonly value: Value
  /** As templates write it: `image.tag`; empty for all values. */
  readonly path: string
  readonly place: TemplatePlace
}

/**
 * What `values.schema.json` of a chart has against its values (JSON Schema, drafts 4 to 2020-12, references within the
 * file): Helm installs nothing then. Values that nobody wrote are told where the chart's schema is.
 */
export function checkValues(
  schema: Dict,
  values: Dict,
  place: TemplatePlace,
  origins: OriginsKept,
): readonly TemplateError[] {
  const wrong = new Checker(schema, origins).against(schema, { value: values, path: '', place }, 0)
  return wrong.slice(0, most).map(({ key, params, place: at }) => new TemplateError(key, params, at))
}

/** A schema that fits nothing says so of everything. */
const most = 20
/** References that lead in a circle. */
const deepest = 64

class Checker {
  readonly #root: Dict
  readonly #origins: OriginsKept

  constructor(root: Dict, origins: OriginsKept) {
    this.#root = root
    this.#origins = origins
  }

  against(schema: Value, at: At, depth: number): readonly Wrong[] {
    if (schema === false) return [refused('helm.refusedUnknown', at)]
    if (!isDict(schema) || depth > deepest) return []
    const { value } = at
    const reference = schema.get('$ref')
    const below = (other: Value, one: At = at) => this.against(other, one, depth + 1)
    const wrong: Wrong[] = typeof reference === 'string' ? [...below(this.#referred(reference))] : []
    const types = listed(schema.get('type'))
    if (types.length > 0 && !types.some(type => isOf(value, type)))
      return [...wrong, refused('helm.refusedType', at, { wanted: types.join(', ') })]
    const allowed = schema.has('const') ? [schema.get('const')!] : schema.get('enum')
    if (isList(allowed) && !allowed.some(one => isSame(one, value)))
      wrong.push(refused('helm.refusedValue', at, { wanted: allowed.map(shown).join(', ') }))
    if (typeof value === 'string') wrong.push(...ofText(schema, value, at))
    if (typeof value === 'number' || typeof value === 'bigint') wrong.push(...ofNumber(schema, Number(value), at))
    if (isList(value)) wrong.push(...this.#ofList(schema, value, at, depth))
    if (isDict(value)) wrong.push(...this.#ofMap(schema, value, at, depth))
    for (const one of listed(schema.get('allOf'))) wrong.push(...below(one))
    const choices = ['anyOf', 'oneOf'].flatMap(word =>
      schema.has(word) ? [[word, listed(schema.get(word))] as const] : [],
    )
    for (const [word, of] of choices) {
      const fitting = of.filter(one => below(one).length === 0).length
      if (fitting === 0 || (word === 'oneOf' && fitting > 1)) wrong.push(refused('helm.refusedChoice', at))
    }
    const not = schema.get('not')
    if (not !== undefined && below(not).length === 0) wrong.push(refused('helm.refusedChoice', at))
    const condition = schema.get('if')
    if (condition !== undefined) {
      const then = schema.get(below(condition).length === 0 ? 'then' : 'else')
      if (then !== undefined) wrong.push(...below(then))
    }
    return wrong
  }

  #ofList(schema: Dict, value: readonly Value[], at: At, depth: number): readonly Wrong[] {
    const wrong = ofSize(schema, value.length, 'Items', at)
    if (
      schema.get('uniqueItems') === true &&
      value.some((one, index) => value.slice(0, index).some(other => isSame(one, other)))
    )
      wrong.push(refused('helm.refusedChoice', at))
    const items = schema.get('items')
    const first = listed(schema.get('prefixItems') ?? (isList(items) ? items : undefined))
    const rest = isList(items) ? schema.get('additionalItems') : items
    for (const [index] of value.entries()) {
      const of = first[index] ?? rest
      if (of !== undefined) wrong.push(...this.against(of, this.#below(at, index), depth + 1))
    }
    return wrong
  }

  #ofMap(schema: Dict, value: Dict, at: At, depth: number): readonly Wrong[] {
    const wrong = ofSize(schema, value.size, 'Properties', at)
    for (const name of listed(schema.get('required')))
      if (typeof name === 'string' && !value.has(name))
        wrong.push({ ...refused('helm.refusedMissing', at), params: { path: joined(at.path, name) } })
    const known = schema.get('properties')
    const patterns = schema.get('patternProperties')
    const others = schema.get('additionalProperties')
    const names = schema.get('propertyNames')
    for (const key of value.keys()) {
      const one = this.#below(at, key)
      const of = [
        ...(isDict(known) && known.has(key) ? [known.get(key)!] : []),
        ...(isDict(patterns) ? [...patterns].filter(([pattern]) => fits(pattern, key)).map(([, each]) => each) : []),
      ]
      if (of.length === 0 && others !== undefined) of.push(others)
      for (const each of of) wrong.push(...this.against(each, one, depth + 1))
      if (names !== undefined) wrong.push(...this.against(names, { ...one, value: key }, depth + 1))
    }
    return wrong
  }

  /** An entry, and where it is written; what no file says stands where the value around it does. */
  #below({ value, path, place }: At, key: string | number): At {
    const origin = this.#origins.get(value as object)?.get(key)
    return {
      value: (isDict(value) ? value.get(String(key)) : (value as Value[])[Number(key)]) ?? null,
      path: typeof key === 'number' ? `${path}[${key}]` : joined(path, key),
      place: origin ? { file: origin.file, line: origin.line } : place,
    }
  }

  /** `#/definitions/port`; what is in other files is not known here, and allows everything. */
  #referred(reference: string): Value {
    if (!reference.startsWith('#')) return true
    let at: Value | undefined = this.#root
    for (const step of reference.slice(1).split('/').slice(1)) {
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
      at = isDict(at) ? at.get(key) : isList(at) ? at[Number(key)] : undefined
    }
    return at ?? true
  }
}

const refused = (key: MessageKey, { path, place }: At, more: MessageParams = {}): Wrong => ({
  key,
  params: { path: path || '.', ...more },
  place,
})

const joined = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`)

const listed = (value: Value | undefined): readonly Value[] =>
  isList(value) ? value : value === undefined || value === null ? [] : [value]

/** What a schema allows, as far as it can be said in a word. The values themselves are never told: they may be secret. */
function shown(value: Value | undefined): string {
  if (typeof value === 'string') return value.length > 40 ? `${value.slice(0, 39)}…` : value
  return isList(value) ? '[…]' : isDict(value) ? '{…}' : String(value ?? null)
}

function isOf(value: Value, type: Value): boolean {
  switch (type) {
    case 'null':
      return value === null
    case 'boolean':
      return typeof value === 'boolean'
    case 'string':
      return typeof value === 'string'
    case 'number':
      return typeof value === 'number' || typeof value === 'bigint'
    case 'integer':
      return typeof value === 'bigint' || Number.isInteger(value)
    case 'array':
      return isList(value)
    case 'object':
      return isDict(value)
    default:
      return true
  }
}

function isSame(a: Value, b: Value): boolean {
  if (isList(a)) return isList(b) && a.length === b.length && a.every((one, index) => isSame(one, b[index]!))
  if (isDict(a))
    return isDict(b) && a.size === b.size && [...a].every(([key, one]) => b.has(key) && isSame(one, b.get(key)!))
  const isNumber = (value: Value) => typeof value === 'number' || typeof value === 'bigint'
  return isNumber(a) && isNumber(b) ? Number(a) === Number(b) : a === b
}

/** A pattern that cannot be read refuses nothing here. */
function fits(pattern: string, text: string): boolean {
  try {
    return compileRegexp(pattern).exec(text, 0) !== null
  } catch (error) {
    if (error instanceof TemplateError) return true
    throw error
  }
}

const numberAt = (schema: Dict, key: string): number | undefined => {
  const value = schema.get(key)
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined
}

function ofSize(schema: Dict, size: number, of: 'Length' | 'Items' | 'Properties', at: At): Wrong[] {
  const least = numberAt(schema, `min${of}`) ?? 0
  const greatest = numberAt(schema, `max${of}`)
  if (size >= least && size <= (greatest ?? size)) return []
  return [
    refused('helm.refusedSize', at, { least: String(least), most: greatest === undefined ? '∞' : String(greatest) }),
  ]
}

function ofText(schema: Dict, value: string, at: At): readonly Wrong[] {
  const wrong = ofSize(schema, [...value].length, 'Length', at)
  const pattern = schema.get('pattern')
  if (typeof pattern === 'string' && !fits(pattern, value)) wrong.push(refused('helm.refusedPattern', at, { pattern }))
  return wrong
}

function ofNumber(schema: Dict, value: number, at: At): readonly Wrong[] {
  const [least, most, above, below, step] = [
    'minimum',
    'maximum',
    'exclusiveMinimum',
    'exclusiveMaximum',
    'multipleOf',
  ].map(key => numberAt(schema, key))
  // Draft 4 says by a boolean that a limit itself is too much.
  const isAtLeast = least === undefined || (schema.get('exclusiveMinimum') === true ? value > least : value >= least)
  const isAtMost = most === undefined || (schema.get('exclusiveMaximum') === true ? value < most : value <= most)
  const isBetween = (above === undefined || value > above) && (below === undefined || value < below)
  const isStep = step === undefined || step <= 0 || Math.abs(value / step - Math.round(value / step)) < 1e-9
  if (isAtLeast && isAtMost && isBetween && isStep) return []
  const [from, to] = [least ?? above ?? '-∞', most ?? below ?? '∞']
  return [refused('helm.refusedRange', at, { least: String(from), most: String(to) })]
}
