import { changeSetText } from '../../../shared/decisions/snapshot.ts'
import type { DraftEdit, DraftEditView, DraftView, FieldConflict } from '../../../shared/draft/draft.ts'
import { lineChanges } from '../../../shared/draft/line-changes.ts'
import type { EditOutcome, FieldChange } from '../../../shared/edits/apply-edits.ts'
import { applyEdit } from '../../../shared/edits/apply-edits.ts'
import { conflictOf } from '../../../shared/edits/conflict-of.ts'
import { describeEdit, servicesOf } from '../../../shared/edits/describe-edit.ts'
import type { Edit } from '../../../shared/edits/edit.ts'
import { suggestKind, suggestTitle } from '../../../shared/edits/suggest-title.ts'
import type { Gate } from '../../../shared/gate/gate.ts'
import { worstOf } from '../../../shared/gate/worst-of.ts'
import { joinMetrics } from '../../../shared/metrics/join-metrics.ts'
import { diffTopology } from '../../../shared/topology/diff-topology.ts'
import type { Environment, Topology, TopologyDiff } from '../../../shared/topology/topology.ts'
import type { Clock } from '../../needs/clock.ts'
import type { Digest } from '../../needs/digest.ts'
import type { ObjectId } from '../../needs/git-repository.ts'
import {
  environmentsOf,
  readerOf,
  renderCharts,
  topologyOf,
  type WorkspaceFiles,
  withTexts,
} from '../topology/index.ts'
import { decodeText, type Workspace } from '../workspaces/index.ts'
import type { DecideNeeds } from './decide-needs.ts'
import { environmentsJudged } from './environments-judged.ts'
import { judgeEnvironment } from './judge-environment.ts'

export type JudgedEnvironment = {
  readonly id: string
  readonly before: Topology
  readonly after: Topology
  readonly diff: TopologyDiff
  readonly gate: Gate
}

/** What a list of edits does to one commit. Nothing is written. */
export type Computed = {
  readonly base: ObjectId | null
  readonly edits: readonly Edit[]
  readonly views: readonly DraftEditView[]
  readonly before: WorkspaceFiles
  readonly after: WorkspaceFiles
  /** Final text of each file that changes; null removes it. */
  readonly texts: ReadonlyMap<string, string | null>
  readonly previous: ReadonlyMap<string, string | null>
  readonly conflicts: readonly FieldConflict[]
  readonly changes: readonly FieldChange[]
  readonly services: readonly string[]
  readonly environments: readonly JudgedEnvironment[]
  readonly gate: Gate
  /** Null while the edits change nothing. */
  readonly changeSetId: string | null
}

export type ComputeNeeds = {
  readonly digest: Digest
  readonly clock: Clock
  /** What is measured now, for rules that ask; without it they do not know. */
  readonly measured?: DecideNeeds['measured']
  readonly budgets?: DecideNeeds['budgets']
  readonly latencies?: DecideNeeds['latencies']
}

/** What edits make of the files of a commit, before anything is judged: the same whenever it is asked. */
type Applied = Pick<
  Computed,
  'base' | 'edits' | 'views' | 'before' | 'after' | 'texts' | 'previous' | 'conflicts' | 'changes' | 'services'
>

/** The last ones of a workspace: what is shown is what is committed next. */
const applied = new WeakMap<Workspace, Map<string, Applied>>()
const mostApplied = 2

/**
 * Applies edits to `base` and judges what becomes of it. Where they were made on another commit (`madeOn`), each is
 * first held against what that field is now: changed there too and differently is a conflict, and the edit is left out.
 */
export async function computeDraft(
  workspace: Workspace,
  { digest, clock, measured, budgets, latencies }: ComputeNeeds,
  entries: readonly DraftEdit[],
  base: ObjectId | null,
  madeOn: ObjectId | null,
): Promise<Computed> {
  const reader = readerOf(workspace)
  const known = applied.get(workspace) ?? new Map<string, Applied>()
  applied.set(workspace, known)
  const key = JSON.stringify([base, madeOn ?? base, entries])
  const made = known.get(key) ?? (await applyEdits(workspace, entries, base, madeOn))
  known.delete(key)
  known.set(key, made)
  if (known.size > mostApplied) known.delete(known.keys().next().value!)

  const { before, after, texts, edits } = made
  if (after !== before) await renderCharts(reader, after)
  const [environments, afterEnvironments] = [environmentsOf(reader, before), environmentsOf(reader, after)]
  const judged: JudgedEnvironment[] = []
  const actor = texts.size === 0 ? null : await workspace.repository.identity()
  for (const id of environmentsJudged(environments, afterEnvironments, [...texts.keys()])) {
    const [a, b] = [
      topologyAt(reader, before, environments, id, base),
      topologyAt(reader, after, afterEnvironments, id, base),
    ]
    const observations = measured ? (await measured(workspace, id)).map(({ observation }) => observation) : []
    const withRates = (topology: Topology): Topology => joinMetrics(topology, observations).topology
    judged.push({
      id,
      before: a,
      after: b,
      diff: diffTopology(a, b),
      gate: judgeEnvironment(
        reader,
        { files: before, environment: environments.find(each => each.id === id), topology: withRates(a) },
        { files: after, environment: afterEnvironments.find(each => each.id === id), topology: withRates(b) },
        {
          edits: made.views.filter(view => view.state === 'applied').map(view => view.edit),
          files: [...texts.keys()],
          actor,
          now: clock.now(),
          budgets: budgets ? await budgets(workspace, id) : [],
          latencies: (await latencies?.(workspace)) ?? [],
        },
      ).gate,
    })
  }
  return {
    ...made,
    environments: judged,
    gate: worstOf(judged.map(environment => environment.gate)),
    changeSetId: texts.size === 0 ? null : digest(changeSetText(base, edits)),
  }
}

async function applyEdits(
  workspace: Workspace,
  entries: readonly DraftEdit[],
  base: ObjectId | null,
  madeOn: ObjectId | null,
): Promise<Applied> {
  const reader = readerOf(workspace)
  const before = await reader.filesAt(base)
  const origin = madeOn !== null && madeOn !== base ? await reader.filesAt(madeOn) : null

  const now = textsOf(before)
  for (const { edit } of entries) {
    if (edit.kind !== 'set-file' || now.has(edit.file) || base === null) continue
    // An editor may write any text file, not only those that can hold manifests.
    const bytes = await workspace.repository.fileAt(base, edit.file)
    const text = bytes && decodeText(bytes)
    if (text !== null) now.set(edit.file, text)
  }
  const then = origin && textsOf(origin)

  const views: DraftEditView[] = []
  const conflicts: FieldConflict[] = []
  /** What each file was that an edit wrote. */
  const start = new Map<string, string | null>()
  for (const { id, edit } of entries) {
    const found = then ? conflictOf(edit, then, now) : []
    if (found.length > 0) {
      conflicts.push(...found.map(conflict => ({ ...conflict, editId: id })))
      const first = found[0]!
      views.push({
        id,
        edit,
        summary: describeEdit(edit, { kind: 'unchanged' }),
        services: servicesOf(edit),
        state: 'conflict',
        reason: {
          key: 'draft.conflict',
          params: { field: first.field, theirs: first.theirs ?? '–', ours: first.ours ?? '–' },
        },
        changes: [],
      })
      continue
    }
    const outcome = applyEdit(now, edit)
    views.push(viewOf(id, edit, outcome))
    if (outcome.kind !== 'applied') continue
    for (const [path, text] of outcome.files) {
      if (!start.has(path)) start.set(path, now.get(path) ?? null)
      if (text === null) now.delete(path)
      else now.set(path, text)
    }
  }

  const texts = new Map<string, string | null>()
  const previous = new Map<string, string | null>()
  for (const path of [...start.keys()].sort()) {
    const [old, text] = [start.get(path) ?? null, now.get(path) ?? null]
    if (old === text) continue
    texts.set(path, text)
    previous.set(path, old)
  }
  const done = views.filter(view => view.state === 'applied')
  return {
    base,
    edits: entries.map(entry => entry.edit),
    views,
    before,
    after: texts.size === 0 ? before : withTexts(reader, before, texts),
    texts,
    previous,
    conflicts,
    changes: done.flatMap(view => view.changes),
    services: [...new Set(done.flatMap(view => view.services))].sort(),
  }
}

/** The draft as a window shows it. */
export async function viewOfDraft(
  workspace: Workspace,
  computed: Computed,
  draft: {
    base: ObjectId | null
    undo: readonly unknown[]
    redo: readonly unknown[]
    note: DraftView['note']
    recordNote?: DraftView['recordNote']
    writing?: DraftView['writing']
  },
  branch: string | null,
): Promise<DraftView> {
  const outcomes = computed.views.map(view => ({ edit: view.edit, changes: view.changes }))
  return {
    base: computed.base,
    branch,
    rebased: computed.views.length > 0 && draft.base !== null && draft.base !== computed.base,
    edits: computed.views,
    files: [...computed.texts]
      .map(([path, text]) => lineChanges(path, computed.previous.get(path) ?? null, text))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
    services: computed.services,
    canUndo: draft.undo.length > 0,
    canRedo: draft.redo.length > 0,
    gate: computed.gate,
    changeSetId: computed.changeSetId,
    suggestedTitle: suggestTitle(outcomes),
    suggestedKind: suggestKind(computed.edits),
    note: draft.note,
    ...(draft.recordNote && { recordNote: draft.recordNote }),
    ...(draft.writing && { writing: draft.writing }),
    dirty: computed.texts.size === 0 ? [] : await workspace.repository.dirty([...computed.texts.keys()]),
  }
}

function viewOf(id: string, edit: Edit, outcome: EditOutcome): DraftEditView {
  return {
    id,
    edit,
    summary: describeEdit(edit, outcome),
    services: servicesOf(edit),
    state: outcome.kind,
    ...(outcome.kind === 'refused' && { reason: outcome.reason }),
    changes: outcome.kind === 'applied' ? outcome.changes : [],
    ...(outcome.kind === 'applied' && outcome.landing && { landing: outcome.landing }),
  }
}

/** The text of each file by path, as edits take them. */
export function textsOf(files: WorkspaceFiles): Map<string, string> {
  const texts = new Map<string, string>()
  for (const [path, { text }] of files) texts.set(path, text)
  return texts
}

function topologyAt(
  reader: ReturnType<typeof readerOf>,
  files: WorkspaceFiles,
  environments: readonly Environment[],
  id: string,
  revision: ObjectId | null,
): Topology {
  const environment = environments.find(candidate => candidate.id === id)
  if (environment) return topologyOf(reader, files, environment, revision)
  return { environment: id, revision: revision ?? '', nodes: [], edges: [], components: [], findings: [] }
}
