import { judgeLatencies } from '../fleet/judge-latencies.ts'
import type { Manifest } from '../manifests/manifest.ts'
import { asContext, type GateFacts, gateFacts, type JudgedChange } from '../rules/gate-facts.ts'
import type { RuleFile } from '../rules/read-rules.ts'
import { judgeFreeze } from '../slo/freeze.ts'
import { judgeSlos } from '../slo/judge-slos.ts'
import type { WorkspaceFile } from '../workspace-file/read-workspace-file.ts'
import { judgeAdmission } from './admission/judge-admission.ts'
import { evaluateGate } from './evaluate-gate.ts'
import type { Gate, GateItem, GateVerdict } from './gate.ts'
import { judgeRules } from './judge-rules.ts'
import { judgePolicies } from './policies/judge-policies.ts'

export type WholeChange = JudgedChange & {
  readonly manifestsBefore: readonly Manifest[]
  readonly manifestsAfter: readonly Manifest[]
  readonly rulesBefore: readonly RuleFile[]
  readonly rulesAfter: readonly RuleFile[]
  readonly workspaceBefore: WorkspaceFile
}

const order: readonly GateVerdict[] = ['pass', 'warn', 'block']

/**
 * The one gate of every change: what is built in, the baseline of policies, admission policies found in the workspace,
 * promises between services, and the workspace's own rules. The same for a draft on the page, a decision that is
 * published and a pull request.
 */
export function judgeChange(change: WholeChange, facts: GateFacts = gateFacts(change)): Gate {
  const { before, after, edits, workspace, workspaceBefore, now } = change
  const items: GateItem[] = [
    ...evaluateGate(before, after, edits).items,
    ...judgePolicies(change.manifestsBefore, change.manifestsAfter),
    ...judgeAdmission(change.manifestsBefore, change.manifestsAfter),
    ...judgeSlos(before, after, workspaceBefore, workspace),
    ...judgeFreeze(before, after, edits, workspace, change.budgets),
    ...judgeLatencies(change.manifestsBefore, change.manifestsAfter, after, change.latencies ?? []),
    ...judgeRules(change.rulesBefore, change.rulesAfter, asContext(facts), new Date(now).toISOString().slice(0, 10)),
  ]
  const worst = items.reduce((found, { verdict }) => Math.max(found, order.indexOf(verdict)), 0)
  return { verdict: order[worst] ?? 'pass', items }
}
