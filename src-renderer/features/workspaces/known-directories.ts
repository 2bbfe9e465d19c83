import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'

/**
 * The address of this window names a workspace by its id, which a core that was restarted no longer knows. This tab
 * remembers the folder, so that a reload opens it again. Losing it costs one click.
 */
const key = (workspace: WorkspaceId) => `pilothouse.directory.${workspace}`

export const rememberDirectory = (workspace: WorkspaceId, directory: string): void =>
  window.sessionStorage.setItem(key(workspace), directory)

export const rememberedDirectory = (workspace: WorkspaceId): string | null =>
  window.sessionStorage.getItem(key(workspace))
