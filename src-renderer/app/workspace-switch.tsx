import { FlaskConical, FolderGit2, FolderOpen, GitBranchPlus } from 'lucide-react'
import type { WorkspaceStatus } from '../../shared/workspaces/contract.ts'
import { useApi } from '../connection/api.ts'
import { useLive } from '../connection/use-live.ts'
import { Picker } from '../design/picker.tsx'
import { useText } from '../design/text.ts'
import { useOpenWorkspace, workspaceDialogs } from '../features/workspaces/index.ts'

export function WorkspaceSwitch({
  status,
  className,
}: {
  status: WorkspaceStatus | null
  className: string | undefined
}) {
  const text = useText()
  const recent = useLive(useApi().workspaces.recent, {}).value ?? []
  const workspace = useOpenWorkspace()
  return (
    <Picker
      className={className}
      label={text('app.workspace')}
      value={status?.name ?? text('app.workspace')}
      strong
      placeholder={text('app.findWorkspace')}
      empty={text('app.noneMatches')}
      groups={[
        {
          heading: text('app.recentWorkspaces'),
          items: recent
            .filter(each => !each.missing)
            .map(each => ({
              id: each.directory,
              label: each.name,
              hint: each.directory,
              icon: each.sandbox ? FlaskConical : FolderGit2,
              current: each.directory === status?.directory,
              run: () => void workspace.open(each.directory),
            })),
        },
      ]}
      footer={[
        { label: text('app.openFolder'), icon: FolderOpen, run: workspaceDialogs.askFolder },
        { label: text('app.cloneRepository'), icon: GitBranchPlus, run: workspaceDialogs.askClone },
      ]}
    />
  )
}
