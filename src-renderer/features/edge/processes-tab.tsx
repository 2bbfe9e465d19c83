import { useApi, useQuery } from '../../connection/index.ts'
import { TableBody, TableCell, TableColumn, TableHead, TableRow, useFormat, useText } from '../../design/index.ts'
import styles from './edge.module.css'
import type { OfNode } from './node-detail.tsx'
import { RowsPane } from './rows-pane.tsx'

/** Processes, the busiest first. */
export function ProcessesTab({ of }: { of: OfNode }) {
  const text = useText()
  const format = useFormat()
  const asked = useQuery(useApi().edge.processes, of)
  return (
    <RowsPane
      label={text('edge.tabProcesses')}
      asked={asked}
      failed="edge.processesFailed"
      rowsOf={({ processes }) => processes}
      wordsOf={({ command, user, id }) => `${id} ${user} ${command}`}
    >
      {found => (
        <>
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
            {found.map(({ id, user, cpu, memory, running, command }) => (
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
        </>
      )}
    </RowsPane>
  )
}
