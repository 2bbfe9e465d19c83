import { SearchX } from 'lucide-react'
import { type ReactNode, useMemo, useState } from 'react'
import type { DiffedSet } from '../../../shared/dependencies/contract.ts'
import type { ChangeGroup } from '../../../shared/dependencies/explain-diff.ts'
import { EmptyState, SplitPane, useText, WithCode } from '../../design/index.ts'
import { ChangeDrawing } from './change-drawing.tsx'
import { ChangeList } from './change-list.tsx'
import { type ChangeRow, changeRows } from './change-rows.ts'
import styles from './dependencies.module.css'
import { VersionBadge } from './version-badge.tsx'

/** What is known beside a change of a package, such as who made it. */
export type Beside = (set: DiffedSet, name: string) => ReactNode

type Props = {
  sets: readonly DiffedSet[]
  /** Only packages with these words in their name. */
  words: string
  beside?: Beside
}

/** Changed packages, direct ones first with what each dragged in; beside them the way the chosen one came. */
export function DependencyChanges({ sets, words, beside }: Props) {
  const text = useText()
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const [chosen, setChosen] = useState<string | null>(null)
  const rows = useMemo(() => changeRows(sets, words, open), [sets, words, open])
  const current =
    rows.find(row => row.key === chosen) ?? rows.find(row => row.kind === 'cause' || row.kind === 'change')
  const toggle = (key: string, wanted?: boolean) =>
    setOpen(was => {
      const next = new Set(was)
      if (wanted ?? !was.has(key)) next.add(key)
      else next.delete(key)
      return next
    })
  if (rows.length === 0) return <EmptyState icon={SearchX} sentence={text('dependency.pageNoMatch')} />
  return (
    <SplitPane
      label={text('dependency.pageListWidth')}
      remember="dependencies-compare"
      sideAt="start"
      initial={{ share: 0.44, least: 380, most: 640 }}
      min={320}
      max={900}
      minMain={320}
      side={<ChangeList rows={rows} current={current ?? null} onChoose={setChosen} onToggle={toggle} />}
      main={current && <ChangeDetail row={current} beside={beside} />}
    />
  )
}

type ChosenRow = ChangeRow & { kind: 'cause' | 'change' }

/** The way to the chosen change, and its group as a drawing. */
function ChangeDetail({ row, beside }: { row: ChangeRow; beside: Beside | undefined }) {
  const text = useText()
  const group = groupOf(row)
  const path = row.kind === 'change' ? row.item.path : []
  return (
    <div className={styles['detail']}>
      {(row.kind === 'cause' || row.kind === 'change') && <DetailHead row={row} beside={beside} />}
      {path.length > 1 && (
        <section aria-label={text('dependency.columnWhy')}>
          <h3>{text('dependency.columnWhy')}</h3>
          <ol className={styles['path']}>
            {path.map(id => (
              <li key={id}>{id}</li>
            ))}
          </ol>
        </section>
      )}
      {row.kind !== 'set' && row.kind !== 'rest' && row.set.ecosystem !== 'oci' && !row.set.hasGraph && (
        <p className={styles['note']}>
          <WithCode>{text('dependency.pageNoGraph')}</WithCode>
        </p>
      )}
      {group && row.set.hasGraph && <ChangeDrawing set={row.set} group={group} />}
    </div>
  )
}

/** The package, what became of its version, and who made that. */
function DetailHead({ row, beside }: { row: ChosenRow; beside: Beside | undefined }) {
  const { name, from, to } = row.kind === 'cause' ? row.group.cause : row.item
  return (
    <header className={styles['detailHead']}>
      <h2>{name}</h2>
      <span className={styles['version']}>{from !== null && to !== null ? `${from} → ${to}` : (to ?? from)}</span>
      {from !== null && to !== null && <VersionBadge ecosystem={row.set.ecosystem} from={from} to={to} />}
      {beside?.(row.set, name)}
    </header>
  )
}

/** What is drawn for a line: its group, or the change alone with the way to it. */
function groupOf(row: ChangeRow): ChangeGroup | null {
  if (row.kind === 'cause') return row.group
  if (row.kind !== 'change') return null
  if (row.group) return row.group
  const [start] = row.item.path
  if (start === undefined || row.item.path.length < 2) return { cause: row.item, dragged: [] }
  const at = start.indexOf('@', 1)
  const [name, version] = [start.slice(0, at), start.slice(at + 1)]
  return { cause: { change: 'changed', name, from: version, to: version, path: [start] }, dragged: [row.item] }
}
