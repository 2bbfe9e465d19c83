import { memo } from 'react'
import type { EdgeNodeView } from '../../../shared/edge/contract.ts'
import {
  Badge,
  classes,
  RelativeTime,
  Table,
  TableBody,
  TableCell,
  TableColumn,
  TableHead,
  TableRow,
  useFormat,
  useSay,
  useText,
} from '../../design/index.ts'
import styles from './edge.module.css'
import { Meter } from './meter.tsx'
import { fullest, hottest, loadEach, memoryUsed, shareOfDisk, stateOf } from './node-words.ts'

type Props = { nodes: readonly EdgeNodeView[]; onChoose(name: string): void }

/** All nodes, those that somebody should look at first. */
export function NodeTable({ nodes, onChoose }: Props) {
  const text = useText()
  return (
    <Table label={text('edge.nodes')} className={styles['table'] ?? ''}>
      <TableHead>
        <tr>
          <TableColumn>{text('edge.columnNode')}</TableColumn>
          <TableColumn>{text('edge.columnState')}</TableColumn>
          <TableColumn>{text('edge.columnSite')}</TableColumn>
          <TableColumn className={styles['wide'] ?? ''}>{text('edge.columnRing')}</TableColumn>
          <TableColumn className={styles['wide'] ?? ''}>{text('edge.columnMachine')}</TableColumn>
          <TableColumn className={styles['medium'] ?? ''}>{text('edge.columnServices')}</TableColumn>
          <TableColumn>{text('edge.columnLoad')}</TableColumn>
          <TableColumn>{text('edge.columnMemory')}</TableColumn>
          <TableColumn>{text('edge.columnDisk')}</TableColumn>
          <TableColumn end>{text('edge.columnHeat')}</TableColumn>
          <TableColumn end>{text('edge.columnSeen')}</TableColumn>
        </tr>
      </TableHead>
      <TableBody>
        {nodes.map(node => (
          <NodeRow key={node.name} node={node} onChoose={onChoose} />
        ))}
      </TableBody>
    </Table>
  )
}

/** Drawn anew only when its own node says something else. */
const NodeRow = memo(function NodeRow({ node, onChoose }: { node: EdgeNodeView; onChoose(name: string): void }) {
  const text = useText()
  const say = useSay()
  const format = useFormat()
  const { facts, labels, problem, problems } = node
  const { tone, key } = stateOf(node)
  const disk = facts && fullest(facts)
  const heat = facts && hottest(facts)
  const load = facts && loadEach(facts)
  const [worst] = problems
  return (
    <TableRow onSelect={() => onChoose(node.name)} data-stale={node.state === 'stale' || undefined}>
      <TableCell className={styles['name'] ?? ''}>
        <strong>{node.name}</strong>
        {node.protected && <small>{text('edge.protected')}</small>}
      </TableCell>
      <TableCell className={styles['says'] ?? ''}>
        <Badge tone={tone}>{text(key)}</Badge>
        {(problem || worst) && <span title={say(problem ?? worst!.message)}>{say(problem ?? worst!.message)}</span>}
      </TableCell>
      <TableCell className={styles['short'] ?? ''}>{labels['site'] ?? ''}</TableCell>
      <TableCell className={styles['wide'] ?? ''}>{labels['ring'] ?? ''}</TableCell>
      <TableCell className={styles['wide'] ?? ''}>
        <span className={styles['machine']} title={facts?.model ?? undefined}>
          <span>{facts?.architecture ?? node.architecture ?? ''}</span>
          {facts && <small>{facts.model ?? facts.cpu.name}</small>}
        </span>
      </TableCell>
      <TableCell className={classes(styles['short'], styles['medium'])} title={node.services.join(', ')}>
        {node.services.join(', ')}
      </TableCell>
      <TableCell>
        <Meter share={load} warn={1} danger={2} text={facts?.load ? format.number(facts.load[0]) : ''} />
      </TableCell>
      <TableCell>
        <Meter share={facts && memoryUsed(facts)} warn={0.9} danger={0.97} />
      </TableCell>
      <TableCell>
        <Meter share={disk && shareOfDisk(disk)} warn={0.9} danger={0.97} />
      </TableCell>
      <TableCell end className={styles['figure'] ?? ''} data-tone={heat !== null && heat >= 80 ? 'warn' : undefined}>
        {heat === null ? <span className={styles['none']}>–</span> : `${Math.round(heat)} °C`}
      </TableCell>
      <TableCell end className={styles['seen'] ?? ''}>
        {node.lastSeen ? <RelativeTime at={node.lastSeen} /> : <span className={styles['none']}>–</span>}
      </TableCell>
    </TableRow>
  )
})
