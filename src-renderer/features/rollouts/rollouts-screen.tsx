import { KeyRound, Rocket } from 'lucide-react'
import { useState } from 'react'
import type { RolloutsView } from '../../../shared/rollouts/contract.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand, useLive, useNavigation } from '../../connection/index.ts'
import {
  Button,
  EmptyState,
  ErrorNote,
  ErrorState,
  Loading,
  Screen,
  ScreenHead,
  Skeleton,
  SplitPane,
  useSay,
  useText,
} from '../../design/index.ts'
import { FreshnessBadge, MissingRights, PolicyBadge, SandboxBadge, StaleNote, withLine } from '../clusters/index.ts'
import { RolloutDetail } from './rollout-detail.tsx'
import { RolloutList } from './rollout-list.tsx'
import styles from './rollouts.module.css'

/** Progressive deliveries of the environment: those that need somebody first. */
export function RolloutsScreen() {
  const workspace = useNavigation(place => place.workspace)
  const environment = useNavigation(place => place.environment)
  return workspace === null || environment === null ? null : (
    <Rollouts key={`${workspace} ${environment}`} workspace={workspace} environment={environment} />
  )
}

function Rollouts({ workspace, environment }: { workspace: WorkspaceId; environment: string }) {
  const text = useText()
  const api = useApi()
  const live = useLive(api.rollouts.watch, { workspace, environment })
  const [chosen, setChosen] = useState<string | null>(null)
  const view = live.value && withLine(live.value, live.status === 'stale' ? live.since : null)
  if (!view || view.state === 'connecting') {
    if (live.status === 'failed' && live.error)
      return <ErrorState error={live.error} title={text('rollout.failed')} onRetry={live.retry} />
    return <Waiting />
  }
  if (view.state === 'none' || view.state === 'offered')
    return <NoCluster view={view} workspace={workspace} environment={environment} />
  const rollout = view.rollouts.find(({ id }) => id === chosen) ?? view.rollouts[0] ?? null
  return (
    <Screen>
      <Head view={view} />
      {rollout ? (
        <SplitPane
          label={text('rollout.listWidth')}
          remember="rollouts-list"
          sideAt="start"
          initial={340}
          min={260}
          max={520}
          minMain={480}
          side={<RolloutList rollouts={view.rollouts} chosen={rollout.id} onChoose={setChosen} />}
          main={
            <RolloutDetail
              key={rollout.id}
              workspace={workspace}
              environment={environment}
              rollout={rollout}
              locked={view.context?.locked ? view.context.name : null}
              stale={view.state === 'stale'}
            />
          }
        />
      ) : (
        <Nothing view={view} />
      )}
    </Screen>
  )
}

function Head({ view }: { view: RolloutsView }) {
  const text = useText()
  const { context } = view
  return (
    <>
      <ScreenHead
        title={text('rollout.title')}
        beside={
          context && (
            <>
              <SandboxBadge sandbox={context.sandbox} />
              <PolicyBadge context={{ policy: context.policy, unlockedUntil: null }} />
            </>
          )
        }
        about={context?.name}
        end={<FreshnessBadge view={view} />}
      />
      {(view.state === 'stale' || view.missing.length > 0) && (
        <div className={styles['notes']}>
          <StaleNote view={view} />
          <MissingRights missing={view.missing.map(right => ({ ...right, group: '' }))} />
        </div>
      )}
    </>
  )
}

function Nothing({ view }: { view: RolloutsView }) {
  const text = useText()
  const say = useSay()
  if (view.state === 'failed' && view.problem)
    return <EmptyState icon={Rocket} sentence={`${text('rollout.neverAnswered')} ${say(view.problem)}`} />
  return (
    <EmptyState icon={Rocket} sentence={text(view.engines.length === 0 ? 'rollout.noEngines' : 'rollout.noneHere')} />
  )
}

/** No context is known, or a person has not let it be asked. */
function NoCluster({
  view,
  workspace,
  environment,
}: {
  view: RolloutsView
  workspace: WorkspaceId
  environment: string
}) {
  const text = useText()
  const { clusters } = useApi()
  const allow = useCommand(clusters.allow)
  const setScreen = useNavigation(place => place.setScreen)
  const { context } = view
  return (
    <Screen>
      <EmptyState
        icon={Rocket}
        sentence={
          context ? text('rollout.offered', { context: context.name }) : text('rollout.noCluster', { environment })
        }
        action={
          context ? (
            <Button
              variant="primary"
              icon={KeyRound}
              loading={allow.running}
              onClick={() => void allow.run({ context: context.name, workspace, environment })}
            >
              {text('rollout.allow', { context: context.name })}
            </Button>
          ) : (
            <Button icon={KeyRound} onClick={() => setScreen('clusters')}>
              {text('rollout.chooseContext')}
            </Button>
          )
        }
      />
      <ErrorNote error={allow.error} />
    </Screen>
  )
}

function Waiting() {
  return (
    <Loading>
      <div className={styles['waiting']}>
        <div>
          {[70, 52, 64, 48].map(width => (
            <Skeleton key={width} width={`${width}%`} height={32} />
          ))}
        </div>
        <div>
          <Skeleton width="40%" height={20} />
          <Skeleton width="100%" height={120} />
          <Skeleton width="100%" height={160} />
        </div>
      </div>
    </Loading>
  )
}
