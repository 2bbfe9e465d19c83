import { useState } from 'react'
import { useApi, useQuery } from '../../connection/index.ts'
import {
  ErrorState,
  Table,
  TableBody,
  TableCell,
  TableColumn,
  TableHead,
  TableRow,
  useFormat,
  useText,
} from '../../design/index.ts'
import styles from './edge.module.css'
import type { OfNode } from './node-detail.tsx'
import { Bar, Waiting } from './units-tab.tsx'

/** Drawn at once; the filter finds the others. */
const most = 400

/** Processes, the busiest first. */
export function ProcessesTab({ of }: { of: OfNode }) {
  const text = useText()
  const format = useFormat()
  const asked = useQuery(useApi().edge.processes, of)
  const [filter, setFilter] = useState('')
  if (asked.status === 'failed' && asked.error)
    return <ErrorState error={asked.error} title={text('edge.processesFailed')} onRetry={asked.retry} />
  if (!asked.value) return <Waiting />
  const { processes, asOf } = asked.value
  const wanted = filter.toLowerCase()
  const found = processes.filter(({ command, user, id }) => `${id} ${user} ${command}`.toLowerCase().includes(wanted))
  return (
    <div className={styles['pane']}>
      <Bar
        filter={filter}
        onFilter={setFilter}
        asOf={asOf}
        onAgain={asked.retry}
        shown={found.length}
        of={processes.length}
      />
      <Table label={text('edge.tabProcesses')}>
        <TableHead>
          <tr>
            <TableColumn end>{text('edge.columnPid')}</TableColumn>
            <TableColumn>{text('edge.columnUser')}</TableColumn>
            <TableColumn end>{text('edge.columnCpu')}</TableColumn>
            <TableColumn end>{text('edge.columnMemory')}</TableColumn>
            <TableColumn end>{text('edge.columnRunning')}</TableColumn>
            <TableColumn>{text('edge.columnCommand')}</TableColumn>
          </tr>
        </TableHead>
        <TableBody>
          {found.slice(0, most).map(({ id, user, cpu, memory, running, command }) => (
            <TableRow key={id}>
              <TableCell end className={styles['figure'] ?? ''}>
                {id}
              </TableCell>
              <TableCell>{user}</TableCell>
              <TableCell end className={styles['figure'] ?? ''}>
                {cpu === null ? '–' : format.percent(cpu / 100)}
              </TableCell>
              <TableCell end className={styles['figure'] ?? ''}>
                {memory === null ? '–' : format.bytes(memory)}
              </TableCell>
              <TableCell end className={styles['figure'] ?? ''}>
                {running}
              </TableCell>
              <TableCell className={styles['command'] ?? ''} title={command}>
                {command}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}
