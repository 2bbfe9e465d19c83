import { CircleCheck, Plug } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ContextView, LiveView } from '../../../shared/clusters/contract.ts'
import { useApi, useCommand, useLive, useNavigation } from '../../connection/index.ts'
import {
  Button,
  EmptyState,
  ErrorNote,
  ErrorState,
  Loading,
  Screen,
  ScreenHead,
  Select,
  Skeleton,
  Tabs,
  useFormat,
  useText,
} from '../../design/index.ts'
import { AsItWas } from './as-it-was.tsx'
import styles from './clusters.module.css'
import { DeliveryTab } from './delivery-tab.tsx'
import { DriftTab } from './drift-tab.tsx'
import { FreshnessBadge, isForbidden, StaleNote, withLine } from './freshness.tsx'
import { HealthMark } from './health-mark.tsx'
import live from './live.module.css'
import { MissingRights } from './missing-rights.tsx'
import { ObjectsTab } from './objects-tab.tsx'
import { PodList } from './pod-list.tsx'
import { PodsTab } from './pods-tab.tsx'
import { PolicyBadge } from './policy-badge.tsx'
import { PolicyMenu } from './policy-menu.tsx'
import { SandboxBadge } from './sandbox-badge.tsx'
import { openDescribe } from './use-pod-actions.tsx'
import { WorkloadsTable } from './workloads-table.tsx'

type View = 'problems' | 'workloads' | 'pods' | 'events' | 'nodes' | 'objects' | 'drift' | 'delivery'
type Place = 'own' | 'all'

/** One context: nothing is asked of it before a person says so. */
export function ContextScreen({ workspace, context }: { workspace: string; context: ContextView }) {
  const text = useText()
  const api = useApi()
  const allow = useCommand(api.clusters.allow)
  return (
    <Screen label={context.name}>
      <ScreenHead
        level={2}
        title={context.name}
        beside={
          <>
            <SandboxBadge sandbox={context.sandbox} />
            {context.unlockedUntil !== null && <PolicyBadge context={context} />}
          </>
        }
        about={
          <span title={context.file}>
            {context.server} · {text('live.asUser', { user: context.user })}
          </span>
        }
        end={<PolicyMenu context={context} />}
      />
      {context.allowed ? (
        <Opened workspace={workspace} context={context} />
      ) : (
        <EmptyState
          icon={Plug}
          sentence={text('live.offeredMeaning', { server: context.server })}
          action={
            <>
              <Button
                variant="primary"
                icon={Plug}
                loading={allow.running}
                onClick={() => void allow.run({ context: context.name })}
              >
                {text('live.connect')}
              </Button>
              <ErrorNote error={allow.error} />
            </>
          }
        />
      )}
    </Screen>
  )
}

function Opened({ workspace, context }: { workspace: string; context: ContextView }) {
  const text = useText()
  const format = useFormat()
  const api = useApi()
  const [tab, setTab] = useState<View>('problems')
  const [place, setPlace] = useState<Place>('own')
  const looked = useNavigation(at => at.environment)
  const [of, setOf] = useState<string | null>(null)
  const { environments } = context
  const environment = environments.find(({ id }) => id === (of ?? looked)) ?? environments[0]
  const scope = useMemo(
    () => ({
      ...{ workspace, environment: null, context: context.name },
      ...(place === 'all' && { namespaces: 'all' as const }),
    }),
    [workspace, context.name, place],
  )
  const stream = useLive(api.clusters.live, scope)
  if (stream.status === 'failed' && stream.error) return <ErrorState error={stream.error} onRetry={stream.retry} />
  if (!stream.value)
    return (
      <Loading>
        <Skeleton />
      </Loading>
    )
  const view = withLine(stream.value, stream.status === 'stale' ? stream.since : null)
  const known = view.asOf !== null
  return (
    <>
      <div className={styles['bar']}>
        <FreshnessBadge view={view} />
        {view.version !== null && <span className={styles['quiet']}>{view.version}</span>}
        <span className={styles['quiet']}>
          {view.namespaces === 'all' ? text('live.everywhere') : format.list(view.namespaces.slice(0, 4))}
          {view.namespaces !== 'all' && view.namespaces.length > 4 && ` +${view.namespaces.length - 4}`}
        </span>
        <span className={styles['gap']} />
        {(tab === 'drift' || tab === 'delivery') && environments.length > 1 && (
          <Select
            plain
            label={text('live.environment')}
            value={environment?.id ?? null}
            onChange={setOf}
            options={environments.map(({ id, name }) => ({ value: id, label: name }))}
          />
        )}
        <Select<Place>
          plain
          label={text('live.scope')}
          value={place}
          onChange={setPlace}
          options={[
            { value: 'own', label: text('live.scopeOwn') },
            { value: 'all', label: text('live.everywhere') },
          ]}
        />
      </div>
      {(view.state === 'stale' || view.state === 'failed' || view.missing.length > 0) && (
        <div className={styles['notes']}>
          {!isForbidden(view) && <StaleNote view={view} />}
          <MissingRights missing={view.missing} nothing={isForbidden(view)} />
        </div>
      )}
      <AsItWas view={view}>
        <Tabs<View>
          className={styles['tabs'] ?? ''}
          label={text('live.contextParts')}
          value={tab}
          onChange={setTab}
          tabs={[
            {
              value: 'problems',
              label: text('live.problems'),
              ...(known && { count: view.notReady }),
              content: <ProblemsTab view={view} context={context} />,
            },
            {
              value: 'workloads',
              label: text('live.workloads'),
              ...(known && { count: view.workloads.length }),
              content: <WorkloadsTable context={context} workloads={view.workloads} known={known} />,
            },
            {
              value: 'pods',
              label: text('live.pods'),
              ...(known && { count: view.pods }),
              content: <PodsTab scope={scope} context={context} />,
            },
            {
              value: 'events',
              label: text('live.events'),
              content: <ObjectsTab scope={scope} context={context} group="" kind="Event" />,
            },
            {
              value: 'nodes',
              label: text('live.machines'),
              content: <ObjectsTab scope={scope} context={context} group="" kind="Node" />,
            },
            { value: 'objects', label: text('live.objects'), content: <ObjectsTab scope={scope} context={context} /> },
            ...(environment
              ? [
                  {
                    value: 'delivery' as const,
                    label: text('live.delivery'),
                    content: (
                      <DeliveryTab
                        key={environment.id}
                        workspace={workspace}
                        context={context}
                        environment={environment}
                      />
                    ),
                  },
                  {
                    value: 'drift' as const,
                    label: text('live.drift'),
                    content: (
                      <DriftTab
                        key={environment.id}
                        workspace={workspace}
                        context={context}
                        environment={environment}
                      />
                    ),
                  },
                ]
              : []),
          ]}
        />
      </AsItWas>
    </>
  )
}

/** What needs somebody: Pods, and what decides about others. */
function ProblemsTab({ view, context }: { view: LiveView; context: ContextView }) {
  const text = useText()
  const bad = view.leaders.filter(({ health }) => health === 'Degraded' || health === 'Missing')
  if (view.asOf === null)
    return view.state === 'connecting' ? (
      <Loading>
        <Skeleton width="60%" height={16} />
      </Loading>
    ) : null
  if (view.problems.pods.length === 0 && bad.length === 0)
    return (
      <EmptyState
        icon={CircleCheck}
        sentence={text(view.state === 'live' ? 'live.noProblems' : 'live.noProblemsThen', { count: view.pods })}
      />
    )
  return (
    <div className={styles['body']}>
      {bad.length > 0 && (
        <ul className={live['pods']} aria-label={text('live.leaders')}>
          {bad.map(leader => (
            <li key={`${leader.kind} ${leader.namespace}/${leader.name}`} className={live['pod']}>
              <HealthMark health={leader.health} />
              <div className={live['podWords']}>
                <span className={live['podName']}>
                  {leader.kind} {leader.name}
                </span>
                <span className={live['why']}>{leader.message}</span>
              </div>
              <Button
                size="small"
                variant="ghost"
                onClick={() =>
                  openDescribe(context, groups[leader.kind] ?? '', leader.kind, leader.namespace, leader.name)
                }
              >
                {text('live.describe')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <PodList context={context} pods={view.problems.pods} leftOut={view.problems.leftOut} wide />
    </div>
  )
}

const groups: { readonly [kind: string]: string } = {
  Canary: 'flagger.app',
  Application: 'argoproj.io',
  Kustomization: 'kustomize.toolkit.fluxcd.io',
  HelmRelease: 'helm.toolkit.fluxcd.io',
}
