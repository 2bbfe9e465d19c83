import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDownToLine, Download, Pause, Search, WrapText } from 'lucide-react'
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import {
  Checkbox,
  EmptyState,
  ErrorNote,
  IconButton,
  Loading,
  Skeleton,
  saveFile,
  TextField,
  useSay,
  useText,
} from '../../design/index.ts'
import styles from './live.module.css'
import { found } from './log-lines.ts'
import type { Tool } from './open-tools.ts'
import { useLog } from './use-log.ts'

const lineHeight = 18
/** Lines from before that are read at first. */
const tail = 500

/** Logs of one Pod or several, followed while the end is in sight. */
export function LogView({ tool }: { tool: Extract<Tool, { kind: 'logs' }> }) {
  const text = useText()
  const say = useSay()
  const [previous, setPrevious] = useState(false)
  const [typed, setTyped] = useState('')
  const [wrap, setWrap] = useState(false)
  const [follow, setFollow] = useState(true)
  const place = useRef<HTMLDivElement>(null)
  const { context, namespace, pods } = tool
  const { log, error, retry } = useLog({ context, namespace, pods, previous, tailLines: tail })
  const words = useDeferredValue(typed)
  const lines = useMemo(() => found(log.lines, words), [log.lines, words])
  const several = pods.length > 1
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => place.current,
    estimateSize: () => lineHeight,
    getItemKey: index => lines[index]?.number ?? index,
    overscan: 20,
  })
  const last = lines.at(-1)?.number
  // biome-ignore lint/correctness/useExhaustiveDependencies: `last` and `wrap` move the end
  useEffect(() => {
    if (follow && lines.length > 0) virtual.scrollToIndex(lines.length - 1, { align: 'end' })
  }, [follow, last, lines.length, wrap, virtual])
  const onScroll = () => {
    const at = place.current
    if (!at) return
    const atEnd = at.scrollHeight - at.scrollTop - at.clientHeight < lineHeight * 2
    // Only a person who scrolls up stops it: new lines push the end away too.
    if (atEnd) setFollow(true)
  }
  const download = () =>
    saveFile(
      `${tool.title.replaceAll(/[^\w.-]+/g, '-')}.log`,
      new Blob([log.lines.map(line => `${several ? `${line.from} ` : ''}${line.text}\n`).join('')], {
        type: 'text/plain',
      }),
    )
  const done = log.ended.length + log.failed.length >= pods.length
  return (
    <div className={styles['tool']}>
      <div className={styles['toolBar']}>
        <TextField
          type="search"
          icon={Search}
          value={typed}
          onChange={setTyped}
          placeholder={text('live.logSearch')}
          aria-label={text('live.logSearch')}
          className={styles['search'] ?? ''}
        />
        <span className={styles['quiet']} role="status">
          {words.trim() === ''
            ? text('live.logLines', { count: log.lines.length })
            : text('live.logFound', { count: lines.length, of: log.lines.length })}
          {log.gone > 0 && ` · ${text('live.logGone', { count: log.gone })}`}
          {done && log.failed.length === 0 && ` · ${text('live.logEnded')}`}
        </span>
        <span className={styles['gap']} />
        <Checkbox label={text('live.logPrevious')} checked={previous} onChange={setPrevious} />
        <IconButton
          size="small"
          icon={WrapText}
          label={text('live.logWrap')}
          aria-pressed={wrap}
          onClick={() => setWrap(was => !was)}
        />
        <IconButton
          size="small"
          icon={follow ? Pause : ArrowDownToLine}
          label={text(follow ? 'live.logPause' : 'live.logFollow')}
          aria-pressed={follow}
          onClick={() => setFollow(was => !was)}
        />
        <IconButton
          size="small"
          icon={Download}
          label={text('live.logDownload')}
          disabled={log.lines.length === 0}
          onClick={download}
        />
      </div>
      {error && <ErrorNote error={error} onRetry={retry} />}
      {log.failed.map(({ from, problem }) => (
        <p key={from} className={styles['problemLine']} role="alert">
          {several && <code>{from}</code>} {say(problem)}
        </p>
      ))}
      {lines.length === 0 && !error ? (
        log.lines.length > 0 || done ? (
          <EmptyState compact sentence={text(log.lines.length > 0 ? 'live.logNothingFound' : 'live.logEmpty')} />
        ) : (
          <Loading>
            <Skeleton width="60%" height={14} />
          </Loading>
        )
      ) : (
        <div
          ref={place}
          className={styles['lines']}
          data-wrap={wrap || undefined}
          onScroll={onScroll}
          onWheel={event => event.deltaY < 0 && setFollow(false)}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard
          tabIndex={0}
          role="log"
          aria-live="off"
          aria-label={tool.title}
        >
          <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {virtual.getVirtualItems().map(item => {
              const line = lines[item.index]!
              return (
                <div
                  key={item.key}
                  ref={wrap ? virtual.measureElement : undefined}
                  data-index={item.index}
                  className={styles['line']}
                  style={{ transform: `translateY(${item.start}px)` }}
                >
                  {several && <span className={styles['from']}>{line.from}</span>}
                  <Marked text={line.text} words={words} />
                </div>
              )
            })}
          </div>
        </div>
      )}
    </div>
  )
}

/** The text with what was searched for marked in it. */
function Marked({ text, words }: { text: string; words: string }) {
  const wanted = words.trim().toLowerCase()
  const at = wanted === '' ? -1 : text.toLowerCase().indexOf(wanted)
  if (at < 0) return <span>{text}</span>
  const end = at + wanted.length
  return (
    <span>
      {text.slice(0, at)}
      <mark>{text.slice(at, end)}</mark>
      {text.slice(end)}
    </span>
  )
}
