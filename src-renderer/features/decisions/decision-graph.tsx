import { Waypoints } from 'lucide-react'
import { useRef, useState } from 'react'
import type { DecisionDetail } from '../../../shared/decisions/contract.ts'
import { pickDefaultEnvironment } from '../../../shared/environments/pick-default-environment.ts'
import type { TopologyDiff } from '../../../shared/topology/topology.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useLive, useNavigation, useQuery } from '../../connection/index.ts'
import { Badge, Button, EmptyState, ErrorState, SplitPane, type Tone, useText } from '../../design/index.ts'
import { RecordedNote } from '../metrics/index.ts'
import { type PictureSelection, TopologyPicture } from '../topology/index.ts'
import { changesAt } from './changes-at.ts'
import styles from './decision-detail.module.css'

const tones = { added: 'ok', removed: 'removed', changed: 'info', same: 'neutral' } as const satisfies {
  [change: string]: Tone
}
const words = {
  added: 'page.editorAdded',
  removed: 'page.editorRemoved',
  changed: 'page.editorChanged',
  same: 'page.decisionsSame',
} as const

/** The graph as it was at the decision, with what it changed against its first parent: drawn, and as a list below. */
export function DecisionGraph({ workspace, detail }: { workspace: WorkspaceId; detail: DecisionDetail }) {
  const text = useText()
  const { topology, workspaces } = useApi()
  const here = useNavigation(place => place.environment)
  const go = useNavigation(place => place.go)
  const revision = detail.summary.id
  const there = useQuery(workspaces.environments, { workspace, revision })
  const environment = there.value && environmentOf(there.value, [detail.snapshot?.environment, here])
  const view = useLive(
    topology.graph,
    { workspace, environment: environment ?? '', revision },
    { skip: environment === null },
  )
  const [selected, setSelected] = useState<PictureSelection | null>(null)
  const changes = useRef<HTMLElement>(null)
  const open = (
    <Button
      icon={Waypoints}
      onClick={() =>
        go({
          screen: 'topology',
          environment,
          revision,
          selection: selected?.kind === 'edge' ? { ...selected, protocol: '' } : selected,
        })
      }
    >
      {text('page.decisionsOpenGraph')}
    </Button>
  )

  const failed = there.status === 'failed' ? there : view.status === 'failed' ? view : null
  if (failed?.error)
    return (
      <ErrorState error={failed.error} title={text('page.decisionsGraphFailed')} onRetry={failed.retry} action={open} />
    )
  const nothing = view.value && view.value.base.nodes.length + view.value.diff.nodes.length === 0
  if ((there.value && environment === null) || nothing)
    return <EmptyState icon={Waypoints} sentence={text('page.decisionsGraphNoManifests')} action={open} />
  const picture = (
    <TopologyPicture
      workspace={workspace}
      environment={environment ?? ''}
      view={view.value}
      selected={selected}
      onSelect={setSelected}
      // Behind the arrow key before it, which moves the focus when the node is drawn.
      onInspect={() => requestAnimationFrame(() => changes.current?.focus())}
    />
  )
  if (!view.value) return <div className={styles['picture']}>{picture}</div>
  const { diff } = view.value
  return (
    <SplitPane
      direction="column"
      label={text('page.decisionsGraphHeight')}
      remember="decision-graph"
      initial={heightOf(diff)}
      min={52}
      max={560}
      minMain={180}
      main={picture}
      side={
        <section ref={changes} tabIndex={-1} className={styles['graph']} aria-label={text('page.decisionsChanges')}>
          <Changes diff={diff} environment={environment ?? ''} selected={selected} onSelect={setSelected}>
            {view.value.metrics && <RecordedNote recorded={view.value.metrics} />}
            {open}
          </Changes>
        </section>
      }
    />
  )
}

/** Room for a few changes; the picture is what the tab is for. */
const heightOf = ({ nodes, edges }: TopologyDiff): number =>
  Math.round(Math.min(60 + Math.min(4, nodes.length + edges.length) * 37, Math.max(98, window.innerHeight * 0.2)))

/** The first of the wished environments that was there, else the one that would be chosen at the start. */
function environmentOf(
  there: Parameters<typeof pickDefaultEnvironment>[0],
  wishes: readonly (string | null | undefined)[],
): string | null {
  const wish = wishes.find(id => there.some(each => each.id === id))
  return wish ?? pickDefaultEnvironment(there)?.id ?? null
}

type ChangesProps = {
  diff: TopologyDiff
  environment: string
  selected: PictureSelection | null
  onSelect(selected: PictureSelection | null): void
  children: React.ReactNode
}

function Changes({ diff, environment, selected, onSelect, children }: ChangesProps) {
  const text = useText()
  const { nodes, edges } = selected ? changesAt(diff, selected) : diff
  const count = nodes.length + edges.length
  const name = selected?.kind === 'edge' ? `${selected.from} → ${selected.to}` : (selected?.id ?? '')
  const sentence = selected
    ? count === 0
      ? text('page.decisionsGraphNothingOn', { name })
      : text('page.decisionsGraphChangesOn', { count, name })
    : count === 0
      ? text('page.decisionsGraphSame')
      : text('page.decisionsGraphChanges', { count, environment })
  return (
    <>
      <div className={styles['graphHead']}>
        <p aria-live="polite">{sentence}</p>
        {selected && (
          <Button variant="ghost" onClick={() => onSelect(null)}>
            {text('page.decisionsGraphAll')}
          </Button>
        )}
        {children}
      </div>
      {count > 0 && (
        <ul className={styles['changes']}>
          {nodes.map(node => (
            <li key={node.id}>
              <Badge tone={tones[node.change]}>{text(words[node.change])}</Badge>
              <button type="button" onClick={() => onSelect({ kind: 'node', id: node.id })}>
                {node.id}
              </button>
              {node.fields.map(field => (
                <span key={field.field} className={styles['field']}>
                  <span>{field.field}</span>{' '}
                  <code>
                    {field.before ?? '–'} → {field.after ?? '–'}
                  </code>
                </span>
              ))}
            </li>
          ))}
          {edges.map(edge => (
            <li key={`${edge.from} ${edge.to} ${edge.protocol}`}>
              <Badge tone={tones[edge.change]}>{text(words[edge.change])}</Badge>
              <button type="button" onClick={() => onSelect({ kind: 'edge', from: edge.from, to: edge.to })}>
                {text('page.decisionsCalls', { from: edge.from, to: edge.to })}
              </button>
              <span className={styles['field']}>{edge.protocol}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
