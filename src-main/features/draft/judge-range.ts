import type { Gate } from '../../../shared/gate/gate.ts'
import { diffTopology } from '../../../shared/topology/diff-topology.ts'
import type { TopologyDiff } from '../../../shared/topology/topology.ts'
import type { Clock } from '../../needs/clock.ts'
import type { ObjectId } from '../../needs/git-repository.ts'
import { environmentInEither, environmentsOf, readerOf, topologyOf } from '../topology/index.ts'
import type { Workspace } from '../workspaces/index.ts'
import { environmentsJudged } from './environments-judged.ts'
import { judgeEnvironment } from './judge-environment.ts'

/** The gate on everything that changed between two commits, whoever committed it; all there is, where `from` is null. */
export async function judgeRange(
  workspace: Workspace,
  clock: Clock,
  from: ObjectId | null,
  to: ObjectId,
): Promise<readonly { environment: string; gate: Gate; diff: TopologyDiff }[]> {
  const reader = readerOf(workspace)
  const [before, after] = await Promise.all([reader.filesAt(from), reader.filesAt(to)])
  const paths =
    from === null ? [...after.keys()] : (await workspace.repository.changes(from, to)).map(change => change.path)
  const [old, now] = [environmentsOf(reader, before), environmentsOf(reader, after)]
  const actor = await workspace.repository.identity()
  return environmentsJudged(old, now, paths).map(id => {
    const [a, b] = [
      topologyOf(reader, before, environmentInEither(reader, before, after, id), from),
      topologyOf(reader, after, environmentInEither(reader, after, before, id), to),
    ]
    const { gate } = judgeEnvironment(
      reader,
      { files: before, environment: old.find(each => each.id === id), topology: a },
      { files: after, environment: now.find(each => each.id === id), topology: b },
      { edits: [], files: paths, actor, now: clock.now() },
    )
    return { environment: id, gate, diff: diffTopology(a, b) }
  })
}
