import type { Between, Maker, PointView } from '../../../shared/compare/contract.ts'
import { type Relation, saysRemoved } from '../../../shared/compare/difference.ts'
import { draft as draftPoint, now as nowPoint, readPoint } from '../../../shared/compare/point.ts'
import { readDecision } from '../../../shared/decisions/read-decision.ts'
import { pickDefaultEnvironment } from '../../../shared/environments/pick-default-environment.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Environment } from '../../../shared/topology/topology.ts'
import type { GitCommit, ObjectId } from '../../needs/git-repository.ts'
import { findDecision } from '../decisions/index.ts'
import type { DraftFeature } from '../draft/index.ts'
import { environmentNamed, environmentsOf, findEnvironment, readerOf, type WorkspaceFiles } from '../topology/index.ts'
import type { Workspace } from '../workspaces/index.ts'

/** The files of one moment, and one environment of them. */
export type Side = {
  readonly commit: ObjectId | null
  readonly files: WorkspaceFiles
  /** Null where this moment does not hold it. */
  readonly environment: Environment | null
  /** What a draft lays over the commit. */
  readonly texts: ReadonlyMap<string, string | null>
}

export type Sides = {
  readonly between: Between
  readonly a: Side
  readonly b: Side
  /** The environments are two. */
  readonly across: boolean
  /** Commits that led to both; null where there is none. */
  readonly base: ObjectId | null
  readonly saysRemoved: boolean
}

export type Drafts = Pick<DraftFeature, 'draftFiles' | 'draftTexts'>
export type Asked = { readonly a: string; readonly b: string; readonly environment?: string | undefined }

type Moment = Omit<Side, 'environment'> & {
  readonly text: string
  readonly kind: PointView['kind']
  readonly named: string | null
}
const noTexts: ReadonlyMap<string, string | null> = new Map()

/**
 * Finds the two points of a comparison and the environments they are compared in. Rejects `not-found` for a revision that
 * is none, and for an environment that neither point holds; one that a single point does not hold is not part of that.
 */
export async function findSides(
  workspace: Workspace,
  drafts: Drafts,
  asked: Asked,
  signal: AbortSignal,
): Promise<Sides> {
  const [a, b] = [
    await momentOf(workspace, drafts, asked.a, signal),
    await momentOf(workspace, drafts, asked.b, signal),
  ]
  const reader = readerOf(workspace)
  const usual = (moment: Moment): string | undefined => pickDefaultEnvironment(environmentsOf(reader, moment.files))?.id
  const common = asked.environment ?? b.named ?? a.named ?? usual(b) ?? usual(a) ?? '.'
  const [nameA, nameB] = [a.named ?? common, b.named ?? common]
  const found = (moment: Moment, name: string): Environment | null => findEnvironment(reader, moment.files, name)
  const [environmentA, environmentB] = [found(a, nameA), found(b, nameB)]
  // Known to neither point: most likely a slip of the keyboard. A workspace that declares nothing is empty, not wrong.
  for (const [here, name, other] of [
    [environmentA, nameA, b],
    [environmentB, nameB, a],
  ] as const)
    if (!here && !found(other, name) && (asked.environment !== undefined || a.named !== null || b.named !== null))
      environmentNamed(reader, b.files, name)
  const sides = { a: sideOf(a, environmentA), b: sideOf(b, environmentB) }
  const views = {
    a: await viewOf(workspace, a, environmentA?.id ?? nameA, environmentA !== null),
    b: await viewOf(workspace, b, environmentB?.id ?? nameB, environmentB !== null),
  }
  const across = views.a.environment !== views.b.environment
  const base = await baseOf(workspace, a.commit, b.commit)
  const relation = relationOf(a, b, base)
  const says = saysRemoved(relation, !across) && views.a.holds && views.b.holds
  return { between: { ...views, relation }, ...sides, across, base, saysRemoved: says }
}

const sideOf = ({ commit, files, texts }: Moment, environment: Environment | null): Side => ({
  commit,
  files,
  texts,
  environment,
})

async function momentOf(workspace: Workspace, drafts: Drafts, text: string, signal: AbortSignal): Promise<Moment> {
  const { revision, environment } = readPoint(text)
  const head = async (): Promise<ObjectId | null> => (await workspace.repository.head()).commit
  const reader = readerOf(workspace)
  const at = async (commit: ObjectId | null, kind: PointView['kind'], named = environment): Promise<Moment> => ({
    text,
    kind,
    named,
    commit,
    files: await reader.filesAt(commit),
    texts: noTexts,
  })
  if (revision === nowPoint) return at(await head(), 'now')
  if (revision === draftPoint) {
    const moment = await at(await head(), 'draft')
    const files = await drafts.draftFiles(workspace)
    return files ? { ...moment, files, texts: await drafts.draftTexts(workspace) } : moment
  }
  try {
    return await at(await findDecision(workspace, revision, signal), 'commit')
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not-found' || environment !== null) throw error
    // What is no revision may be an environment as it is now.
    const moment = await at(await head(), 'now', revision)
    if (!findEnvironment(reader, moment.files, revision)) throw error
    return moment
  }
}

async function viewOf(
  workspace: Workspace,
  { text, kind, commit, files }: Moment,
  environment: string,
  holds: boolean,
): Promise<PointView> {
  return {
    text,
    kind,
    commit: commit === null ? null : makerOf(await workspace.repository.commit(commit)),
    environment,
    holds,
    environments: environmentsOf(readerOf(workspace), files).map(({ id }) => id),
  }
}

export function makerOf(commit: GitCommit): Maker {
  const { id, decisionId, title, kind, author } = readDecision(commit)
  return { commit: id, decisionId, title, kind, author: author.name, time: author.time }
}

async function baseOf(workspace: Workspace, a: ObjectId | null, b: ObjectId | null): Promise<ObjectId | null> {
  if (a === null || b === null) return null
  return a === b ? a : workspace.repository.mergeBase(a, b)
}

function relationOf(a: Moment, b: Moment, base: ObjectId | null): Relation {
  if (a.commit === b.commit) {
    // A draft is made on what is there now.
    if (a.kind === 'draft' && b.kind !== 'draft') return 'backward'
    return b.kind === 'draft' && a.kind !== 'draft' ? 'forward' : 'same'
  }
  if (a.commit === null) return 'forward'
  if (base === null) return 'unrelated'
  if (base === a.commit) return a.kind === 'draft' ? 'diverged' : 'forward'
  return base === b.commit ? 'backward' : 'diverged'
}
