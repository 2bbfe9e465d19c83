import {
  formatResult,
  type ResultEvent,
  readResults,
  resultsRef,
  saysMore,
  saysTheSame,
} from '../../../shared/results/result.ts'
import type { ObjectId } from '../../needs/git-repository.ts'
import type { Workspace } from '../workspaces/index.ts'

type Results = ReadonlyMap<ObjectId, readonly ResultEvent[]>
const known = new WeakMap<Workspace, { readonly tip: ObjectId; readonly results: Results }>()
const none: Results = new Map()

/**
 * What became of the decisions of a workspace, by commit. They are Git notes beside the commits, so they read offline,
 * in any clone that has fetched them.
 */
export async function resultsOf(workspace: Workspace): Promise<Results> {
  const { repository } = workspace
  const before = known.get(workspace)
  // Asked for at every news of a cluster: the notes are read where they are others alone.
  if (before && before.tip === (await repository.resolve(resultsRef))) return before.results
  const { tip, texts } = await repository.notes(resultsRef)
  if (tip === null) return none
  const results = new Map<ObjectId, readonly ResultEvent[]>()
  for (const [commit, text] of texts) {
    const events = readResults(text)
    if (events.length > 0) results.set(commit, events)
  }
  known.set(workspace, { tip, results })
  return results
}

/** Keeps one event with the decision it is about; an outcome that is known already is not told again. */
export function recordResult(workspace: Workspace, commit: ObjectId, event: ResultEvent): Promise<void> {
  // One after another: two who see the same outcome at once tell it once.
  const next = (writing.get(workspace) ?? Promise.resolve()).then(() => record(workspace, commit, event))
  writing.set(
    workspace,
    next.catch(() => undefined),
  )
  return next
}
const writing = new WeakMap<Workspace, Promise<void>>()

async function record(workspace: Workspace, commit: ObjectId, event: ResultEvent): Promise<void> {
  const before = (await resultsOf(workspace)).get(commit) ?? []
  // After a failure the same revision may be tried again: only what was said last of the object counts.
  const { object } = event
  const last = before.findLast(
    other =>
      other.kind !== 'action' &&
      other.environment === event.environment &&
      other.object?.kind === object?.kind &&
      other.object?.namespace === object?.namespace &&
      other.object?.name === object?.name,
  )
  if (last && saysTheSame(last, event) && !saysMore(event, last)) return
  const line = formatResult(event)
  // Out of order, by clocks that differ, the same line may come again: it stands there, and nothing has changed.
  if (before.some(other => formatResult(other) === line)) return
  await workspace.repository.addNote(resultsRef, commit, line)
  workspace.changed()
}
