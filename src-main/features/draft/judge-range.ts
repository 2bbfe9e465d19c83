import { evaluateGate } from '../../../shared/gate/evaluate-gate.ts'
import type { Gate } from '../../../shared/gate/gate.ts'
import { diffTopology } from '../../../shared/topology/diff-topology.ts'
import type { TopologyDiff } from '../../../shared/topology/topology.ts'
import type { ObjectId } from '../../needs/git-repository.ts'
import { environmentInEither, environmentsOf, environmentsTouched, readerOf, topologyOf } from '../topology/index.ts'
import type { Workspace } from '../workspaces/index.ts'

/** The gate on everything that changed between two commits, whoever committed it. */
export async function judgeRange(
  workspace: Workspace,
  from: ObjectId,
  to: ObjectId,
): Promise<readonly { environment: string; gate: Gate; diff: TopologyDiff }[]> {
  const reader = readerOf(workspace)
  const [before, after] = await Promise.all([reader.filesAt(from), reader.filesAt(to)])
  const paths = (await workspace.repository.changes(from, to)).map(change => change.path)
  const touched = environmentsTouched(environmentsOf(reader, before), environmentsOf(reader, after), paths)
  return touched.map(id => {
    const [a, b] = [
      topologyOf(reader, before, environmentInEither(reader, before, after, id), from),
      topologyOf(reader, after, environmentInEither(reader, after, before, id), to),
    ]
    return { environment: id, gate: evaluateGate(a, b, []), diff: diffTopology(a, b) }
  })
}
