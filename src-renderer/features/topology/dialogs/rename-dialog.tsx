import { useMemo, useState } from 'react'
import type { Edit } from '../../../../shared/edits/edit.ts'
import { Button, Dialog, Field, TextField, useText } from '../../../design/index.ts'
import { editableResource } from '../model/editable.ts'
import { usePicture, useTopology } from '../topology-context.ts'
import styles from './dialogs.module.css'
import { isName } from './name-check.ts'
import { useTouchedFields } from './touched-fields.tsx'

/** A new name, with every place that will follow it. */
export function RenameDialog({ id, onClose }: { id: string; onClose(): void }) {
  const text = useText()
  const { edit, select } = useTopology()
  const drawn = usePicture(state => state.graph?.nodes.get(id))
  const graph = usePicture(state => state.graph)
  const resource = editableResource(drawn)
  const [to, setTo] = useState(resource?.name ?? id)
  const [sending, setSending] = useState(false)
  const same = to === resource?.name
  const wrong =
    to !== '' && !isName(to)
      ? text('page.topologyNameWrong')
      : !same && graph?.nodes.has(to)
        ? text('page.topologyNameTaken', { name: to })
        : null
  const rename = useMemo<Edit | null>(
    () => (resource && !same && to !== '' && wrong === null ? { kind: 'rename-service', resource, to } : null),
    [resource, same, to, wrong],
  )
  const touched = useTouchedFields(rename)
  const submit = async () => {
    if (!rename || sending || touched.refused) return
    setSending(true)
    const done = await edit(rename)
    setSending(false)
    if (!done) return
    onClose()
    select({ kind: 'node', id: to })
  }
  return (
    <Dialog
      open
      onOpenChange={open => !open && onClose()}
      title={text('page.topologyRenameTitle', { name: id })}
      description={text('page.topologyRenameDescription')}
      onSubmit={() => void submit()}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {text('app.cancel')}
          </Button>
          <Button type="submit" variant="primary" disabled={!rename || touched.refused} loading={sending}>
            {rename ? text('page.topologyRenameTo', { name: to }) : text('page.topologyRename')}
          </Button>
        </>
      }
    >
      <div className={styles['parts']}>
        <Field label={text('page.topologyName')} error={wrong}>
          <TextField
            mono
            autoFocus
            value={to}
            onChange={setTo}
            onFocus={event => event.target.select()}
            autoComplete="off"
          />
        </Field>
        {touched.content}
      </div>
    </Dialog>
  )
}
