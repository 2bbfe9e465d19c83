export { useOpenWorkspace } from './open-workspace.ts'
export { useReopenWorkspace } from './reopen-workspace.ts'
export { Welcome } from './welcome.tsx'
export { WorkspaceDialogs, workspaceDialogs } from './workspace-dialogs.tsx'
