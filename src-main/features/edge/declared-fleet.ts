import { edgeFolder } from '../../../shared/edge/edge-schema.ts'
import { type EdgeFleet, isEdgeFile, readFleet } from '../../../shared/edge/read-edge.ts'
import { decodeText, type Workspace } from '../workspaces/index.ts'

const none: EdgeFleet = { nodes: [], services: [], findings: [] }
/** The last one read of a workspace, and what it was read from. */
const last = new WeakMap<Workspace, { readonly key: string; readonly fleet: EdgeFleet }>()

/** The edge as the branch declares it now. Who asks again before it changes gets the same objects. */
export async function declaredFleet(workspace: Workspace): Promise<EdgeFleet> {
  const { repository } = workspace
  const { commit } = await repository.head()
  if (commit === null) return none
  const files = (await repository.files(commit, edgeFolder)).filter(
    ({ path, mode }) => isEdgeFile(path) && mode.startsWith('100'),
  )
  const key = files.map(({ path, oid }) => `${path} ${oid}`).join('\n')
  const known = last.get(workspace)
  if (known?.key === key) return known.fleet
  const texts: { path: string; text: string }[] = []
  for (const { path, oid } of files) {
    const text = decodeText(await repository.blob(oid))
    if (text !== null) texts.push({ path, text })
  }
  const fleet = readFleet(texts)
  last.set(workspace, { key, fleet })
  return fleet
}
