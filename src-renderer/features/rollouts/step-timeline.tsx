import { Check, Clock, FlaskConical, Hand, type LucideIcon, Scaling, Settings2, Split, X } from 'lucide-react'
import type { MessageKey } from '../../../shared/messages/index.ts'
import type { Rollout, RolloutStep, StepKind } from '../../../shared/rollouts/rollout.ts'
import { Hidden, type Text, useFormat, useText } from '../../design/index.ts'
import styles from './rollouts.module.css'
import { spanWords } from './span-words.ts'

const icons: { readonly [K in StepKind['kind']]: LucideIcon } = {
  weight: Split,
  pause: Clock,
  analysis: FlaskConical,
  experiment: FlaskConical,
  scale: Scaling,
  check: FlaskConical,
  other: Settings2,
}
const stateWords: { readonly [K in RolloutStep['state']]: MessageKey } = {
  done: 'rollout.stateDone',
  current: 'rollout.stateCurrent',
  failed: 'rollout.stateFailed',
  next: 'rollout.stateNext',
  later: 'rollout.stateLater',
}
const wide = 84
const tall = 72

/** The steps from left to right: the weight as a stair above them, and what each does below it. */
export function StepTimeline({ rollout }: { rollout: Rollout }) {
  const text = useText()
  const { steps } = rollout
  if (steps.length === 0) return <p className={styles['quiet']}>{text('rollout.noSteps')}</p>
  const level = (weight: number) => 6 + (tall - 12) * (1 - weight / 100)
  const points = steps.map(
    ({ weight }, index) => `${index * wide},${level(weight)} ${(index + 1) * wide},${level(weight)}`,
  )
  const done = steps.filter(({ state }) => state === 'done').length
  const reached = steps.slice(
    0,
    done + (done < steps.length && steps[done]!.state !== 'next' && steps[done]!.state !== 'later' ? 1 : 0),
  )
  const line = (of: readonly string[]) => of.join(' ')
  const width = steps.length * wide
  const here = steps.find(({ state }) => state === 'current' || state === 'failed')
  const at = here ? steps.indexOf(here) : -1
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
    <div className={styles['timeline']} tabIndex={0}>
      <div style={{ minWidth: width }}>
        <svg
          className={styles['stair']}
          viewBox={`0 0 ${width} ${tall}`}
          preserveAspectRatio="none"
          aria-hidden="true"
          data-failed={here?.state === 'failed' || undefined}
        >
          <polygon
            points={`0,${tall} ${line(points.slice(0, reached.length))} ${reached.length * wide},${tall}`}
            className={styles['stairDone']}
          />
          <polyline points={line(points)} className={styles['stairAll']} vectorEffect="non-scaling-stroke" />
          <polyline
            points={line(points.slice(0, reached.length))}
            className={styles['stairNow']}
            vectorEffect="non-scaling-stroke"
          />
          {at >= 0 && (
            <line
              x1={(at + 1) * wide}
              x2={(at + 1) * wide}
              y1="0"
              y2={tall}
              className={styles['stairHere']}
              vectorEffect="non-scaling-stroke"
            />
          )}
        </svg>
        <ol
          className={styles['steps']}
          style={{ gridTemplateColumns: `repeat(${steps.length}, minmax(${wide}px, 1fr))` }}
        >
          {steps.map((step, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps have no other name
            <Step key={index} step={step} rollout={rollout} />
          ))}
        </ol>
      </div>
    </div>
  )
}

function Step({ step, rollout }: { step: RolloutStep; rollout: Rollout }) {
  const text = useText()
  const format = useFormat()
  const { what, state } = step
  const Icon =
    state === 'done'
      ? Check
      : state === 'failed'
        ? X
        : what.kind === 'pause' && what.seconds === null
          ? Hand
          : icons[what.kind]
  const waits = state === 'current' && rollout.pause
  return (
    <li data-state={state} aria-current={state === 'current' || state === 'failed' ? 'step' : undefined}>
      <span className={styles['stepGlyph']}>
        <Icon aria-hidden="true" />
      </span>
      <span className={styles['stepWord']}>{wordOf(what, text)}</span>
      <Hidden>{text(stateWords[state])}</Hidden>
      {waits && rollout.pause?.until && (
        <small>{text('rollout.until', { time: format.time(rollout.pause.until) })}</small>
      )}
      {state === 'next' && <small>{text('rollout.next')}</small>}
    </li>
  )
}

function wordOf(what: StepKind, text: Text): string {
  switch (what.kind) {
    case 'weight':
      return `${what.weight} %`
    case 'pause':
      return what.seconds === null
        ? text('rollout.stepPause')
        : text('rollout.stepWait', { time: spanWords(what.seconds) })
    case 'analysis':
      return what.templates.join(', ') || text('rollout.stepAnalysis')
    case 'experiment':
      return what.templates.join(', ') || text('rollout.stepExperiment')
    case 'scale':
      return text('rollout.stepScale', { pods: what.pods })
    case 'check':
      return text('rollout.stepCheck')
    case 'other':
      return what.name
  }
}
