import { readDecision } from '../../../shared/decisions/read-decision.ts'
import { readWaivers } from '../../../shared/decisions/read-waivers.ts'
import type { Gate } from '../../../shared/gate/gate.ts'
import { daysBetween } from '../../../shared/gate/waiver.ts'
import type { WaiverView } from '../../../shared/rules/contract.ts'
import type { GitCommit } from '../../needs/git-repository.ts'
import { readSnapshotOf } from '../decisions/index.ts'
import type { Workspace } from '../workspaces/index.ts'

/**
 * The waivers of a history, newest decision first. `gates` are what blocks today when everything counts as new; whether
 * a waiver still stands is seen there and not believed.
 */
export async function waiversOfHistory(
  workspace: Workspace,
  waived: readonly GitCommit[],
  gates: readonly Gate[],
  today: string,
): Promise<readonly WaiverView[]> {
  const found = new Map<string, WaiverView>()
  for (const commit of waived) {
    const waivers = readWaivers(commit.message)
    if (waivers.length === 0) continue
    const summary = readDecision(commit)
    const snapshot = await readSnapshotOf(workspace, commit.oid, summary)
    for (const { rule, until } of waivers) {
      const blocked = (snapshot?.gate.items ?? []).filter(item => item.rule === rule && item.verdict === 'block')
      const services = blocked.length > 0 ? [...new Set(blocked.flatMap(item => item.services))] : summary.services
      const key = `${rule} ${services.toSorted().join(' ')}`
      if (found.has(key)) continue
      const stands = gates.some(({ items }) =>
        items.some(
          item =>
            item.rule === rule &&
            item.verdict === 'block' &&
            (services.length === 0 || item.services.some(service => services.includes(service))),
        ),
      )
      const { id, title, author } = summary
      const decision = { id, title, author: author.name, time: author.time }
      found.set(key, { rule, services, until, daysLeft: daysBetween(today, until), stands, decision })
    }
  }
  return [...found.values()].toSorted((a, b) => a.daysLeft - b.daysLeft || (a.rule < b.rule ? -1 : 1))
}
