import { useEffect, useRef, useState } from 'react'
import type { ContextView } from '../../../shared/clusters/contract.ts'
import type { DeliveryProgress, DeliveryStep } from '../../../shared/delivery/delivery.ts'
import { type AppError, isCancelled } from '../../../shared/errors.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import { toAppError, useApi } from '../../connection/index.ts'
import {
  Badge,
  Button,
  Checkbox,
  Dialog,
  ErrorNote,
  Field,
  TextField,
  type Tone,
  useSay,
  useText,
} from '../../design/index.ts'
import styles from './clusters.module.css'

const stepLooks: { readonly [state in DeliveryStep['state']]: { readonly tone: Tone; readonly word: MessageKey } } = {
  waiting: { tone: 'neutral', word: 'delivery.stateWaiting' },
  applied: { tone: 'info', word: 'delivery.stateApplied' },
  ready: { tone: 'ok', word: 'delivery.stateReady' },
  pruned: { tone: 'removed', word: 'delivery.statePruned' },
  failed: { tone: 'danger', word: 'delivery.stateFailed' },
  left: { tone: 'stale', word: 'delivery.stateLeft' },
}

/** Brings an environment to its cluster: first what the server says it would do, then, once more asked, in order. */
export function DeliverDialog({
  workspace,
  context,
  environment,
  onClose,
}: {
  workspace: string
  context: ContextView
  environment: ContextView['environments'][number]
  onClose(): void
}) {
  const text = useText()
  const say = useSay()
  const api = useApi()
  const [progress, setProgress] = useState<DeliveryProgress | null>(null)
  const [error, setError] = useState<AppError | null>(null)
  const [running, setRunning] = useState(false)
  const [prune, setPrune] = useState(false)
  const [typed, setTyped] = useState('')
  const abort = useRef<AbortController | null>(null)
  useEffect(() => () => abort.current?.abort(), [])

  const run = async (dryRun: boolean) => {
    abort.current?.abort()
    const mine = new AbortController()
    abort.current = mine
    setRunning(true)
    setError(null)
    const input = { workspace, environment: environment.id, context: context.name, prune, dryRun }
    const confirm = environment.isProtected && !dryRun ? { confirm: typed } : {}
    try {
      for await (const each of api.delivery.deliver({ ...input, ...confirm }, { signal: mine.signal }))
        setProgress(each)
    } catch (thrown) {
      if (!mine.signal.aborted && !isCancelled(thrown)) setError(toAppError(thrown))
    } finally {
      if (!mine.signal.aborted) setRunning(false)
    }
  }
  // What would be done is asked at once: nothing is written by it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again where something else would be done
  useEffect(() => void run(true), [prune])

  const planned = progress?.dryRun === true && progress.phase === 'done' && !running
  const ended = progress?.dryRun === false && (progress.phase === 'done' || progress.phase === 'failed')
  const ready = planned && (!environment.isProtected || typed === environment.name)
  return (
    <Dialog
      open
      onOpenChange={next => !next && onClose()}
      size="large"
      closeOnOutside={!running}
      title={text('live.deliverTitle', { environment: environment.name, context: context.name })}
      description={text('live.deliverMeaning')}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {text(running ? 'live.deliverStop' : 'app.close')}
          </Button>
          {!ended && (
            <Button
              variant="primary"
              disabled={!ready}
              loading={running && progress?.dryRun === false}
              onClick={() => void run(false)}
            >
              {text('live.deliver')}
            </Button>
          )}
        </>
      }
    >
      <ul className={styles['steps']}>
        {(progress?.steps ?? []).map(step => (
          <li key={`${step.action} ${step.group}/${step.kind} ${step.namespace}/${step.name}`}>
            <Badge tone={stepLooks[step.state].tone}>
              {text(
                step.action === 'prune' && step.state === 'waiting' ? 'live.willPrune' : stepLooks[step.state].word,
              )}
            </Badge>
            <span>
              {step.kind} <strong>{step.name}</strong>
            </span>
            <span className={styles['quiet']}>{step.namespace}</span>
            {step.problem && <span className={styles['error']}>{say(step.problem)}</span>}
          </li>
        ))}
      </ul>
      {progress?.problem && <p className={styles['error']}>{say(progress.problem)}</p>}
      {!ended && <Checkbox label={text('delivery.flagPrune')} checked={prune} onChange={setPrune} />}
      {environment.isProtected && !ended && (
        <Field label={text('live.unlockType', { context: environment.name })}>
          <TextField value={typed} onChange={setTyped} autoComplete="off" mono />
        </Field>
      )}
      <ErrorNote error={error} />
    </Dialog>
  )
}
