import { GitCompareArrows, Search, SearchX, Table2, Waypoints } from 'lucide-react'
import { type ReactNode, useDeferredValue, useMemo, useRef, useState } from 'react'
import type { ComparedTopology, TopologyChange } from '../../../shared/compare/contract.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import { Button, EmptyState, Segmented, SplitPane, TextField, useText } from '../../design/index.ts'
import { type PictureSelection, TopologyPicture } from '../topology/index.ts'
import { ChangeMark } from './change-mark.tsx'
import styles from './compare.module.css'
import difference from './difference.module.css'
import { DifferenceTable } from './difference-table.tsx'
import { MadeBy } from './made-by.tsx'
import type { Makers } from './use-makers.ts'

const kinds: { readonly [K in TopologyChange['kind']]: MessageKey } = {
  node: 'compare.kind_node',
  edge: 'compare.kind_edge',
  route: 'compare.kind_route',
}

/** With fewer, all are seen at once. */
const fewest = 12
/** More than anyone scrolls through; the filter and the table lead to the rest. */
const mostCards = 300

const ofStep = { title: 'compare.legend', added: 'compare.legendAdded', removed: 'compare.legendRemoved' } as const
const ofPoints = {
  title: 'compare.legend',
  added: 'compare.legendOnlyB',
  removed: 'compare.legendOnlyA',
  apart: { added: 'compare.onlyB', removed: 'compare.onlyA' },
} as const

/** One graph in the places it always has, with what differs lit; beside it the differences, or all of them as a table. */
export function TopologyTab({
  workspace,
  compared,
  makers,
  slider,
}: {
  workspace: string
  compared: ComparedTopology
  makers: Makers
  /** Below the graph: moves B through time. */
  slider: ReactNode
}) {
  const text = useText()
  const { subjects, view, b, a } = compared
  const [as, setAs] = useState<'graph' | 'table'>('graph')
  const [selected, setSelected] = useState<PictureSelection | null>(null)
  const list = useRef<HTMLElement>(null)
  const [typed, setTyped] = useState('')
  const wanted = useDeferredValue(typed.trim().toLowerCase())
  const found = useMemo(() => subjects.filter(subject => isNamed(subject, wanted)), [subjects, wanted])
  const here = useMemo(() => (selected ? found.filter(subject => isAt(subject, selected)) : found), [found, selected])
  const words = useMemo(() => found.map(subject => ({ ...subject, word: text(kinds[subject.kind]) })), [found, text])
  if (subjects.length === 0) return <EmptyState icon={GitCompareArrows} sentence={text('compare.sameTopology')} />
  const only = subjects.some(({ change }) => change === 'only-a' || change === 'only-b')
  const bar = (
    <div className={styles['bar']}>
      <p aria-live="polite">
        {selected
          ? text('compare.selectedOnly', {
              name: selected.kind === 'node' ? selected.id : `${selected.from} → ${selected.to}`,
            })
          : text('compare.count', { count: subjects.length })}
      </p>
      {selected && as === 'graph' && (
        <Button size="small" variant="ghost" onClick={() => setSelected(null)}>
          {text('compare.showAll')}
        </Button>
      )}
      <Segmented<'graph' | 'table'>
        size="small"
        label={text('compare.showAs')}
        value={as}
        onChange={setAs}
        options={[
          { value: 'graph', label: text('compare.asGraph'), icon: Waypoints },
          { value: 'table', label: text('compare.asTable'), icon: Table2 },
        ]}
      />
    </div>
  )
  const filter = subjects.length > fewest && (
    <div className={styles['filter']}>
      <TextField
        type="search"
        icon={Search}
        value={typed}
        onChange={setTyped}
        placeholder={text('compare.find')}
        aria-label={text('compare.find')}
      />
    </div>
  )
  const none = <EmptyState compact icon={SearchX} sentence={text('compare.noneFound')} />
  if (as === 'table')
    return (
      <div className={styles['column']}>
        {bar}
        {filter}
        {found.length === 0 && none}
        <DifferenceTable label={text('compare.changes')} subjects={words} makers={makers} />
      </div>
    )
  return (
    <SplitPane
      label={text('compare.listWidth')}
      remember="compare-topology"
      initial={{ share: 0.3, least: 320, most: 440 }}
      min={280}
      max={720}
      minMain={320}
      main={
        <div className={styles['column']}>
          <TopologyPicture
            workspace={workspace}
            environment={b.holds ? b.environment : a.environment}
            view={view}
            selected={selected}
            onSelect={setSelected}
            onInspect={() => requestAnimationFrame(() => list.current?.focus())}
            legend={only ? ofPoints : ofStep}
          />
          {slider}
        </div>
      }
      side={
        <section ref={list} tabIndex={-1} className={styles['column']} aria-label={text('compare.changes')}>
          {bar}
          {filter}
          {found.length === 0 ? (
            none
          ) : here.length === 0 ? (
            <EmptyState
              compact
              sentence={text('compare.nothingHere', {
                name: selected?.kind === 'edge' ? `${selected.from} → ${selected.to}` : (selected?.id ?? ''),
              })}
            />
          ) : (
            <ul className={styles['cards']}>
              {here.slice(0, mostCards).map(subject => (
                <li key={subject.key}>
                  <Card subject={subject} makers={makers} onChoose={() => setSelected(selectionOf(subject))} />
                </li>
              ))}
              {here.length > mostCards && (
                <li className={styles['note']}>{text('compare.cutRows', { shown: mostCards, count: here.length })}</li>
              )}
            </ul>
          )}
        </section>
      }
    />
  )
}

function Card({ subject, makers, onChoose }: { subject: TopologyChange; makers: Makers; onChoose(): void }) {
  const text = useText()
  const { change, name, kind, fields, key } = subject
  return (
    <>
      <div className={styles['cardHead']}>
        <ChangeMark change={change} />
        {kind === 'route' ? (
          <span className={styles['cardName']} title={name}>
            {name}
          </span>
        ) : (
          <button type="button" className={styles['cardName']} title={name} onClick={onChoose}>
            {name}
          </button>
        )}
        {change !== 'changed' && <MadeBy by={makers(key)} />}
      </div>
      {change === 'changed' && (
        <dl className={styles['cardFields']}>
          {fields.map(field => (
            <div key={field.key}>
              <dt title={field.field}>{field.field}</dt>
              <dd>
                <CardValue before={field.before ?? '–'} after={field.after ?? '–'} />
                {field.measured ? (
                  <span className={difference['unknown']}>{text('compare.measured')}</span>
                ) : (
                  <MadeBy by={makers(field.key, key)} />
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  )
}

/** On one line where both fit; else one below the other, so that none of them is cut where it matters. */
function CardValue({ before, after }: { before: string; after: string }) {
  const short = before.length + after.length < 34
  return (
    <span className={styles['cardValue']} data-short={short || undefined}>
      {!short && <span className={styles['cardSide']}>A</span>}
      <span className={styles['cardBefore']} title={before}>
        {before}
      </span>
      <span className={styles['cardSide']}>{short ? '→' : 'B'}</span>
      <span className={styles['cardAfter']} title={after}>
        {after}
      </span>
    </span>
  )
}

const selectionOf = ({ kind, name, ends }: TopologyChange): PictureSelection | null =>
  ends ? { kind: 'edge', ...ends } : kind === 'node' ? { kind: 'node', id: name } : null

const isNamed = ({ name, fields }: TopologyChange, wanted: string): boolean =>
  wanted === '' ||
  name.toLowerCase().includes(wanted) ||
  fields.some(({ field }) => field.toLowerCase().includes(wanted))

function isAt({ kind, name, ends }: TopologyChange, selected: PictureSelection): boolean {
  if (selected.kind === 'edge') return ends?.from === selected.from && ends.to === selected.to
  return ends ? ends.from === selected.id || ends.to === selected.id : kind === 'node' && name === selected.id
}
