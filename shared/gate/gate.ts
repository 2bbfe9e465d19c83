import type { Edit } from '../edits/edit.ts'
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
  /** Said for what it is worth: it stands in nobody's way, so its verdict is `pass`. */
  readonly info?: true
  /** Could not be judged, for want of these facts; empty where the rule itself went wrong. Never the same as false. */
  readonly missing?: readonly string[]
  /** Where it is seen. */
  readonly evidence?: readonly GateEvidence[]
  /** The edits that put it right, where there is one right way. */
  readonly fix?: readonly Edit[]
  readonly owner?: string
}
export type GateEvidence = { readonly file: string; readonly line: number; readonly detail: string }
/** The gate's answer on a draft: the worst of its items. */
export type Gate = { readonly verdict: GateVerdict; readonly items: readonly GateItem[] }
/** As recorded in the commit: PRODUCT's `Decision-Gate: pass | warn | waived`. */
export type RecordedGate = 'pass' | 'warn' | 'waived'
