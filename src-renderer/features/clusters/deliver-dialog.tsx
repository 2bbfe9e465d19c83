import { useEffect, useRef, useState } from 'react'
import type { ContextView } from '../../../shared/clusters/contract.ts'
import type { DeliveryProgress, DeliveryStep } from '../../../shared/delivery/delivery.ts'
import { deliveryCounts, stepWord } from '../../../shared/delivery/delivery-words.ts'
import { type AppError, isCancelled } from '../../../shared/errors.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import { toAppError, useApi, useNavigation } from '../../connection/index.ts'
import {
  Badge,
  Button,
  Callout,
  Checkbox,
  Dialog,
  ErrorNote,
  Field,
  Spinner,
  TextField,
  type Tone,
  useSay,
  useText,
} from '../../design/index.ts'
import styles from './clusters.module.css'
import { SandboxBadge } from './sandbox-badge.tsx'

const done: { readonly [state in DeliveryStep['state']]: Tone } = {
  waiting: 'neutral',
  applied: 'info',
  ready: 'ok',
  pruned: 'ok',
  failed: 'danger',
  left: 'stale',
}
const planned = { create: 'proposed', change: 'proposed', none: 'neutral' } as const satisfies { [K in string]: Tone }

const toneOf = ({ action, state, change }: DeliveryStep, dryRun: boolean): Tone => {
  if (state === 'failed') return 'danger'
  if (action === 'prune' && (dryRun || state === 'waiting')) return 'danger'
  return dryRun ? planned[change ?? 'change'] : done[state]
}

const doing: { readonly [phase in DeliveryProgress['phase']]: MessageKey } = {
  applying: 'delivery.running',
  'getting-ready': 'delivery.gettingReady',
  pruning: 'delivery.pruning',
  done: 'delivery.running',
  failed: 'delivery.running',
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
  const [running, setRunning] = useState<'plan' | 'deliver' | null>(null)
  const [prune, setPrune] = useState(false)
  const [typed, setTyped] = useState('')
  const abort = useRef<AbortController | null>(null)
  useEffect(() => () => abort.current?.abort(), [])

  const run = async (dryRun: boolean) => {
    abort.current?.abort()
    const mine = new AbortController()
    abort.current = mine
    setRunning(dryRun ? 'plan' : 'deliver')
    setError(null)
    const input = { workspace, environment: environment.id, context: context.name, prune, dryRun }
    const confirm = environment.isProtected && !dryRun ? { confirm: typed } : {}
    try {
      for await (const each of api.delivery.deliver({ ...input, ...confirm }, { signal: mine.signal }))
        setProgress(each)
    } catch (thrown) {
      if (!mine.signal.aborted && !isCancelled(thrown)) setError(toAppError(thrown))
    } finally {
      if (!mine.signal.aborted) setRunning(null)
    }
  }
  // What would be done is asked at once: nothing is written by it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again where something else would be done
  useEffect(() => void run(true), [prune])

  const steps = progress?.steps ?? []
  const [applies, prunes] = [steps.filter(isApply), steps.filter(step => !isApply(step))]
  const over = progress?.phase === 'done' || progress?.phase === 'failed'
  const ended = progress?.dryRun === false && over && running === null
  const agreed = progress?.dryRun === true && progress.phase === 'done' && running === null && applies.length > 0
  const ready = agreed && (!environment.isProtected || typed === environment.name)
  const deliver =
    prunes.length > 0
      ? text('delivery.deliverAnd', { count: prunes.length })
      : text('delivery.deliverThem', { count: applies.length })
  return (
    <Dialog
      open
      onOpenChange={next => !next && onClose()}
      size="large"
      closeOnOutside={running !== 'deliver'}
      title={
        <>
          {text('live.deliverTitle', { environment: environment.name, context: context.name })}{' '}
          <SandboxBadge sandbox={context.sandbox} />
        </>
      }
      {...(ended || running === 'deliver' ? {} : { description: text('live.deliverMeaning') })}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {text(running === 'deliver' ? 'live.deliverStop' : 'app.close')}
          </Button>
          {(ended || error !== null) && (progress?.phase === 'failed' || error !== null) && (
            <Button onClick={() => void run(true)}>{text('delivery.planAgain')}</Button>
          )}
          {!ended && (
            <Button
              variant={prunes.length > 0 ? 'danger' : 'primary'}
              disabled={!ready}
              loading={running === 'deliver'}
              onClick={() => void run(false)}
            >
              {applies.length > 0 ? deliver : text('live.deliver')}
            </Button>
          )}
        </>
      }
    >
      <div className={styles['delivery']}>
        {progress?.notes.map(note => (
          <Callout key={say(note)} tone="warn">
            {say(note)}
          </Callout>
        ))}
        {progress && ended && <Outcome progress={progress} onClose={onClose} />}
        <p className={styles['counts']} aria-live="polite">
          {running !== null && <Spinner />}
          {running !== null && text(running === 'plan' ? 'delivery.planning' : doing[progress?.phase ?? 'applying'])}
          {running === null &&
            progress &&
            (steps.length > 0
              ? deliveryCounts(progress).map(say).join(' · ')
              : text('delivery.nothingThere', { environment: environment.name }))}
        </p>
        {applies.length > 0 && <Steps label={text('delivery.steps')} steps={applies} dryRun={progress!.dryRun} />}
        {prunes.length > 0 && (
          <section className={styles['prunes']}>
            <h3>{text('delivery.prunes', { count: prunes.length })}</h3>
            <Steps label={text('delivery.prunes', { count: prunes.length })} steps={prunes} dryRun={progress!.dryRun} />
          </section>
        )}
        {!ended && running !== 'deliver' && (
          <Checkbox label={text('delivery.prune')} checked={prune} onChange={setPrune} />
        )}
        {environment.isProtected && !ended && running !== 'deliver' && (
          <Field label={text('live.unlockType', { context: environment.name })}>
            <TextField value={typed} onChange={setTyped} autoComplete="off" mono />
          </Field>
        )}
        <ErrorNote error={error} />
      </div>
    </Dialog>
  )
}

const isApply = ({ action }: DeliveryStep): boolean => action === 'apply'

/** What came of it, and of the decision it brought. */
function Outcome({ progress, onClose }: { progress: DeliveryProgress; onClose(): void }) {
  const text = useText()
  const say = useSay()
  const go = useNavigation(place => place.go)
  const { problem, decision, steps } = progress
  const failed = progress.phase === 'failed'
  return (
    <Callout
      tone={failed ? 'danger' : 'ok'}
      title={problem ? say(problem) : text('delivery.converged', { count: steps.filter(isApply).length })}
    >
      {decision && (
        <>
          {text(failed ? 'delivery.resultFailed' : 'delivery.resultConverged')}{' '}
          <button
            type="button"
            className={styles['link']}
            onClick={() => {
              onClose()
              go({ screen: 'decisions', selection: { kind: 'decision', id: decision.commit } })
            }}
          >
            {decision.title}
          </button>
        </>
      )}
    </Callout>
  )
}

function Steps({ label, steps, dryRun }: { label: string; steps: readonly DeliveryStep[]; dryRun: boolean }) {
  const text = useText()
  const say = useSay()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls is scrolled by keys
    <ol className={styles['steps']} aria-label={label} tabIndex={0}>
      {steps.map(step => (
        <li key={`${step.group}/${step.kind} ${step.namespace}/${step.name}`}>
          <Badge tone={toneOf(step, dryRun)}>{text(stepWord(step, dryRun))}</Badge>
          <span className={styles['stepName']}>
            <span className={styles['quiet']}>{step.kind}</span> <strong>{step.name}</strong>
          </span>
          <span className={styles['quiet']}>{step.namespace}</span>
          {step.problem && <span className={styles['error']}>{say(step.problem)}</span>}
        </li>
      ))}
    </ol>
  )
}
