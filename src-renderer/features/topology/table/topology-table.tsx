import { useVirtualizer } from '@tanstack/react-virtual'
import { Ellipsis, History, Search, TriangleAlert } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useMemo, useRef, useState } from 'react'
import { needsSomebody } from '../../../../shared/live/needs-somebody.ts'
import { shortWhy } from '../../../../shared/live/short-why.ts'
import type { MessageKey } from '../../../../shared/messages/index.ts'
import {
  Badge,
  EmptyState,
  Hidden,
  IconButton,
  Menu,
  Segmented,
  TableBody,
  TableCell,
  TableColumn,
  TableHead,
  TableRow,
  TextField,
  useFormat,
  useSay,
  useText,
} from '../../../design/index.ts'
import { HealthMark } from '../../clusters/index.ts'
import { KindGlyph } from '../canvas/kind-glyph.tsx'
import { ReplicaStepper } from '../canvas/replica-stepper.tsx'
import { scaleOf } from '../model/editable.ts'
import { isMeasured } from '../model/is-measured.ts'
import type { Fact } from '../model/node-facts.ts'
import {
  type EdgeColumn,
  type EdgeRow,
  edgeRows,
  type NodeColumn,
  type NodeRow,
  nodeRows,
  type Sort,
  type Traffic,
} from '../model/table-rows.ts'
import { changeWords, classWords, kindWords, stateWords } from '../model/words.ts'
import { usePicture, useTopology } from '../topology-context.ts'
import { useThingMenu } from '../use-thing-menu.ts'
import { GroupTable, useGroupRows } from './group-rows.tsx'
import styles from './topology-table.module.css'

const rowHeight = 37
type What = 'groups' | 'nodes' | 'edges'

/** The graph as tables: the same things with the same actions, for keyboard, screen reader and large graphs. */
export function TopologyTable() {
  const text = useText()
  const grouped = usePicture(state => state.groups.groups.size)
  const [chosen, setWhat] = useState<What>(grouped > 0 ? 'groups' : 'nodes')
  const what = chosen === 'groups' && grouped === 0 ? 'nodes' : chosen
  const [filter, setFilter] = useState('')
  const graph = usePicture(state => state.graph)
  const [nodeSort, setNodeSort] = useState<Sort<NodeColumn>>({ column: 'id', descending: false })
  const [edgeSort, setEdgeSort] = useState<Sort<EdgeColumn>>({ column: 'from', descending: false })
  const live = usePicture(state => state.live)
  const liveIsStale = usePicture(state => state.liveIsStale)
  const measuredIsStale = usePicture(state => state.measuredIsStale)
  // What runs changes all the time: rows are put in order anew only where that is their order.
  const sorting = nodeSort.column === 'live' ? live : undefined
  const nodes = useMemo(
    () => (graph && what === 'nodes' ? nodeRows(graph, filter, nodeSort, sorting) : []),
    [graph, what, filter, nodeSort, sorting],
  )
  const edges = useMemo(
    () => (graph && what === 'edges' ? edgeRows(graph, filter, edgeSort) : []),
    [graph, what, filter, edgeSort],
  )
  const groups = useGroupRows(filter)
  const measured = isMeasured(graph?.edges)
  const all = { groups: grouped, nodes: graph?.nodes.size ?? 0, edges: graph?.edges.size ?? 0 }[what]
  const found = { groups: groups.length, nodes: nodes.length, edges: edges.length }[what]
  return (
    <div className={styles['frame']}>
      <div className={styles['bar']}>
        <Segmented<What>
          label={text('page.topologyTableOf')}
          size="small"
          value={what}
          onChange={setWhat}
          options={[
            ...(grouped > 0 ? [{ value: 'groups' as const, label: text('scale.groups') }] : []),
            { value: 'nodes', label: text('page.topologyNodes') },
            { value: 'edges', label: text('page.topologyEdges') },
          ]}
        />
        <TextField
          icon={Search}
          value={filter}
          onChange={setFilter}
          placeholder={text('page.topologyFilter')}
          aria-label={text('page.topologyFilter')}
          onKeyDown={event => {
            if (event.key === 'Escape' && filter !== '') {
              event.stopPropagation()
              setFilter('')
            }
          }}
        />
        <output className={styles['count']}>{text('page.topologyShownOf', { shown: found, count: all })}</output>
      </div>
      {found === 0 ? (
        <EmptyState compact sentence={text('page.topologyFilterEmpty', { filter })} />
      ) : what === 'groups' ? (
        <GroupTable rows={groups} />
      ) : what === 'nodes' ? (
        <Rows
          label={text('page.topologyNodes')}
          columns={nodeColumns.filter(({ column }) =>
            column === 'live' ? live.size > 0 : measured || !isTraffic(column),
          )}
          isStale={column => (column === 'live' ? liveIsStale : isTraffic(column) && measuredIsStale)}
          sort={nodeSort}
          onSort={setNodeSort}
          rows={nodes}
          draw={row => <OneNode key={row.id} row={row} hasLive={live.size > 0} measured={measured} />}
        />
      ) : (
        <Rows
          label={text('page.topologyEdges')}
          columns={edgeColumns.filter(({ column }) => measured || !isTraffic(column))}
          isStale={column => isTraffic(column) && measuredIsStale}
          sort={edgeSort}
          onSort={setEdgeSort}
          rows={edges}
          draw={row => <OneEdge key={row.id} row={row} measured={measured} />}
        />
      )}
    </div>
  )
}

type Column<C> = { readonly column: C; readonly label: MessageKey; readonly end?: boolean }
const trafficColumns: readonly Column<keyof Traffic>[] = [
  { column: 'rate', label: 'page.topologyRateColumn', end: true },
  { column: 'errors', label: 'metrics.columnErrors', end: true },
  { column: 'p95', label: 'metrics.columnP95', end: true },
]
const nodeColumns: readonly Column<NodeColumn>[] = [
  { column: 'id', label: 'page.topologyName' },
  { column: 'kind', label: 'page.topologyKind' },
  { column: 'replicas', label: 'page.topologyReplicas', end: true },
  { column: 'live', label: 'live.tab' },
  ...trafficColumns,
  { column: 'version', label: 'page.topologyTag' },
  { column: 'owner', label: 'page.topologyOwner' },
  { column: 'callers', label: 'page.topologyCallers', end: true },
  { column: 'calls', label: 'page.topologyCallsColumn', end: true },
  { column: 'findings', label: 'page.topologyFindingsColumn', end: true },
  { column: 'file', label: 'page.topologyFile' },
]
const edgeColumns: readonly Column<EdgeColumn>[] = [
  { column: 'from', label: 'page.topologyFrom' },
  { column: 'to', label: 'page.topologyTo' },
  { column: 'protocol', label: 'page.topologyProtocol' },
  { column: 'class', label: 'page.topologyClass' },
  { column: 'state', label: 'page.topologyState' },
  { column: 'confidence', label: 'page.topologyConfidence', end: true },
  ...trafficColumns,
  { column: 'evidence', label: 'page.topologyEvidence', end: true },
]

const isTraffic = (column: NodeColumn | EdgeColumn): boolean => trafficColumns.some(each => each.column === column)

/** A table of which only the rows in view exist. Arrow keys move through all of them. */
function Rows<C extends string, R extends { readonly id: string }>({
  label,
  columns,
  isStale,
  sort,
  onSort,
  rows,
  draw,
}: {
  label: string
  columns: readonly Column<C>[]
  /** Whether what a column says is of an earlier time. */
  isStale(column: C): boolean
  sort: Sort<C>
  onSort(sort: Sort<C>): void
  rows: readonly R[]
  draw(row: R): ReactNode
}) {
  const text = useText()
  const frame = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    getItemKey: index => rows[index]?.id ?? index,
  })
  const items = virtual.getVirtualItems()
  const above = items[0]?.start ?? 0
  const below = virtual.getTotalSize() - (items.at(-1)?.end ?? 0)
  const onKeyDown = (event: KeyboardEvent) => {
    const edge = event.key === 'Home' ? 0 : event.key === 'End' ? rows.length - 1 : null
    if (edge === null || !(event.target instanceof HTMLTableRowElement)) return
    event.preventDefault()
    virtual.scrollToIndex(edge)
    requestAnimationFrame(() => {
      const all = frame.current?.querySelectorAll<HTMLElement>('tbody tr[tabindex]')
      all?.[edge === 0 ? 0 : all.length - 1]?.focus()
    })
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Home and End of the rows in it
    <div ref={frame} className={styles['scroll']} onKeyDown={onKeyDown}>
      <table aria-label={label} aria-rowcount={rows.length + 1}>
        <TableHead>
          <tr>
            {columns.map(({ column, label: name, end }) => (
              <TableColumn
                key={column}
                end={end ?? false}
                sorted={sort.column === column ? (sort.descending ? 'descending' : 'ascending') : 'none'}
                onSort={() => onSort({ column, descending: sort.column === column && !sort.descending })}
              >
                {text(name)}
                {isStale(column) && (
                  <span className={styles['staleMark']} title={text('live.staleValues')}>
                    <History aria-hidden="true" />
                    <Hidden> {text('live.staleValues')}</Hidden>
                  </span>
                )}
              </TableColumn>
            ))}
            <TableColumn>
              <Hidden>{text('page.topologyActions')}</Hidden>
            </TableColumn>
          </tr>
        </TableHead>
        <TableBody>
          {above > 0 && (
            <tr>
              <td colSpan={columns.length + 1} style={{ height: above, padding: 0 }} />
            </tr>
          )}
          {items.map(item => {
            const row = rows[item.index]
            return row && draw(row)
          })}
          {below > 0 && (
            <tr>
              <td colSpan={columns.length + 1} style={{ height: below, padding: 0 }} />
            </tr>
          )}
        </TableBody>
      </table>
    </div>
  )
}

function OneNode({ row, hasLive, measured }: { row: NodeRow; hasLive: boolean; measured: boolean }) {
  const text = useText()
  const { select, readOnly, environment } = useTopology()
  const selected = usePicture(state => state.selected?.kind === 'node' && state.selected.id === row.id)
  const drawn = usePicture(state => state.graph?.nodes.get(row.id))
  const live = usePicture(state => state.live.get(row.id))
  const liveIsStale = usePicture(state => state.liveIsStale)
  const say = useSay()
  const menu = useThingMenu(row.id)
  const word = changeWords[row.change]
  const scale = !readOnly && selected ? scaleOf(drawn) : null
  return (
    <TableRow selected={selected} onSelect={() => select({ kind: 'node', id: row.id })}>
      <TableCell>
        <span className={styles['name']} data-change={row.change}>
          <KindGlyph kind={row.kind} technology={row.technology || undefined} size={20} />
          <span>{row.id}</span>
          {word && <Badge tone={row.change === 'removed' ? 'removed' : 'proposed'}>{text(word)}</Badge>}
        </span>
      </TableCell>
      <TableCell>
        {drawn?.missing ? text('page.topologyMissing') : (drawn?.node?.workload?.kind ?? text(kindWords[row.kind]))}
      </TableCell>
      <TableCell end>
        {scale ? (
          <ReplicaStepper name={row.id} resource={scale.resource} replicas={scale.replicas} />
        ) : (
          <FactCell fact={row.facts.replicas ?? row.facts.range} />
        )}
      </TableCell>
      {hasLive && (
        <TableCell
          className={styles['clip'] ?? ''}
          data-stale={liveIsStale || undefined}
          title={live?.why ? say(live.why) : undefined}
        >
          {live && (
            <>
              <HealthMark health={live.health} old={liveIsStale} />{' '}
              {live.desired === null ? live.ready : `${live.ready}/${live.desired}`}
              {live.why && live.rank >= needsSomebody && ` · ${text(shortWhy(live.why))}`}
            </>
          )}
        </TableCell>
      )}
      {measured && <TrafficCells traffic={row} />}
      <TableCell className={styles['clip'] ?? ''}>
        <FactCell fact={row.facts.version} />
      </TableCell>
      <TableCell>{row.facts.owner ?? ''}</TableCell>
      <TableCell end>{row.callers}</TableCell>
      <TableCell end>{row.calls}</TableCell>
      <TableCell end>{row.findings > 0 ? <Badge tone="warn">{row.findings}</Badge> : ''}</TableCell>
      <TableCell className={`${styles['file']} ${styles['clip']}`} title={row.file}>
        {row.file.startsWith(`${environment}/`) ? row.file.slice(environment.length + 1) : row.file}
      </TableCell>
      <TableCell end>
        <Menu items={menu} align="end">
          <IconButton
            icon={Ellipsis}
            size="small"
            label={text('page.topologyActionsOf', { name: row.id })}
            onClick={event => event.stopPropagation()}
          />
        </Menu>
      </TableCell>
    </TableRow>
  )
}

function FactCell({ fact }: { fact: Fact | null }) {
  if (!fact) return null
  if (fact.proposed === null) return fact.now
  return (
    <span className={styles['proposed']}>
      {fact.now} → <strong>{fact.proposed}</strong>
    </span>
  )
}

function TrafficCells({ traffic: { rate, errors, p95 } }: { traffic: Traffic }) {
  const format = useFormat()
  const stale = usePicture(state => state.measuredIsStale) || undefined
  return (
    <>
      <TableCell end data-stale={stale}>
        {rate === null ? '' : format.number(rate, 1)}
      </TableCell>
      <TableCell end data-stale={stale}>
        {errors === null ? '' : format.percent(errors)}
      </TableCell>
      <TableCell end data-stale={stale}>
        {p95 === null ? '' : format.number(p95, 0)}
      </TableCell>
    </>
  )
}

function OneEdge({ row, measured }: { row: EdgeRow; measured: boolean }) {
  const text = useText()
  const format = useFormat()
  const { select } = useTopology()
  const selected = usePicture(state => state.selected?.kind === 'edge' && state.selected.id === row.id)
  const edge = usePicture(state => state.graph?.edges.get(row.id))
  const word = changeWords[row.change]
  return (
    <TableRow selected={selected} onSelect={() => select({ kind: 'edge', id: row.id })}>
      <TableCell>
        <span className={styles['name']} data-change={row.change}>
          <span>{row.from}</span>
        </span>
      </TableCell>
      <TableCell>
        <span className={styles['name']} data-change={row.change}>
          <span>{row.to}</span>
          {row.dangling && (
            <Badge tone="danger" icon={TriangleAlert}>
              {text('page.topologyDangling')}
            </Badge>
          )}
          {word && <Badge tone={row.change === 'removed' ? 'removed' : 'proposed'}>{text(word)}</Badge>}
        </span>
      </TableCell>
      <TableCell>{row.protocol}</TableCell>
      <TableCell>{edge?.classes.map(name => text(classWords[name])).join(', ')}</TableCell>
      <TableCell>{text(stateWords[row.state])}</TableCell>
      <TableCell end>{row.dangling ? '' : format.percent(row.confidence)}</TableCell>
      {measured && <TrafficCells traffic={row} />}
      <TableCell end>{row.evidence}</TableCell>
      <TableCell />
    </TableRow>
  )
}
