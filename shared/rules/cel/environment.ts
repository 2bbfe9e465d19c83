import type { CelFunction } from './function-table.ts'
import { standardFunctions } from './functions/index.ts'
import { intType, type Type } from './type.ts'
import type { CelValue, MessageType } from './value.ts'
import { wellKnownTypes } from './well-known.ts'

/** What an expression may speak of. */
export type Environment = {
  /** Names, qualified ones too (`a.b`), and their types. */
  readonly variables: ReadonlyMap<string, Type>
  /** Variables that are facts about the world: what such a one does not have is missing, and not an error. */
  readonly facts: 'all' | 'none'
  /** Any other name is a fact as well. */
  readonly open: boolean
  /** The namespace that names are looked up in first: `x` finds `a.b.x`, `a.x` and `x`. */
  readonly container: string
  readonly functions: ReadonlyMap<string, CelFunction>
  readonly messages: ReadonlyMap<string, MessageType>
  /** Names that stand for a value: enumerations. */
  readonly constants: ReadonlyMap<string, { readonly type: Type; readonly value: CelValue }>
}

const functions: ReadonlyMap<string, CelFunction> = new Map(standardFunctions.map(each => [each.name, each]))

/** An environment of the standard functions and what is given; by default every name is a fact. */
export const environment = (given: Partial<Environment> = {}): Environment => ({
  variables: new Map(),
  facts: 'all',
  open: given.variables === undefined,
  container: '',
  constants: new Map([['google.protobuf.NullValue.NULL_VALUE', { type: intType, value: 0 }]]),
  ...given,
  messages: given.messages ? new Map([...wellKnownTypes, ...given.messages]) : wellKnownTypes,
  functions: given.functions ? new Map([...functions, ...given.functions]) : functions,
})

/** What a name may mean in a container, the longest first; a leading dot means the name itself. */
export function candidates(container: string, name: string): string[] {
  if (name.startsWith('.')) return [name.slice(1)]
  const found: string[] = []
  for (
    let prefix = container;
    prefix !== '';
    prefix = prefix.includes('.') ? prefix.slice(0, prefix.lastIndexOf('.')) : ''
  )
    found.push(`${prefix}.${name}`)
  return [...found, name]
}
