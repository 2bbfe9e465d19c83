import { ChevronDown, ChevronRight, RotateCw } from 'lucide-react'
import { useState } from 'react'
import type { FleetService, PlanView } from '../../../shared/fleet/contract.ts'
import type { NodePlan, PlanKind, PlannedFile } from '../../../shared/fleet/plan.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand } from '../../connection/index.ts'
import {
  Badge,
  Button,
  EmptyState,
  ErrorState,
  Loading,
  RelativeTime,
  Skeleton,
  type Tone,
  useSay,
  useText,
  WithCode,
} from '../../design/index.ts'
import styles from './fleet.module.css'

const kinds: { readonly [kind in PlanKind]: { readonly tone: Tone; readonly key: MessageKey } } = {
  same: { tone: 'ok', key: 'fleet.planSame' },
  install: { tone: 'proposed', key: 'fleet.planInstall' },
  update: { tone: 'proposed', key: 'fleet.planUpdate' },
  repair: { tone: 'warn', key: 'fleet.planRepair' },
  refused: { tone: 'danger', key: 'fleet.planRefused' },
}
const order: readonly PlanKind[] = ['refused', 'repair', 'update', 'install', 'same']

/** Desired against actual, node by node; nodes are asked when a person says so. */
export function PlanPane({ workspace, service }: { workspace: WorkspaceId; service: FleetService }) {
  const text = useText()
  const say = useSay()
  const asking = useCommand(useApi().fleet.plan)
  const [view, setView] = useState<PlanView | null>(null)
  const ask = async () => {
    const answer = await asking.run({ workspace, service: service.name })
    if (answer) setView(answer)
  }
  if (asking.error && !view)
    return <ErrorState error={asking.error} title={text('fleet.planFailed')} onRetry={() => void ask()} />
  if (!view)
    return asking.running ? (
      <Loading>
        <div className={styles['loading']}>
          {service.nodes.slice(0, 6).map(node => (
            <Skeleton key={node} />
          ))}
        </div>
      </Loading>
    ) : (
      <EmptyState
        sentence={text('fleet.planEmpty', { count: service.nodes.length })}
        action={
          <Button onClick={() => void ask()} disabled={service.nodes.length === 0}>
            {text('fleet.planAsk')}
          </Button>
        }
      />
    )
  const plans = [...view.plans].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind))
  return (
    <div className={styles['pane']}>
      <header className={styles['toolbar']}>
        <p>
          {order
            .map(kind => [kind, plans.filter(plan => plan.kind === kind).length] as const)
            .filter(([, count]) => count > 0)
            .map(([kind, count]) => `${count} ${text(kinds[kind].key)}`)
            .concat(view.unknown.length > 0 ? [text('fleet.planUnknown', { count: view.unknown.length })] : [])
            .join(' · ')}
        </p>
        <span className={styles['asOf']}>
          <RelativeTime at={view.asOf} />
        </span>
        <Button size="small" icon={RotateCw} loading={asking.running} onClick={() => void ask()}>
          {text('fleet.planAgain')}
        </Button>
      </header>
      <ul className={styles['rows']}>
        {plans.map(plan => (
          <PlanRow key={plan.node} plan={plan} alone={plans.length === 1} />
        ))}
        {view.unknown.map(({ node, service: of, reason }) => (
          <li key={`${node} ${of}`} className={styles['row']}>
            <div className={styles['line']}>
              <strong>{node ?? of}</strong>
              <Badge tone="stale">{text('fleet.planNotAsked')}</Badge>
              <span className={styles['reason']}>
                <WithCode>{say(reason)}</WithCode>
              </span>
            </div>
          </li>
        ))}
        {view.undeclared.map(({ node, services }) => (
          <li key={node} className={styles['row']}>
            <div className={styles['line']}>
              <span className={styles['reason']}>
                {text('fleet.undeclared', { node, services: services.join(', ') })}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </div>
  )
}

const nameOf = (release: { digest: string; version: string | null } | null): string =>
  release === null ? '–' : (release.version ?? release.digest.slice(0, 12))

function PlanRow({ plan, alone }: { plan: NodePlan; alone: boolean }) {
  const text = useText()
  const say = useSay()
  const [open, setOpen] = useState(alone && plan.kind !== 'same')
  const { tone, key } = kinds[plan.kind]
  const details = plan.files.length > 0 || plan.unit !== ''
  const [note] = plan.notes
  return (
    <li className={styles['row']}>
      <div className={styles['line']}>
        <button
          type="button"
          className={styles['opener']}
          disabled={!details}
          aria-expanded={open}
          aria-label={text('fleet.planDetails', { node: plan.node })}
          onClick={() => setOpen(!open)}
        >
          {open ? <ChevronDown aria-hidden="true" /> : <ChevronRight aria-hidden="true" />}
          <strong>{plan.node}</strong>
        </button>
        <Badge tone={tone}>{text(key)}</Badge>
        <span className={styles['versions']}>
          {plan.kind === 'same' ? nameOf(plan.to) : `${nameOf(plan.from)} → ${nameOf(plan.to)}`}
        </span>
        <span className={styles['reason']}>
          {note ? <WithCode>{say(note)}</WithCode> : details && text('fleet.planFiles', { count: plan.files.length })}
        </span>
      </div>
      {open && <PlanDetails plan={plan} />}
    </li>
  )
}

const signs: { readonly [change in PlannedFile['change']]: { sign: string; tone: string; key: MessageKey } } = {
  added: { sign: '+', tone: 'added', key: 'fleet.fileAdded' },
  removed: { sign: '−', tone: 'removed', key: 'fleet.fileRemoved' },
  changed: { sign: '~', tone: 'changed', key: 'fleet.fileChanged' },
  drifted: { sign: '!', tone: 'drifted', key: 'fleet.fileDrifted' },
}

function PlanDetails({ plan }: { plan: NodePlan }) {
  const text = useText()
  return (
    <div className={styles['details']}>
      <ul className={styles['files']}>
        {plan.files.map(({ path, change, before, after }) => (
          <li key={`${path} ${change}`} data-change={signs[change].tone}>
            <span aria-hidden="true">{signs[change].sign}</span>
            <code>{path}</code>
            <small>{text(signs[change].key)}</small>
            <code className={styles['digests']}>
              {before ?? '–'} → {after ?? '–'}
            </code>
          </li>
        ))}
      </ul>
      {plan.unit !== '' && (
        <pre className={styles['unit']}>
          {plan.unit
            .slice(plan.unit.indexOf('@@'))
            .split('\n')
            .filter(line => line !== '')
            .map((line, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines of a text have no other name
              <span key={index} data-sign={line[0]}>
                {`${line}\n`}
              </span>
            ))}
        </pre>
      )}
    </div>
  )
}
