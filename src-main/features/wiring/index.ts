import type { Handlers } from '../../../shared/contract/define.ts'
import type { AppContract } from '../../../shared/contract/index.ts'
import { applyEdits } from '../../../shared/edits/apply-edits.ts'
import { describeEdit } from '../../../shared/edits/describe-edit.ts'
import { diffTopology } from '../../../shared/topology/diff-topology.ts'
import type { Finding } from '../../../shared/topology/topology.ts'
import { planConnect } from '../../../shared/wiring/connect.ts'
import type { Foresight, WiringChange } from '../../../shared/wiring/contract.ts'
import { planDisconnect } from '../../../shared/wiring/disconnect.ts'
import { planInsert } from '../../../shared/wiring/insert.ts'
import type { WiringPlan } from '../../../shared/wiring/offer.ts'
import { readSketch } from '../../../shared/wiring/read-sketch.ts'
import { planRepoint } from '../../../shared/wiring/repoint.ts'
import { readScene, type Scene } from '../../../shared/wiring/scene.ts'
import {
  environmentInEither,
  environmentNamed,
  environmentsOf,
  environmentsTouched,
  manifestsIn,
  readerOf,
  topologyOf,
  type WorkspaceFiles,
  withTexts,
} from '../topology/index.ts'
import type { Workspace, Workspaces } from '../workspaces/index.ts'

export type WiringNeeds = {
  readonly workspaces: Workspaces
  /** The files with the workspace's draft applied; null when there is no draft. */
  readonly draftFiles: (workspace: Workspace) => Promise<WorkspaceFiles | null>
}

/** Changes of who calls whom: what they take, and what would come of it. Nothing is written here. */
export function wiringFeature({ workspaces, draftFiles }: WiringNeeds): { handlers: Handlers<AppContract>['wiring'] } {
  /** The files as a person sees them: the branch with the draft on it. */
  async function now(id: string) {
    const workspace = await workspaces.get(id)
    const reader = readerOf(workspace)
    const { commit } = await workspace.repository.head()
    const files = (await draftFiles(workspace)) ?? (await reader.filesAt(commit))
    return { reader, commit, files }
  }

  async function sceneAt(id: string, name: string): Promise<Scene> {
    const { reader, commit, files } = await now(id)
    const environment = environmentNamed(reader, files, name)
    return readScene(manifestsIn(reader, files, environment), topologyOf(reader, files, environment, commit))
  }

  return {
    handlers: {
      async plan({ workspace, environment, change }) {
        return planOf(await sceneAt(workspace, environment), change)
      },

      async foresee({ workspace: id, environment: shown, edits }): Promise<Foresight> {
        const { reader, commit, files } = await now(id)
        const texts = new Map([...files].map(([path, file]) => [path, file.text]))
        const { changed, outcomes } = applyEdits(texts, edits)
        const after = withTexts(reader, files, changed)
        const touched = environmentsTouched(environmentsOf(reader, files), environmentsOf(reader, after), [
          ...changed.keys(),
        ])
        const looked = new Set([shown, ...touched])
        return {
          edits: edits.map((edit, index) => {
            const outcome = outcomes[index]!
            return {
              summary: describeEdit(edit, outcome),
              state: outcome.kind,
              ...(outcome.kind === 'refused' && { reason: outcome.reason }),
            }
          }),
          files: [...changed]
            .map(([path, text]) => ({ path, before: texts.get(path) ?? null, after: text }))
            .sort((a, b) => (a.path < b.path ? -1 : 1)),
          environments: [...looked].flatMap(name => {
            const graph = (here: WorkspaceFiles, there: WorkspaceFiles) =>
              topologyOf(reader, here, environmentInEither(reader, here, there, name), commit)
            const [a, b] = [graph(files, after), graph(after, files)]
            const { edges } = diffTopology(a, b)
            const appears = without(b.findings, a.findings)
            const goes = without(a.findings, b.findings)
            return edges.length + appears.length + goes.length > 0 ? [{ id: name, edges, appears, goes }] : []
          }),
        }
      },

      async sketch({ workspace, environment, text, names }) {
        const { topology } = await sceneAt(workspace, environment)
        return readSketch(text, topology, names)
      },
    },
  }
}

function planOf(scene: Scene, change: WiringChange): WiringPlan {
  switch (change.kind) {
    case 'connect':
      return planConnect(scene, change.from, change.to)
    case 'disconnect':
      return planDisconnect(scene, change.from, change.to)
    case 'repoint':
      return planRepoint(scene, change.from, change.to, change.next)
    case 'insert':
      return planInsert(scene, change.from, change.to, change.through)
  }
}

/**
 * Findings that are in one list and not in the other. A line that moved is the same finding, and so is a service that
 * everyone still hangs on, whoever they are.
 */
function without(all: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  const keyOf = ({ kind, node, message }: Finding) =>
    JSON.stringify([kind, node, kind === 'single-point-of-failure' ? null : message])
  const known = new Set(others.map(keyOf))
  return all.filter(finding => !known.has(keyOf(finding)))
}
