import type { Gate, GateItem, RecordedGate } from '../../../shared/gate/gate.ts'

/** What the commit still needs from the person: warnings and blocks that can be waived, each with a reason. */
export const needsReason = (item: GateItem): boolean =>
  item.verdict === 'warn' || (item.verdict === 'block' && item.waivable)

/** Rules whose reason is still missing, each once, in the gate's order. */
export const missingReasons = (gate: Gate, reasons: { readonly [rule: string]: string }): readonly string[] => [
  ...new Set(gate.items.filter(item => needsReason(item) && !reasons[item.rule]?.trim()).map(item => item.rule)),
]

/** Blocks that no reason opens. */
export const hardBlocks = (gate: Gate): readonly GateItem[] =>
  gate.items.filter(item => item.verdict === 'block' && !item.waivable)

/** Only the reasons the gate asks for now: one typed for a rule that no longer speaks is not recorded. */
export function neededReasons(gate: Gate, reasons: { readonly [rule: string]: string }): { [rule: string]: string } {
  const rules = new Set(gate.items.filter(needsReason).map(item => item.rule))
  return Object.fromEntries(Object.entries(reasons).filter(([rule, reason]) => rules.has(rule) && reason.trim()))
}

/** How the gate will stand in the commit. */
export const recordedGate = (gate: Gate): RecordedGate =>
  gate.verdict === 'block' ? 'waived' : gate.verdict === 'warn' ? 'warn' : 'pass'
