import { ChevronsDownUp, ChevronsUpDown } from 'lucide-react'
import {
  Badge,
  Hidden,
  IconButton,
  TableBody,
  TableCell,
  TableColumn,
  TableHead,
  TableRow,
  useText,
} from '../../../design/index.ts'
import { useGroupName } from '../group-name.ts'
import type { DrawnGroup } from '../model/group-graph.ts'
import { usePicture, useTopology } from '../topology-context.ts'
import styles from './topology-table.module.css'

/** The groups of the picture whose names hold every word that was typed. */
export function useGroupRows(filter: string): readonly DrawnGroup[] {
  const nameOf = useGroupName()
  const { groups } = usePicture(state => state.groups)
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  return [...groups.values()]
    .filter(group => words.every(word => nameOf(group).toLowerCase().includes(word)))
    .sort((a, b) => b.nodes.length - a.nodes.length || (a.key < b.key ? -1 : 1))
}

/** The groups as a table: what opening one does in the picture it does here. */
export function GroupTable({ rows }: { rows: readonly DrawnGroup[] }) {
  const text = useText()
  return (
    <div className={styles['scroll']}>
      <table aria-label={text('scale.groups')}>
        <TableHead>
          <tr>
            <TableColumn>{text('page.topologyName')}</TableColumn>
            <TableColumn end>{text('page.topologyNodes')}</TableColumn>
            <TableColumn end>{text('scale.changes')}</TableColumn>
            <TableColumn end>{text('scale.findings')}</TableColumn>
            <TableColumn>{text('scale.state')}</TableColumn>
            <TableColumn>
              <Hidden>{text('page.topologyActions')}</Hidden>
            </TableColumn>
          </tr>
        </TableHead>
        <TableBody>
          {rows.map(group => (
            <OneGroup key={group.id} group={group} />
          ))}
        </TableBody>
      </table>
    </div>
  )
}

function OneGroup({ group }: { group: DrawnGroup }) {
  const text = useText()
  const name = useGroupName()(group)
  const { picture, select } = useTopology()
  const open = usePicture(state => state.open.has(group.id))
  const selected = usePicture(state => state.selected?.kind === 'node' && state.selected.id === group.id)
  return (
    <TableRow selected={selected} onSelect={() => select({ kind: 'node', id: group.id })}>
      <TableCell>
        <span className={styles['name']}>
          <span>{name}</span>
        </span>
      </TableCell>
      <TableCell end>{group.nodes.length}</TableCell>
      <TableCell end>{group.changed > 0 ? <Badge tone="proposed">{group.changed}</Badge> : ''}</TableCell>
      <TableCell end>{group.findings > 0 ? <Badge tone="warn">{group.findings}</Badge> : ''}</TableCell>
      <TableCell>{text(open ? 'scale.isOpen' : 'scale.isClosed')}</TableCell>
      <TableCell end>
        <IconButton
          icon={open ? ChevronsDownUp : ChevronsUpDown}
          size="small"
          label={text(open ? 'scale.close' : 'scale.open', { name })}
          onClick={event => {
            event.stopPropagation()
            picture.toggle(group.id)
          }}
        />
      </TableCell>
    </TableRow>
  )
}
