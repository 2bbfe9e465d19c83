import { adrNumber } from '../../../shared/decisions/adr-place.ts'
import { resolvePath } from '../../../shared/decisions/change-adr.ts'
import type { ChainItem, ChainRelation } from '../../../shared/decisions/contract.ts'
import { type DecisionSummary, decisionRelations } from '../../../shared/decisions/decision.ts'
import { readAdr } from '../../../shared/decisions/read-adr.ts'
import { readDecision } from '../../../shared/decisions/read-decision.ts'
import { looksLikeUlid } from '../../../shared/decisions/ulid.ts'
import { searchHistory } from '../../../shared/history/search-history.ts'
import type { ObjectId } from '../../needs/git-repository.ts'
import { readTextFile, resolveRevision, type Workspace } from '../workspaces/index.ts'
import type { ForeignRecord, ForeignRecords } from './foreign-records.ts'
import type { History } from './history.ts'
import { type LogIndexes, withRecords } from './read-log.ts'

/** More of one kind nobody follows. */
const mostOfOne = 50

const back: { readonly [K in ChainRelation]: ChainRelation } = {
  reverts: 'reverted-by',
  'reverted-by': 'reverts',
  supersedes: 'superseded-by',
  'superseded-by': 'supersedes',
  amends: 'amended-by',
  'amended-by': 'amends',
  promotes: 'promoted-by',
  'promoted-by': 'promotes',
  links: 'linked-by',
  'linked-by': 'links',
}
const order = Object.keys(back) as readonly ChainRelation[]

/**
 * What a decision speaks of, and what speaks of it: links of commits and of records, ours and those of other tools, in
 * both directions. What leads nowhere in this branch is left out.
 */
export async function chainOf(
  workspace: Workspace,
  indexes: LogIndexes,
  oid: ObjectId,
  signal: AbortSignal,
): Promise<readonly ChainItem[]> {
  const tip = await resolveRevision(workspace, undefined)
  if (tip === null) return []
  const history = await indexes.history.at(workspace, tip, signal)
  const records = await indexes.records.at(workspace, tip, signal)
  const told = withRecords(records)
  const summary = told(readDecision(await workspace.repository.commit(oid)))
  const own = records.byCommit.get(oid) ?? []
  const lookUp = new LookUp(workspace, tip, history, records, told)
  const items = new Map<string, ChainItem>()
  const add = (relation: ChainRelation, item: Omit<ChainItem, 'relation'> | null): void => {
    if (!item || item.commit === oid) return
    items.set(`${relation} ${item.commit ?? item.path}`, { relation, ...item })
  }

  for (const { relation, target } of summary.links ?? []) add(relation, await lookUp.find(target, null))
  for (const { path, links } of own)
    for (const { relation, target } of links) add(relation, await lookUp.find(target, path))
  if (summary.record?.endsWith('/')) {
    const path = `${summary.record}README.md`
    const { text } = await readTextFile(workspace.repository, tip, path)
    for (const { relation, target } of text === null ? [] : readAdr(text).links)
      add(relation, await lookUp.find(target, path))
  }

  const names = [summary.decisionId, oid, ...own.map(({ path }) => path)].filter(name => name !== null)
  for (const target of names)
    for (const relation of decisionRelations)
      for (const other of take(searchHistory(history, { linked: { relation, target } }), mostOfOne))
        add(back[relation], itemOf(told(other)))
  const places = new Set([...own.map(({ path }) => path), ...(summary.record ? [`${summary.record}README.md`] : [])])
  for (const record of records.all)
    for (const { relation, target } of record.links) {
      const place = placeOf(target, record.path, records)
      if ((place !== null && places.has(place)) || target === summary.decisionId)
        add(back[relation], ofRecord(record, history, told))
    }

  const all = [...items.values()]
  // Whoever supersedes it also links to it: said once, in the stronger word.
  const said = all.filter(
    item =>
      !(
        (item.relation === 'links' || item.relation === 'linked-by') &&
        all.some(
          other =>
            other !== item &&
            other.commit === item.commit &&
            other.path === item.path &&
            other.relation !== 'linked-by',
        )
      ),
  )
  return said.sort((a, b) => order.indexOf(a.relation) - order.indexOf(b.relation) || (a.time ?? 0) - (b.time ?? 0))
}

function* take<T>(items: Iterable<T>, most: number): Generator<T> {
  let left = most
  for (const item of items) {
    if (left-- <= 0) return
    yield item
  }
}

const itemOf = (summary: DecisionSummary): Omit<ChainItem, 'relation'> => ({
  title: summary.title,
  kind: summary.kind,
  commit: summary.id,
  decisionId: summary.decisionId,
  path: summary.record,
  status: summary.status ?? null,
  time: summary.author.time,
})

function ofRecord(
  record: ForeignRecord,
  history: History,
  told: (summary: DecisionSummary) => DecisionSummary,
): Omit<ChainItem, 'relation'> {
  const { path, title, status, addedBy } = record
  const [summary] = addedBy === null ? [] : take(searchHistory(history, { onlyCommits: new Set([addedBy]) }), 1)
  const item = summary && itemOf(told(summary))
  return {
    kind: 'record',
    commit: addedBy,
    decisionId: null,
    time: item?.time ?? null,
    title,
    status,
    path,
  }
}

/** The path of the foreign record, or of any file, that a link in a record means; null where it is no path. */
function placeOf(target: string, from: string, records: ForeignRecords): string | null {
  if (/\.(md|markdown)$/i.test(target.split('#', 1)[0]!)) return resolvePath(from, target)
  const folder = from.slice(0, from.lastIndexOf('/') + 1)
  const beside = records.all.filter(({ path }) => path.startsWith(folder) && !path.slice(folder.length).includes('/'))
  const number = /^(?:adr[-_ ]?)?(\d{1,5})$/i.exec(target)?.[1]
  if (number !== undefined) return beside.find(({ path }) => adrNumber(path) === Number(number))?.path ?? null
  return beside.find(({ path }) => path.slice(folder.length).replace(/\.[^.]+$/, '') === target)?.path ?? null
}

/** Finds what a link means. */
class LookUp {
  readonly #workspace: Workspace
  readonly #tip: ObjectId
  readonly #history: History
  readonly #records: ForeignRecords
  readonly #told: (summary: DecisionSummary) => DecisionSummary

  constructor(
    workspace: Workspace,
    tip: ObjectId,
    history: History,
    records: ForeignRecords,
    told: (summary: DecisionSummary) => DecisionSummary,
  ) {
    this.#workspace = workspace
    this.#tip = tip
    this.#history = history
    this.#records = records
    this.#told = told
  }

  async find(target: string, from: string | null): Promise<Omit<ChainItem, 'relation'> | null> {
    const id = looksLikeUlid(target) && target.length === 26 ? target.toUpperCase() : null
    if (id) return this.#first({ decisionId: id })
    if (/^[0-9a-f]{40}$/.test(target)) return this.#first({ onlyCommits: new Set([target]) })
    // A commit names paths from the root.
    const path = from === null ? target : placeOf(target, from, this.#records)
    if (path === null) return null
    const record = this.#records.byPath.get(path)
    if (record) return ofRecord(record, this.#history, this.#told)
    if (!path.endsWith('/README.md')) return null
    const { text } = await readTextFile(this.#workspace.repository, this.#tip, path)
    const decisionId = text === null ? null : readAdr(text).decisionId
    return decisionId === null ? null : this.#first({ decisionId })
  }

  #first(filter: Parameters<typeof searchHistory>[1]): Omit<ChainItem, 'relation'> | null {
    const [found] = take(searchHistory(this.#history, filter), 1)
    return found ? itemOf(this.#told(found)) : null
  }
}
