import type { Message } from '../messages/index.ts'
import { evaluateRules } from './evaluate-rules.ts'
import type { RuleFile } from './read-rules.ts'

export type RuleTestResult = {
  readonly name: string
  readonly line: number
  /** Empty where the case came out as expected. */
  readonly failures: readonly Message[]
}

/** Runs the test cases of a file against its own rules. */
export const runRuleTests = ({ rules, tests }: RuleFile, today: string): readonly RuleTestResult[] =>
  tests.map(({ name, line, context, expect }, index) => {
    const verdicts = new Map(evaluateRules(rules, context, today).map(verdict => [verdict.id, verdict]))
    const failures: Message[] = []
    for (const [id, expected] of Object.entries(expect)) {
      const given = verdicts.get(id)
      if (!given) failures.push({ key: 'rule.testNoRule', params: { id } })
      else if (given.verdict !== expected)
        failures.push({ key: 'rule.testDiffers', params: { id, expected, verdict: given.verdict } })
    }
    return { name: name ?? String(index + 1), line, failures }
  })
