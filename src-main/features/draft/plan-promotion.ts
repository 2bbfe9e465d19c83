import { readDecision } from '../../../shared/decisions/read-decision.ts'
import type { PromotionTarget } from '../../../shared/draft/contract.ts'
import type { PromotionView } from '../../../shared/draft/draft.ts'
import { inverseEdits } from '../../../shared/edits/inverse-edits.ts'
import { planPromotedEdits, planPromotion } from '../../../shared/edits/plan-promotion.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Manifest } from '../../../shared/manifests/manifest.ts'
import { translate } from '../../../shared/messages/index.ts'
import { findDecision, readSnapshotOf } from '../decisions/index.ts'
import {
  environmentInEither,
  environmentNamed,
  environmentsOf,
  environmentsTouched,
  manifestsIn,
  readerOf,
  type WorkspaceFiles,
} from '../topology/index.ts'
import { resolveRevision, type Workspace } from '../workspaces/index.ts'
import { textsOf } from './compute-draft.ts'

/**
 * What it takes to bring a decision to another environment of this branch, or to another branch, and what differs there.
 * Rejects `unsupported` for a decision that changed no file beyond its record, `not-found` for a target there is not.
 */
export async function planPromotionOf(
  workspace: Workspace,
  decision: string,
  to: PromotionTarget,
  signal: AbortSignal,
): Promise<PromotionView> {
  const { repository } = workspace
  const oid = await findDecision(workspace, decision, signal)
  const commit = await repository.commit(oid)
  const summary = readDecision(commit)
  const parent = commit.parents[0] ?? null
  const changed = (await repository.changes(parent, oid, signal)).filter(
    ({ path }) => !(summary.record !== null && path.startsWith(summary.record)),
  )
  if (changed.length === 0)
    throw new AppError('unsupported', 'record.nothingToPromote', { title: summary.title, commit: oid.slice(0, 10) })
  const snapshot = await readSnapshotOf(workspace, oid, summary)
  const reader = readerOf(workspace)
  const [before, after] = await Promise.all([reader.filesAt(parent), reader.filesAt(oid)])
  const named = {
    promotes: summary.decisionId ?? oid,
    kind: summary.kind === 'commit' ? null : summary.kind,
    services: summary.services,
  }
  const title = (where: string): string =>
    translate('en', { key: 'record.promoteTitle', params: { title: summary.title, where } }).slice(0, 200)

  if ('branch' in to) {
    const tip = await repository.resolve(`refs/heads/${to.branch}`)
    if (tip === null) throw new AppError('not-found', 'record.noBranch', { branch: to.branch })
    const [was, is] = [withoutRecord(before, summary.record), withoutRecord(after, summary.record)]
    // Taking back the way back is the way there, in the words of single fields.
    const edits = snapshot && snapshot.edits.length > 0 ? snapshot.edits : inverseEdits(is, was, null)
    const plan = planPromotedEdits(edits, textsOf(await reader.filesAt(tip)))
    return { ...plan, ...named, from: snapshot?.environment ?? null, to, title: title(to.branch) }
  }
  const paths = changed.map(({ path }) => path)
  const from = snapshot?.environment ?? touchedMost(reader, before, after, paths)
  if (from === null) throw new AppError('unsupported', 'record.promoteNoEnvironment', { title: summary.title })
  const today = await reader.filesAt(await resolveRevision(workspace, undefined))
  const target = environmentNamed(reader, today, to.environment)
  if (target.id === from) throw new AppError('invalid-input', 'record.promoteSame', { environment: from })
  const plan = planPromotion(
    objectsIn(reader, before, from, after),
    objectsIn(reader, after, from, before),
    manifestsIn(reader, today, target).flatMap(({ manifests }) => manifests),
    textsOf(today),
  )
  if (plan.rows.length === 0)
    throw new AppError('unsupported', 'record.promoteOtherFiles', { title: summary.title, environment: from })
  return { ...plan, ...named, from, to: { environment: target.id }, title: title(target.id) }
}

type Reader = ReturnType<typeof readerOf>

function objectsIn(reader: Reader, files: WorkspaceFiles, id: string, others: WorkspaceFiles): readonly Manifest[] {
  const environment = environmentInEither(reader, files, others, id)
  return environmentsOf(reader, files).some(each => each.id === environment.id)
    ? manifestsIn(reader, files, environment).flatMap(({ manifests }) => manifests)
    : []
}

/** Of the environments that a commit made elsewhere touches, the one most of its files are of. */
function touchedMost(
  reader: Reader,
  before: WorkspaceFiles,
  after: WorkspaceFiles,
  paths: readonly string[],
): string | null {
  const [was, is] = [environmentsOf(reader, before), environmentsOf(reader, after)]
  const own = (id: string): number => {
    const files = (is.find(each => each.id === id) ?? was.find(each => each.id === id))?.files ?? []
    return paths.filter(path => files.includes(path)).length / Math.max(1, files.length)
  }
  return [...environmentsTouched(was, is, paths)].sort((a, b) => own(b) - own(a))[0] ?? null
}

function withoutRecord(files: WorkspaceFiles, record: string | null): Map<string, string> {
  const texts = textsOf(files)
  for (const path of texts.keys()) if (record !== null && path.startsWith(record)) texts.delete(path)
  return texts
}
