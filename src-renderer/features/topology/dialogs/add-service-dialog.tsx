import { useState } from 'react'
import { imageReference } from '../../../../shared/manifests/image-reference.ts'
import { Button, Dialog, Field, NumberField, Select, TextField, useText } from '../../../design/index.ts'
import { editableResource } from '../model/editable.ts'
import { mainContainer } from '../model/node-facts.ts'
import { usePicture, useTopology } from '../topology-context.ts'
import styles from './dialogs.module.css'
import { isName } from './name-check.ts'

/** A new workload and its Service, written as a neighbour is written. */
export function AddServiceDialog({ like, onClose }: { like: string | null; onClose(): void }) {
  const text = useText()
  const { edit, select } = useTopology()
  const graph = usePicture(state => state.graph)
  const candidates = [...(graph?.nodes.values() ?? [])]
    .filter(drawn => editableResource(drawn) !== null && drawn.node?.workload?.kind === 'Deployment')
    .sort((a, b) => (a.kind === 'service' ? 0 : 1) - (b.kind === 'service' ? 0 : 1) || (a.id < b.id ? -1 : 1))
  const [chosen, setChosen] = useState<string | null>(like ?? candidates[0]?.id ?? null)
  const neighbour = chosen === null ? undefined : graph?.nodes.get(chosen)
  const beside = mainContainer(neighbour?.node ?? null)
  const [name, setName] = useState('')
  const [image, setImage] = useState('')
  const [withPort, setWithPort] = useState(true)
  const [port, setPort] = useState(String(beside?.ports[0]?.port ?? 8080))
  const [replicas, setReplicas] = useState(1)
  const [sending, setSending] = useState(false)
  const resource = editableResource(neighbour)
  const taken = graph?.nodes.has(name) ?? false
  const nameError =
    name !== '' && !isName(name)
      ? text('page.topologyNameWrong')
      : taken
        ? text('page.topologyNameTaken', { name })
        : null
  const portNumber = /^\d+$/.test(port) && Number(port) >= 1 && Number(port) <= 65_535 ? Number(port) : null
  const ready =
    (!withPort || portNumber !== null) &&
    resource !== null &&
    name !== '' &&
    nameError === null &&
    image.trim() !== '' &&
    !/\s/.test(image.trim())
  const suggestion = beside ? imageReference(beside.image).repository.replace(/[^/]+$/, name || 'name') : ''

  const submit = async () => {
    if (!ready || !resource || sending) return
    setSending(true)
    const done = await edit({
      kind: 'add-service',
      like: resource,
      name,
      image: image.trim(),
      replicas,
      ...(withPort && portNumber !== null ? { port: portNumber } : {}),
    })
    setSending(false)
    if (!done) return
    onClose()
    select({ kind: 'node', id: name })
  }
  return (
    <Dialog
      open
      onOpenChange={open => !open && onClose()}
      title={text('page.topologyAddService')}
      description={text('page.topologyAddServiceDescription')}
      onSubmit={() => void submit()}
      closeOnOutside={name === '' && image === ''}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {text('app.cancel')}
          </Button>
          <Button type="submit" variant="primary" disabled={!ready} loading={sending}>
            {name === '' ? text('page.topologyAddService') : text('page.topologyAddNamed', { name })}
          </Button>
        </>
      }
    >
      <div className={styles['form']}>
        <Field
          className={styles['wide'] ?? ''}
          label={text('page.topologyLike')}
          hint={resource ? text('page.topologyLikeHint', { file: resource.file }) : undefined}
        >
          <Select
            value={chosen}
            onChange={setChosen}
            label={text('page.topologyLike')}
            options={candidates.map(drawn => ({ value: drawn.id, label: drawn.id }))}
          />
        </Field>
        <Field label={text('page.topologyName')} error={nameError}>
          <TextField mono autoFocus value={name} onChange={setName} autoComplete="off" />
        </Field>
        <Field label={text('page.topologyReplicas')}>
          <NumberField value={replicas} onChange={setReplicas} max={10_000} />
        </Field>
        <Field className={styles['wide'] ?? ''} label={text('page.topologyImage')}>
          <TextField
            mono
            value={image}
            onChange={setImage}
            placeholder={suggestion && `${suggestion}:v1.0.0`}
            autoComplete="off"
          />
        </Field>
        <Field label={text('page.topologyReachable')}>
          <Select
            value={withPort ? 'port' : 'none'}
            onChange={value => setWithPort(value === 'port')}
            label={text('page.topologyReachable')}
            options={[
              { value: 'port', label: text('page.topologyWithService') },
              { value: 'none', label: text('page.topologyWithoutService') },
            ]}
          />
        </Field>
        {withPort && (
          <Field
            label={text('page.topologyPort')}
            error={portNumber === null ? text('page.topologyPortNumberWrong') : null}
          >
            <TextField mono inputMode="numeric" value={port} onChange={setPort} autoComplete="off" />
          </Field>
        )}
      </div>
    </Dialog>
  )
}
