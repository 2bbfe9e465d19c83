import { CircleHelp, CirclePause, CirclePlay, PackageCheck, RefreshCw, Rocket, RotateCw } from 'lucide-react'
import { useState } from 'react'
import type { ContextView } from '../../../shared/clusters/contract.ts'
import type { FollowedMember } from '../../../shared/delivery/delivery.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import { useApi, useCommand, useLive } from '../../connection/index.ts'
import {
  Badge,
  Button,
  Callout,
  Dialog,
  EmptyState,
  ErrorNote,
  ErrorState,
  Field,
  Loading,
  RelativeTime,
  Skeleton,
  TextArea,
  TextField,
  type Tone,
  useFormat,
  useSay,
  useText,
  useToasts,
} from '../../design/index.ts'
import styles from './clusters.module.css'
import { DeliverDialog } from './deliver-dialog.tsx'
import { HealthMark } from './health-mark.tsx'
import { useLacked } from './missing-rights.tsx'
import { useRefusal } from './use-refusal.ts'

type Environment = ContextView['environments'][number]
type Props = { workspace: string; context: ContextView; environment: Environment }
type Pausing = { readonly member: FollowedMember; readonly act: 'suspend' | 'resume' }

const syncLooks: { readonly [sync in FollowedMember['sync']]: { readonly tone: Tone; readonly word: MessageKey } } = {
  synced: { tone: 'ok', word: 'delivery.syncSynced' },
  'out-of-sync': { tone: 'warn', word: 'delivery.syncOutOfSync' },
  syncing: { tone: 'info', word: 'delivery.syncSyncing' },
  failed: { tone: 'danger', word: 'delivery.syncFailed' },
  unknown: { tone: 'neutral', word: 'delivery.syncUnknown' },
}
const objectOf = ({ group, kind, namespace, name }: FollowedMember) => ({ group, kind, namespace, name })

/** Who brings Git to the cluster, and how far that is; where nobody does, Pilothouse may. */
export function DeliveryTab({ workspace, context, environment }: Props) {
  const text = useText()
  const say = useSay()
  const format = useFormat()
  const api = useApi()
  const input = { workspace, environment: environment.id, context: context.name }
  const live = useLive(api.delivery.follow, input)
  const act = useCommand(api.delivery.act)
  const [pausing, setPausing] = useState<Pausing | null>(null)
  const [delivering, setDelivering] = useState(false)
  const refused = useRefusal(context)
  const lacked = useLacked()
  const view = live.value
  if (live.status === 'failed' && live.error)
    return <ErrorState error={live.error} title={text('live.deliveryFailed')} onRetry={live.retry} />
  if (!view)
    return (
      <Loading>
        <Skeleton width="60%" height={16} />
      </Loading>
    )
  // Nobody was seen, and not everybody could be.
  const unknown = view.stale !== null || view.problems.length > 0
  return (
    <div className={styles['body']}>
      {view.stale && (
        <Callout tone="stale" title={text('live.staleSince', { when: format.dateTime(view.stale.since) })}>
          {' '}
          {say(view.stale.problem)}
        </Callout>
      )}
      {view.problems.length > 0 && (
        <Callout tone="warn">
          <ul className={styles['components']}>
            {view.problems.map(problem => (
              <li key={say(problem)}>{say(problem)}</li>
            ))}
          </ul>
        </Callout>
      )}
      <ErrorNote error={act.error} />
      {view.members.length === 0 && (
        <EmptyState
          icon={unknown ? CircleHelp : PackageCheck}
          sentence={text(unknown ? 'delivery.whoUnknown' : 'live.nobodyDelivers', { environment: environment.name })}
          action={
            !view.stale && (
              <Button
                icon={Rocket}
                disabledReason={refused(environment.isProtected) ?? lacked(view.missing)}
                onClick={() => setDelivering(true)}
              >
                {text(unknown ? 'delivery.deliverAnyway' : 'delivery.deliver')}
              </Button>
            )
          }
        />
      )}
      {view.members.map(member => (
        <article key={`${member.kind} ${member.namespace}/${member.name}`} className={styles['drifted']}>
          <header>
            <Badge tone={syncLooks[member.sync].tone}>{text(syncLooks[member.sync].word)}</Badge>
            {member.suspended && <Badge tone="warn">{text('delivery.standsStill')}</Badge>}
            <strong>{member.name}</strong>
            <span className={styles['quiet']}>{`${member.kind} · ${member.namespace}`}</span>
            <HealthMark health={member.health.health} words />
            <span className={styles['ways']}>
              <Button
                size="small"
                variant="ghost"
                icon={RotateCw}
                loading={act.running}
                disabledReason={refused() ?? lacked(member.missing)}
                onClick={() => void act.run({ ...input, object: objectOf(member), action: 'refresh' })}
              >
                {text('live.lookAtGit')}
              </Button>
              {member.engine === 'argo-cd' && (
                <Button
                  size="small"
                  variant="ghost"
                  icon={RefreshCw}
                  disabledReason={refused() ?? lacked(member.missing)}
                  onClick={() => void act.run({ ...input, object: objectOf(member), action: 'sync' })}
                >
                  {text('live.syncNow')}
                </Button>
              )}
              <Button
                size="small"
                variant="ghost"
                icon={member.suspended ? CirclePlay : CirclePause}
                disabledReason={
                  refused(environment.isProtected) ??
                  lacked(member.missing) ??
                  (member.automatic || member.suspended ? undefined : text('delivery.notAutomatic'))
                }
                onClick={() => setPausing({ member, act: member.suspended ? 'resume' : 'suspend' })}
              >
                {text(member.suspended ? 'live.resume' : 'live.suspend')}
              </Button>
            </span>
          </header>
          <p className={styles['quiet']}>
            {member.revision === null ? text('live.noRevision') : <code>{member.revision.slice(0, 12)}</code>}
            {member.standing === 'behind' && ` · ${text('delivery.behind', { count: member.behind })}`}
            {member.target !== null && ` · ${member.target}`}
            {member.path !== null && ` · ${member.path}`}
            {!member.automatic && !member.suspended && ` · ${text('live.byHand')}`}
            {member.appliedAt !== null && (
              <>
                {' · '}
                <RelativeTime at={member.appliedAt} />
              </>
            )}
          </p>
          {member.health.message !== '' && <p>{member.health.message}</p>}
          {member.suspended && (
            <p>
              {text('delivery.suspended', { by: member.suspended.by || '–', reason: member.suspended.reason || '–' })}
            </p>
          )}
          {member.errors.map(error => (
            <p key={error} className={styles['error']}>
              {error}
            </p>
          ))}
        </article>
      ))}
      {pausing && <PauseDialog {...pausing} input={input} environment={environment} onClose={() => setPausing(null)} />}
      {delivering && (
        <DeliverDialog
          workspace={workspace}
          context={context}
          environment={environment}
          onClose={() => setDelivering(false)}
        />
      )}
    </div>
  )
}

/** Why an engine is to stand still or to go on: the reason becomes a decision. */
function PauseDialog({
  member,
  act,
  input,
  environment,
  onClose,
}: Pausing & {
  input: { workspace: string; environment: string; context: string }
  environment: Environment
  onClose(): void
}) {
  const text = useText()
  const say = useSay()
  const api = useApi()
  const toasts = useToasts()
  const command = useCommand(act === 'suspend' ? api.delivery.suspend : api.delivery.resume)
  const [reason, setReason] = useState('')
  const [typed, setTyped] = useState('')
  const ready = reason.trim() !== '' && (!environment.isProtected || typed === environment.name)
  const run = async () => {
    if (!ready) return
    const confirm = environment.isProtected ? { confirm: typed } : {}
    const done = await command.run({ ...input, object: objectOf(member), reason: reason.trim(), ...confirm })
    if (!done) return
    const title = text(act === 'suspend' ? 'live.suspended' : 'live.resumed', { name: member.name })
    toasts.show(
      done.problem
        ? { tone: 'warn', title, detail: say(done.problem) }
        : { tone: 'ok', title, detail: text('delivery.recorded', { commit: done.decision?.slice(0, 8) ?? '' }) },
    )
    onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={next => !next && onClose()}
      size="small"
      title={text(act === 'suspend' ? 'live.suspendTitle' : 'live.resumeTitle', { name: member.name })}
      description={text('live.pauseMeaning')}
      onSubmit={() => void run()}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {text('app.cancel')}
          </Button>
          <Button type="submit" variant="primary" disabled={!ready} loading={command.running}>
            {text(act === 'suspend' ? 'delivery.suspendNow' : 'delivery.resumeNow')}
          </Button>
        </>
      }
    >
      <div className={styles['delivery']}>
        <Field label={text('live.why')}>
          <TextArea value={reason} onChange={setReason} rows={3} />
        </Field>
        {environment.isProtected && (
          <Field label={text('live.unlockType', { context: environment.name })}>
            <TextField value={typed} onChange={setTyped} autoComplete="off" mono />
          </Field>
        )}
        <ErrorNote error={command.error} />
      </div>
    </Dialog>
  )
}
