/** A type as the checker knows it. `number` is JSON's: an int or a double, which only the value can tell. */
export type Type =
  | { readonly kind: 'dyn' | 'bool' | 'int' | 'uint' | 'double' | 'number' | 'string' | 'bytes' | 'null' }
  | { readonly kind: 'timestamp' | 'duration' | 'any' | 'error' }
  | { readonly kind: 'list'; readonly parameters: readonly [Type] }
  | { readonly kind: 'map'; readonly parameters: readonly [Type, Type] }
  | { readonly kind: 'type'; readonly parameters: readonly Type[] }
  | { readonly kind: 'wrapper'; readonly parameters: readonly [Type] }
  | { readonly kind: 'opaque'; readonly name: string; readonly parameters: readonly Type[] }
  | { readonly kind: 'parameter'; readonly name: string }
  /** An object with named fields: a part of the context, or a message. */
  | { readonly kind: 'object'; readonly name: string; readonly fields: () => ReadonlyMap<string, Type> }

const simple = <K extends Exclude<Type, { parameters: unknown } | { name: unknown }>['kind']>(kind: K) =>
  ({ kind }) as const
export const dyn = simple('dyn')
export const bool = simple('bool')
export const intType = simple('int')
export const uintType = simple('uint')
export const doubleType = simple('double')
export const numberType = simple('number')
export const stringType = simple('string')
export const bytesType = simple('bytes')
export const nullType = simple('null')
export const timestampType = simple('timestamp')
export const durationType = simple('duration')
export const listOf = (item: Type): Type => ({ kind: 'list', parameters: [item] })
export const mapOf = (key: Type, value: Type): Type => ({ kind: 'map', parameters: [key, value] })
export const typeOf = (type: Type): Type => ({ kind: 'type', parameters: [type] })
export const optionalOf = (type: Type): Type => ({ kind: 'opaque', name: 'optional_type', parameters: [type] })
export const isOptional = (type: Type): boolean => type.kind === 'opaque' && type.name === 'optional_type'

export const parametersOf = (type: Type): readonly Type[] => ('parameters' in type ? type.parameters : [])
function withParameters(type: Type, parameters: readonly Type[]): Type {
  return 'parameters' in type ? ({ ...type, parameters } as Type) : type
}

const names: { readonly [kind: string]: string } = {
  null: 'null',
  timestamp: 'timestamp',
  duration: 'duration',
  number: 'number',
}
/** A type as the specification writes it: `map(string, int)`. */
export function printType(type: Type): string {
  if (type.kind === 'object' || type.kind === 'parameter') return type.name
  const name = type.kind === 'opaque' ? type.name : (names[type.kind] ?? type.kind)
  const parameters = parametersOf(type)
  return parameters.length === 0 ? name : `${name}(${parameters.map(printType).join(', ')})`
}

/** What the parameters of overloads stand for, found while checking. */
export type Bindings = Map<string, Type>

/**
 * Whether a value of `from` may stand where `to` is wanted, as cel-go's checker decides it; binds type parameters of
 * both. Bindings are changed only where the answer is yes.
 */
export function assignAll(bindings: Bindings, to: readonly Type[], from: readonly Type[]): boolean {
  if (to.length !== from.length) return false
  const trial = new Map(bindings)
  if (!to.every((type, i) => assign(trial, type, from[i] as Type))) return false
  for (const [name, type] of trial) bindings.set(name, type)
  return true
}
export const isAssignable = (bindings: Bindings, to: Type, from: Type): boolean => assignAll(bindings, [to], [from])

function assign(bindings: Bindings, a: Type, b: Type): boolean {
  if (b.kind === 'parameter') {
    const { valid, known } = substitutes(bindings, b, a)
    if (valid) return true
    if (known) return false
  }
  if (a.kind === 'parameter') return substitutes(bindings, a, b).valid
  if (isWild(a) || isWild(b)) return true
  if (a.kind === 'null') return takesNull(b)
  if (b.kind === 'null') return takesNull(a)
  if (a.kind === 'wrapper' || b.kind === 'wrapper') {
    const x = a.kind === 'wrapper' ? a.parameters[0] : a
    const y = b.kind === 'wrapper' ? b.parameters[0] : b
    return x.kind === y.kind
  }
  if (a.kind === 'number' || b.kind === 'number') return isNumeric(a) && isNumeric(b)
  if (a.kind !== b.kind) return false
  if (a.kind === 'type') return true
  if ((a.kind === 'opaque' && b.kind === 'opaque') || (a.kind === 'object' && b.kind === 'object'))
    if (a.name !== b.name) return false
  const to = parametersOf(a)
  const from = parametersOf(b)
  return to.length === from.length && to.every((type, i) => assign(bindings, type, from[i] as Type))
}
export const isWild = (type: Type): boolean => type.kind === 'dyn' || type.kind === 'error' || type.kind === 'any'
const isNumeric = ({ kind }: Type): boolean =>
  kind === 'int' || kind === 'double' || kind === 'uint' || kind === 'number'
const takesNull = ({ kind }: Type): boolean =>
  ['null', 'opaque', 'object', 'timestamp', 'duration', 'wrapper', 'any'].includes(kind)

function substitutes(
  bindings: Bindings,
  parameter: Type & { kind: 'parameter' },
  type: Type,
): { valid: boolean; known: boolean } {
  if (type.kind === 'parameter' && type.name === parameter.name) return { valid: true, known: true }
  const bound = bindings.get(parameter.name)
  if (bound !== undefined) {
    if (bound === type) return { valid: true, known: true }
    if (!assign(bindings, bound, type)) return { valid: false, known: true }
    const general = moreGeneral(bound, type)
    if (!refersTo(bindings, parameter.name, general)) bindings.set(parameter.name, general)
    return { valid: true, known: true }
  }
  if (refersTo(bindings, parameter.name, type)) return { valid: false, known: false }
  bindings.set(parameter.name, type)
  return { valid: true, known: false }
}

function refersTo(bindings: Bindings, name: string, type: Type): boolean {
  if (type.kind === 'parameter') {
    if (type.name === name) return true
    const bound = bindings.get(type.name)
    return bound !== undefined && refersTo(bindings, name, bound)
  }
  return parametersOf(type).some(parameter => refersTo(bindings, name, parameter))
}

/** Of two types that agree, the one that says less. */
export function moreGeneral(a: Type, b: Type): Type {
  if (isAsGeneral(a, b)) return a
  return isAsGeneral(b, a) ? b : a
}
function isAsGeneral(a: Type, b: Type): boolean {
  if (isWild(a) || a.kind === 'parameter') return true
  if (isWild(b) || b.kind === 'parameter') return false
  if (b.kind === 'null') return takesNull(a)
  if (a.kind === 'wrapper') return (b.kind === 'wrapper' ? b.parameters[0] : b).kind === a.parameters[0].kind
  if (a.kind === 'number') return true
  if (a.kind !== b.kind) return false
  if ((a.kind === 'opaque' && b.kind === 'opaque') || (a.kind === 'object' && b.kind === 'object'))
    if (a.name !== b.name) return false
  const from = parametersOf(b)
  return parametersOf(a).every((type, i) => from[i] !== undefined && isAsGeneral(type, from[i]))
}

/** A type with what its parameters stand for; what is still open becomes `dyn` where `close` says so. */
export function substitute(bindings: Bindings, type: Type, close: boolean): Type {
  if (type.kind === 'parameter') {
    const bound = bindings.get(type.name)
    if (bound !== undefined) return substitute(bindings, bound, close)
    return close ? dyn : type
  }
  const parameters = parametersOf(type)
  if (parameters.length === 0) return type
  return withParameters(
    type,
    parameters.map(parameter => substitute(bindings, parameter, close)),
  )
}

/** The same with other names, so that two uses of one overload do not meet. */
export function rename(type: Type, suffix: string): Type {
  if (type.kind === 'parameter') return { kind: 'parameter', name: type.name + suffix }
  const parameters = parametersOf(type)
  if (parameters.length === 0) return type
  return withParameters(
    type,
    parameters.map(parameter => rename(parameter, suffix)),
  )
}

/** Reads `map(A, list(int))`: capital letters are parameters. Made for the tables of functions. */
export function readType(text: string): Type {
  let at = 0
  const word = /\s*([A-Za-z_.]+)\s*/y
  const read = (): Type => {
    word.lastIndex = at
    const name = (word.exec(text) as RegExpExecArray)[1] as string
    at = word.lastIndex
    const parameters: Type[] = []
    if (text[at] === '(')
      do {
        at++
        parameters.push(read())
      } while (text[at] === ',')
    if (parameters.length > 0) {
      at++
      word.lastIndex = at
    }
    if (/^[A-Z]$/.test(name)) return { kind: 'parameter', name }
    if (name === 'optional') return { kind: 'opaque', name: 'optional_type', parameters }
    return (parameters.length > 0 || name === 'type' ? { kind: name, parameters } : { kind: name }) as Type
  }
  return read()
}
