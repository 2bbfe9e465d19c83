import { ArrowRight, ChevronsDownUp, ChevronsUpDown } from 'lucide-react'
import { useMemo } from 'react'
import { Badge, Button, useFormat, useText } from '../../../design/index.ts'
import { KindGlyph } from '../canvas/kind-glyph.tsx'
import { groupingWords, useGroupName } from '../group-name.ts'
import type { DrawnEdge } from '../model/drawn-graph.ts'
import type { DrawnGroup } from '../model/group-graph.ts'
import { usePicture, useTopology } from '../topology-context.ts'
import styles from './inspector.module.css'
import { InspectorHead } from './inspector-head.tsx'
import { Section } from './section.tsx'

/** Services listed; who needs more opens the group or the table. */
const listed = 60
const fewLines = 12

/** What is in a group, how it stands, and what it calls as a whole. */
export function GroupInspector({ group, onClose }: { group: DrawnGroup; onClose(): void }) {
  const text = useText()
  const format = useFormat()
  const nameOf = useGroupName()
  const { picture, select } = useTopology()
  const graph = usePicture(state => state.graph)
  const open = usePicture(state => state.open.has(group.id))
  const nodes = useMemo(() => group.nodes.flatMap(id => graph?.nodes.get(id) ?? []), [graph, group])
  const replicas = nodes.reduce((sum, { node }) => sum + (node?.replicas ?? 0), 0)
  const { calls, callers } = useLines(group)
  const name = nameOf(group)
  return (
    <>
      <InspectorHead
        title={name}
        name={name}
        about={`${text('scale.group')} · ${text(groupingWords[group.by])}`}
        onClose={onClose}
      />
      <div className={styles['body']} style={{ overflow: 'auto' }}>
        <Section
          title={text('scale.services', { count: group.nodes.length })}
          action={
            <Button size="small" icon={open ? ChevronsDownUp : ChevronsUpDown} onClick={() => picture.toggle(group.id)}>
              {text(open ? 'scale.closeThis' : 'scale.openThis')}
            </Button>
          }
        >
          <dl className={styles['facts']}>
            <dt>{text('scale.replicas')}</dt>
            <dd>{format.number(replicas)}</dd>
            <dt>{text('scale.changes')}</dt>
            <dd>{format.number(group.changed)}</dd>
            <dt>{text('scale.findings')}</dt>
            <dd>{format.number(group.findings)}</dd>
          </dl>
        </Section>
        <Lines title={text('scale.callsTo')} lines={calls} />
        <Lines title={text('scale.calledBy')} lines={callers} />
        <Section title={text('scale.inGroup')}>
          <ul className={styles['members']}>
            {nodes.slice(0, listed).map(drawn => (
              <li key={drawn.id}>
                <KindGlyph kind={drawn.kind} technology={drawn.node?.technology} size={16} />
                <button
                  type="button"
                  className={styles['itemName']}
                  onClick={() => select({ kind: 'node', id: drawn.id })}
                >
                  {drawn.id}
                </button>
                {drawn.findings.length > 0 && <Badge tone="warn">{drawn.findings.length}</Badge>}
              </li>
            ))}
          </ul>
          {nodes.length > listed && <p>{text('scale.moreServices', { count: nodes.length - listed })}</p>}
        </Section>
      </div>
    </>
  )
}

type Line = { readonly other: string; readonly lines: number; readonly rate: number | null }

/** What a group calls and who calls it, by group where there is one, the busiest and most numerous first. */
function useLines(group: DrawnGroup): { calls: readonly Line[]; callers: readonly Line[] } {
  const graph = usePicture(state => state.graph)
  const { of } = usePicture(state => state.groups)
  return useMemo(() => {
    const end = (id: string) => of.get(id) ?? id
    const add = (to: Map<string, Line>, other: string, edge: DrawnEdge) => {
      const line = to.get(other)
      const rate = line?.rate == null ? edge.rate : line.rate + (edge.rate ?? 0)
      to.set(other, { other, lines: (line?.lines ?? 0) + 1, rate })
    }
    const calls = new Map<string, Line>()
    const callers = new Map<string, Line>()
    for (const edge of graph?.edges.values() ?? []) {
      const [from, to] = [end(edge.from), end(edge.to)]
      if (from === to) continue
      if (from === group.id) add(calls, to, edge)
      if (to === group.id) add(callers, from, edge)
    }
    const ranked = (lines: ReadonlyMap<string, Line>) =>
      [...lines.values()].sort((a, b) => (b.rate ?? 0) - (a.rate ?? 0) || b.lines - a.lines)
    return { calls: ranked(calls), callers: ranked(callers) }
  }, [graph, of, group])
}

function Lines({ title, lines }: { title: string; lines: readonly Line[] }) {
  const text = useText()
  const format = useFormat()
  const nameOf = useGroupName()
  const { select } = useTopology()
  const { groups } = usePicture(state => state.groups)
  if (lines.length === 0) return null
  return (
    <Section title={title}>
      <ul className={styles['members']}>
        {lines.slice(0, fewLines).map(({ other, lines: count, rate }) => {
          const group = groups.get(other)
          return (
            <li key={other}>
              <ArrowRight aria-hidden="true" />
              <button type="button" className={styles['itemName']} onClick={() => select({ kind: 'node', id: other })}>
                {group ? nameOf(group) : other}
              </button>
              <small>
                {text('scale.lines', { count })}
                {rate !== null && ` · ${text('page.topologyRate', { rate: format.number(rate, 1) })}`}
              </small>
            </li>
          )
        })}
      </ul>
      {lines.length > fewLines && <p>{text('scale.moreGroups', { count: lines.length - fewLines })}</p>}
    </Section>
  )
}

/** The dependencies a rolled-up line stands for, each a way to it. */
export function RolledUp({ edge }: { edge: DrawnEdge }) {
  const text = useText()
  const { select } = useTopology()
  const graph = usePicture(state => state.graph)
  const lines = useMemo(() => {
    const pairs = new Map(edge.parts.map(({ edge: { from, to } }) => [`${from} ${to}`, { from, to }]))
    return [...pairs.values()].filter(({ from, to }) => graph?.nodes.has(from) && graph.nodes.has(to))
  }, [edge, graph])
  return (
    <Section title={text('scale.rolledUp', { count: edge.rolled ?? lines.length })}>
      <ul className={styles['members']}>
        {lines.slice(0, listed).map(({ from, to }) => (
          <li key={`${from} ${to}`}>
            <button type="button" className={styles['itemName']} onClick={() => select({ kind: 'node', id: from })}>
              {from}
            </button>
            <ArrowRight aria-label={text('page.topologyCallsWord')} />
            <button type="button" className={styles['itemName']} onClick={() => select({ kind: 'node', id: to })}>
              {to}
            </button>
          </li>
        ))}
      </ul>
      {lines.length > listed && <p>{text('scale.moreLines', { count: lines.length - listed })}</p>}
    </Section>
  )
}
