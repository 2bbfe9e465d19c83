import { FolderOpen } from 'lucide-react'
import { useState } from 'react'
import type { Transfer } from '../../../shared/workspaces/contract.ts'
import { useApi } from '../../connection/api.ts'
import { useCommand } from '../../connection/use-command.ts'
import { useQuery } from '../../connection/use-query.ts'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Field, TextField } from '../../design/field.tsx'
import { ErrorNote } from '../../design/states.tsx'
import { useFormat, useText } from '../../design/text.ts'
import { cloneFolderName } from './clone-folder-name.ts'
import styles from './dialogs.module.css'
import { useClone } from './use-clone.ts'

export function CloneDialog({ home, onClose }: { home: string; onClose(): void }) {
  const api = useApi()
  const text = useText()
  const clone = useClone()
  const pick = useCommand(api.host.pickFolder)
  const host = useQuery(api.host.describe, {}).value
  const [url, setUrl] = useState('')
  const [parent, setParent] = useState(home)
  const [typed, setTyped] = useState<string | null>(null)
  const [checked, setChecked] = useState(false)
  const name = cloneFolderName(url)
  const directory = typed ?? (name ? `${parent.replace(/[/\\]$/, '')}/${name}` : '')
  const running = clone.state.kind === 'running'

  const submit = async () => {
    setChecked(true)
    if (!url.trim() || !directory.trim() || running) return
    if (await clone.start(url.trim(), directory.trim())) onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      closeOnOutside={!running}
      title={text('app.cloneRepository')}
      onSubmit={() => void submit()}
      footer={
        running ? (
          <Button onClick={clone.cancel}>{text('app.cancelClone')}</Button>
        ) : (
          <>
            <Button variant="ghost" onClick={onClose}>
              {text('app.cancel')}
            </Button>
            <Button type="submit" variant="primary">
              {text('app.clone')}
            </Button>
          </>
        )
      }
    >
      <div className={styles['fields']}>
        <Field
          label={text('app.cloneAddress')}
          hint={text('app.cloneAddressHint')}
          error={checked && !url.trim() ? text('app.cloneAddressMissing') : null}
        >
          <TextField
            mono
            autoFocus
            value={url}
            onChange={setUrl}
            disabled={running}
            placeholder="git@example.com:team/deploy.git"
          />
        </Field>
        <Field
          label={text('app.cloneInto')}
          error={checked && url.trim() && !directory.trim() ? text('app.cloneIntoMissing') : null}
        >
          <TextField
            mono
            value={directory}
            onChange={setTyped}
            disabled={running}
            suffix={
              host?.canPickFolder ? (
                <Button
                  size="small"
                  variant="ghost"
                  icon={FolderOpen}
                  onClick={() =>
                    void pick.run({}).then(picked => {
                      if (!picked?.directory) return
                      setTyped(null)
                      setParent(picked.directory)
                    })
                  }
                >
                  {text('app.choose')}
                </Button>
              ) : undefined
            }
          />
        </Field>
        {clone.state.kind === 'running' && <Progress progress={clone.state.progress} />}
        {clone.state.kind === 'failed' && <ErrorNote error={clone.state.error} />}
      </div>
    </Dialog>
  )
}

/** How far a transfer is; the core names the phase by a key of the catalogue. */
function Progress({ progress }: { progress: Transfer | null }) {
  const text = useText()
  const format = useFormat()
  const total = progress?.total ?? null
  const share = progress && total ? Math.min(1, progress.done / total) : null
  const counted = progress
    ? total
      ? text('app.progressOf', { done: format.number(progress.done), total: format.number(total) })
      : format.number(progress.done)
    : ''
  return (
    <div className={styles['progress']}>
      <p>
        <span>{text(progress?.phase ?? 'app.connecting')}</span>
        <span>{counted}</span>
      </p>
      <div
        role="progressbar"
        aria-label={text(progress?.phase ?? 'app.connecting')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
        className={styles['track']}
        data-unknown={share === null || undefined}
      >
        <div className={styles['done']} style={share === null ? {} : { width: `${share * 100}%` }} />
      </div>
    </div>
  )
}
