import { Boxes } from 'lucide-react'
import { useState } from 'react'
import type { FleetService, FleetView, RolloutView } from '../../../shared/fleet/contract.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand, useLive } from '../../connection/index.ts'
import {
  Badge,
  Button,
  Callout,
  ConfirmDialog,
  EmptyState,
  ErrorNote,
  ErrorState,
  Loading,
  Skeleton,
  Tabs,
  useText,
  WithCode,
} from '../../design/index.ts'
import styles from './fleet.module.css'
import { PlanPane } from './plan-pane.tsx'
import { RolloutPane } from './rollout-pane.tsx'
import { countsOf, saidOfRollout } from './rollout-words.ts'

/** What is declared for the edge, what a change would do there, and how far it has come. */
export function FleetServices({ workspace }: { workspace: WorkspaceId }) {
  const text = useText()
  const live = useLive(useApi().fleet.view, { workspace })
  const [chosen, setChosen] = useState<string | null>(null)
  if (live.status === 'failed' && live.error)
    return <ErrorState error={live.error} title={text('fleet.failed')} onRetry={live.retry} />
  if (live.value === null)
    return (
      <Loading>
        <div className={styles['loading']}>
          {[1, 2, 3].map(row => (
            <Skeleton key={row} />
          ))}
        </div>
      </Loading>
    )
  const view = live.value
  const service = view.services.find(({ name }) => name === chosen) ?? firstToSee(view)
  if (!service) return <EmptyState icon={Boxes} sentence={<WithCode>{text('fleet.empty')}</WithCode>} />
  return (
    <div className={styles['both']}>
      <nav className={styles['names']} aria-label={text('fleet.services')}>
        <ul>
          {view.services.map(one => (
            <ServiceName
              key={one.name}
              service={one}
              rollout={rolloutOf(view, one.name)}
              current={one === service}
              onChoose={() => setChosen(one.name)}
            />
          ))}
        </ul>
      </nav>
      <Service key={service.name} workspace={workspace} service={service} rollout={rolloutOf(view, service.name)} />
    </div>
  )
}

const rolloutOf = (view: FleetView, service: string): RolloutView | null =>
  view.rollouts.find(one => one.service === service) ?? null
/** Where something is under way or went wrong; else the first. */
const firstToSee = (view: FleetView): FleetService | undefined =>
  view.services.find(({ name }) => {
    const rollout = rolloutOf(view, name)
    return rollout && (rollout.end === null || countsOf(rollout).failed > 0)
  }) ?? view.services[0]

function ServiceName({
  service,
  rollout,
  current,
  onChoose,
}: {
  service: FleetService
  rollout: RolloutView | null
  current: boolean
  onChoose(): void
}) {
  const text = useText()
  const said = rollout && saidOfRollout(rollout)
  return (
    <li>
      <button type="button" aria-current={current || undefined} onClick={onChoose}>
        <strong>{service.name}</strong>
        <small>
          {service.version === null ? '' : `${service.version} · `}
          {text('fleet.countNodes', { count: service.nodes.length })}
        </small>
        {said && <Badge tone={said.tone}>{text(said.key)}</Badge>}
      </button>
    </li>
  )
}

type TabName = 'plan' | 'rollout'

function Service({
  workspace,
  service,
  rollout,
}: {
  workspace: WorkspaceId
  service: FleetService
  rollout: RolloutView | null
}) {
  const text = useText()
  const { fleet } = useApi()
  const [tab, setTab] = useState<TabName>(rollout ? 'rollout' : 'plan')
  const [asking, setAsking] = useState(false)
  const apply = useCommand(fleet.apply)
  const begin = async () => {
    const begun = await apply.run({ workspace, service: service.name, confirm: [...service.protectedNodes] })
    setAsking(false)
    if (begun) setTab('rollout')
  }
  const open = rollout !== null && rollout.end === null
  return (
    <article className={styles['service']} aria-label={service.name}>
      <header className={styles['title']}>
        <h2>{service.name}</h2>
        {service.version !== null && <span className={styles['version']}>{service.version}</span>}
        <span className={styles['where']}>
          {service.file}:{service.line}
        </span>
        <Button variant="primary" disabled={open || service.nodes.length === 0} onClick={() => setAsking(true)}>
          {text('fleet.apply')}
        </Button>
      </header>
      <ErrorNote error={apply.error} />
      {service.nodes.length === 0 && (
        <div className={styles['note']}>
          <Callout tone="warn">{text('fleet.noNodes')}</Callout>
        </div>
      )}
      <Tabs<TabName>
        className={styles['tabs'] ?? ''}
        label={text('fleet.tabs', { service: service.name })}
        value={tab}
        onChange={setTab}
        tabs={[
          {
            value: 'plan',
            label: text('fleet.tabPlan'),
            content: <PlanPane workspace={workspace} service={service} />,
          },
          {
            value: 'rollout',
            label: text('fleet.tabRollout'),
            content: rollout ? (
              <RolloutPane workspace={workspace} rollout={rollout} />
            ) : (
              <EmptyState sentence={text('fleet.noRollout', { service: service.name })} />
            ),
          },
        ]}
      />
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={text('fleet.applyTitle', { service: service.name, count: service.nodes.length })}
        description={text('fleet.applySays')}
        touched={service.nodes}
        confirm={text('fleet.apply')}
        loading={apply.running}
        {...(service.protectedNodes.length > 0 && {
          typeToConfirm: { label: text('fleet.applyProtected'), value: service.protectedNodes.join(' ') },
        })}
        onConfirm={() => void begin()}
      />
    </article>
  )
}
