import { compareText, GoObject, isDict, isList, TemplateError, typeName, type Value } from './value.ts'

export type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge'

/** The comparison functions of text/template (funcs.go): kinds that differ are an error, `eq` takes several. */
export function compareArguments(name: Comparison, args: readonly Value[]): boolean {
  const [first, second, ...more] = args
  if (first === undefined || second === undefined || (name !== 'eq' && more.length > 0))
    throw new TemplateError('helm.argumentCount', { name, want: name === 'eq' ? '2+' : '2', got: args.length })
  switch (name) {
    case 'eq':
      return args.slice(1).some(one => equal(first, one))
    case 'ne':
      return !equal(first, second)
    case 'lt':
      return order(first, second, name) < 0
    case 'le':
      return order(first, second, name) <= 0
    case 'gt':
      return order(first, second, name) > 0
    case 'ge':
      return order(first, second, name) >= 0
  }
}

type Basic = 'bool' | 'int' | 'float' | 'string' | 'other'

function basicKind(value: Value): Basic {
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'bigint') return 'int'
  if (typeof value === 'number') return 'float'
  if (typeof value === 'string') return 'string'
  return 'other'
}

const incomparable = (a: Value, b: Value): TemplateError =>
  new TemplateError('helm.incomparable', { left: typeName(a), right: typeName(b) })

function equal(a: Value, b: Value): boolean {
  if (a === null || b === null) return a === b
  const kind = basicKind(a)
  if (kind !== basicKind(b)) throw incomparable(a, b)
  if (kind !== 'other') return a === b
  // Maps and lists have no equality in Go; `deepEqual` of Sprig has.
  if (isDict(a) || isList(a) || isDict(b) || isList(b)) throw incomparable(a, b)
  return a instanceof GoObject && b instanceof GoObject && a.time !== undefined ? a.time === b.time : a === b
}

function order(a: Value, b: Value, name: Comparison): number {
  const kind = basicKind(a)
  if (kind !== basicKind(b) || kind === 'other' || kind === 'bool') throw incomparable(a, b)
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : a > b ? 1 : 0
  if (typeof a === 'number' && typeof b === 'number') {
    if (Number.isNaN(a) || Number.isNaN(b)) return name === 'gt' || name === 'ge' ? -1 : 1
    return a - b
  }
  throw incomparable(a, b)
}
