import type { Topology } from '../../../shared/topology/topology.ts'
import { readWorkspaceFile, type WorkspaceFile } from '../../../shared/workspace-file/read-workspace-file.ts'
import { workspacePath } from '../../../shared/workspace-file/workspace-schema.ts'
import { environmentsOf, readerOf, topologyOf } from '../topology/index.ts'
import type { Workspace } from '../workspaces/index.ts'

/** The graph of an environment as committed, and what its services promise; null where none promises anything. */
export async function promisesOf(
  workspace: Workspace,
  environment: string,
): Promise<{ readonly topology: Topology; readonly notes: WorkspaceFile } | null> {
  const { commit } = await workspace.repository.head()
  const reader = readerOf(workspace)
  const files = await reader.filesAt(commit)
  const file = files.get(workspacePath)
  const notes = file && readWorkspaceFile(file.path, file.text)
  if (!notes || ![...notes.services.values()].some(({ slo }) => slo)) return null
  const found = environmentsOf(reader, files).find(({ id }) => id === environment)
  return found ? { topology: topologyOf(reader, files, found, commit), notes } : null
}
