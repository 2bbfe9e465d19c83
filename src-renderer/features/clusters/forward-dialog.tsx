import { useState } from 'react'
import type { ContextView } from '../../../shared/clusters/contract.ts'
import type { LivePod } from '../../../shared/live/live.ts'
import { useApi, useCommand, useQuery } from '../../connection/index.ts'
import { Button, Dialog, ErrorNote, Field, TextField, useText, useToasts } from '../../design/index.ts'

/** Asks which port of a Pod to lead to this machine, with those it declares at hand. */
export function ForwardDialog({ context, pod, onClose }: { context: ContextView; pod: LivePod; onClose(): void }) {
  const text = useText()
  const api = useApi()
  const toasts = useToasts()
  const forward = useCommand(api.clusters.forward)
  const described = useQuery(api.clusters.describe, {
    ...{ context: context.name, group: '', kind: 'Pod', namespace: pod.namespace, name: pod.name },
  })
  const ports = [...new Set((described.value?.containers ?? []).flatMap(each => each.ports))]
  const [typed, setTyped] = useState<string | null>(null)
  const shown = typed ?? (ports[0] === undefined ? '' : String(ports[0]))
  const port = /^\d{1,5}$/.test(shown) && Number(shown) >= 1 && Number(shown) <= 65_535 ? Number(shown) : null
  const start = async () => {
    if (port === null) return
    const view = await forward.run({ context: context.name, namespace: pod.namespace, pod: pod.name, port })
    if (!view) return
    toasts.show({
      tone: 'ok',
      title: text('live.forwarded', { pod: pod.name, port, local: view.localPort }),
    })
    onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={next => !next && onClose()}
      size="small"
      title={text('live.forwardTitle', { pod: pod.name })}
      description={text('live.forwardMeaning')}
      onSubmit={() => void start()}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {text('app.cancel')}
          </Button>
          <Button type="submit" variant="primary" loading={forward.running} disabled={port === null}>
            {text('live.forwardStart')}
          </Button>
        </>
      }
    >
      <Field
        label={text('live.forwardPort')}
        {...(ports.length > 0 && { hint: text('live.forwardDeclared', { ports: ports.join(', ') }) })}
      >
        <TextField value={shown} onChange={setTyped} inputMode="numeric" autoComplete="off" />
      </Field>
      <ErrorNote error={forward.error} />
    </Dialog>
  )
}
