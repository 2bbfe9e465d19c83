import { useMemo, useState } from 'react'
import type { Edit } from '../../../../shared/edits/edit.ts'
import type { TopologyView } from '../../../../shared/topology/contract.ts'
import { Button, Callout, Dialog, useText } from '../../../design/index.ts'
import { editableResource } from '../model/editable.ts'
import { referenceCount, referencesTo } from '../model/references-to.ts'
import { usePicture, useTopology } from '../topology-context.ts'
import styles from './dialogs.module.css'
import { useTouchedFields } from './touched-fields.tsx'

/** Says by name and number what goes with a service and what will point to nothing afterwards. */
export function RemoveDialog({ id, view, onClose }: { id: string; view: TopologyView; onClose(): void }) {
  const text = useText()
  const { edit, select } = useTopology()
  const drawn = usePicture(state => state.graph?.nodes.get(id))
  const resource = editableResource(drawn)
  const removal = useMemo<Edit | null>(() => (resource ? { kind: 'remove-service', resource } : null), [resource])
  const touched = useTouchedFields(removal)
  const [sending, setSending] = useState(false)
  const references = useMemo(() => referencesTo(view.draft ?? view.base, id), [view, id])
  const count = referenceCount(references)
  const remove = async () => {
    if (!removal || sending || touched.refused) return
    setSending(true)
    const done = await edit(removal)
    setSending(false)
    if (!done) return
    select(null)
    onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={open => !open && onClose()}
      title={text('page.topologyRemoveTitle', { name: id })}
      description={text('page.topologyRemoveDescription')}
      onSubmit={() => void remove()}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {text('app.cancel')}
          </Button>
          <Button type="submit" variant="danger" disabled={!removal || touched.refused} loading={sending}>
            {text('page.topologyRemoveNamed', { name: id })}
          </Button>
        </>
      }
    >
      <div className={styles['parts']}>
        {count === 0 ? (
          <p>{text('page.topologyNothingRefers', { name: id })}</p>
        ) : (
          <Callout tone="warn" title={text('page.topologyRefersTo', { count, name: id })}>
            <ul className={styles['list']}>
              {references.callers.flatMap(caller =>
                caller.evidence.map(item => (
                  <li key={`${caller.id} ${item.file} ${item.line} ${item.detail}`}>
                    <strong>{caller.id}</strong>
                    <code>
                      {item.file !== undefined && `${item.file}:${item.line} · `}
                      {item.detail}
                    </code>
                  </li>
                )),
              )}
              {references.services.map(service => (
                <li key={`service ${service.name}`}>
                  <strong>Service {service.name}</strong>
                  <code>
                    {service.file}:{service.line}
                  </code>
                </li>
              ))}
              {references.autoscaler && (
                <li>
                  <strong>HorizontalPodAutoscaler {references.autoscaler.name}</strong>
                  <code>
                    {references.autoscaler.file}:{references.autoscaler.line}
                  </code>
                </li>
              )}
            </ul>
          </Callout>
        )}
        {touched.content}
      </div>
    </Dialog>
  )
}
