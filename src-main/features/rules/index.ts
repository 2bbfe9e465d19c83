import type { Handlers } from '../../../shared/contract/define.ts'
import type { AppContract } from '../../../shared/contract/index.ts'
import { recomputed } from '../../../shared/contract/recomputed.ts'
import { dayOf } from '../../../shared/decisions/record-path.ts'
import { pickDefaultEnvironment } from '../../../shared/environments/pick-default-environment.ts'
import { AppError } from '../../../shared/errors.ts'
import type { DecidingFile, RulesView } from '../../../shared/rules/contract.ts'
import { isRuleFile } from '../../../shared/rules/workspace-rules.ts'
import { knownFacts } from '../../../shared/trees/known-facts.ts'
import { treesFolder } from '../../../shared/trees/tree-schema.ts'
import type { Clock } from '../../needs/clock.ts'
import type { ReadShippedTrees } from '../../needs/shipped-trees.ts'
import type { DecisionsFeature } from '../decisions/index.ts'
import type { DraftFeature } from '../draft/index.ts'
import type { WorkspaceFiles } from '../topology/index.ts'
import type { Workspace, Workspaces } from '../workspaces/index.ts'
import { waiversOfHistory } from './read-waivers.ts'

export type RulesNeeds = {
  readonly workspaces: Workspaces
  readonly judgeNow: DraftFeature['judgeNow']
  readonly onDraftChange: DraftFeature['onDraftChange']
  readonly judge: Handlers<AppContract>['draft']['judge']
  readonly waived: DecisionsFeature['waived']
  readonly shippedTrees: ReadShippedTrees
  readonly clock: Pick<Clock, 'now' | 'offset'>
}

/** The rules and trees of a workspace, and what the gate knows of the draft as it is. */
export function rulesFeature(needs: RulesNeeds): { handlers: Handlers<AppContract>['rules'] } {
  async function viewOf(workspace: Workspace, environment: string | null): Promise<RulesView> {
    const { before, after, environments, judge } = await needs.judgeNow(workspace)
    const chosen = environment ?? pickDefaultEnvironment(environments)?.id
    if (chosen === undefined) throw new AppError('not-found', 'rule.noEnvironment')
    const { facts, gate } = await judge(chosen)
    const files = (wanted: (path: string) => boolean): DecidingFile[] =>
      [...after.values()]
        .filter(({ path }) => wanted(path))
        .map(({ path, text }) => ({ path, text, changed: textAt(before, path) !== text }))
        .toSorted((a, b) => (a.path < b.path ? -1 : 1))
    return {
      environment: chosen,
      rules: files(isRuleFile),
      trees: files(path => path.startsWith(`${treesFolder}/`) && /\.(ya?ml|json)$/.test(path)),
      shipped: (await needs.shippedTrees()).map(tree => ({ ...tree, changed: false })),
      facts,
      gate,
    }
  }

  return {
    handlers: {
      async *view({ workspace: id, environment }, { signal }) {
        const workspace = await needs.workspaces.get(id)
        yield* recomputed(
          signal,
          changed => needs.onDraftChange(workspace, changed),
          () => viewOf(workspace, environment),
        )
      },
      async *waivers({ workspace: id }, { signal }) {
        const workspace = await needs.workspaces.get(id)
        yield* recomputed(signal, workspace.onChange, async () => {
          const commits = await needs.waived(workspace, signal)
          // Without a waiver there is nothing to judge for.
          if (commits.length === 0) return []
          const judged = await needs.judge({ workspace: id, base: null, head: 'HEAD' }, { signal })
          const today = dayOf({ time: needs.clock.now() / 1000, offset: needs.clock.offset() })
          return waiversOfHistory(
            workspace,
            commits,
            judged.map(({ gate }) => gate),
            today,
          )
        })
      },
      async known({ workspace: id, environment }) {
        const { facts } = await viewOf(await needs.workspaces.get(id), environment)
        return knownFacts(facts)
      },
    },
  }
}
const textAt = (files: WorkspaceFiles, path: string): string | undefined => files.get(path)?.text
