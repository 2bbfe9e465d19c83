import { readDecision } from '../../../shared/decisions/read-decision.ts'
import type { RevertView } from '../../../shared/draft/draft.ts'
import { planRevert } from '../../../shared/edits/plan-revert.ts'
import { AppError } from '../../../shared/errors.ts'
import { translate } from '../../../shared/messages/index.ts'
import type { GitFile, ObjectId } from '../../needs/git-repository.ts'
import { findDecision, readSnapshotOf } from '../decisions/index.ts'
import { readerOf } from '../topology/index.ts'
import { decodeText, type Workspace } from '../workspaces/index.ts'
import { textsOf } from './compute-draft.ts'

/**
 * The edits of today's branch that take a commit back: a decision by its typed edits, any other by the difference of
 * its objects. Its record stays, as what was once decided. Rejects `unsupported` for a commit that changed nothing but
 * records, and for a file that is no text.
 */
export async function planRevertOf(workspace: Workspace, decision: string, signal: AbortSignal): Promise<RevertView> {
  const { repository } = workspace
  const oid = await findDecision(workspace, decision, signal)
  const commit = await repository.commit(oid)
  const summary = readDecision(commit)
  const parent = commit.parents[0] ?? null
  const { commit: head } = await repository.head()
  const reader = readerOf(workspace)
  const [before, after, today] = await Promise.all(
    [parent, oid, head].map(async revision => textsOf(await reader.filesAt(revision))),
  )

  const ofRecord = (path: string): boolean => summary.record !== null && path.startsWith(summary.record)
  for (const files of [before!, after!, today!]) for (const path of files.keys()) if (ofRecord(path)) files.delete(path)
  const changes = (await repository.changes(parent, oid, signal)).filter(({ path }) => !ofRecord(path))
  if (changes.length === 0)
    throw new AppError('unsupported', 'draft.nothingToRevert', { title: summary.title, commit: oid.slice(0, 10) })
  const textOf = async (path: string, file: GitFile | null): Promise<string | null> => {
    if (file === null) return null
    const text = file.mode === '160000' || file.mode === '120000' ? null : decodeText(await repository.blob(file.oid))
    if (text === null) throw new AppError('unsupported', 'draft.cannotRevertFile', { file: path })
    return text
  }
  // The reader holds what may be a manifest; a commit changes other files too.
  for (const { path, before: was, after: is } of changes) {
    if (before!.has(path) || after!.has(path)) continue
    put(before!, path, await textOf(path, was))
    put(after!, path, await textOf(path, is))
    put(today!, path, await textAt(workspace, head, path))
  }
  const snapshot = await readSnapshotOf(workspace, oid, summary)
  const plan = planRevert(before!, after!, today!, snapshot?.edits ?? null)
  return {
    ...plan,
    reverts: summary.decisionId ?? oid,
    title: translate('en', { key: 'draft.revertTitle', params: { title: summary.title } }).slice(0, 200),
    services: summary.services,
  }
}

function put(files: Map<string, string>, path: string, text: string | null): void {
  if (text !== null) files.set(path, text)
}

async function textAt(workspace: Workspace, commit: ObjectId | null, path: string): Promise<string | null> {
  const bytes = commit === null ? null : await workspace.repository.fileAt(commit, path)
  return bytes && decodeText(bytes)
}
