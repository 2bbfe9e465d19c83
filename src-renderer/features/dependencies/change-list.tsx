import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDownToLine, ArrowUpToLine, ChevronDown, ChevronRight, Minus, Pencil, Plus, Replace } from 'lucide-react'
import { type KeyboardEvent, useEffect, useId, useRef } from 'react'
import { ecosystemWord } from '../../../shared/dependencies/ecosystem.ts'
import type { Dragged } from '../../../shared/dependencies/explain-diff.ts'
import { useText } from '../../design/index.ts'
import type { ChangeRow, Note } from './change-rows.ts'
import styles from './dependencies.module.css'
import { VersionBadge } from './version-badge.tsx'

type Props = {
  rows: readonly ChangeRow[]
  current: ChangeRow | null
  onChoose(key: string): void
  onToggle(key: string, open?: boolean): void
}

const heights = { set: 36, cause: 32, change: 28, rest: 30, note: 28 }
const isChosen = ({ kind }: ChangeRow): boolean => kind === 'cause' || kind === 'change'

/** The changes as a tree that unfolds; only the lines in sight are drawn. */
export function ChangeList({ rows, current, onChoose, onToggle }: Props) {
  const text = useText()
  const id = useId()
  const place = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => place.current,
    estimateSize: index => heights[rows[index]!.kind],
    getItemKey: index => rows[index]!.key,
    overscan: 12,
    paddingEnd: 12,
    scrollPaddingStart: 8,
    scrollPaddingEnd: 12,
  })
  const at = current ? rows.indexOf(current) : -1
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' })
  }, [at, virtual])

  function step(by: number) {
    for (let next = at + by; next >= 0 && next < rows.length; next += Math.sign(by))
      if (isChosen(rows[next]!)) return onChoose(rows[next]!.key)
  }
  function onKeyDown(event: KeyboardEvent) {
    const isCause = current?.kind === 'cause'
    if (event.key === 'ArrowDown') step(1)
    else if (event.key === 'ArrowUp') step(-1)
    else if (event.key === 'ArrowRight' && isCause) onToggle(current.key, true)
    else if (event.key === 'ArrowLeft' && isCause) onToggle(current.key, false)
    else if ((event.key === 'Enter' || event.key === ' ') && isCause) onToggle(current.key)
    else return
    event.preventDefault()
  }

  return (
    <div
      ref={place}
      role="tree"
      tabIndex={0}
      className={styles['scroll']}
      aria-label={text('dependency.pageChanges')}
      aria-activedescendant={at >= 0 ? `${id}-${at}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div role="presentation" style={{ position: 'relative', height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, start, size, key }) => {
          const row = rows[index]!
          const style = { transform: `translateY(${start}px)`, height: size }
          if (!isChosen(row))
            return (
              <div key={key} role="presentation" className={styles['heading']} data-kind={row.kind} style={style}>
                <Heading row={row} />
              </div>
            )
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: keys are the tree's, which keeps the focus
            <div
              key={key}
              id={`${id}-${index}`}
              role="treeitem"
              aria-level={row.kind === 'change' && row.group ? 2 : 1}
              aria-selected={row === current}
              aria-expanded={row.kind === 'cause' && row.group.dragged.length > 0 ? row.open : undefined}
              className={styles['change']}
              data-level={row.kind === 'change' && row.group ? 2 : 1}
              style={style}
              onClick={() => {
                onChoose(row.key)
                if (row.kind === 'cause') onToggle(row.key)
              }}
            >
              {row.kind === 'cause' && <Cause row={row} />}
              {row.kind === 'change' && <Line item={row.item} row={row} />}
            </div>
          )
        })}
      </div>
    </div>
  )
}

function Cause({ row }: { row: ChangeRow & { kind: 'cause' } }) {
  const text = useText()
  const { dragged } = row.group
  const Chevron = row.open ? ChevronDown : ChevronRight
  return (
    <>
      <span className={styles['chevron']}>{dragged.length > 0 && <Chevron aria-hidden="true" />}</span>
      <Line item={row.group.cause} row={row} />
      {dragged.length > 0 && (
        <span className={styles['draggedCount']}>{text('dependency.pageDragged', { count: dragged.length })}</span>
      )}
    </>
  )
}

const glyphs = { added: Plus, removed: Minus, changed: Pencil } as const

function Line({ item, row }: { item: Dragged; row: ChangeRow }) {
  const text = useText()
  const { name, from, to, change } = item
  const Glyph = glyphs[change]
  const words = {
    added: 'dependency.pageAddedWord',
    removed: 'dependency.pageRemovedWord',
    changed: 'dependency.pageChangedWord',
  } as const
  return (
    <>
      <span className={styles['glyph']} data-change={change} title={text(words[change])}>
        <Glyph role="img" aria-label={text(words[change])} />
      </span>
      <span className={styles['name']} title={name}>
        <bdi>{name}</bdi>
      </span>
      <span className={styles['versions']} title={[from, to].filter(Boolean).join(' → ')}>
        {from !== null && to !== null ? `${from} → ${to}` : (to ?? from)}
      </span>
      {from !== null && to !== null && <VersionBadge ecosystem={row.set.ecosystem} from={from} to={to} />}
    </>
  )
}

function Heading({ row }: { row: ChangeRow }) {
  const text = useText()
  if (row.kind === 'set') {
    const { services, ecosystem, folder, diff, edgeCounts, hasGraph } = row.set
    return (
      <>
        <strong>{services.join(', ') || text('dependency.pageNoService')}</strong>
        <span>{ecosystemWord(ecosystem)}</span>
        <span className={styles['name']}>
          <bdi>{folder || '.'}</bdi>
        </span>
        <span className={styles['draggedCount']}>
          {text('dependency.pageSetCounts', {
            changed: diff.changed.length,
            added: diff.added.length,
            removed: diff.removed.length,
          })}
          {hasGraph && ` · ${text('dependency.pageEdgeCount', { count: edgeCounts.added + edgeCounts.removed })}`}
        </span>
      </>
    )
  }
  if (row.kind === 'rest') return <>{text(row.set.hasGraph ? 'dependency.pageRest' : 'dependency.pageRestNoGraph')}</>
  return row.kind === 'note' ? <NoteLine note={row.note} /> : null
}

function NoteLine({ note }: { note: Note }) {
  const text = useText()
  if (note.kind === 'replaced')
    return (
      <>
        <Replace aria-hidden="true" />
        <bdi>{note.name}</bdi>
        <span>
          {text('dependency.pageReplaced', {
            from: note.from ?? text('dependency.pageItself'),
            to: note.to ?? text('dependency.pageItself'),
          })}
        </span>
      </>
    )
  const isDirect = note.kind === 'became-direct'
  const Icon = isDirect ? ArrowUpToLine : ArrowDownToLine
  return (
    <>
      <Icon aria-hidden="true" />
      <bdi>{note.name}</bdi>
      <span>{text(isDirect ? 'dependency.becameDirect' : 'dependency.becameIndirect')}</span>
    </>
  )
}
