import type { Subject } from '../../../shared/compare/difference.ts'
import { Table, TableBody, TableCell, TableColumn, TableHead, TableRow, useText } from '../../design/index.ts'
import { ChangeMark } from './change-mark.tsx'
import styles from './difference.module.css'
import { MadeBy } from './made-by.tsx'
import type { Makers } from './use-makers.ts'
import { FieldName, ValueCells } from './value-pair.tsx'

export type TableSubject = Subject & { readonly name: string; readonly word?: string }

/** More rows than anyone reads; what is left out is said. */
const mostRows = 1500

type Props = {
  label: string
  /** Without the first column where all rows are of one thing. */
  columns?: 'what' | 'fields'
  /** Within padded text. */
  flush?: boolean
  subjects: readonly TableSubject[]
  makers: Makers
  chosen?: string | null
  onChoose?(key: string): void
}

/** Differences line by line: what, which field, at A, at B, and who made it. */
export function DifferenceTable({
  label,
  columns = 'what',
  flush = false,
  subjects,
  makers,
  chosen = null,
  onChoose,
}: Props) {
  const text = useText()
  const rows = subjects.flatMap(subject => [
    ...(subject.change === 'changed' ? [] : [{ subject, field: null }]),
    ...(subject.change === 'changed' ? subject.fields.map(field => ({ subject, field })) : []),
  ])
  return (
    <Table label={label} className={styles['table'] ?? ''} columns={columns} flush={flush}>
      <TableHead>
        <tr>
          {columns === 'what' && <TableColumn>{text('compare.columnWhat')}</TableColumn>}
          <TableColumn>{text('compare.columnField')}</TableColumn>
          <TableColumn>{text('compare.columnA')}</TableColumn>
          <TableColumn>{text('compare.columnB')}</TableColumn>
          <TableColumn>{text('compare.columnMadeBy')}</TableColumn>
        </tr>
      </TableHead>
      <TableBody>
        {rows.slice(0, mostRows).map(({ subject, field }) => (
          <TableRow
            key={field?.key ?? subject.key}
            selected={subject.key === chosen}
            {...(onChoose && { onSelect: () => onChoose(subject.key) })}
          >
            {columns === 'what' && (
              <TableCell>
                <span className={styles['what']}>
                  <ChangeMark change={subject.change} />
                  <span className={styles['whatName']} title={subject.name}>
                    {subject.name}
                  </span>
                  <small>{subject.word}</small>
                </span>
              </TableCell>
            )}
            {field ? (
              <>
                <TableCell>
                  <FieldName field={field} />
                </TableCell>
                <ValueCells field={field} />
              </>
            ) : (
              <TableCell colSpan={3}>
                <span className={styles['what']}>
                  <ChangeMark change={subject.change} labelled />
                  <span className={styles['absent']}>{text('compare.whole')}</span>
                </span>
              </TableCell>
            )}
            <TableCell>
              {field?.measured ? (
                <span className={styles['unknown']}>{text('compare.measured')}</span>
              ) : (
                <div className={styles['inCell']}>
                  <MadeBy by={field ? makers(field.key, subject.key) : makers(subject.key)} />
                </div>
              )}
            </TableCell>
          </TableRow>
        ))}
        {rows.length > mostRows && (
          <TableRow>
            <TableCell colSpan={5}>{text('compare.cutRows', { shown: mostRows, count: rows.length })}</TableCell>
          </TableRow>
        )}
      </TableBody>
    </Table>
  )
}
