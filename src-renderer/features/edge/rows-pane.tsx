import { RotateCw, Search } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { MessageKey } from '../../../shared/messages/index.ts'
import type { Asked } from '../../connection/index.ts'
import { ErrorState, IconButton, RelativeTime, Spinner, Table, TextField, useText } from '../../design/index.ts'
import styles from './edge.module.css'

/** Drawn at once; the filter finds the others. */
const most = 400

type RowsPaneProps<T extends { readonly asOf: string }, R> = {
  label: string
  asked: Asked<T>
  /** What is said when it could not be asked. */
  failed: MessageKey
  rowsOf(answer: T): readonly R[]
  /** What the filter looks in. */
  wordsOf(row: R): string
  /** Shown instead of the rows, where there can be none. */
  instead?(answer: T): ReactNode
  /** The head and the rows of the table. */
  children(found: readonly R[]): ReactNode
}

/** Rows that a node was asked for: a filter, how many, as of when, ask again. */
export function RowsPane<T extends { readonly asOf: string }, R>({
  label,
  asked,
  failed,
  rowsOf,
  wordsOf,
  instead,
  children,
}: RowsPaneProps<T, R>) {
  const text = useText()
  const [filter, setFilter] = useState('')
  if (asked.status === 'failed' && asked.error)
    return <ErrorState error={asked.error} title={text(failed)} onRetry={asked.retry} />
  if (!asked.value) return <Waiting />
  const other = instead?.(asked.value)
  if (other) return other
  const rows = rowsOf(asked.value)
  const wanted = filter.toLowerCase()
  const found = rows.filter(row => wordsOf(row).toLowerCase().includes(wanted))
  return (
    <div className={styles['pane']}>
      <div className={styles['toolbar']}>
        <TextField
          icon={Search}
          value={filter}
          onChange={setFilter}
          placeholder={text('edge.filterRows')}
          aria-label={text('edge.filterRows')}
        />
        <span className={styles['asOf']}>
          {text('edge.shownOf', { shown: Math.min(found.length, most), of: rows.length })} ·{' '}
          <RelativeTime at={asked.value.asOf} />
        </span>
        <IconButton icon={RotateCw} label={text('edge.askNow')} onClick={asked.retry} />
      </div>
      <Table label={label}>{children(found.slice(0, most))}</Table>
    </div>
  )
}

export function Waiting() {
  const text = useText()
  return (
    <div className={styles['waiting']}>
      <Spinner label={text('edge.asking')} />
    </div>
  )
}
