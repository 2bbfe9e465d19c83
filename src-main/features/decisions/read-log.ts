import type { DecisionPage } from '../../../shared/decisions/contract.ts'
import { type DecisionKind, type DecisionSummary, decisionKinds } from '../../../shared/decisions/decision.ts'
import { dependenciesInRecord } from '../../../shared/decisions/dependency-graph.ts'
import { readDecision } from '../../../shared/decisions/read-decision.ts'
import { AppError } from '../../../shared/errors.ts'
import type { RecordedGate } from '../../../shared/gate/gate.ts'
import { type HistoryFilter, holds, searchHistory } from '../../../shared/history/search-history.ts'
import { Standings, standingsOf } from '../../../shared/history/standings.ts'
import { passes, type TouchFilter } from '../../../shared/history/touched.ts'
import { type Outcome, standingOf } from '../../../shared/results/result.ts'
import type { ObjectId } from '../../needs/git-repository.ts'
import { moduleChanges } from '../dependencies/index.ts'
import { resultsOf } from '../results/index.ts'
import { environmentsOf, readerOf, topologyOf } from '../topology/index.ts'
import { decodeText, resolveRevision, type Workspace } from '../workspaces/index.ts'
import type { ForeignRecordIndex, ForeignRecords } from './foreign-records.ts'
import type { History, HistoryIndex } from './history.ts'
import type { ReleaseIndex } from './releases.ts'
import type { Touches } from './touches.ts'

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
  readonly rule?: string | undefined
  readonly dependency?: string | undefined
  readonly node?: string | undefined
  readonly field?: string | undefined
  /** Also with which tags each went out. */
  readonly releases?: boolean | undefined
  /** Also the modules that locks and manifests moved, which costs a comparison of trees for each decision. */
  readonly modules?: boolean | undefined
}

/** What reading a log takes: the index of the branch, and what is known of commits beyond their messages. */
export type LogIndexes = {
  readonly history: HistoryIndex
  readonly records: ForeignRecordIndex
  readonly touches: Touches
  readonly releases: ReleaseIndex
}

/** Commits that a search looks at themselves before it gives what it has. */
const mostLookedAt = 1500

/**
 * One page of the history from a revision, newest first, with what the query leaves out left out. The newest page of
 * everything is read from Git at once; what is filtered or further back comes from the index of the branch. What only
 * commits themselves tell (fields, rules, dependencies, machines) is asked of those that pass everything else.
 */
export async function readLog(
  workspace: Workspace,
  indexes: LogIndexes,
  query: LogQuery,
  signal: AbortSignal,
): Promise<DecisionPage> {
  const tip = await resolveRevision(workspace, query.revision)
  if (tip === null) return { items: [], next: null }
  const { history: index, touches } = indexes
  const results = await resultsOf(workspace)
  const touch = touchFilterOf(query)
  const filter: HistoryFilter = {
    ...filterOf(query, touch),
    ...(query.results && { onlyCommits: commitsThat(results, query.results) }),
  }
  const records = await indexes.records.at(workspace, tip, signal)
  const told = withRecords(records)
  const plain =
    query.before === undefined &&
    query.service === undefined &&
    touch === null &&
    !query.releases &&
    Object.keys(filter).length === 0
  const history = plain ? null : await index.at(workspace, tip, signal)
  const entries = history
    ? fromIndex(
        history,
        {
          ...(query.service === undefined
            ? filter
            : await ofService(workspace, index, tip, query.service, filter, signal)),
          instead: new Map([...records.byCommit.keys()].map(commit => [commit, told])),
        },
        query.before,
      )
    : recent(workspace, tip, told, signal)
  // Read from the newest on, each entry is told by those before it.
  const standings = history ? standingsIn(history) : new Standings()
  const releases = history && query.releases ? await indexes.releases.at(workspace, tip, history) : null

  const items: DecisionSummary[] = []
  let looked = 0
  let next: ObjectId | null = null
  for await (const summary of entries) {
    if (touch !== null) {
      looked++
      const isWanted = passes(await touches.of(workspace, summary.id, signal), touch)
      if (!isWanted && looked >= mostLookedAt) next = summary.id
      if (next !== null) break
      if (!isWanted) continue
    }
    const images = await dependenciesOf(workspace, summary)
    const modules = query.modules ? await moduleChanges(workspace, summary.id, signal) : []
    const result = standingOf(results.get(summary.id) ?? [])
    const status = (history ? standings.of(summary) : standings.see(summary)) ?? summary.status
    items.push({
      ...summary,
      dependencies: [...images, ...modules],
      ...(result && { result }),
      ...(status && { status }),
      ...(releases && { release: releases.get(summary.id) ?? null }),
    })
    if (items.length === query.limit || looked >= mostLookedAt) next = summary.id
    if (next !== null) break
  }
  if (touch !== null) await touches.keep(workspace)
  return { items, next }
}

/** What an entry is once the records that came with it are known: no plain commit any more. */
export function withRecords({ byCommit }: ForeignRecords): (summary: DecisionSummary) => DecisionSummary {
  return summary => {
    const brought = byCommit.get(summary.id)
    if (!brought) return summary
    const records = brought.map(({ path, title, status }) => ({ path, title, status }))
    const [only] = records.length === 1 ? records : []
    const isPlain = summary.kind === 'commit'
    return {
      ...summary,
      records,
      ...(isPlain && { kind: 'record' as const }),
      ...(isPlain && only && { title: only.title, record: only.path }),
      ...(only?.status && isPlain && { status: only.status }),
    }
  }
}

function touchFilterOf({ rule, dependency, node, field }: LogQuery): TouchFilter | null {
  const wanted = Object.entries({ rule, dependency, node, field }).flatMap(([name, value]) =>
    value === undefined || value.trim() === '' ? [] : [[name, value.trim()] as const],
  )
  return wanted.length === 0 ? null : Object.fromEntries(wanted)
}

/** Rules speak at the gate of a decision alone. */
const onlyDecisions = (query: LogQuery, touch: TouchFilter | null): boolean =>
  query.decisionsOnly === true || touch?.rule !== undefined

const standingsKnown = new WeakMap<History, Standings>()

/** Of a whole history, wherever in it an entry is. */
function standingsIn(history: History): Standings {
  const known = standingsKnown.get(history) ?? standingsOf(history)
  standingsKnown.set(history, known)
  return known
}

const commitsThat = (results: Awaited<ReturnType<typeof resultsOf>>, wanted: readonly Outcome[]): Set<ObjectId> =>
  new Set(
    [...results].flatMap(([commit, events]) => {
      const standing = standingOf(events)?.standing
      return standing && wanted.includes(standing) ? [commit] : []
    }),
  )

function filterOf(query: LogQuery, touch: TouchFilter | null): HistoryFilter {
  const { text, kinds, gates, author, since, until } = query
  const words = (text ?? '').split(/\s+/).filter(word => word !== '')
  const wanted = onlyDecisions(query, touch)
    ? decisionKinds.filter(kind => kinds === undefined || kinds.includes(kind))
    : kinds
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

async function* recent(
  workspace: Workspace,
  tip: ObjectId,
  told: (summary: DecisionSummary) => DecisionSummary,
  signal: AbortSignal,
): AsyncGenerator<DecisionSummary> {
  for await (const commit of workspace.repository.log(tip, { signal })) yield told(readDecision(commit))
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
