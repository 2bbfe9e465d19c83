import { useVirtualizer } from '@tanstack/react-virtual'
import { History } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef } from 'react'
import type { DecisionSummary } from '../../../shared/decisions/decision.ts'
import { Hidden, RelativeTime, Spinner, useFormat, useText } from '../../design/index.ts'
import { kindWords } from '../draft/index.ts'
import styles from './decisions-screen.module.css'
import { daysBack } from './group-by-day.ts'
import type { LogGroup } from './log-groups.ts'
import type { CommitRow, LogRow } from './log-rows.ts'
import { OutcomeBadge } from './outcome-badge.tsx'
import { RecordedGateBadge } from './recorded-gate-badge.tsx'
import { StatusBadge } from './status-badge.tsx'

export type DecisionListProps = {
  rows: readonly LogRow[]
  /** Commits among the rows. */
  count: number
  /** `2026-11-20` */
  today: string
  /** Key of the row that is chosen. */
  chosen: string | null
  /** The moment the whole window is showing, when that is not now. */
  here: DecisionSummary | null
  onChoose(row: CommitRow): void
  /** Goes on by so many commits; negative: newer. */
  onStep(by: number): void
  more: { readonly reading: boolean; readonly left: boolean; read(): Promise<void> }
}

const heights = { group: 32, decision: 56, commit: 32 }
const heightOf = (row: LogRow): number =>
  row.kind === 'group' ? heights.group : row.item.kind === 'commit' ? heights.commit : heights.decision

/** The log; only the lines in sight are drawn, and older ones are read when its end comes near. */
export function DecisionList({ rows, count, today, chosen, here, onChoose, onStep, more }: DecisionListProps) {
  const text = useText()
  const id = useId()
  const place = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => place.current,
    estimateSize: index => heightOf(rows[index]!),
    getItemKey: index => rows[index]!.key,
    overscan: 12,
    paddingEnd: 8,
    scrollPaddingEnd: 8,
    scrollPaddingStart: 8,
  })
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0

  useEffect(() => {
    if (more.left && !more.reading && last >= rows.length - 30) void more.read()
  }, [more.left, more.reading, more.read, last, rows.length])

  const chosenRow = chosen === null ? -1 : rows.findIndex(row => row.key === chosen)
  useEffect(() => {
    if (chosenRow >= 0) virtual.scrollToIndex(chosenRow, { align: 'auto' })
  }, [chosenRow, virtual])

  function onKeyDown(event: KeyboardEvent) {
    const page = Math.max(1, Math.floor((place.current?.clientHeight ?? 0) / heights.decision) - 1)
    const steps: { readonly [key: string]: number } = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -count,
      End: count,
    }
    const by = steps[event.key]
    if (by === undefined) return
    event.preventDefault()
    onStep(by)
  }

  return (
    <div
      ref={place}
      role="listbox"
      tabIndex={0}
      className={styles['scroll']}
      aria-label={text('page.decisionsLog')}
      aria-activedescendant={chosenRow >= 0 ? `${id}-${chosenRow}` : undefined}
      aria-busy={more.reading}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ position: 'relative', height: virtual.getTotalSize() }}>
        {shown.map(({ index, start, size }) => {
          const row = rows[index]!
          const style = { transform: `translateY(${start}px)`, height: size }
          if (row.kind === 'group')
            return (
              <div key={row.key} role="presentation" className={styles['day']} style={style}>
                <GroupName group={row.group} today={today} />
              </div>
            )
          const { item } = row
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: keys are the listbox's, which keeps the focus
            <div
              key={row.key}
              id={`${id}-${index}`}
              role="option"
              aria-selected={row.key === chosen}
              aria-setsize={more.left ? -1 : count}
              aria-posinset={row.position + 1}
              className={styles['item']}
              data-kind={item.kind === 'commit' ? 'commit' : 'decision'}
              style={style}
              onClick={() => onChoose(row)}
            >
              <Line item={item} here={item === here} />
            </div>
          )
        })}
      </div>
      {more.reading && (
        <p className={styles['reading']}>
          <Spinner /> {text('page.decisionsReading')}
        </p>
      )}
    </div>
  )
}

function GroupName({ group: { by, name, items }, today }: { group: LogGroup; today: string }) {
  const text = useText()
  const format = useFormat()
  if (by === 'day') {
    const back = daysBack(name!, today)
    if (back === 0) return text('page.decisionsToday')
    if (back === 1) return text('page.decisionsYesterday')
    return format.date(`${name}T12:00:00`)
  }
  return (
    <>
      <span className={styles['groupName']}>
        {name ?? text(by === 'service' ? 'record.noService' : 'record.noRelease')}
      </span>
      <span className={styles['groupCount']}>{format.number(items.length)}</span>
    </>
  )
}

function Line({ item, here }: { item: DecisionSummary; here: boolean }) {
  const text = useText()
  const { icon: Icon, word } = kindWords[item.kind]
  const time = <RelativeTime at={item.author.time * 1000} />
  const mark = here && (
    <span className={styles['here']} title={text('page.decisionsYouAreHere')}>
      <History aria-hidden="true" />
      <Hidden>{text('page.decisionsYouAreHere')}</Hidden>
    </span>
  )
  if (item.kind === 'commit')
    return (
      <>
        <span className={styles['glyph']}>
          <Icon aria-hidden="true" />
        </span>
        <Hidden>{text(word)}: </Hidden>
        <span className={styles['plainTitle']}>{item.title}</span>
        {mark}
        <span className={styles['plainWhen']}>
          <span className={styles['plainAuthor']}>{item.author.name} · </span>
          {time}
        </span>
      </>
    )
  return (
    <>
      <span className={styles['glyph']}>
        <Icon aria-hidden="true" />
      </span>
      <span className={styles['words']}>
        <span className={styles['firstLine']}>
          <Hidden>{text(word)}: </Hidden>
          <span className={styles['itemTitle']}>{item.title}</span>
          {mark}
          {item.status && item.status !== 'accepted' && <StatusBadge status={item.status} />}
          {item.gate && item.gate !== 'pass' && <RecordedGateBadge gate={item.gate} />}
          {item.result && item.result.standing !== 'delivered' && <OutcomeBadge outcome={item.result.standing} />}
        </span>
        <span className={styles['facts']}>
          {item.services.length > 0 && <span className={styles['services']}>{item.services.join(', ')}</span>}
          <span className={styles['author']}>{item.author.name}</span>
          <span className={styles['when']}>{time}</span>
        </span>
      </span>
    </>
  )
}
