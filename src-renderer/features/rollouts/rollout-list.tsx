import type { KeyboardEvent } from 'react'
import type { RolloutView } from '../../../shared/rollouts/contract.ts'
import type { Rollout } from '../../../shared/rollouts/rollout.ts'
import { Entry, EntryHeading, EntryList, Screen, useSay, useText } from '../../design/index.ts'
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
    <Screen as="nav" label={text('rollout.title')} onKeyDown={onKeyDown}>
      <EntryList>
        {order.map(standing => {
          const own = rollouts.filter(rollout => rollout.standing === standing)
          if (own.length === 0) return null
          return (
            <section key={standing}>
              <EntryHeading count={own.length}>{text(standingLooks[standing].word)}</EntryHeading>
              {own.map(rollout => (
                <OneRollout key={rollout.id} rollout={rollout} isChosen={rollout.id === chosen} onChoose={onChoose} />
              ))}
            </section>
          )
        })}
      </EntryList>
    </Screen>
  )
}

type OneProps = { rollout: RolloutView; isChosen: boolean; onChoose(id: string): void }

function OneRollout({ rollout, isChosen, onChoose }: OneProps) {
  const say = useSay()
  const { tone, icon } = standingLooks[rollout.standing]
  const { object, status, why } = rollout
  return (
    <Entry
      icon={icon}
      tone={tone}
      name={object.name}
      beside={`${object.namespace === '' ? '' : `${object.namespace} · `}${engineNames[status.engine]}`}
      current={isChosen}
      onChoose={() => onChoose(rollout.id)}
    >
      <span className={styles['entryWhy']}>{say(why)}</span>
      {rollout.standing !== 'done' && <TrafficBar rollout={rollout} small />}
    </Entry>
  )
}
