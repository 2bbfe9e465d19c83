import { useCallback, useState } from 'react'
import type { OfferedAction, RolloutView } from '../../../shared/rollouts/contract.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand } from '../../connection/index.ts'
import {
  Button,
  Callout,
  Dialog,
  ErrorNote,
  Field,
  TextArea,
  TextField,
  useSay,
  useText,
  useToasts,
} from '../../design/index.ts'
import styles from './rollouts.module.css'
import { actionLooks } from './standing-words.ts'

type ActionDialogProps = {
  workspace: WorkspaceId
  environment: string
  rollout: RolloutView
  action: OfferedAction
  /** The name of its context, where it has to be typed first. */
  locked: string | null
  onClose(): void
}

/** Says what will be done and asks why: the reason is kept with the decision. */
export function ActionDialog({ workspace, environment, rollout, action, locked, onClose }: ActionDialogProps) {
  const text = useText()
  const say = useSay()
  const toasts = useToasts()
  const { rollouts, clusters } = useApi()
  const [lock] = useState(locked)
  const [typed, setTyped] = useState('')
  const act = useCommand(
    useCallback(
      async (input: Parameters<typeof rollouts.act>[0], options?: { readonly signal: AbortSignal }) => {
        // Once: when what follows fails, it is let through for some minutes already.
        if (lock !== null) await clusters.unlock({ context: lock, typed: lock }, options)
        await rollouts.act(input, options)
        return true
      },
      [rollouts, clusters, lock],
    ),
  )
  const [reason, setReason] = useState('')
  const { word, icon, danger } = actionLooks[action.action]
  const title = text('rollout.actTitle', { action: text(word), name: rollout.object.name })
  const ready = reason.trim() !== '' && (lock === null || typed === lock)

  async function start() {
    if (!ready || act.running) return
    const input = { workspace, environment, rollout: rollout.id, action: action.action, reason: reason.trim() }
    if (!(await act.run(input))) return
    toasts.show({ tone: 'ok', title })
    onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={open => !open && onClose()}
      size="small"
      title={title}
      description={`${rollout.object.kind} ${rollout.object.namespace}/${rollout.object.name}`}
      onSubmit={() => void start()}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {text('app.cancel')}
          </Button>
          <Button
            type="submit"
            variant={danger ? 'danger' : 'primary'}
            icon={icon}
            disabled={!ready}
            loading={act.running}
          >
            {text(word)}
          </Button>
        </>
      }
    >
      <div className={styles['fields']}>
        {action.note && <Callout tone={danger ? 'warn' : 'info'}>{say(action.note)}</Callout>}
        <Field label={text('rollout.why')} hint={text('rollout.whyHint')}>
          <TextArea value={reason} onChange={setReason} rows={3} />
        </Field>
        {lock !== null && (
          <Field label={text('rollout.typeContext', { context: lock })} hint={text('rollout.typeContextHint')}>
            <TextField value={typed} onChange={setTyped} autoComplete="off" mono />
          </Field>
        )}
        <ErrorNote error={act.error} />
      </div>
    </Dialog>
  )
}
