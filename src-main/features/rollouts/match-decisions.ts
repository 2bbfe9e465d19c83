import { readDecision } from '../../../shared/decisions/read-decision.ts'
import { AppError } from '../../../shared/errors.ts'
import { type Candidate, matchDecision } from '../../../shared/results/match-decision.ts'
import type { Rollout } from '../../../shared/rollouts/rollout.ts'
import type { ObjectId } from '../../needs/git-repository.ts'
import { environmentNamed, readerOf, topologyOf } from '../topology/index.ts'
import type { Workspace } from '../workspaces/index.ts'

/** Commits looked back: what is rolled out now was decided lately. */
const mostCommits = 300
/** Decisions about one service whose images are read. */
const mostCandidates = 12

/** Finds the decision a rollout carries out, on one state of the branch. */
export type DecisionMatcher = {
  match(rollout: Rollout, node: string, signal: AbortSignal): Promise<Candidate | null>
}

export function createMatcher(workspace: Workspace, environment: string): DecisionMatcher {
  const candidates = new Map<string, Promise<readonly Candidate[]>>()
  return {
    async match(rollout, node, signal) {
      let known = candidates.get(node)
      if (!known) {
        known = candidatesOf(workspace, environment, node, signal)
        known.catch(() => candidates.delete(node))
        candidates.set(node, known)
      }
      return matchDecision(rollout, await known)
    },
  }
}

/** Decisions that name the service and may change what runs, newest first, with the images it has after each. */
async function candidatesOf(
  workspace: Workspace,
  environment: string,
  node: string,
  signal: AbortSignal,
): Promise<readonly Candidate[]> {
  const { commit } = await workspace.repository.head()
  if (commit === null) return []
  const found: Candidate[] = []
  let looked = 0
  for await (const each of workspace.repository.log(commit, { signal })) {
    if (++looked > mostCommits || found.length === mostCandidates) break
    const { id, kind, title, services } = readDecision(each)
    // How many run, and what was only written down, makes no new revision.
    if (kind === 'commit' || kind === 'record' || kind === 'scale' || !services.includes(node)) continue
    found.push({ commit: id, title, images: await imagesAt(workspace, environment, node, id) })
  }
  return found
}

async function imagesAt(
  workspace: Workspace,
  environment: string,
  node: string,
  commit: ObjectId,
): Promise<readonly string[]> {
  const reader = readerOf(workspace)
  const files = await reader.filesAt(commit)
  try {
    const topology = topologyOf(reader, files, environmentNamed(reader, files, environment), commit)
    const containers = topology.nodes.find(({ id }) => id === node)?.containers ?? []
    return containers.flatMap(({ image, init }) => (init ? [] : [image]))
  } catch (error) {
    // The environment was not there yet.
    if (error instanceof AppError && error.code === 'not-found') return []
    throw error
  }
}
