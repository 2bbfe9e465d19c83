import type { Gate, GateItem, RecordedGate } from '../../../shared/gate/gate.ts'
import { endGiven, type GateAnswers, reasonGiven } from '../../../shared/gate/waiver.ts'

/** What the commit still needs from the person: warnings and blocks that can be waived, each with a reason. */
export const needsReason = (item: GateItem): boolean =>
  item.verdict === 'warn' || (item.verdict === 'block' && item.waivable)

const rulesOf = (items: readonly GateItem[]): readonly string[] => [...new Set(items.map(({ rule }) => rule))]

/** Rules whose reason is still missing, each once, in the gate's order. */
export const missingReasons = (gate: Gate, answers: GateAnswers): readonly string[] =>
  rulesOf(gate.items.filter(item => needsReason(item) && !reasonGiven(item, answers)))

/** Rules whose waiver has no end yet, or one that has passed. */
export const missingEnds = (gate: Gate, answers: GateAnswers, today: string): readonly string[] =>
  rulesOf(gate.items.filter(item => item.verdict === 'block' && item.waivable && !endGiven(item, answers, today)))

/** Blocks that no reason opens. */
export const hardBlocks = (gate: Gate): readonly GateItem[] =>
  gate.items.filter(item => item.verdict === 'block' && !item.waivable)

/** Only the answers the gate asks for now: one typed for a rule that no longer speaks is not recorded. */
export function neededAnswers(gate: Gate, answers: GateAnswers) {
  const asked = gate.items.filter(needsReason)
  const only = (given: { readonly [rule: string]: string } | undefined, items: readonly GateItem[]) => {
    const rules = new Set(items.map(({ rule }) => rule))
    return Object.fromEntries(Object.entries(given ?? {}).filter(([rule, text]) => rules.has(rule) && text.trim()))
  }
  return {
    reasons: only(answers.reasons, asked),
    waivedUntil: only(
      answers.waivedUntil,
      asked.filter(({ verdict }) => verdict === 'block'),
    ),
  }
}

/** How the gate will stand in the commit. */
export const recordedGate = (gate: Gate): RecordedGate =>
  gate.verdict === 'block' ? 'waived' : gate.verdict === 'warn' ? 'warn' : 'pass'
