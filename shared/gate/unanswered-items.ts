import type { Gate, GateItem } from './gate.ts'

/** What still stands between a draft and a commit: a warning without a reason, a block without a permitted waiver. */
export const unansweredItems = (gate: Gate, reasons: { readonly [rule: string]: string }): readonly GateItem[] =>
  gate.items.filter(item => {
    if (item.verdict === 'pass') return false
    if (item.verdict === 'block' && !item.waivable) return true
    return !(Object.hasOwn(reasons, item.rule) && reasons[item.rule]!.trim() !== '')
  })
