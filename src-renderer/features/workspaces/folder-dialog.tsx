import { useRef, useState } from 'react'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { ErrorNote } from '../../design/states.tsx'
import { useText } from '../../design/text.ts'
import styles from './dialogs.module.css'
import { FolderBrowser } from './folder-browser.tsx'
import { useOpenWorkspace } from './open-workspace.ts'

/** Where the shell has no folder dialog of its own. */
export function FolderDialog({ start, onClose }: { start: string; onClose(): void }) {
  const text = useText()
  const workspace = useOpenWorkspace()
  const list = useRef<HTMLDivElement>(null)
  const [directory, setDirectory] = useState(start)
  const [chosen, setChosen] = useState(start)
  const open = async (folder: string) => {
    if (await workspace.open(folder)) onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={text('app.openFolder')}
      description={text('app.openFolderHint')}
      initialFocus={list}
      onSubmit={() => void open(chosen)}
      footer={
        <>
          <code className={styles['chosen']}>{chosen}</code>
          <Button variant="ghost" onClick={onClose}>
            {text('app.cancel')}
          </Button>
          <Button type="submit" variant="primary" loading={workspace.running}>
            {text('app.open')}
          </Button>
        </>
      }
    >
      <div className={styles['fields']}>
        <FolderBrowser
          list={list}
          directory={directory}
          onDirectory={next => {
            workspace.clear()
            setDirectory(next)
          }}
          onChosen={next => setChosen(next.directory)}
          onOpen={folder => void open(folder)}
        />
        <ErrorNote error={workspace.error} />
      </div>
    </Dialog>
  )
}
