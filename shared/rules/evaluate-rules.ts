import type { Message } from '../messages/index.ts'
import { nearestName } from '../topology/nearest-name.ts'
import { CelError, type CelValue, type JsonMap, Missing, typeNameOf } from './cel/value.ts'
import type { Rule, RuleVerdict } from './rule.ts'
import { fillTemplate } from './text-template.ts'

/** Rules in the order they are judged: the larger priority first, then as they stand in their files. */
export const inOrder = (rules: readonly Rule[]): readonly Rule[] => rules.toSorted((a, b) => b.priority - a.priority)

/**
 * What every rule says of the facts, in order of priority. A rule's expression must hold; where a fact it needs is
 * missing the verdict is unknown, never false. `today` (2026-11-20) ends rules that are over.
 */
export const evaluateRules = (rules: readonly Rule[], facts: JsonMap, today: string): readonly RuleVerdict[] =>
  inOrder(rules).map(rule => evaluateRule(rule, facts, today))

export function evaluateRule(rule: Rule, facts: JsonMap, today: string): RuleVerdict {
  const { id } = rule
  const pass = (message: Message): RuleVerdict => ({ id, verdict: 'pass', message, missing: [] })
  if (rule.until !== undefined && rule.until < today) return pass({ key: 'rule.over', params: { until: rule.until } })
  if (rule.when) {
    const applies = rule.when.evaluate(facts)
    if (applies === false) return pass({ key: 'rule.doesNotApply' })
    if (applies !== true) return unknown(id, applies, facts)
  }
  const holds = rule.expression.evaluate(facts)
  if (holds === true) return pass({ key: 'rule.holds' })
  if (holds !== false) return unknown(id, holds, facts)
  const message: Message = rule.message
    ? { key: 'rule.said', params: { text: fillTemplate(rule.message, facts) } }
    : { key: 'rule.doesNotHold', params: { expression: rule.expression.source.trim() } }
  return { id, verdict: rule.severity === 'info' ? 'pass' : rule.severity, message, missing: [] }
}

function unknown(id: string, value: CelValue, facts: JsonMap): RuleVerdict {
  if (value instanceof Missing) {
    const missing = [...value.paths]
    const near = missing.length === 1 ? nearFact(missing[0] as string, facts) : undefined
    const params = { missing: missing.join(', ') }
    const message: Message =
      near === undefined ? { key: 'rule.missing', params } : { key: 'rule.missingNear', params: { ...params, near } }
    return { id, verdict: 'unknown', message, missing }
  }
  const message: Message =
    value instanceof CelError ? value.message : { key: 'rule.notACondition', params: { type: typeNameOf(value) } }
  return { id, verdict: 'unknown', message, missing: [] }
}

/** The fact that was perhaps meant: the first name on the way that is not there, spelled as a neighbour. */
function nearFact(path: string, facts: JsonMap): string | undefined {
  const steps = path.split('.')
  let at: unknown = facts
  for (const [index, step] of steps.entries()) {
    if (typeof at !== 'object' || at === null || Array.isArray(at)) return undefined
    if (!Object.hasOwn(at, step)) {
      const near = nearestName(step, Object.keys(at))
      return near === undefined ? undefined : steps.with(index, near).join('.')
    }
    at = (at as JsonMap)[step]
  }
  return undefined
}
