import type { Snapshot } from '../../../shared/decisions/decision.ts'
import { readDecision } from '../../../shared/decisions/read-decision.ts'
import { formatSnapshot, readSnapshot, snapshotVersion, withoutRevision } from '../../../shared/decisions/snapshot.ts'
import { inverseEdits } from '../../../shared/edits/inverse-edits.ts'
import { pickDefaultEnvironment } from '../../../shared/environments/pick-default-environment.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Documents } from '../../needs/documents.ts'
import type { GitCommit, ObjectId } from '../../needs/git-repository.ts'
import { readSnapshotOf } from '../decisions/index.ts'
import { judgeEnvironment } from '../draft/index.ts'
import { environmentsOf, environmentsTouched, readerOf, topologyOf, type WorkspaceFiles } from '../topology/index.ts'
import type { Workspace } from '../workspaces/index.ts'

/** Bytes of worked-out snapshots that are kept, of all workspaces: some tens of thousands of small ones. */
const most = 256 * 1024 * 1024
const folder = 'snapshots'

export type FoundSnapshot = { readonly snapshot: Snapshot; readonly from: 'record' | 'computed' }

/**
 * What a decision left of itself. Where it left nothing that can be read (it was made elsewhere, or is a plain commit)
 * the same is worked out from the commit and its parent, and kept in the app's data: the same commit gives the same
 * snapshot to the byte.
 */
export async function snapshotOf(
  workspace: Workspace,
  documents: Documents,
  oid: ObjectId,
  signal: AbortSignal,
): Promise<FoundSnapshot> {
  const commit = await workspace.repository.commit(oid)
  const recorded = await readSnapshotOf(workspace, oid, readDecision(commit))
  if (recorded) return { snapshot: recorded, from: 'record' }
  const name = `${folder}/${snapshotVersion.replace('/', '-')}/${workspace.id}/${oid}`
  const kept = await keptSnapshot(documents, name)
  if (kept) return { snapshot: kept, from: 'computed' }
  const snapshot = await computeSnapshot(workspace, commit, signal)
  await documents.writeBytes(name, [new TextEncoder().encode(formatSnapshot(snapshot))])
  await documents.boundBytes(folder, most)
  return { snapshot, from: 'computed' }
}

/** Null where none is kept; one that is broken is made again. */
async function keptSnapshot(documents: Documents, name: string): Promise<Snapshot | null> {
  const bytes = await documents.readBytes(name)
  if (!bytes) return null
  try {
    return readSnapshot(name, new TextDecoder().decode(bytes))
  } catch (error) {
    if (error instanceof AppError) return null
    throw error
  }
}

async function computeSnapshot(workspace: Workspace, commit: GitCommit, signal: AbortSignal): Promise<Snapshot> {
  const { repository } = workspace
  const reader = readerOf(workspace)
  const parent = commit.parents[0] ?? null
  const [before, after] = [await reader.filesAt(parent), await reader.filesAt(commit.oid)]
  const paths = (await repository.changes(parent, commit.oid, signal)).map(({ path }) => path)
  const [old, now] = [environmentsOf(reader, before), environmentsOf(reader, after)]
  const touched = environmentsTouched(old, now, paths)
  const environment =
    pickDefaultEnvironment(now.filter(({ id }) => touched.includes(id))) ?? pickDefaultEnvironment(now)
  const summary = readDecision(commit)
  const common = {
    apiVersion: snapshotVersion,
    kind: 'Snapshot' as const,
    decisionId: summary.decisionId ?? commit.oid,
    base: parent,
    edits: editsOf(before, after, paths),
  }
  if (!environment) return { ...common, environment: null, gate: { verdict: 'pass', items: [] }, topology: null }
  const there = old.find(({ id }) => id === environment.id)
  const topology = topologyOf(reader, after, environment, commit.oid)
  const { gate } = judgeEnvironment(
    reader,
    {
      files: before,
      environment: there,
      topology: there
        ? topologyOf(reader, before, there, parent)
        : { ...topology, nodes: [], edges: [], components: [], findings: [] },
    },
    { files: after, environment, topology },
    // As it would have been judged then.
    { edits: common.edits, files: paths, actor: commit.author, now: commit.author.time * 1000 },
  )
  return { ...common, environment: environment.id, gate, topology: withoutRevision(topology) }
}

/** The edits that lead from the parent to the commit, worked out from the difference of each object. */
function editsOf(before: WorkspaceFiles, after: WorkspaceFiles, paths: readonly string[]): Snapshot['edits'] {
  const texts = (files: WorkspaceFiles): ReadonlyMap<string, string> =>
    new Map(paths.flatMap(path => (files.has(path) ? [[path, files.get(path)!.text]] : [])))
  return inverseEdits(texts(after), texts(before), null)
}
