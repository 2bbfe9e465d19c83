import { type AuditCommit, type AuditHashes, formatAudit } from '../../../shared/audit/audit-log.ts'
import type { DecisionSummary, Snapshot } from '../../../shared/decisions/decision.ts'
import { readDecision } from '../../../shared/decisions/read-decision.ts'
import { AppError } from '../../../shared/errors.ts'
import { type DecisionDocument, decisionsHtml, decisionsMarkdown } from '../../../shared/export/decision-document.ts'
import { type Locale, translate } from '../../../shared/messages/index.ts'
import type { GitCommit, GitFile, ObjectId } from '../../needs/git-repository.ts'
import { resultsOf } from '../results/index.ts'
import { decodeText, resolveRevision, type Workspace } from '../workspaces/index.ts'
import { findDecision } from './find-decision.ts'
import type { ForeignRecordIndex } from './foreign-records.ts'
import { withRecords } from './read-log.ts'

/** What a decision left of itself, or what it would have left. */
export type SnapshotOf = (workspace: Workspace, commit: ObjectId, signal: AbortSignal) => Promise<Snapshot>

/** More on one page nobody reads. */
const mostInADocument = 500

/**
 * One decision (by commit, revision or Decision-Id), those named in their order, or those of a range (`A..B`, oldest
 * first), as one document. Rejects
 * `not-found` for a range without decisions, `invalid-input` for one that is too long.
 */
export async function exportDocument(
  workspace: Workspace,
  { records: foreign, snapshotOf }: { records: ForeignRecordIndex; snapshotOf: SnapshotOf },
  wanted: string | readonly string[],
  format: 'html' | 'markdown',
  locale: Locale,
  signal: AbortSignal,
): Promise<{ name: string; text: string }> {
  const range = typeof wanted === 'string' ? await rangeOf(workspace, wanted) : null
  const tip = await resolveRevision(workspace, undefined)
  const told =
    tip === null ? (summary: DecisionSummary) => summary : withRecords(await foreign.at(workspace, tip, signal))
  const commits: GitCommit[] = []
  if (typeof wanted !== 'string')
    for (const one of wanted)
      commits.push(await workspace.repository.commit(await findDecision(workspace, one, signal)))
  else if (range) {
    for await (const commit of workspace.repository.log(range.to, { ...(range.from && { until: range.from }), signal }))
      if (told(readDecision(commit)).kind !== 'commit') commits.push(commit)
    commits.reverse()
  } else commits.push(await workspace.repository.commit(await findDecision(workspace, wanted, signal)))
  if (commits.length === 0) throw new AppError('not-found', 'audit.empty', { range: String(wanted) })
  if (commits.length > mostInADocument)
    throw new AppError('invalid-input', 'audit.tooMany', {
      range: String(wanted),
      count: commits.length,
      most: mostInADocument,
    })
  const documents: DecisionDocument[] = []
  for (const commit of commits)
    documents.push(await documentOf(workspace, snapshotOf, commit, told(readDecision(commit)), signal))
  const title = range
    ? translate(locale, { key: 'audit.titleOf', params: { workspace: workspace.name, range: String(wanted) } })
    : documents.length > 1
      ? translate(locale, { key: 'record.titleOfSome', params: { workspace: workspace.name, count: documents.length } })
      : documents[0]!.summary.title
  const text = (format === 'html' ? decisionsHtml : decisionsMarkdown)(documents, title, locale)
  const base = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80)
  return { name: `${base || 'decision'}.${format === 'html' ? 'html' : 'md'}`, text }
}

async function rangeOf(workspace: Workspace, wanted: string): Promise<{ from: ObjectId | null; to: ObjectId } | null> {
  const [from, to, more] = wanted.split('..')
  if (to === undefined) return null
  if (more !== undefined || to === '') throw new AppError('invalid-input', 'audit.wrongRange', { range: wanted })
  const end = await resolveRevision(workspace, to)
  if (end === null) throw new AppError('not-found', 'decision.notFound', { decision: to })
  return { from: from === '' || from === undefined ? null : await resolveRevision(workspace, from), to: end }
}

async function documentOf(
  workspace: Workspace,
  snapshotOf: SnapshotOf,
  commit: GitCommit,
  summary: DecisionSummary,
  signal: AbortSignal,
): Promise<DecisionDocument> {
  const { repository } = workspace
  const textOf = async (file: GitFile | null): Promise<string | null> =>
    file === null || file.mode === '160000' ? null : decodeText(await repository.blob(file.oid))
  const changes = await repository.changes(commit.parents[0] ?? null, commit.oid, signal)
  const ofRecord = (path: string): boolean => summary.record !== null && path.startsWith(summary.record)
  const files: DecisionDocument['files'][number][] = []
  for (const { path, before, after } of changes)
    if (!ofRecord(path)) files.push({ path, before: await textOf(before), after: await textOf(after) })
  return {
    summary,
    message: commit.message,
    record: (await recordOf(workspace, commit.oid, summary))?.text ?? null,
    snapshot: await snapshotOf(workspace, commit.oid, signal),
    files,
    results: (await resultsOf(workspace)).get(commit.oid) ?? [],
  }
}

async function recordOf(
  workspace: Workspace,
  oid: ObjectId,
  { record }: DecisionSummary,
): Promise<AuditCommit['record']> {
  if (record === null) return null
  const path = record.endsWith('/') ? `${record}README.md` : record
  const bytes = await workspace.repository.fileAt(oid, path)
  const text = bytes && decodeText(bytes)
  return text === null ? null : { path, text }
}

/** Bytes of text sent at a time. */
const chunkSize = 256 * 1024

/** The audit log of a range (`A..B`) or of all that leads to a revision, oldest first, in pieces of text. */
export async function* exportAudit(
  workspace: Workspace,
  wanted: string,
  hashes: AuditHashes,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const { repository } = workspace
  const range = (await rangeOf(workspace, wanted)) ?? { from: null, to: await findDecision(workspace, wanted, signal) }
  const oids: ObjectId[] = []
  for await (const { oid } of repository.log(range.to, { ...(range.from && { until: range.from }), signal }))
    oids.push(oid)
  oids.reverse()
  async function* commits(): AsyncGenerator<AuditCommit> {
    for (const oid of oids) {
      signal.throwIfAborted()
      const summary = readDecision(await repository.commit(oid))
      const { time, offset } = summary.author
      const local = new Date((time + offset * 60) * 1000).toISOString().slice(0, 19)
      const minutes = Math.abs(offset)
      const two = (value: number) => String(value).padStart(2, '0')
      yield {
        commit: oid,
        decisionId: summary.decisionId,
        title: summary.title,
        kind: summary.kind,
        author: `${summary.author.name} <${summary.author.email}>`,
        date: `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`,
        services: summary.services,
        gate: summary.gate,
        object: await repository.commitObject(oid),
        record: await recordOf(workspace, oid, summary),
      }
    }
  }
  let chunk = ''
  const head = { workspace: workspace.name, from: range.from, to: range.to }
  for await (const line of formatAudit(head, commits(), hashes, hash => repository.sign(hash, signal))) {
    chunk += line
    if (chunk.length < chunkSize) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}
