import { ArrowDown, ArrowUp } from 'lucide-react'
import type { ComponentPropsWithRef, KeyboardEvent, ReactNode } from 'react'
import { classes } from './classes.ts'
import styles from './table.module.css'

/**
 * A table that scrolls under its head. `label` names it; `columns` is for a stylesheet that gives them widths; `flush`
 * where it stands within padded text.
 */
export function Table({
  label,
  className,
  columns,
  flush = false,
  children,
}: {
  label: string
  className?: string
  columns?: string
  flush?: boolean
  children: ReactNode
}) {
  return (
    <div className={classes(styles['scroll'], className)} data-columns={columns} data-flush={flush || undefined}>
      <table className={styles['table']} aria-label={label}>
        {children}
      </table>
    </div>
  )
}
export const TableHead = (props: ComponentPropsWithRef<'thead'>) => <thead {...props} />
export const TableBody = (props: ComponentPropsWithRef<'tbody'>) => <tbody {...props} />

export type TableColumnProps = ComponentPropsWithRef<'th'> & {
  end?: boolean
  /** Sorted by this column; `none` offers it. Absent: the column cannot be sorted by. */
  sorted?: 'ascending' | 'descending' | 'none'
  onSort?(): void
}

export function TableColumn({ end = false, sorted, onSort, className, children, ...rest }: TableColumnProps) {
  return (
    <th
      scope="col"
      {...rest}
      aria-sort={sorted}
      data-align={end ? 'end' : undefined}
      className={classes(styles['head'], className)}
    >
      {onSort ? (
        <button type="button" className={styles['sort']} onClick={onSort}>
          {children}
          {sorted === 'ascending' && <ArrowUp aria-hidden="true" />}
          {sorted === 'descending' && <ArrowDown aria-hidden="true" />}
        </button>
      ) : (
        children
      )}
    </th>
  )
}

export type TableRowProps = Omit<ComponentPropsWithRef<'tr'>, 'onSelect'> & {
  selected?: boolean
  /** Makes the row reachable: click, Enter and Space choose it, arrow up and down go to its neighbours. */
  onSelect?(): void
}

export function TableRow({ selected, onSelect, className, ...rest }: TableRowProps) {
  if (!onSelect) return <tr {...rest} className={classes(styles['row'], className)} />
  const onKeyDown = (event: KeyboardEvent<HTMLTableRowElement>) => {
    if (event.target !== event.currentTarget) return
    const row = event.currentTarget
    const neighbour =
      event.key === 'ArrowDown' ? row.nextElementSibling : event.key === 'ArrowUp' ? row.previousElementSibling : null
    if (neighbour instanceof HTMLElement) neighbour.focus()
    else if (event.key === 'Enter' || event.key === ' ') onSelect()
    else return
    event.preventDefault()
  }
  return (
    <tr
      tabIndex={0}
      {...rest}
      aria-selected={selected ?? false}
      data-interactive="true"
      onClick={onSelect}
      onKeyDown={onKeyDown}
      className={classes(styles['row'], className)}
    />
  )
}

export const TableCell = ({ end = false, className, ...rest }: ComponentPropsWithRef<'td'> & { end?: boolean }) => (
  <td {...rest} data-align={end ? 'end' : undefined} className={classes(styles['cell'], className)} />
)
