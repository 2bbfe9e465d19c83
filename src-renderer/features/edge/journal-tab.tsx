import { useVirtualizer } from '@tanstack/react-virtual'
import { Pause, Play, Search, X } from 'lucide-react'
import { useDeferredValue, useEffect, useRef, useState } from 'react'
import type { JournalItem } from '../../../shared/edge/contract.ts'
import { type JournalEntry, type Priority, priorities } from '../../../shared/edge/look/journal.ts'
import { useApi } from '../../connection/index.ts'
import {
  Button,
  Callout,
  Checkbox,
  EmptyState,
  ErrorState,
  IconButton,
  Select,
  TextField,
  useFormat,
  useSay,
  useText,
  WithCode,
} from '../../design/index.ts'
import styles from './edge.module.css'
import type { OfNode } from './node-detail.tsx'
import { useStream } from './use-stream.ts'

/** Entries that are kept: older ones go. */
const mostEntries = 5000
const levels: readonly Priority[] = ['err', 'warning', 'notice', 'info', 'debug']
type Level = Priority | 'all'
const toneOf = (priority: Priority): string | undefined =>
  priorities.indexOf(priority) <= priorities.indexOf('err') ? 'danger' : priority === 'warning' ? 'warn' : undefined

/** The journal as it grows, filtered there. */
export function JournalTab({
  of,
  unit,
  onUnit,
}: {
  of: OfNode
  unit: string | null
  onUnit(unit: string | null): void
}) {
  const api = useApi()
  const text = useText()
  const [level, setLevel] = useState<Level>('all')
  const [typed, setTyped] = useState('')
  const [boot, setBoot] = useState(false)
  const [paused, setPaused] = useState(false)
  const wanted = useSettled(typed)
  const [entries, setEntries] = useState<readonly JournalEntry[]>([])
  const [status, setStatus] = useState<Pick<JournalItem, 'lost' | 'ownOnly'> | null>(null)
  const waiting = useRef<JournalEntry[]>([])

  const input = {
    ...of,
    ...(unit !== null && { unit }),
    ...(level !== 'all' && { priority: level }),
    ...(wanted !== '' && { text: wanted }),
    ...(boot && { boot }),
  }
  const { error, again } = useStream(api.edge.journal, input, item => {
    setStatus({ lost: item.lost, ownOnly: item.ownOnly })
    if (item.begin) waiting.current = []
    // What comes while a person reads is kept for when they go on.
    if (paused && !item.begin) waiting.current.push(...item.entries)
    else setEntries(was => [...(item.begin ? [] : was), ...item.entries].slice(-mostEntries))
  })
  const proceed = () => {
    const missed = waiting.current.splice(0)
    setEntries(was => [...was, ...missed].slice(-mostEntries))
    setPaused(false)
  }
  return (
    <div className={styles['pane']}>
      <div className={styles['toolbar']}>
        <TextField
          icon={Search}
          value={typed}
          onChange={setTyped}
          placeholder={text('edge.journalText')}
          aria-label={text('edge.journalText')}
        />
        <Select<Level>
          label={text('edge.journalLevel')}
          value={level}
          onChange={setLevel}
          options={[
            { value: 'all', label: text('edge.journalAll') },
            ...levels.slice(0, -1).map(value => ({ value, label: text('edge.journalFrom', { level: value }) })),
          ]}
        />
        <Checkbox checked={boot} onChange={setBoot} label={text('edge.journalBoot')} />
        {unit !== null && (
          <span className={styles['chip']}>
            {unit}
            <IconButton size="small" icon={X} label={text('edge.journalAnyUnit')} onClick={() => onUnit(null)} />
          </span>
        )}
        <span className={styles['grow']} />
        <Button size="small" icon={paused ? Play : Pause} onClick={paused ? proceed : () => setPaused(true)}>
          {text(paused ? 'edge.journalGoOn' : 'edge.journalPause')}
        </Button>
      </div>
      <JournalStatus status={status} />
      {error ? (
        <ErrorState error={error} title={text('edge.journalFailed')} onRetry={again} />
      ) : entries.length === 0 && status ? (
        <EmptyState sentence={text('edge.journalEmpty')} />
      ) : (
        <Entries entries={entries} follow={!paused} onUnit={onUnit} />
      )}
    </div>
  )
}

/** What was typed once typing has paused: each filter is asked of the node. */
function useSettled(typed: string): string {
  const [settled, setSettled] = useState(typed)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed.trim()), 300)
    return () => clearTimeout(timer)
  }, [typed])
  return settled
}

function JournalStatus({ status }: { status: Pick<JournalItem, 'lost' | 'ownOnly'> | null }) {
  const text = useText()
  const say = useSay()
  const format = useFormat()
  if (status?.lost)
    return (
      <div className={styles['notes']}>
        <Callout tone="stale" title={text('edge.journalLost', { when: format.recent(status.lost.since) })}>
          <WithCode>{say(status.lost.problem)}</WithCode>
        </Callout>
      </div>
    )
  if (status?.ownOnly)
    return (
      <div className={styles['notes']}>
        <Callout tone="warn">
          <WithCode>{text('edge.journalOwnOnly')}</WithCode>
        </Callout>
      </div>
    )
  return null
}

function Entries({
  entries,
  follow,
  onUnit,
}: {
  entries: readonly JournalEntry[]
  follow: boolean
  onUnit(unit: string): void
}) {
  const text = useText()
  const format = useFormat()
  const place = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const shown = useDeferredValue(entries)
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => place.current,
    estimateSize: () => 20,
    getItemKey: index => shown[index]!.cursor,
    overscan: 20,
    paddingStart: 6,
    paddingEnd: 10,
  })
  const count = shown.length
  const last = shown.at(-1)?.cursor
  // Who has scrolled up reads: the end is kept in sight only for who is there.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the newest entry is the reason
  useEffect(() => {
    if (follow && atEnd.current && count > 0) virtual.scrollToIndex(count - 1, { align: 'end' })
  }, [count, last, follow, virtual])
  const day = (time: number) => format.date(time)
  const today = day(Date.now())
  return (
    <div
      ref={place}
      role="log"
      aria-label={text('edge.tabJournal')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
      tabIndex={0}
      className={styles['journal']}
      onScroll={event => {
        const { scrollTop, clientHeight, scrollHeight } = event.currentTarget
        atEnd.current = scrollTop + clientHeight >= scrollHeight - 24
      }}
    >
      <div style={{ position: 'relative', height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const { time, priority, unit, program, message } = shown[index]!
          const source = unit ?? program
          return (
            <div
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              data-tone={toneOf(priority)}
              className={styles['entry']}
              style={{ transform: `translateY(${start}px)` }}
            >
              <time dateTime={new Date(time).toISOString()} title={format.dateTime(time)}>
                {day(time) === today ? clock(time) : `${day(time)} ${clock(time)}`}
              </time>
              <span className={styles['level']}>{toneOf(priority) ? priority : ''}</span>
              {unit === null ? (
                <span className={styles['source']}>{source}</span>
              ) : (
                <button
                  type="button"
                  className={styles['source']}
                  title={text('edge.journalOf', { unit })}
                  onClick={() => onUnit(unit)}
                >
                  {program ?? unit}
                </button>
              )}
              <span className={styles['message']}>{message}</span>
            </div>
          )
        })}
      </div>
    </div>
  )
}

const two = (value: number): string => String(value).padStart(2, '0')
/** Seconds matter in a journal. */
const clock = (time: number): string => {
  const at = new Date(time)
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`
}
