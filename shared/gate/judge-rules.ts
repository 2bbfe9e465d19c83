import { isList, isMap, type JsonMap, mapGet } from '../rules/cel/value.ts'
import { evaluateRule, inOrder } from '../rules/evaluate-rules.ts'
import type { RuleFile } from '../rules/read-rules.ts'
import type { Rule } from '../rules/rule.ts'
import type { GateEvidence, GateItem } from './gate.ts'

/**
 * What the rules of a workspace say, in their order; those that hold are one line each. The rules of the commit the
 * draft is made on count with those of the draft: taking a rule out, or changing it, is a change that is told.
 */
export function judgeRules(
  before: readonly RuleFile[],
  after: readonly RuleFile[],
  facts: JsonMap,
  today: string,
): readonly GateItem[] {
  const rules = after.flatMap(file => file.rules)
  return [...brokenRules(after), ...lostRules(before, after), ...inOrder(rules).map(rule => judge(rule, facts, today))]
}

function judge(rule: Rule, facts: JsonMap, today: string): GateItem {
  const { verdict, message, missing } = evaluateRule(rule, facts, today)
  const own = {
    rule: rule.id,
    message,
    waivable: rule.waivable,
    ...(rule.owner !== undefined && { owner: rule.owner }),
  }
  const place: GateEvidence = { file: rule.file, line: rule.line, detail: rule.expression.source.trim() }
  if (verdict === 'unknown') {
    const isInfo = rule.severity === 'info'
    return {
      ...own,
      verdict: isInfo ? 'pass' : 'warn',
      missing,
      services: [],
      evidence: [place],
      ...(isInfo && { info: true as const }),
    }
  }
  const holds = message.key === 'rule.holds' || message.key === 'rule.doesNotApply' || message.key === 'rule.over'
  if (verdict === 'pass' && holds) return { ...own, verdict, services: [] }
  const seen = witnessesOf(rule, facts)
  return {
    ...own,
    verdict,
    services: seen.services,
    evidence: seen.evidence.length > 0 ? seen.evidence : [place],
    ...(verdict === 'pass' && { info: true as const }),
  }
}

/** The elements that a rule is false for: services and calls are told with their lines. */
function witnessesOf(rule: Rule, facts: JsonMap): { services: readonly string[]; evidence: readonly GateEvidence[] } {
  const services = new Set<string>()
  const evidence: GateEvidence[] = []
  for (const program of rule.witnesses) {
    const found = program.evaluate(facts)
    if (!isList(found)) continue
    for (const item of found.slice(0, 20)) {
      if (!isMap(item)) continue
      const [id, from, to, file, line] = ['id', 'from', 'to', 'file', 'line'].map(key => mapGet(item, key))
      if (typeof id === 'string') services.add(id)
      if (typeof from === 'string') services.add(from)
      if (typeof file === 'string' && typeof line === 'number')
        evidence.push({ file, line, detail: typeof id === 'string' ? id : `${String(from)} → ${String(to)}` })
    }
  }
  return { services: [...services], evidence }
}

function* brokenRules(files: readonly RuleFile[]): Generator<GateItem> {
  for (const { problems } of files)
    for (const { file, line, column, severity, message } of problems)
      yield {
        rule: 'rules-can-be-read',
        verdict: severity === 'error' ? 'block' : 'warn',
        message,
        services: [],
        waivable: false,
        evidence: [{ file, line, detail: `${file}:${line}:${column}` }],
      }
}

function* lostRules(before: readonly RuleFile[], after: readonly RuleFile[]): Generator<GateItem> {
  const now = new Map(after.flatMap(file => file.rules.map(rule => [rule.id, rule] as const)))
  for (const { rules } of before)
    for (const rule of rules) {
      const next = now.get(rule.id)
      if (next && says(next) === says(rule)) continue
      yield {
        rule: 'rules-are-changed-openly',
        verdict: 'warn',
        message: { key: next ? 'rule.ruleChanged' : 'rule.ruleRemoved', params: { id: rule.id } },
        services: [],
        waivable: true,
        evidence: [
          { file: next?.file ?? rule.file, line: next?.line ?? rule.line, detail: rule.expression.source.trim() },
        ],
      }
    }
}
const says = ({ expression, when, severity, waivable, until }: Rule): string =>
  JSON.stringify([expression.source.trim(), when?.source.trim(), severity, waivable, until])
