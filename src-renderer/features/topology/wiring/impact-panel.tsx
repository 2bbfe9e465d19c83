import { Waypoints, X } from 'lucide-react'
import { useEffect } from 'react'
import type { ImpactDirection, Reached } from '../../../../shared/wiring/impact.ts'
import { useShortcut } from '../../../connection/index.ts'
import { IconButton, Segmented, useFormat, useText } from '../../../design/index.ts'
import { stateWords } from '../model/words.ts'
import { usePicture, useTopology } from '../topology-context.ts'
import styles from './impact.module.css'
import { shownImpact } from './impact-on-picture.ts'

/** Who depends on a service, how far, over what and how surely; beside the graph that shows the same. */
export function ImpactPanel() {
  const text = useText()
  const { picture } = useTopology()
  const impact = usePicture(state => state.impact)
  const graph = usePicture(state => state.graph)
  const close = () => picture.showImpact(null)
  const turn = (direction: ImpactDirection) => {
    if (impact && graph) picture.showImpact(shownImpact(graph, impact.id, direction))
  }
  // What the draft adds or takes away is felt at once.
  const { id, direction } = impact ?? {}
  useEffect(() => {
    if (graph && id !== undefined && direction) picture.showImpact(shownImpact(graph, id, direction))
  }, [graph, id, direction, picture])
  useShortcut('Escape', 'wiring.closeImpact', close, {
    when: () => picture.store.getState().impact !== null,
    keyOnly: true,
  })
  if (!impact) return null
  const rings = [...Map.groupBy(impact.reached, one => one.hops)]
  const farthest = rings.at(-1)?.[0] ?? 0
  return (
    <section className={styles['panel']} aria-label={text('wiring.impactOf', { name: impact.id })}>
      <header>
        <Waypoints aria-hidden="true" />
        <h2>{impact.id}</h2>
        <IconButton icon={X} size="small" label={text('wiring.closeImpact')} shortcut="Escape" onClick={close} />
      </header>
      <Segmented<ImpactDirection>
        size="small"
        label={text('wiring.impactWay')}
        value={impact.direction}
        onChange={turn}
        options={[
          { value: 'callers', label: text('wiring.impactCallers') },
          { value: 'calls', label: text('wiring.impactCalls') },
        ]}
      />
      <p className={styles['sum']}>
        {impact.reached.length === 0
          ? text(impact.direction === 'callers' ? 'wiring.nobodyDepends' : 'wiring.dependsOnNobody', {
              name: impact.id,
            })
          : text(impact.direction === 'callers' ? 'wiring.manyDepend' : 'wiring.dependsOnMany', {
              name: impact.id,
              count: impact.reached.length,
              hops: farthest,
            })}
      </p>
      <Unknown reached={impact.reached} id={impact.id} direction={impact.direction} />
      <div className={styles['rings']}>
        {rings.map(([hops, members]) => (
          <section key={hops}>
            <h3>
              <span className={styles['hop']} data-hops={Math.min(hops, 4)}>
                {hops}
              </span>
              {text(hops === 1 ? 'wiring.hopsDirect' : 'wiring.hopsAway', { count: hops })}
            </h3>
            <ul>
              {members.map(one => (
                <Member key={one.id} one={one} />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </section>
  )
}

/** Nodes whose calls nobody knows: they may depend on it too, or it may on more through them. */
function Unknown({ reached, id, direction }: { reached: readonly Reached[]; id: string; direction: ImpactDirection }) {
  const text = useText()
  const nodes = usePicture(state => state.graph?.nodes)
  const within = new Set([id, ...reached.map(one => one.id)])
  const names = [...(nodes?.values() ?? [])].flatMap(drawn =>
    drawn.node?.callsKnown === 'unknown' &&
    drawn.change !== 'removed' &&
    within.has(drawn.id) === (direction === 'calls')
      ? [drawn.id]
      : [],
  )
  if (names.length === 0) return null
  return (
    <p className={styles['sum']}>
      {text(direction === 'calls' ? 'wiring.moreThrough' : 'wiring.mayDependToo', {
        count: names.length,
        names: names.slice(0, 3).join(', '),
      })}
    </p>
  )
}

function Member({ one }: { one: Reached }) {
  const text = useText()
  const format = useFormat()
  const { select } = useTopology()
  const facts = [
    one.protocols.filter(Boolean).join(', '),
    `${text(stateWords[one.state])} ${format.percent(one.confidence)}`,
    one.through.length > 0 ? text('wiring.through', { names: one.through.join(', ') }) : '',
  ]
  return (
    <li>
      <button type="button" onClick={() => select({ kind: 'node', id: one.id })}>
        <span>{one.id}</span>
        <small>{facts.filter(Boolean).join(' · ')}</small>
      </button>
    </li>
  )
}
