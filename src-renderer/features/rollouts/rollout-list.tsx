import type { KeyboardEvent } from 'react'
import type { RolloutView } from '../../../shared/rollouts/contract.ts'
import type { Rollout } from '../../../shared/rollouts/rollout.ts'
import { useSay, useText } from '../../design/index.ts'
import styles from './rollouts.module.css'
import { engineNames, standingLooks } from './standing-words.ts'
import { TrafficBar } from './traffic-bar.tsx'

type RolloutListProps = {
  rollouts: readonly RolloutView[]
  chosen: string
  onChoose(id: string): void
}

const order: readonly Rollout['standing'][] = ['failed', 'waiting', 'moving', 'done']

export function RolloutList({ rollouts, chosen, onChoose }: RolloutListProps) {
  const text = useText()
  const at = rollouts.findIndex(({ id }) => id === chosen)
  function onKeyDown(event: KeyboardEvent) {
    const steps: { readonly [key: string]: number } = {
      ArrowDown: 1,
      ArrowUp: -1,
      Home: -rollouts.length,
      End: rollouts.length,
    }
    const by = steps[event.key]
    if (by === undefined) return
    event.preventDefault()
    const next = rollouts[Math.max(0, Math.min(rollouts.length - 1, at + by))]
    if (next) onChoose(next.id)
  }
  return (
    <nav className={styles['list']} aria-label={text('rollout.title')} onKeyDown={onKeyDown}>
      {order.map(standing => {
        const own = rollouts.filter(rollout => rollout.standing === standing)
        if (own.length === 0) return null
        return (
          <section key={standing}>
            <h2>
              {text(standingLooks[standing].word)} <small>{own.length}</small>
            </h2>
            {own.map(rollout => (
              <Entry key={rollout.id} rollout={rollout} isChosen={rollout.id === chosen} onChoose={onChoose} />
            ))}
          </section>
        )
      })}
    </nav>
  )
}

type EntryProps = { rollout: RolloutView; isChosen: boolean; onChoose(id: string): void }

function Entry({ rollout, isChosen, onChoose }: EntryProps) {
  const say = useSay()
  const { tone, icon: Icon } = standingLooks[rollout.standing]
  const { object, status, why } = rollout
  return (
    <button
      type="button"
      className={styles['entry']}
      aria-current={isChosen || undefined}
      onClick={() => onChoose(rollout.id)}
    >
      <Icon aria-hidden="true" data-tone={tone} />
      <span className={styles['entryWords']}>
        <span className={styles['entryName']}>
          <strong>{object.name}</strong>
          <span>
            {object.namespace === '' ? '' : `${object.namespace} · `}
            {engineNames[status.engine]}
          </span>
        </span>
        <span className={styles['entryWhy']}>{say(why)}</span>
        {rollout.standing !== 'done' && <TrafficBar rollout={rollout} small />}
      </span>
    </button>
  )
}
