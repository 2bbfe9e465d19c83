import { Undo2, Waypoints } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { describeBreach } from '../../../shared/results/describe-result.ts'
import type { RolloutView } from '../../../shared/rollouts/contract.ts'
import type { RevisionSide } from '../../../shared/rollouts/rollout.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useNavigation } from '../../connection/index.ts'
import { Badge, Button, Callout, CopyCode, RelativeTime, useFormat, useSay, useText } from '../../design/index.ts'
import { RevertDialog } from '../decisions/index.ts'
import { ActionBar } from './action-bar.tsx'
import { AnalysisView } from './analysis-view.tsx'
import { HappenedList } from './happened-list.tsx'
import styles from './rollouts.module.css'
import { engineNames, standingLooks } from './standing-words.ts'
import { StepTimeline } from './step-timeline.tsx'
import { TrafficBar } from './traffic-bar.tsx'
import { VersionsView } from './versions-view.tsx'

type RolloutDetailProps = {
  workspace: WorkspaceId
  environment: string
  rollout: RolloutView
  /** Its context takes no change before a person has typed this name; null where it does. */
  locked: string | null
  /** What is shown was so; the cluster does not answer now. */
  stale: boolean
}

/** One progressive delivery: why it is where it is, its steps, what was measured, and what may be done. */
export function RolloutDetail({ workspace, environment, rollout, locked, stale }: RolloutDetailProps) {
  const text = useText()
  const say = useSay()
  const go = useNavigation(place => place.go)
  const [reverting, setReverting] = useState(false)
  const { object, status, standing, why, breach, decision, node } = rollout
  const { word, tone, icon } = standingLooks[standing]
  const failed = standing === 'failed'
  return (
    <article className={styles['detail']} aria-label={object.name} data-stale={stale || undefined}>
      <header className={styles['detailHead']}>
        <div className={styles['titleRow']}>
          <h2>{object.name}</h2>
          <Badge tone={tone} icon={icon}>
            {text(word)}
          </Badge>
          {node !== null && (
            <Button
              size="small"
              variant="ghost"
              icon={Waypoints}
              onClick={() => go({ screen: 'topology', selection: { kind: 'node', id: node } })}
            >
              {text('rollout.showOnGraph')}
            </Button>
          )}
        </div>
        <p className={styles['meta']}>
          <span>{engineNames[status.engine]}</span>
          <code>
            {object.kind} {object.namespace === '' ? '' : `${object.namespace}/`}
            {object.name}
          </code>
          {status.phase !== '' && <span>{status.phase}</span>}
          {rollout.since && (
            <span>
              {text('rollout.since')} <RelativeTime at={Date.parse(rollout.since)} />
            </span>
          )}
        </p>
        {failed ? (
          <Callout
            tone="danger"
            title={say(why)}
            action={
              decision && (
                <Button icon={Undo2} onClick={() => setReverting(true)}>
                  {text('result.revert')}
                </Button>
              )
            }
          >
            {breach && <p>{describeBreach(breach, text)}</p>}
            {decision && <p>{text('result.revertWhy')}</p>}
          </Callout>
        ) : (
          <p className={styles['why']}>{say(why)}</p>
        )}
        {decision && (
          <p className={styles['meta']}>
            {text('rollout.carriesOut')}
            <button
              type="button"
              className={styles['link']}
              onClick={() => go({ screen: 'decisions', selection: { kind: 'decision', id: decision.commit } })}
            >
              {decision.title}
            </button>
          </p>
        )}
        <ActionBar workspace={workspace} environment={environment} rollout={rollout} locked={locked} stale={stale} />
      </header>
      {decision && reverting && (
        <RevertDialog
          workspace={workspace}
          summary={{ id: decision.commit, title: decision.title }}
          onClose={() => setReverting(false)}
        />
      )}
      <Part title={text('rollout.revisions')}>
        <Revisions rollout={rollout} />
      </Part>
      {status.strategy !== 'Weights' && (
        <Part title={text('rollout.steps')}>
          <StepTimeline rollout={rollout} />
        </Part>
      )}
      {status.strategy !== 'Weights' && (
        <Part title={text('rollout.analyses')}>
          <AnalysisView analyses={rollout.analyses} />
        </Part>
      )}
      {rollout.canary.id !== null && (
        <Part title={text('rollout.underTraffic')}>
          <VersionsView workspace={workspace} environment={environment} rollout={rollout} />
        </Part>
      )}
      <Part title={text('rollout.happened')}>
        <HappenedList rollout={rollout} />
      </Part>
    </article>
  )
}

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className={styles['part']} aria-label={title}>
    <h3>{title}</h3>
    {children}
  </section>
)

function Revisions({ rollout }: { rollout: RolloutView }) {
  const text = useText()
  const { stable, canary, status } = rollout
  const weight = status.weight ?? 0
  const same = canary.id === null && status.strategy !== 'Weights'
  return (
    <div className={styles['revisions']}>
      <Side title={text('rollout.stable')} side={stable} share={same ? 100 : 100 - weight} />
      {same ? (
        <p className={styles['quiet']}>{text('rollout.oneRevision')}</p>
      ) : (
        <Side title={text('rollout.canary')} side={canary} share={weight} isNew />
      )}
      {!same && <TrafficBar rollout={rollout} />}
    </div>
  )
}

function Side({
  title,
  side,
  share,
  isNew = false,
}: {
  title: string
  side: RevisionSide
  share: number
  isNew?: boolean
}) {
  const text = useText()
  const format = useFormat()
  return (
    <section className={styles['side']} aria-label={title} data-new={isNew || undefined}>
      <h4>
        {title}
        <strong>{format.number(share, 0)} %</strong>
      </h4>
      <p>
        {side.images.map(image => (
          <CopyCode key={image} value={image}>
            {image.slice(image.lastIndexOf('/') + 1)}
          </CopyCode>
        ))}
        {side.images.length === 0 && <code>{side.id ?? text('rollout.unknown')}</code>}
      </p>
      <p className={styles['quiet']}>
        {[
          side.number !== null && text('rollout.revisionNumber', { number: side.number }),
          side.id !== null && side.images.length > 0 && side.id,
          side.pods && text('rollout.pods', side.pods),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
    </section>
  )
}
