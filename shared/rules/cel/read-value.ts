import type { Scope } from './code.ts'
import type { Expression } from './expression.ts'
import {
  CelDouble,
  CelMap,
  CelMessage,
  CelOptional,
  CelUint,
  type CelValue,
  Failure,
  fail,
  isJsonMap,
  Missing,
  typeNameOf,
} from './value.ts'

/** What an absent field comes to: missing where it is a fact, else wrong. */
const absent = (path: string | null, key: string): CelValue =>
  path === null ? fail('rule.celNoKey', { key }) : new Missing([path])

const orAbsent = (found: CelValue | undefined, path: string | null, key: string): CelValue =>
  found === undefined ? absent(path, key) : found

function fieldOf(value: CelValue, field: string): CelValue | undefined {
  if (isJsonMap(value)) return Object.hasOwn(value, field) ? value[field] : undefined
  if (value instanceof CelMap) return value.get(field)
  if (value instanceof CelMessage) {
    const declared = value.type.fields.get(field)
    return declared
      ? (value.fields.get(field) ?? declared.unset)
      : fail('rule.celNoField', { type: value.type.name, field })
  }
  return fail('rule.celNoFields', { type: typeNameOf(value) })
}

/** What is missing is named as far as it was asked for: `user.address.city`, though there is no `user.address`. */
const lengthened = (missing: Missing, path: string | null): Missing =>
  path !== null && missing.paths.length === 1 && path.startsWith(`${missing.paths[0]}.`)
    ? new Missing([path], missing.whole)
    : missing

/** `x.field` and `x.?field`. `path` is how the whole is written, where it is a fact. */
export function select(field: string, optional: boolean, path: string | null): (value: CelValue) => CelValue {
  return value => {
    if (!optional && isJsonMap(value) && Object.hasOwn(value, field)) {
      const found = value[field]
      if (found !== undefined) return found
    }
    if (value instanceof Missing) return optional && !value.whole ? CelOptional.none : lengthened(value, path)
    if (value instanceof Failure) return value
    const inner = value instanceof CelOptional ? value.value : value
    if (inner === undefined) return CelOptional.none
    if (!optional && inner === value) return orAbsent(fieldOf(value, field), path, field)
    const isSet = !(inner instanceof CelMessage) || inner.fields.has(field)
    const found = fieldOf(inner, field)
    if (found instanceof Failure) return found
    return found === undefined || !isSet ? CelOptional.none : new CelOptional(found)
  }
}

/** `has(x.field)`. What was not given at all is not known to lack anything. */
export function hasField(field: string): (value: CelValue) => CelValue {
  return value => {
    if (value instanceof Failure) return value instanceof Missing && !value.whole ? false : value
    const within = value instanceof CelOptional ? value.value : value
    if (within === undefined) return false
    const found = fieldOf(within, field)
    if (found instanceof Failure) return found
    return found !== undefined && (!(within instanceof CelMessage) || within.fields.has(field))
  }
}

/** `x[key]` and `x[?key]`. */
export function indexValue(optional: boolean, path: string | null): (value: CelValue, key: CelValue) => CelValue {
  return (value, key) => {
    if (value instanceof Failure) return optional && value instanceof Missing && !value.whole ? CelOptional.none : value
    if (key instanceof Failure) return key
    const within = value instanceof CelOptional ? value.value : value
    if (within === undefined) return CelOptional.none
    const found = at(within, key)
    if (!optional && within === value) return orAbsent(found, path, keyText(key))
    if (found instanceof Failure) return optional && Array.isArray(within) ? CelOptional.none : found
    return found === undefined ? CelOptional.none : new CelOptional(found)
  }
}
const keyText = (key: CelValue): string =>
  key instanceof CelDouble || key instanceof CelUint ? String(key.value) : String(key).slice(0, 60)

function at(value: CelValue, key: CelValue): CelValue | undefined {
  if (Array.isArray(value)) {
    const index = key instanceof CelDouble || key instanceof CelUint ? Number(key.value) : key
    if (typeof index !== 'number' && typeof index !== 'bigint')
      return fail('rule.celNoOverload', { name: '[]', types: `list, ${typeNameOf(key)}` })
    return (value as readonly CelValue[])[Number(index)]
  }
  if (isJsonMap(value)) return typeof key === 'string' && Object.hasOwn(value, key) ? value[key] : undefined
  if (value instanceof CelMap) return value.get(key)
  return fail('rule.celNoOverload', { name: '[]', types: `${typeNameOf(value)}, ${typeNameOf(key)}` })
}

/** How a fact is written: `user.Age`; the element of a list that a macro goes through is `services[]`. */
export function pathOf(node: Expression, scope: Scope, source: string): string {
  switch (node.kind) {
    case 'name': {
      let inner: Scope | null = scope
      while (inner && inner.name !== node.name) inner = inner.outer
      return inner?.path || node.name
    }
    case 'select':
      return `${pathOf(node.operand, scope, source)}.${node.field}`
    case 'index': {
      const key = node.index.kind === 'literal' ? node.index.value : undefined
      const inside =
        key === undefined
          ? source.slice(node.index.from, node.index.to)
          : typeof key === 'string'
            ? JSON.stringify(key)
            : keyText(key)
      return `${pathOf(node.operand, scope, source)}[${inside}]`
    }
    default:
      return source.slice(node.from, node.to)
  }
}
