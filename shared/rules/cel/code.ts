import type { Meter } from './function-table.ts'
import { type CelValue, CostExceeded, Failure, type JsonMap, Missing } from './value.ts'

/** One evaluation: the facts it reads, the variables of its macros, and what it may still spend. */
export class Frame {
  facts: JsonMap = {}
  readonly locals: CelValue[] = []
  left = 0
  readonly pay: Meter = units => {
    this.left -= units
    if (this.left < 0) throw new CostExceeded()
  }
}
/** A compiled part. `fact`: what it reads is of the world, so an absent field is missing and not wrong. */
export type Code = {
  readonly run: (frame: Frame) => CelValue
  readonly fact: boolean
  readonly constant?: CelValue
}
/** The variables around a part. `path` says in words what one stands for: `services[]`. */
export type Scope = {
  readonly name: string
  readonly slot: number
  readonly fact: boolean
  readonly path: string
  readonly depth: number
  readonly outer: Scope | null
}

export const constant = (value: CelValue): Code => ({ run: () => value, fact: false, constant: value })

/** What several values come to where one of them failed: everything that is missing, else the first error. */
export function failureOf(values: readonly CelValue[]): Failure | null {
  let error: Failure | null = null
  let missing: Missing | null = null
  for (const value of values) {
    if (!(value instanceof Failure)) continue
    if (!(value instanceof Missing)) error ??= value
    else if (missing === null) missing = value
    else missing = new Missing([...new Set([...missing.paths, ...value.paths])])
  }
  return missing ?? error
}
