import { adrPlace } from '../../../shared/decisions/adr-place.ts'
import type { DecisionDetail } from '../../../shared/decisions/contract.ts'
import type { DecisionSummary, Snapshot } from '../../../shared/decisions/decision.ts'
import { dependenciesInRecord } from '../../../shared/decisions/dependency-graph.ts'
import { readDecision } from '../../../shared/decisions/read-decision.ts'
import { readSnapshot } from '../../../shared/decisions/snapshot.ts'
import { lineChanges } from '../../../shared/draft/line-changes.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Message } from '../../../shared/messages/index.ts'
import { standingOf } from '../../../shared/results/result.ts'
import type { GitFile, ObjectId } from '../../needs/git-repository.ts'
import { moduleChanges } from '../dependencies/index.ts'
import { resultsOf } from '../results/index.ts'
import { decodeText, type Workspace } from '../workspaces/index.ts'
import type { ForeignRecordIndex } from './foreign-records.ts'
import { withRecords } from './read-log.ts'

/** Everything about one commit: record, snapshot, and the files it changed against its first parent. */
export async function showDecision(
  workspace: Workspace,
  foreign: ForeignRecordIndex,
  oid: ObjectId,
  signal: AbortSignal,
): Promise<DecisionDetail> {
  const { repository } = workspace
  const commit = await repository.commit(oid)
  const tip = (await repository.head()).commit
  const records = tip === null ? null : await foreign.at(workspace, tip, signal)
  const plain = readDecision(commit)
  const summary = records ? withRecords(records)(plain) : plain
  const changes = await repository.changes(commit.parents[0] ?? null, oid, signal)
  const textOf = async (file: GitFile | null): Promise<string | null> =>
    file === null || file.mode === '160000' ? null : decodeText(await repository.blob(file.oid))

  const files = await Promise.all(
    changes.map(async change => {
      const counted = lineChanges(change.path, await textOf(change.before), await textOf(change.after))
      // A binary file has no text on either side; what happened to it is told by its being there.
      const kind = change.before === null ? 'added' : change.after === null ? 'removed' : 'changed'
      return { ...counted, change: kind } as const
    }),
  )
  const ofRecord = (path: string): boolean => summary.record !== null && path.startsWith(summary.record)
  files.sort((a, b) => Number(ofRecord(a.path)) - Number(ofRecord(b.path)) || (a.path < b.path ? -1 : 1))

  const recordPath =
    summary.record === null
      ? changes.find(({ path, after }) => after && (records?.byPath.has(path) || adrPlace(path) === 'sure'))?.path
      : summary.record.endsWith('/')
        ? `${summary.record}README.md`
        : summary.record
  const read = async (path: string): Promise<string | null> => {
    const bytes = await repository.fileAt(oid, path)
    return bytes && decodeText(bytes)
  }
  const markdown = recordPath === undefined ? null : await read(recordPath)
  const snapshotPath = summary.record?.endsWith('/') ? `${summary.record}snapshot.json` : null
  const { snapshot, problem } = snapshotIn(snapshotPath, snapshotPath === null ? null : await read(snapshotPath))
  const images = markdown === null ? [] : dependenciesInRecord(markdown)
  const results = (await resultsOf(workspace)).get(oid) ?? []
  const result = standingOf(results)
  return {
    summary: {
      ...summary,
      dependencies: [...images, ...(await moduleChanges(workspace, oid, signal))],
      ...(result && { result }),
    },
    message: commit.message,
    record: recordPath !== undefined && markdown !== null ? { path: recordPath, markdown } : null,
    snapshot,
    snapshotProblem: problem,
    files,
    results,
  }
}

/** The snapshot a decision carries; null where it has none that can be read. */
export async function readSnapshotOf(
  workspace: Workspace,
  oid: ObjectId,
  { record }: DecisionSummary,
): Promise<Snapshot | null> {
  if (!record?.endsWith('/')) return null
  const bytes = await workspace.repository.fileAt(oid, `${record}snapshot.json`)
  return snapshotIn(`${record}snapshot.json`, bytes && decodeText(bytes)).snapshot
}

/** The snapshot; or, where it cannot be read, why: the rest of the decision reads all the same. */
function snapshotIn(path: string | null, text: string | null): { snapshot: Snapshot | null; problem: Message | null } {
  if (path === null || text === null) return { snapshot: null, problem: null }
  try {
    return { snapshot: readSnapshot(path, text), problem: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { snapshot: null, problem: { key: error.key, params: error.params } }
  }
}
