import type { DecisionPage } from '../../../shared/decisions/contract.ts'
import type { DecisionSummary } from '../../../shared/decisions/decision.ts'
import { dependenciesInRecord } from '../../../shared/decisions/dependency-graph.ts'
import { readDecision } from '../../../shared/decisions/read-decision.ts'
import { AppError } from '../../../shared/errors.ts'
import type { GitCommit, ObjectId } from '../../needs/git-repository.ts'
import { environmentsOf, readerOf, topologyOf } from '../topology/index.ts'
import { decodeText, resolveRevision, type Workspace } from '../workspaces/index.ts'

export type LogQuery = {
  readonly revision?: string | undefined
  readonly limit: number
  readonly before?: string | undefined
  readonly text?: string | undefined
  readonly service?: string | undefined
  readonly decisionsOnly?: boolean | undefined
}

/** One page of the history from a revision, newest first, with what the query leaves out left out. */
export async function readLog(workspace: Workspace, query: LogQuery, signal: AbortSignal): Promise<DecisionPage> {
  const { repository } = workspace
  const tip = await resolveRevision(workspace, query.revision)
  if (tip === null) return { items: [], next: null }
  const concerns = query.service === undefined ? null : await concerning(workspace, tip, query.service)
  const words = (query.text ?? '')
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '')

  const items: DecisionSummary[] = []
  let skipping = query.before !== undefined
  for await (const commit of repository.log(tip, { signal })) {
    if (skipping) {
      skipping = commit.oid !== query.before
      continue
    }
    const summary = readDecision(commit)
    if (query.decisionsOnly && summary.kind === 'commit') continue
    if (words.length > 0) {
      const text =
        `${summary.title}\n${summary.why}\n${summary.author.name}\n${summary.services.join(' ')}`.toLowerCase()
      if (!words.every(word => text.includes(word))) continue
    }
    if (concerns && !(await concerns(commit, summary))) continue
    items.push({ ...summary, dependencies: await dependenciesOf(workspace, commit, summary) })
    if (items.length === query.limit) break
  }
  if (skipping) throw new AppError('not-found', 'decision.notFound', { decision: query.before ?? '' })
  return { items, next: items.length === query.limit ? (items.at(-1)?.id ?? null) : null }
}

/** Whether a commit concerns a service: its trailer names it, or it touches the files that declare it today. */
async function concerning(
  workspace: Workspace,
  tip: ObjectId,
  service: string,
): Promise<(commit: GitCommit, summary: DecisionSummary) => Promise<boolean>> {
  const { repository } = workspace
  const reader = readerOf(workspace)
  const files = await reader.filesAt(tip)
  const paths = new Set<string>()
  for (const environment of environmentsOf(reader, files)) {
    const node = topologyOf(reader, files, environment, tip).nodes.find(candidate => candidate.id === service)
    for (const file of [
      node?.file,
      ...(node?.services.map(each => each.file ?? each.resource.file) ?? []),
      node?.autoscaler?.file ?? node?.autoscaler?.resource.file,
    ])
      if (file !== undefined) paths.add(file)
  }
  return async (commit, summary) => {
    if (summary.services.includes(service)) return true
    if (summary.kind !== 'commit' || commit.parents.length > 1) return false
    const changes = await repository.changes(commit.parents[0] ?? null, commit.oid)
    return changes.some(change => paths.has(change.path))
  }
}

/** Versions a decision moved, read from the dependency graphs of its record and the record's own table of changes. */
async function dependenciesOf(
  workspace: Workspace,
  commit: GitCommit,
  summary: DecisionSummary,
): Promise<DecisionSummary['dependencies']> {
  if (summary.record === null || summary.kind === 'record' || !summary.record.endsWith('/')) return []
  const bytes = await workspace.repository.fileAt(commit.oid, `${summary.record}README.md`)
  const text = bytes && decodeText(bytes)
  return text === null ? [] : dependenciesInRecord(text)
}
