import { ArrowRight, GitCompare, Search, SearchX } from 'lucide-react'
import { useDeferredValue, useId, useMemo, useRef, useState } from 'react'
import type { ChangeGroup } from '../../../shared/dependencies/explain-diff.ts'
import { useApi, useQuery, useShortcut } from '../../connection/index.ts'
import { EmptyState, ErrorState, SplitPane, TextField, useSay, useText, WithCode } from '../../design/index.ts'
import { ChangeDrawing } from './change-drawing.tsx'
import { ChangeList } from './change-list.tsx'
import { type ChangeRow, changeRows } from './change-rows.ts'
import styles from './dependencies.module.css'
import { LoadingRows } from './loading-rows.tsx'

/** More than anyone reads, and little enough to draw from. */
const mostEdges = 20_000

type Props = { workspace: string; environment: string | null; revision: string | null }

/** Any two revisions: direct changes first, each with what it dragged in and the way it came. */
export function CompareView({ workspace, environment, revision }: Props) {
  const api = useApi()
  const text = useText()
  const say = useSay()
  const to0 = revision ?? 'HEAD'
  const [ends, setEnds] = useState({ from: `${to0}~1`, to: to0 })
  const [typed, setTyped] = useState('')
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const [chosen, setChosen] = useState<string | null>(null)
  const search = useRef<HTMLInputElement>(null)
  const words = useDeferredValue(typed)
  const asked = useQuery(api.dependencies.diff, {
    workspace,
    ...ends,
    edges: mostEdges,
    ...(environment !== null && { environment }),
  })
  const revisions = useQuery(api.workspaces.revisions, { workspace })
  const rows = useMemo(() => changeRows(asked.value?.sets ?? [], words, open), [asked.value, words, open])
  const current =
    rows.find(row => row.key === chosen) ?? rows.find(row => row.kind === 'cause' || row.kind === 'change')
  useShortcut('/', 'dependency.pageFilter', () => search.current?.focus(), {
    group: 'dependency.pageGroup',
    icon: Search,
  })
  const toggle = (key: string, wanted?: boolean) =>
    setOpen(was => {
      const next = new Set(was)
      if (wanted ?? !was.has(key)) next.add(key)
      else next.delete(key)
      return next
    })

  const names = (revisions.value ?? []).map(({ name }) => name)
  return (
    <div className={styles['compare']}>
      <div className={styles['ends']}>
        <RevisionField
          label={text('dependency.pageFrom')}
          value={ends.from}
          names={names}
          onChange={from => setEnds({ ...ends, from })}
        />
        <ArrowRight aria-hidden="true" />
        <RevisionField
          label={text('dependency.pageTo')}
          value={ends.to}
          names={names}
          onChange={to => setEnds({ ...ends, to })}
        />
        <TextField
          ref={search}
          type="search"
          icon={Search}
          value={typed}
          onChange={setTyped}
          placeholder={text('dependency.pageFilter')}
          aria-label={text('dependency.pageFilter')}
          className={styles['grow'] ?? ''}
        />
      </div>
      {asked.value?.problems.map(problem => (
        <p key={JSON.stringify(problem)} className={styles['problem']}>
          <WithCode>{say(problem)}</WithCode>
        </p>
      ))}
      {asked.status === 'failed' && asked.error ? (
        <ErrorState error={asked.error} title={text('dependency.pageCompareFailed')} onRetry={asked.retry} />
      ) : asked.value === null ? (
        <LoadingRows />
      ) : rows.length === 0 ? (
        words.trim() === '' ? (
          <EmptyState icon={GitCompare} sentence={text('dependency.pageSame', ends)} />
        ) : (
          <EmptyState icon={SearchX} sentence={text('dependency.pageNoMatch')} />
        )
      ) : (
        <SplitPane
          label={text('dependency.pageListWidth')}
          remember="dependencies-compare"
          sideAt="start"
          initial={Math.round(Math.max(380, Math.min(640, window.innerWidth * 0.44)))}
          min={320}
          max={900}
          minMain={320}
          side={<ChangeList rows={rows} current={current ?? null} onChoose={setChosen} onToggle={toggle} />}
          main={current && <ChangeDetail row={current} />}
        />
      )}
    </div>
  )
}

/** A revision is asked for once it is typed to the end: each letter would be another comparison. */
function RevisionField({
  label,
  value,
  names,
  onChange,
}: {
  label: string
  value: string
  names: readonly string[]
  onChange(value: string): void
}) {
  const id = useId()
  const [typed, setTyped] = useState(value)
  const settle = () => {
    if (typed.trim() === '') setTyped(value)
    else if (typed.trim() !== value) onChange(typed.trim())
  }
  return (
    <span className={styles['revision']}>
      <TextField
        mono
        list={id}
        aria-label={label}
        value={typed}
        onChange={next => {
          setTyped(next)
          if (names.includes(next)) onChange(next)
        }}
        onBlur={settle}
        onKeyDown={event => {
          if (event.key === 'Enter') settle()
        }}
      />
      <datalist id={id}>
        {names.map(name => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </span>
  )
}

/** The way to the chosen change, and its group as a drawing. */
function ChangeDetail({ row }: { row: ChangeRow }) {
  const text = useText()
  const group = groupOf(row)
  const path = row.kind === 'change' ? row.item.path : []
  return (
    <div className={styles['detail']}>
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
      {row.kind !== 'set' && row.kind !== 'rest' && !row.set.hasGraph && (
        <p className={styles['note']}>
          <WithCode>{text('dependency.pageNoGraph')}</WithCode>
        </p>
      )}
      {group && row.set.hasGraph && <ChangeDrawing set={row.set} group={group} />}
    </div>
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
