import { ArrowRight, GitCompare, Search } from 'lucide-react'
import { useDeferredValue, useId, useRef, useState } from 'react'
import { useApi, useQuery, useShortcut } from '../../connection/index.ts'
import { EmptyState, ErrorState, LoadingRows, TextField, useSay, useText, WithCode } from '../../design/index.ts'
import styles from './dependencies.module.css'
import { DependencyChanges } from './dependency-changes.tsx'

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
  const search = useRef<HTMLInputElement>(null)
  const words = useDeferredValue(typed)
  const asked = useQuery(api.dependencies.diff, {
    workspace,
    ...ends,
    edges: mostEdges,
    ...(environment !== null && { environment }),
  })
  const revisions = useQuery(api.workspaces.revisions, { workspace })
  useShortcut('/', 'dependency.pageFilter', () => search.current?.focus(), {
    group: 'dependency.pageGroup',
    icon: Search,
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
      ) : asked.value.sets.length === 0 ? (
        <EmptyState icon={GitCompare} sentence={text('dependency.pageSame', ends)} />
      ) : (
        <DependencyChanges sets={asked.value.sets} words={words} />
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
