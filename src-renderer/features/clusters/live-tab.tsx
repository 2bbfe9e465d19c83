import { Gauge, Network, ScrollText, Server, Tag, Waypoints } from 'lucide-react'
import type { LiveView, PodsView } from '../../../shared/clusters/contract.ts'
import type { LiveNode } from '../../../shared/live/live.ts'
import { needsSomebody } from '../../../shared/live/needs-somebody.ts'
import { useApi, useLive } from '../../connection/index.ts'
import {
  Button,
  Callout,
  EmptyState,
  ErrorState,
  Loading,
  Skeleton,
  useFormat,
  useSay,
  useText,
} from '../../design/index.ts'
import { AsItWas } from './as-it-was.tsx'
import { FreshnessBadge, isForbidden, StaleNote } from './freshness.tsx'
import { HealthMark } from './health-mark.tsx'
import styles from './live.module.css'
import { Connect } from './live-chip.tsx'
import { MissingRights } from './missing-rights.tsx'
import { PodList, shortImage } from './pod-list.tsx'
import { SandboxBadge } from './sandbox-badge.tsx'
import { useLiveView } from './use-live-view.ts'
import { openDescribe, useOpenLogs } from './use-pod-actions.tsx'

type Props = { workspace: string; environment: string; revision: string | null; node: string }

/** What a node of the graph is in its cluster: how it does and why, what versions run, and its Pods. */
export function LiveTab({ workspace, environment, revision, node: id }: Props) {
  const text = useText()
  const view = useLiveView(workspace, environment, revision)
  const api = useApi()
  const contexts = useLive(api.clusters.contexts, { workspace }).value?.contexts ?? []
  if (revision !== null) return <EmptyState compact icon={Server} sentence={text('live.onlyNow')} />
  if (!view)
    return (
      <Loading>
        <Skeleton width="70%" height={16} />
      </Loading>
    )
  const node = view.nodes.find(each => each.id === id)
  if (view.state === 'none' || view.state === 'offered')
    return (
      <div className={styles['tab']}>
        <EmptyState
          compact
          icon={Server}
          sentence={text(
            view.state === 'offered' ? 'live.tabOffered' : contexts.length > 0 ? 'live.tabNone' : 'live.noKubeconfig',
            { name: view.context?.name ?? '' },
          )}
          action={<Connect workspace={workspace} environment={environment} view={view} contexts={contexts} />}
        />
      </div>
    )
  return (
    <div className={styles['tab']}>
      <div className={styles['tabHead']}>
        <FreshnessBadge view={view} />
        <span className={styles['quiet']}>{view.context?.name}</span>
        <SandboxBadge sandbox={view.context?.sandbox} />
      </div>
      {!isForbidden(view) && <StaleNote view={view} />}
      <MissingRights missing={view.missing} nothing={isForbidden(view)} />
      {node ? (
        <AsItWas view={view}>
          <NodeFacts workspace={workspace} environment={environment} node={node} view={view} />
        </AsItWas>
      ) : view.state === 'connecting' ? (
        <Loading>
          <Skeleton width="70%" height={16} />
        </Loading>
      ) : (
        view.state !== 'failed' && <EmptyState compact sentence={text('live.nothingRuns')} />
      )}
    </div>
  )
}

function NodeFacts({
  workspace,
  environment,
  node,
  view,
}: Omit<Props, 'node' | 'revision'> & { node: LiveNode; view: LiveView }) {
  const text = useText()
  const say = useSay()
  const format = useFormat()
  const api = useApi()
  const { context } = view
  const live = useLive(api.clusters.pods, { workspace, environment, node: node.id }, { skip: node.state === 'missing' })
  const pods: PodsView | null = live.value
  const openLogs = useOpenLogs(context!)
  return (
    <>
      <div className={styles['summary']} data-stale={view.state !== 'live' || undefined}>
        <HealthMark health={node.health} words />
        <strong className={styles['count']}>
          {node.desired === null
            ? text('live.readyCount', { ready: node.ready })
            : text('live.readyOf', { ready: node.ready, of: node.desired })}
        </strong>
        {node.restarts > 0 && <span>{text('live.restarts', { count: node.restarts })}</span>}
      </div>
      {node.why && <Callout tone={node.rank >= needsSomebody ? 'danger' : 'info'}>{say(node.why)}</Callout>}
      <dl className={styles['list']}>
        {node.versions.map(version => (
          <div key={`${version.name} ${version.images.map(({ image }) => image).join()}`}>
            <dt>
              <Tag aria-hidden="true" />
              {version.name || text('live.version')}
            </dt>
            <dd>
              {version.images.map(({ container, image, digest }) => (
                <span
                  key={container}
                  className={styles['image']}
                  title={digest === null ? image : `${image}\n${digest}`}
                >
                  <code>{shortImage(image)}</code>
                  {digest !== null && <small>{digest.slice(7, 19)}</small>}
                </span>
              ))}
              <small>{text('live.readyOf', { ready: version.ready, of: version.pods })}</small>
            </dd>
          </div>
        ))}
        {node.endpoints && (
          <div>
            <dt>
              <Network aria-hidden="true" />
              {text('live.endpoints')}
            </dt>
            <dd data-tone={node.endpoints.ready === 0 ? 'danger' : undefined}>
              {text('live.endpointsReady', node.endpoints)}
            </dd>
          </div>
        )}
        {node.autoscaler && (
          <div>
            <dt>
              <Gauge aria-hidden="true" />
              {text('live.autoscaler')}
            </dt>
            <dd>
              {text('live.autoscales', {
                min: node.autoscaler.min,
                max: node.autoscaler.max,
                desired: node.autoscaler.desired,
              })}
              {node.autoscaler.problem !== null && <small data-tone="warn">{node.autoscaler.problem}</small>}
            </dd>
          </div>
        )}
        {node.ledBy.map(leader => (
          <div key={`${leader.kind} ${leader.name}`}>
            <dt>
              <Waypoints aria-hidden="true" />
              {leader.kind}
            </dt>
            <dd>
              {leader.name} <HealthMark health={leader.health} words />
              {leader.message !== '' && <small>{leader.message}</small>}
            </dd>
          </div>
        ))}
      </dl>
      <div className={styles['podsHead']}>
        <h3>{text('live.podsCount', { count: format.number(node.pods) })}</h3>
        {pods && pods.pods.length > 0 && (
          <Button size="small" variant="ghost" icon={ScrollText} onClick={() => openLogs(node.id, pods.pods)}>
            {text('live.allLogs')}
          </Button>
        )}
        {node.workloads[0] && (
          <Button
            size="small"
            variant="ghost"
            onClick={() => {
              const workload = view.workloads.find(({ key }) => key === node.workloads[0])
              if (workload) openDescribe(context!, workload.group, workload.kind, workload.namespace, workload.name)
            }}
          >
            {text('live.describe')}
          </Button>
        )}
      </div>
      {live.status === 'failed' && live.error ? (
        <ErrorState compact error={live.error} onRetry={live.retry} />
      ) : pods ? (
        <PodList context={context!} pods={pods.pods} leftOut={pods.leftOut} />
      ) : (
        node.state !== 'missing' && (
          <Loading>
            <Skeleton width="80%" height={16} />
          </Loading>
        )
      )}
    </>
  )
}
