import { FolderOpen, GitBranchPlus } from 'lucide-react'
import { useEffect } from 'react'
import { create } from 'zustand'
import { useApi } from '../../connection/api.ts'
import { useShortcut } from '../../connection/shortcuts.ts'
import { useCommand } from '../../connection/use-command.ts'
import { useQuery } from '../../connection/use-query.ts'
import { useSay } from '../../design/text.ts'
import { useToasts } from '../../design/toasts.tsx'
import { CloneDialog } from './clone-dialog.tsx'
import { FolderDialog } from './folder-dialog.tsx'
import { useOpenWorkspace } from './open-workspace.ts'

type Asked = 'open' | 'clone' | null

const useDialogs = create<{ asked: Asked }>(() => ({ asked: null }))

/** Asks for a folder or an address from anywhere: the welcome screen, the switcher, the palette. */
export const workspaceDialogs = {
  askFolder: () => useDialogs.setState({ asked: 'open' }),
  askClone: () => useDialogs.setState({ asked: 'clone' }),
}

/** Drawn once by the frame. A shell with a folder dialog of its own shows that one instead of ours. */
export function WorkspaceDialogs() {
  const api = useApi()
  const say = useSay()
  const toasts = useToasts()
  const { asked } = useDialogs()
  const host = useQuery(api.host.describe, {}).value
  const pick = useCommand(api.host.pickFolder)
  const workspace = useOpenWorkspace()
  const native = host?.canPickFolder ?? false
  const close = () => useDialogs.setState({ asked: null })

  useShortcut('$mod+o', 'app.openFolder', workspaceDialogs.askFolder, { group: 'app.groupWorkspace', icon: FolderOpen })
  useShortcut(null, 'app.cloneRepository', workspaceDialogs.askClone, {
    group: 'app.groupWorkspace',
    icon: GitBranchPlus,
  })

  const { run } = pick
  const { open } = workspace
  useEffect(() => {
    if (asked !== 'open' || !native) return
    useDialogs.setState({ asked: null })
    void run({}).then(async picked => {
      if (picked?.directory) await open(picked.directory)
    })
  }, [asked, native, run, open])

  const failure = pick.error ?? workspace.error
  useEffect(() => {
    if (failure) toasts.show({ tone: 'danger', title: say(failure), seconds: 20 })
  }, [failure, say, toasts])

  if (!host) return null
  return (
    <>
      {asked === 'open' && !native && <FolderDialog start={host.home} onClose={close} />}
      {asked === 'clone' && <CloneDialog home={host.home} onClose={close} />}
    </>
  )
}
