import { ChevronDown, ChevronRight, Pause, Play, RotateCw } from 'lucide-react'
import { useState } from 'react'
import type { RolloutView } from '../../../shared/fleet/contract.ts'
import type { NodeState, Ring } from '../../../shared/fleet/rollout.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand } from '../../connection/index.ts'
import {
  Badge,
  Button,
  Callout,
  ErrorNote,
  RelativeTime,
  useFormat,
  useSay,
  useText,
  WithCode,
} from '../../design/index.ts'
import styles from './fleet.module.css'
import { countsOf, saidOfNode, saidOfRollout } from './rollout-words.ts'

/** A change on its way: ring after ring, and what became of each node. */
export function RolloutPane({ workspace, rollout }: { workspace: WorkspaceId; rollout: RolloutView }) {
  const text = useText()
  const say = useSay()
  const { fleet } = useApi()
  const pause = useCommand(fleet.pause)
  const resume = useCommand(fleet.resume)
  const retry = useCommand(fleet.retry)
  const of = { workspace, rollout: rollout.id }
  const said = saidOfRollout(rollout)
  const counts = countsOf(rollout)
  const again = counts.failed + counts.unreachable
  return (
    <div className={styles['pane']}>
      <header className={styles['toolbar']}>
        <Badge tone={said.tone}>{text(said.key)}</Badge>
        <p>
          {text('fleet.countDone', { done: counts.done, count: counts.all })}
          {counts.failed > 0 && ` · ${text('fleet.countFailed', { count: counts.failed })}`}
          {counts.unreachable > 0 && ` · ${text('fleet.countMissed', { count: counts.unreachable })}`}
        </p>
        <span className={styles['asOf']}>
          {rollout.version ?? rollout.declaration.slice(0, 8)} ·{' '}
          <RelativeTime at={new Date(rollout.begunAt).toISOString()} />
        </span>
        {rollout.end === null &&
          (rollout.paused ? (
            <Button size="small" icon={Play} loading={resume.running} onClick={() => void resume.run(of)}>
              {text('fleet.resume')}
            </Button>
          ) : (
            <Button size="small" icon={Pause} loading={pause.running} onClick={() => void pause.run(of)}>
              {text('fleet.pause')}
            </Button>
          ))}
        {rollout.end !== null && rollout.end.kind !== 'replaced' && again > 0 && (
          <Button size="small" icon={RotateCw} loading={retry.running} onClick={() => void retry.run(of)}>
            {text('fleet.retry', { count: again })}
          </Button>
        )}
      </header>
      <ErrorNote error={pause.error ?? resume.error ?? retry.error} />
      {rollout.end?.reason && (
        <div className={styles['note']}>
          <Callout tone="danger" title={text('fleet.stoppedTitle')}>
            {say(rollout.end.reason)}
          </Callout>
        </div>
      )}
      <div className={styles['rings']}>
        {rollout.rings.map((ring, index) => (
          <RingOf
            // biome-ignore lint/suspicious/noArrayIndexKey: rings are in a fixed order, and two may have one name
            key={index}
            number={index + 1}
            ring={ring}
            rollout={rollout}
          />
        ))}
      </div>
    </div>
  )
}

function RingOf({ number, ring, rollout }: { number: number; ring: Ring; rollout: RolloutView }) {
  const text = useText()
  const format = useFormat()
  const counts = countsOf(rollout, [...ring.nodes])
  const over = counts.done + counts.failed + counts.unreachable
  const soaks = rollout.soakUntil !== null && over === counts.all && rollout.soaking[number] === undefined
  const width = (count: number) => ({ inlineSize: `${(100 * count) / Math.max(1, counts.all)}%` })
  return (
    <section className={styles['ring']} aria-label={text('fleet.ring', { number, name: ring.name })}>
      <header>
        <h3>{text('fleet.ring', { number, name: ring.name })}</h3>
        <span className={styles['track']} aria-hidden="true">
          <span data-tone="ok" style={width(counts.done)} />
          <span data-tone="danger" style={width(counts.failed)} />
          <span data-tone="stale" style={width(counts.unreachable)} />
          <span data-tone="info" style={width(counts.applying)} />
        </span>
        <span className={styles['count']}>
          {counts.done}/{counts.all}
        </span>
        {ring.soak > 0 && (
          <span className={styles['soak']}>
            {soaks && rollout.soakUntil ? (
              <>
                {text('fleet.soakUntil')} {format.time(rollout.soakUntil)}
              </>
            ) : (
              text('fleet.soak', { duration: durationOf(ring.soak) })
            )}
          </span>
        )}
      </header>
      <ul className={styles['rows']}>
        {[...ring.nodes]
          .sort((a, b) => rank(rollout.nodes[a]) - rank(rollout.nodes[b]))
          .slice(0, mostShown)
          .map(name => (
            <NodeRow key={name} name={name} state={rollout.nodes[name]!} progress={rollout.progress[name]} />
          ))}
      </ul>
      {ring.nodes.length > mostShown && (
        <p className={styles['more']}>{text('fleet.moreNodes', { count: ring.nodes.length - mostShown })}</p>
      )}
    </section>
  )
}

/** Of a ring; those that failed come first, so that none of them is left out. */
const mostShown = 60
const ranks = ['reverted', 'failed', 'refused', 'unreachable', 'applying', 'waiting', 'applied', 'unchanged']
const rank = (state: NodeState | undefined): number => ranks.indexOf(state?.kind ?? 'waiting')

const durationOf = (milliseconds: number): string =>
  milliseconds % 3_600_000 === 0
    ? `${milliseconds / 3_600_000} h`
    : milliseconds % 60_000 === 0
      ? `${milliseconds / 60_000} min`
      : `${milliseconds / 1000} s`

function NodeRow({
  name,
  state,
  progress,
}: {
  name: string
  state: NodeState
  progress: RolloutView['progress'][string] | undefined
}) {
  const text = useText()
  const say = useSay()
  const format = useFormat()
  const { tone, key } = saidOfNode(state)
  const journal = state.kind === 'reverted' ? state.journal : []
  // What a node said when it failed is shown until a person closes it.
  const [chosen, setOpen] = useState<boolean | null>(null)
  const open = chosen ?? journal.length > 0
  return (
    <li className={styles['row']}>
      <div className={styles['line']}>
        <button
          type="button"
          className={styles['opener']}
          disabled={journal.length === 0}
          aria-expanded={open}
          aria-label={text('fleet.nodeDetails', { node: name })}
          onClick={() => setOpen(!open)}
        >
          {open ? <ChevronDown aria-hidden="true" /> : <ChevronRight aria-hidden="true" />}
          <strong>{name}</strong>
        </button>
        <Badge tone={tone}>{text(key)}</Badge>
        <span className={styles['reason']}>
          {'reason' in state ? (
            <WithCode>{say(state.reason)}</WithCode>
          ) : state.kind === 'applying' && progress ? (
            progress.of > 0 ? (
              text('fleet.sending', { share: format.percent(progress.sent / progress.of) })
            ) : (
              text(stepKeys[progress.step] ?? 'fleet.stepConnecting')
            )
          ) : state.kind === 'applied' ? (
            text('fleet.sentOf', { sent: format.bytes(state.sent), size: format.bytes(state.size) })
          ) : null}
        </span>
      </div>
      {open && journal.length > 0 && <pre className={styles['journal']}>{journal.join('\n')}</pre>}
    </li>
  )
}

const stepKeys: { readonly [step: string]: MessageKey } = {
  connecting: 'fleet.stepConnecting',
  looking: 'fleet.stepLooking',
  waiting: 'fleet.stepWaiting',
  sending: 'fleet.stepSending',
  checking: 'fleet.stepChecking',
  starting: 'fleet.stepStarting',
  measuring: 'fleet.stepMeasuring',
  confirming: 'fleet.stepConfirming',
}
