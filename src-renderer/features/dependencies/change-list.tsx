import { ArrowDownToLine, ArrowUpToLine, ChevronDown, ChevronRight, Minus, Pencil, Plus, Replace } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import { ecosystemWord } from '../../../shared/dependencies/ecosystem.ts'
import type { Dragged } from '../../../shared/dependencies/explain-diff.ts'
import { RowList, useText } from '../../design/index.ts'
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

/** The changes as a tree that unfolds. */
export function ChangeList({ rows, current, onChoose, onToggle }: Props) {
  const text = useText()
  function onKey({ key }: KeyboardEvent): boolean {
    if (current?.kind !== 'cause') return false
    if (key === 'ArrowRight') onToggle(current.key, true)
    else if (key === 'ArrowLeft') onToggle(current.key, false)
    else if (key === 'Enter' || key === ' ') onToggle(current.key)
    else return false
    return true
  }
  return (
    <RowList<ChangeRow>
      role="tree"
      label={text('dependency.pageChanges')}
      rows={rows}
      keyOf={row => row.key}
      heightOf={row => heights[row.kind]}
      isChoice={isChosen}
      chosen={current?.key ?? null}
      onChoose={row => onChoose(row.key)}
      onPress={row => {
        onChoose(row.key)
        if (row.kind === 'cause') onToggle(row.key)
      }}
      onKey={onKey}
      attributesOf={row => {
        if (!isChosen(row)) return { className: styles['heading'], 'data-kind': row.kind }
        const level = row.kind === 'change' && row.group ? 2 : 1
        return {
          className: styles['change'],
          'data-level': level,
          'aria-level': level,
          'aria-expanded': row.kind === 'cause' && row.group.dragged.length > 0 ? row.open : undefined,
        }
      }}
    >
      {row =>
        row.kind === 'cause' ? (
          <Cause row={row} />
        ) : row.kind === 'change' ? (
          <Line item={row.item} row={row} />
        ) : (
          <Heading row={row} />
        )
      }
    </RowList>
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
