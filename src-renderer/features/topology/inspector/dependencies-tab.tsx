import { ArrowLeft, ArrowRight, ArrowUpRight, Ellipsis, Waypoints } from 'lucide-react'
import { useMemo } from 'react'
import { Badge, Button, Callout, EmptyState, IconButton, Menu, useFormat, useText } from '../../../design/index.ts'
import { MeasuredFacts, SeenBadge } from '../../metrics/index.ts'
import type { DrawnEdge, EdgePart } from '../model/drawn-graph.ts'
import { isMeasured } from '../model/is-measured.ts'
import { classWords, evidenceWords, stateWords } from '../model/words.ts'
import { usePicture, useTopology } from '../topology-context.ts'
import { useEdgeMenu } from '../wiring/edge-actions.tsx'
import { shownImpact } from '../wiring/impact-on-picture.ts'
import styles from './inspector.module.css'
import { PlaceLink } from './place-link.tsx'

/** Who calls it and what it calls, each with where that is written. */
export function DependenciesTab({ id }: { id: string }) {
  const text = useText()
  const edges = usePicture(state => state.graph?.edges)
  const known = usePicture(state => state.graph?.nodes.get(id)?.node?.callsKnown)
  const { callers, calls } = useMemo(() => {
    const all = [...(edges?.values() ?? [])]
    return { callers: all.filter(edge => edge.to === id), calls: all.filter(edge => edge.from === id) }
  }, [edges, id])
  // Nothing that is known is not nothing.
  const unknown = known === 'unknown' && <Callout tone="warn">{text('wiring.callsUnknown', { name: id })}</Callout>
  if (callers.length + calls.length === 0)
    return (
      <div className={styles['list']}>
        <Ways id={id} />
        {unknown || (
          <EmptyState
            compact
            sentence={text(known === 'none-found' ? 'wiring.callsNone' : 'page.topologyNoDependencies', { name: id })}
          />
        )}
      </div>
    )
  return (
    <div className={styles['list']}>
      <Ways id={id} />
      {unknown}
      {calls.length > 0 && <h3 className={styles['heading']}>{text('page.topologyCalls', { count: calls.length })}</h3>}
      {calls.map(edge => (
        <OneDependency key={edge.id} edge={edge} other={edge.to} outgoing />
      ))}
      {callers.length > 0 && (
        <h3 className={styles['heading']}>{text('page.topologyCalledBy', { count: callers.length })}</h3>
      )}
      {callers.map(edge => (
        <OneDependency key={edge.id} edge={edge} other={edge.from} outgoing={false} />
      ))}
    </div>
  )
}

/** From a node's dependencies to their reach, and to a new one. */
function Ways({ id }: { id: string }) {
  const text = useText()
  const { picture, rewire } = useTopology()
  return (
    <div className={styles['verdict']}>
      <Button
        size="small"
        icon={Waypoints}
        onClick={() => {
          const { graph } = picture.store.getState()
          if (graph) picture.showImpact(shownImpact(graph, id, 'callers'))
        }}
      >
        {text('wiring.impact')}
      </Button>
      {rewire && (
        <Button
          size="small"
          variant="ghost"
          icon={ArrowUpRight}
          onClick={() => rewire({ kind: 'connect', from: id, to: null })}
        >
          {text('wiring.connect')}
        </Button>
      )}
    </div>
  )
}

function OneDependency({ edge, other, outgoing }: { edge: DrawnEdge; other: string; outgoing: boolean }) {
  const text = useText()
  const { select, picture } = useTopology()
  const menu = useEdgeMenu(edge.id)
  const Arrow = outgoing ? ArrowRight : ArrowLeft
  return (
    <article
      className={styles['item']}
      onPointerEnter={() => picture.hover({ kind: 'edge', id: edge.id })}
      onPointerLeave={() => picture.hover(null)}
    >
      <div className={styles['itemHead']}>
        <Arrow aria-hidden="true" />
        <button type="button" className={styles['itemName']} onClick={() => select({ kind: 'node', id: other })}>
          {other}
        </button>
        <ChangeBadge change={edge.change} />
        {menu.length > 0 && (
          <Menu items={menu} align="end">
            <IconButton
              size="small"
              icon={Ellipsis}
              label={text('wiring.callMenu', { from: edge.from, to: edge.to })}
            />
          </Menu>
        )}
      </div>
      {edge.parts.map(part => (
        <EdgePartFacts key={part.edge.protocol} part={part} dangling={edge.dangling} />
      ))}
    </article>
  )
}

function ChangeBadge({ change }: { change: DrawnEdge['change'] }) {
  const text = useText()
  if (change === 'added') return <Badge tone="proposed">{text('page.topologyAdded')}</Badge>
  if (change === 'removed') return <Badge tone="removed">{text('page.topologyRemoved')}</Badge>
  if (change === 'changed') return <Badge tone="proposed">{text('page.topologyChanged')}</Badge>
  return null
}

export function EdgePartFacts({ part: { edge }, dangling }: { part: EdgePart; dangling: boolean }) {
  const text = useText()
  const format = useFormat()
  const measuring = usePicture(state => isMeasured(state.graph?.edges))
  return (
    <div>
      <div className={styles['meta']}>
        <strong>{edge.protocol}</strong>
        <span>{text(classWords[edge.class])}</span>
        {!dangling && (
          <span>
            {text(stateWords[edge.state])}, {format.percent(edge.confidence)}
          </span>
        )}
        {dangling && <Badge tone="danger">{text('page.topologyDangling')}</Badge>}
        {!dangling && <SeenBadge edge={edge} measuring={measuring} />}
      </div>
      {edge.rate !== null && (
        <div className={styles['meta']}>
          <MeasuredFacts edge={edge} full />
        </div>
      )}
      <ul className={styles['evidence']}>
        {edge.evidence.map(item => (
          <li key={`${item.file} ${item.line} ${item.detail}`}>
            <code>{item.detail}</code>
            <span className={styles['where']}>
              <small>{text(evidenceWords[item.kind])}</small>
              {item.file && <PlaceLink file={item.file} line={item.line ?? null} />}
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
