import type { CelValue } from './value.ts'

/** Where something stands in the expression: offsets in UTF-16 units, end excluded. `height` bounds recursion. */
type At = { readonly from: number; readonly to: number; readonly height: number }
export type EachMacro =
  | 'all'
  | 'exists'
  | 'existsOne'
  | 'filter'
  | 'map'
  | 'transformList'
  | 'transformMap'
  | 'transformMapEntry'

/** An expression as parsed; macros are nodes of their own. */
export type Expression = At &
  (
    | { readonly kind: 'literal'; readonly value: CelValue }
    | { readonly kind: 'name'; readonly name: string; readonly absolute: boolean }
    | { readonly kind: 'select'; readonly operand: Expression; readonly field: string; readonly optional: boolean }
    | { readonly kind: 'has'; readonly operand: Expression; readonly field: string; readonly optional: boolean }
    | { readonly kind: 'index'; readonly operand: Expression; readonly index: Expression; readonly optional: boolean }
    | {
        readonly kind: 'call'
        readonly name: string
        readonly target: Expression | null
        readonly args: readonly Expression[]
      }
    | { readonly kind: 'and' | 'or'; readonly terms: readonly Expression[] }
    | { readonly kind: 'choose'; readonly condition: Expression; readonly yes: Expression; readonly no: Expression }
    | { readonly kind: 'list'; readonly items: readonly { readonly value: Expression; readonly optional: boolean }[] }
    | {
        readonly kind: 'map'
        readonly entries: readonly {
          readonly key: Expression
          readonly value: Expression
          readonly optional: boolean
        }[]
      }
    | {
        readonly kind: 'message'
        readonly name: string
        readonly fields: readonly { readonly name: string; readonly value: Expression; readonly optional: boolean }[]
      }
    | {
        readonly kind: 'each'
        readonly macro: EachMacro
        readonly range: Expression
        /** One name, or two: index or key, and value. */
        readonly names: readonly string[]
        readonly filter: Expression | null
        readonly steps: readonly Expression[]
      }
    | { readonly kind: 'bind'; readonly name: string; readonly value: Expression; readonly body: Expression }
    | {
        readonly kind: 'optMap'
        readonly flat: boolean
        readonly operand: Expression
        readonly name: string
        readonly body: Expression
      }
  )
