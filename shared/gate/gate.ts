import type { Message } from '../messages/index.ts'

/** `warn` needs a reason from the person who decides; `block` refuses; a waived block was let through with a reason. */
export type GateVerdict = 'pass' | 'warn' | 'block'
export type GateItem = {
  /** The rule's id, e.g. `no-dangling-reference`. */
  readonly rule: string
  readonly verdict: GateVerdict
  readonly message: Message
  readonly services: readonly string[]
  readonly waivable: boolean
}
/** The gate's answer on a draft: the worst of its items. */
export type Gate = { readonly verdict: GateVerdict; readonly items: readonly GateItem[] }
/** As recorded in the commit: PRODUCT's `Decision-Gate: pass | warn | waived`. */
export type RecordedGate = 'pass' | 'warn' | 'waived'
