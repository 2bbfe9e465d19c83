import { buildDecision } from '../../../shared/decisions/build-decision.ts'
import type { Person, Rationale } from '../../../shared/decisions/decision.ts'
import { readDecision } from '../../../shared/decisions/read-decision.ts'
import type { RecordLink } from '../../../shared/decisions/record.ts'
import { dayOf, recordPath } from '../../../shared/decisions/record-path.ts'
import { changeSetText } from '../../../shared/decisions/snapshot.ts'
import { ulid } from '../../../shared/decisions/ulid.ts'
import { emptyDraft, withoutPublished } from '../../../shared/draft/change-draft.ts'
import type { Publication } from '../../../shared/draft/contract.ts'
import type { DraftEdit, PublishOutcome } from '../../../shared/draft/draft.ts'
import { AppError } from '../../../shared/errors.ts'
import { unansweredItems } from '../../../shared/gate/waiver.ts'
import { translate } from '../../../shared/messages/index.ts'
import type { Measurement } from '../../../shared/metrics/record-metrics.ts'
import { compareUrl } from '../../../shared/workspaces/remote-url.ts'
import type { GitHead, ObjectId, PushTarget } from '../../needs/git-repository.ts'
import { serviceGraphs } from '../dependencies/index.ts'
import { environmentNamed, readerOf, topologyOf } from '../topology/index.ts'
import { fetchRemote, type Workspace } from '../workspaces/index.ts'
import { bringUp } from './bring-up.ts'
import { type Computed, computeDraft } from './compute-draft.ts'
import type { DecideNeeds } from './decide-needs.ts'
import { findOutcome, findPublished } from './find-outcome.ts'
import { pushResults } from './push-waiting.ts'
import { markSuperseded, type ResolvedLink, resolveLinks } from './resolve-links.ts'

/** Two writers on one branch take turns; after this many lost turns something else is wrong. */
const mostRaces = 200
/** A remote that is again where a fetch does not see it is written to elsewhere than it is read from (`pushurl`, a fork). */
const mostMisses = 2

/**
 * Makes one decision of a draft: applies the edits on where the branch is now, asks the gate again on exactly that,
 * commits, pushes by object id, and moves the local branch once the remote has accepted. When the remote has moved,
 * everything is done again on the new base. Publishing the same change set twice finds the first commit.
 */
export function publishDraft(
  workspace: Workspace,
  needs: DecideNeeds,
  publication: Publication,
  signal: AbortSignal,
): Promise<PublishOutcome> {
  return workspace.exclusively(async () => {
    const own = publication.edits
    const draft = own ? null : await needs.drafts.read(workspace)
    const entries: readonly DraftEdit[] = own
      ? own.map((edit, index) => ({ id: String(index), edit }))
      : (draft?.edits ?? [])
    if (!own && publication.changeSetId !== null) {
      const { commit } = await workspace.repository.head()
      const edits = entries.map(entry => entry.edit)
      // Mostly it was shown on where the branch still is: no history has to be read then.
      const isHere = needs.digest(changeSetText(commit, edits)) === publication.changeSetId
      const done = await findOutcome(workspace, publication.changeSetId, isHere ? commit : null)
      if (done) return alreadyPublished(workspace, needs, done, publication.changeSetId, entries, signal)
      if (!(await wasSeen(workspace, needs, publication.changeSetId, entries, draft?.base ?? null)))
        return { kind: 'stale', changeSetId: null }
    }
    const recordOnly = entries.length === 0 || (!own && publication.changeSetId === null)
    const published = recordOnly ? [] : entries
    const outcome = await decide(workspace, needs, publication, published, draft?.base ?? null, signal)
    if (outcome.kind === 'published') {
      if (!own) {
        const base = publication.target.kind === 'current-branch' ? outcome.commit : (draft?.base ?? null)
        // Read again: while this one talked with the remote another process may have added to the draft.
        await needs.drafts.write(workspace, withoutPublished(await needs.drafts.read(workspace), published, base))
      }
      // Who asked hears of it before everybody looks at what it has become.
      setImmediate(() => workspace.changed())
    }
    return outcome
  })
}

async function decide(
  workspace: Workspace,
  needs: DecideNeeds,
  publication: Publication,
  entries: readonly DraftEdit[],
  madeOn: ObjectId | null,
  signal: AbortSignal,
): Promise<PublishOutcome> {
  const { repository } = workspace
  const { clock } = needs
  const identity = await repository.identity()
  if (!identity) throw new AppError('invalid-input', 'draft.noIdentity')
  const author: Person = { ...identity, time: Math.floor(clock.now() / 1000), offset: clock.offset() }
  const decisionId = ulid(clock.now(), clock.random(10))
  let origin = madeOn
  let replayed = false
  let lastMiss = ''
  let misses = 0

  for (let race = 0; race < mostRaces; race++) {
    signal.throwIfAborted()
    const current = await repository.head()
    const head = await targetOf(workspace, publication, current)
    await refuseWhatCannotBe(workspace, publication, head.branch, current.branch)
    const goal =
      publication.push && publication.target.kind !== 'new-branch' && head.branch !== null
        ? await repository.pushTarget(head.branch)
        : null
    origin ??= head.commit
    replayed ||= origin !== head.commit

    const links = await resolveLinks(workspace, head.commit, publication.links ?? [], signal)
    const drafted = await computeDraft(workspace, needs, entries, head.commit, origin)
    const folder = recordPath(publication.title, decisionId, dayOf(author))
    const marks = markSuperseded(links, { title: publication.title, record: folder }, drafted.texts)
    // Part of the decision: taken back with it, and made again with it on another base.
    const marking = [...marks].map(([file, text]) => ({ id: file, edit: { kind: 'set-file', file, text } as const }))
    const computed =
      marking.length === 0
        ? drafted
        : await computeDraft(workspace, needs, [...entries, ...marking], head.commit, origin)
    if (computed.conflicts.length > 0) return { kind: 'conflict', conflicts: computed.conflicts }
    const refused = computed.views.find(view => view.state === 'refused')
    if (refused?.reason) throw new AppError('invalid-input', refused.reason.key, refused.reason.params)
    if (entries.length > 0 && drafted.changeSetId === null) {
      // The remote may hold this very decision, from an attempt whose answer never came.
      const done = await findPublished(workspace, needs.digest, drafted.edits, origin)
      if (done !== null) return foundAgain(workspace, done)
      throw new AppError('invalid-input', 'draft.nothingToCommit')
    }
    if (unansweredItems(computed.gate, publication, dayOf(author)).length > 0)
      return { kind: 'blocked', gate: computed.gate }

    const about = await environmentOf(workspace, publication, computed)
    const measurements = about ? await needs.measured(workspace, about.id) : []
    const graphs = about
      ? await serviceGraphs(
          workspace,
          needs.moduleGraph,
          head.commit,
          computed.texts,
          computed.services,
          about.id,
          signal,
        )
      : new Map<string, readonly string[]>()
    const known = { measurements, graphs }
    const changeSet = drafted.changeSetId ?? needs.digest(changeSetText(head.commit, [], decisionId))
    const built = build(publication, computed, links, changeSet, author, decisionId, head.commit, about, known)
    const files = new Map<string, Uint8Array | null>()
    const encoder = new TextEncoder()
    for (const [path, text] of [...computed.texts, ...built.files])
      files.set(path, text === null ? null : encoder.encode(text))
    if (head.branch !== null && head.branch === current.branch && publication.target.kind !== 'new-branch') {
      const dirty = await repository.dirty([...files.keys()])
      if (dirty.length > 0) return { kind: 'dirty', files: dirty }
    }
    const commit = await repository.writeCommit({ base: head.commit, files, message: built.message, author }, signal)
    const published = { kind: 'published', commit, record: built.record, replayed } as const

    if (publication.target.kind === 'new-branch') {
      const { name } = publication.target
      if ((await repository.resolve(`refs/heads/${name}`)) !== null)
        throw new AppError('conflict', 'draft.branchExists', { branch: name })
      // The branch is made once the remote has accepted, so that a refusal leaves nothing to clean up before a second try.
      const there = publication.push ? await repository.pushTarget(name) : null
      const pushed = publication.push
        ? await push(workspace, needs, commit, there && { ...there, branch: name, commit: null }, signal)
        : ({ kind: 'not-asked' } as const)
      if (pushed.kind === 'refused') return { kind: 'push-refused', reason: pushed.reason }
      if (pushed.kind === 'moved') {
        const reason = translate('en', { key: 'draft.remoteHasBranch', params: { branch: name } })
        return { kind: 'push-refused', reason }
      }
      await repository.createBranch(name, commit)
      const link = pushed.kind === 'pushed' && there ? compareUrl(there.url, head.branch, name) : null
      return { ...published, branch: name, pushed: pushed.kind, compareUrl: link }
    }

    const branch = head.branch!
    const pushed = publication.push
      ? await push(workspace, needs, commit, goal, signal)
      : ({ kind: 'not-asked' } as const)
    if (pushed.kind === 'refused') return { kind: 'push-refused', reason: pushed.reason }
    if (pushed.kind === 'moved' && branch !== current.branch) {
      const reason = translate('en', { key: 'record.branchMoved', params: { branch } })
      return { kind: 'push-refused', reason }
    }
    if (pushed.kind === 'moved') {
      const miss = `${goal?.commit}..${pushed.at}`
      misses = pushed.at !== undefined && miss === lastMiss ? misses + 1 : 0
      lastMiss = miss
      if (goal && misses >= mostMisses)
        return {
          kind: 'push-refused',
          reason: translate('en', {
            key: 'draft.remoteElsewhere',
            params: { remote: goal.remote, branch: goal.branch },
          }),
        }
      await fetchRemote(workspace, needs.remotes, clock.now, signal)
      const brought = await bringUp(workspace, needs, signal)
      if (brought.kind === 'dirty') return { kind: 'dirty', files: brought.files }
      if (brought.kind === 'diverged') return { kind: 'push-refused', reason: translate('en', brought.message) }
      continue
    }
    const move = await repository.moveBranch(branch, head.commit, commit)
    // Another process moved the branch first. If ours is on the remote already, the branch comes up to it; else again.
    if (move.kind === 'raced' && pushed.kind !== 'pushed') continue
    if (move.kind === 'raced' && branch === current.branch) await bringUp(workspace, needs, signal)
    if (move.kind === 'dirty' && pushed.kind !== 'pushed') return { kind: 'dirty', files: move.paths }
    return { ...published, branch, pushed: pushed.kind, compareUrl: null }
  }
  throw new AppError('conflict', 'draft.tooManyRaces', { count: mostRaces })
}

/** The branch a decision is made on: the current one, unless another is named. */
async function targetOf(workspace: Workspace, { target }: Publication, current: GitHead): Promise<GitHead> {
  if (target.kind !== 'branch' || target.name === current.branch) return current
  const commit = await workspace.repository.resolve(`refs/heads/${target.name}`)
  if (commit === null) throw new AppError('not-found', 'record.noBranch', { branch: target.name })
  return { branch: target.name, commit }
}

/** Says before anything is written what this clone cannot do. */
async function refuseWhatCannotBe(
  workspace: Workspace,
  publication: Publication,
  branch: string | null,
  current: string | null,
): Promise<void> {
  const inPlace = publication.target.kind !== 'new-branch' && branch === current
  if (inPlace && branch === null) throw new AppError('unsupported', 'draft.noBranch')
  for (const limit of await workspace.repository.limits({ scan: false })) {
    if (limit.effect === 'none' || (limit.effect === 'commit-to-branch' && !inPlace)) continue
    throw new AppError('unsupported', limit.message.key, limit.message.params)
  }
}

type Pushed =
  | { readonly kind: 'pushed' | 'queued' | 'not-asked' }
  | { readonly kind: 'moved'; readonly at?: ObjectId | null }
  | { readonly kind: 'refused'; readonly reason: string }

/** Without a remote or a way to it the commit waits in the branch. */
async function push(
  workspace: Workspace,
  needs: DecideNeeds,
  commit: ObjectId,
  goal: PushTarget | null,
  signal: AbortSignal,
): Promise<Pushed> {
  if (!goal) return { kind: 'queued' }
  try {
    const { remote, branch, commit: expected } = goal
    const result = await needs.remotes.push(workspace.repository, remote, commit, branch, expected, { signal })
    if (result.kind === 'pushed') {
      await workspace.remote.set({ kind: 'idle', fetchedAt: new Date(needs.clock.now()).toISOString() })
      await pushResults(workspace, needs, remote, signal)
    }
    return result
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'unreachable') throw error
    const reason = { key: error.key, params: error.params }
    await workspace.remote.set({ kind: 'offline', fetchedAt: workspace.remote.state.fetchedAt, reason })
    return { kind: 'queued' }
  }
}

type About = Parameters<typeof buildDecision>[0]['environment']

/** The environment a decision is told about: the one asked for, else the one that changes most. */
async function environmentOf(workspace: Workspace, publication: Publication, computed: Computed): Promise<About> {
  const asked = computed.environments.find(environment => environment.id === publication.environment)
  if (asked) return asked
  const size = (environment: Computed['environments'][number]): number =>
    environment.diff.nodes.length + environment.diff.edges.length
  const [most] = [...computed.environments].sort((a, b) => size(b) - size(a))
  if (most) return most
  if (publication.environment === undefined) return null
  const reader = readerOf(workspace)
  const environment = environmentNamed(reader, computed.after, publication.environment)
  const topology = topologyOf(reader, computed.after, environment, computed.base)
  return { id: environment.id, before: topology, after: topology, diff: { nodes: [], edges: [] } }
}

function build(
  publication: Publication,
  computed: Computed,
  links: readonly ResolvedLink[],
  changeSet: string,
  author: Person,
  decisionId: string,
  base: ObjectId | null,
  environment: About,
  known: { readonly measurements: readonly Measurement[]; readonly graphs: ReadonlyMap<string, readonly string[]> },
): ReturnType<typeof buildDecision> {
  const { title, why, kind, alternatives, consequences, reasons, waivedUntil } = publication
  const rationale: Rationale = {
    title,
    why,
    kind,
    ...(alternatives && { alternatives }),
    ...(consequences && { consequences }),
    ...(reasons && { reasons }),
    ...(waivedUntil && { waivedUntil }),
  }
  return buildDecision({
    decisionId,
    changeSet,
    rationale,
    author,
    base,
    edits: computed.edits,
    changes: computed.changes,
    services: computed.services,
    gate: computed.gate,
    environment,
    ...known,
    ...(publication.reverts && { reverts: publication.reverts }),
    ...(links.length > 0 && { links: links.map(told) }),
  })
}

const told = ({ relation, target, title, record }: ResolvedLink): RecordLink => ({
  relation,
  target,
  title,
  path: record?.path ?? null,
})

/** True when the person was shown these edits, on whatever commit of the branch it was. */
async function wasSeen(
  workspace: Workspace,
  needs: DecideNeeds,
  changeSetId: string,
  entries: readonly DraftEdit[],
  madeOn: ObjectId | null,
): Promise<boolean> {
  const edits = entries.map(entry => entry.edit)
  const on = (base: ObjectId | null): boolean => needs.digest(changeSetText(base, edits)) === changeSetId
  if (on(madeOn)) return true
  const { commit } = await workspace.repository.head()
  if (commit === null) return on(null)
  let looked = 0
  for await (const { oid } of workspace.repository.log(commit)) {
    if (on(oid)) return true
    if (oid === madeOn || ++looked > 500) break
  }
  return false
}

async function alreadyPublished(
  workspace: Workspace,
  needs: DecideNeeds,
  commit: ObjectId,
  changeSetId: string,
  entries: readonly DraftEdit[],
  signal: AbortSignal,
): Promise<PublishOutcome> {
  // The remote may have accepted it without this branch having learned of it. The draft goes last: killed before that,
  // the next start finds the commit again.
  await bringUp(workspace, needs, signal)
  const { parents } = await workspace.repository.commit(commit)
  const edits = entries.map(entry => entry.edit)
  if (needs.digest(changeSetText(parents[0] ?? null, edits)) === changeSetId)
    await needs.drafts.write(workspace, emptyDraft)
  workspace.changed()
  return foundAgain(workspace, commit)
}

async function foundAgain(workspace: Workspace, oid: ObjectId): Promise<PublishOutcome> {
  const { repository } = workspace
  const { branch } = await repository.head()
  const upstream = branch === null ? null : await repository.upstream(branch)
  const onRemote = upstream !== null && (await repository.mergeBase(oid, upstream.commit)) === oid
  return {
    kind: 'published',
    commit: oid,
    branch: branch ?? '',
    record: readDecision(await repository.commit(oid)).record ?? '',
    pushed: onRemote ? 'pushed' : 'queued',
    replayed: false,
    compareUrl: null,
  }
}
