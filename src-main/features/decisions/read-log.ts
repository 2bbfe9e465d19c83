import type { DecisionPage } from '../../../shared/decisions/contract.ts'
import { type DecisionKind, type DecisionSummary, decisionKinds } from '../../../shared/decisions/decision.ts'
import { dependenciesInRecord } from '../../../shared/decisions/dependency-graph.ts'
import { readDecision } from '../../../shared/decisions/read-decision.ts'
import { AppError } from '../../../shared/errors.ts'
import type { RecordedGate } from '../../../shared/gate/gate.ts'
import { type HistoryFilter, holds, searchHistory } from '../../../shared/history/search-history.ts'
import { type Outcome, standingOf } from '../../../shared/results/result.ts'
import type { ObjectId } from '../../needs/git-repository.ts'
import { moduleChanges } from '../dependencies/index.ts'
import { resultsOf } from '../results/index.ts'
import { environmentsOf, readerOf, topologyOf } from '../topology/index.ts'
import { decodeText, resolveRevision, type Workspace } from '../workspaces/index.ts'
import type { History, HistoryIndex } from './history.ts'

export type LogQuery = {
  readonly revision?: string | undefined
  readonly limit: number
  readonly before?: string | undefined
  readonly text?: string | undefined
  readonly service?: string | undefined
  readonly decisionsOnly?: boolean | undefined
  readonly kinds?: readonly (DecisionKind | 'commit')[] | undefined
  readonly gates?: readonly RecordedGate[] | undefined
  readonly results?: readonly Outcome[] | undefined
  readonly author?: string | undefined
  readonly since?: number | undefined
  readonly until?: number | undefined
  /** Also the modules that locks and manifests moved, which costs a comparison of trees for each decision. */
  readonly modules?: boolean | undefined
}

/**
 * One page of the history from a revision, newest first, with what the query leaves out left out. The newest page of
 * everything is read from Git at once; what is filtered or further back comes from the index of the branch.
 */
export async function readLog(
  workspace: Workspace,
  index: HistoryIndex,
  query: LogQuery,
  signal: AbortSignal,
): Promise<DecisionPage> {
  const tip = await resolveRevision(workspace, query.revision)
  if (tip === null) return { items: [], next: null }
  const results = await resultsOf(workspace)
  const filter: HistoryFilter = {
    ...filterOf(query),
    ...(query.results && { onlyCommits: commitsThat(results, query.results) }),
  }
  const plain = query.before === undefined && query.service === undefined && Object.keys(filter).length === 0
  const entries = plain
    ? recent(workspace, tip, signal)
    : fromIndex(
        await index.at(workspace, tip, signal),
        query.service === undefined ? filter : await ofService(workspace, index, tip, query.service, filter, signal),
        query.before,
      )

  const items: DecisionSummary[] = []
  for await (const summary of entries) {
    const images = await dependenciesOf(workspace, summary)
    const modules = query.modules ? await moduleChanges(workspace, summary.id, signal) : []
    const result = standingOf(results.get(summary.id) ?? [])
    items.push({ ...summary, dependencies: [...images, ...modules], ...(result && { result }) })
    if (items.length === query.limit) break
  }
  return { items, next: items.length === query.limit ? (items.at(-1)?.id ?? null) : null }
}

const commitsThat = (results: Awaited<ReturnType<typeof resultsOf>>, wanted: readonly Outcome[]): Set<ObjectId> =>
  new Set(
    [...results].flatMap(([commit, events]) => {
      const standing = standingOf(events)?.standing
      return standing && wanted.includes(standing) ? [commit] : []
    }),
  )

function filterOf({ text, decisionsOnly, kinds, gates, author, since, until }: LogQuery): HistoryFilter {
  const words = (text ?? '').split(/\s+/).filter(word => word !== '')
  const wanted = decisionsOnly ? decisionKinds.filter(kind => kinds === undefined || kinds.includes(kind)) : kinds
  return {
    ...(words.length > 0 && { words }),
    ...(wanted !== undefined && { kinds: wanted }),
    ...(gates !== undefined && { gates }),
    ...(author !== undefined && author.trim() !== '' && { author: author.trim() }),
    ...(since !== undefined && { since }),
    ...(until !== undefined && { until }),
  }
}

/** What names the service, and plain commits that touch the files that declare it today. */
async function ofService(
  workspace: Workspace,
  index: HistoryIndex,
  tip: ObjectId,
  service: string,
  filter: HistoryFilter,
  signal: AbortSignal,
): Promise<HistoryFilter> {
  if (filter.kinds && !filter.kinds.includes('commit')) return { ...filter, service }
  const paths = await filesOf(workspace, tip, service)
  return { ...filter, service, orCommits: await index.touching(workspace, tip, paths, signal) }
}

async function* recent(workspace: Workspace, tip: ObjectId, signal: AbortSignal): AsyncGenerator<DecisionSummary> {
  for await (const commit of workspace.repository.log(tip, { signal })) yield readDecision(commit)
}

function fromIndex(history: History, filter: HistoryFilter, before: string | undefined): Iterable<DecisionSummary> {
  if (before !== undefined && !holds(history, before))
    throw new AppError('not-found', 'decision.notFound', { decision: before })
  return searchHistory(history, filter, before)
}

/** Files that declare a service today, in any environment. */
async function filesOf(workspace: Workspace, tip: ObjectId, service: string): Promise<readonly string[]> {
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
  return [...paths].sort()
}

/** Versions a decision moved, read from the dependency graphs of its record and the record's own table of changes. */
async function dependenciesOf(
  workspace: Workspace,
  summary: DecisionSummary,
): Promise<DecisionSummary['dependencies']> {
  if (summary.record === null || summary.kind === 'record' || !summary.record.endsWith('/')) return []
  const bytes = await workspace.repository.fileAt(summary.id, `${summary.record}README.md`)
  const text = bytes && decodeText(bytes)
  return text === null ? [] : dependenciesInRecord(text)
}
