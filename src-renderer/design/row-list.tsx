import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type ComponentPropsWithRef,
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useId,
  useMemo,
  useRef,
} from 'react'
import { classes } from './classes.ts'
import styles from './row-list.module.css'

type RowAttributes = Pick<ComponentPropsWithRef<'div'>, 'className' | 'title' | 'aria-level' | 'aria-expanded'> & {
  readonly [data: `data-${string}`]: string | number | undefined
}

export type RowListProps<R> = {
  label: string
  rows: readonly R[]
  keyOf(row: R): string
  /** Pixels. */
  heightOf(row: R): number
  /** The others are headings: seen, and passed over by the keys. */
  isChoice?(row: R): boolean
  /** Key of the chosen row. */
  chosen: string | null
  onChoose(row: R): void
  /** A click on a row; without it a click chooses. */
  onPress?(row: R): void
  /** Keys of the list's own, before those that go from row to row; true when it took this one. */
  onKey?(event: KeyboardEvent): boolean
  /** A tree unfolds; its rows say `aria-level` and `aria-expanded`. */
  role?: 'listbox' | 'tree'
  attributesOf?(row: R): RowAttributes
  /** More will come: how many rows there are is not known. */
  unfinished?: boolean
  busy?: boolean
  /** The end has come near. */
  onNearEnd?: (() => void) | undefined
  /** What a row shows. */
  children(row: R): ReactNode
  /** Below the last row. */
  foot?: ReactNode
}

/** So many rows before the end it is said that it is near. */
const near = 30

/** A list of which one row is chosen, by pointer or keys; only the rows in sight are drawn. */
export function RowList<R>({
  label,
  rows,
  keyOf,
  heightOf,
  isChoice = () => true,
  chosen,
  onChoose,
  onPress = onChoose,
  onKey,
  role = 'listbox',
  attributesOf,
  unfinished = false,
  busy,
  onNearEnd,
  children,
  foot,
}: RowListProps<R>) {
  const id = useId()
  const place = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => place.current,
    estimateSize: index => heightOf(rows[index]!),
    getItemKey: index => keyOf(rows[index]!),
    overscan: 12,
    paddingStart: 4,
    paddingEnd: 8,
    scrollPaddingStart: 36,
    scrollPaddingEnd: 8,
  })
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= rows.length - near) onNearEnd?.()
  }, [last, rows.length, onNearEnd])

  // biome-ignore lint/correctness/useExhaustiveDependencies: which rows are choices lies in the rows
  const choices = useMemo(() => rows.flatMap((row, index) => (isChoice(row) ? [index] : [])), [rows])
  const positions = useMemo(() => new Map(choices.map((index, position) => [index, position])), [choices])
  const at = chosen === null ? -1 : rows.findIndex(row => keyOf(row) === chosen)
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
  }, [at, virtual])

  function onKeyDown(event: KeyboardEvent) {
    if (onKey?.(event)) return event.preventDefault()
    const row = rows[at] ?? rows[0]
    const page = row ? Math.max(1, Math.floor((place.current?.clientHeight ?? 0) / heightOf(row)) - 1) : 1
    const steps: { readonly [key: string]: number } = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -choices.length,
      End: choices.length,
    }
    const by = steps[event.key]
    if (by === undefined) return
    event.preventDefault()
    const to = Math.max(0, Math.min(choices.length - 1, (positions.get(at) ?? -1) + by))
    const next = choices[to]
    if (next !== undefined) onChoose(rows[next]!)
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useAriaPropsSupportedByRole: a listbox or a tree
    <div
      ref={place}
      role={role}
      tabIndex={0}
      className={styles['list']}
      aria-label={label}
      aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
      aria-busy={busy}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" className={styles['rows']} style={{ height: virtual.getTotalSize() }}>
        {shown.map(({ index, start, size, key }) => {
          const row = rows[index]!
          const { className, ...attributes } = attributesOf?.(row) ?? {}
          const style = { transform: `translateY(${start}px)`, height: size }
          const position = positions.get(index)
          if (position === undefined)
            return (
              <div
                key={key}
                role="presentation"
                {...attributes}
                className={classes(styles['heading'], className)}
                style={style}
              >
                {children(row)}
              </div>
            )
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useAriaPropsSupportedByRole lint/a11y/useKeyWithClickEvents: an option or a treeitem; keys are the list's, which keeps the focus
            <div
              key={key}
              id={`${id}-${index}`}
              role={role === 'tree' ? 'treeitem' : 'option'}
              aria-selected={index === at}
              // In a tree positions are counted level by level, which only the tree knows.
              {...(role === 'listbox' && {
                'aria-setsize': unfinished ? -1 : choices.length,
                'aria-posinset': position + 1,
              })}
              {...attributes}
              className={classes(styles['row'], className)}
              style={style}
              onClick={() => onPress(row)}
            >
              {children(row)}
            </div>
          )
        })}
      </div>
      {foot}
    </div>
  )
}
