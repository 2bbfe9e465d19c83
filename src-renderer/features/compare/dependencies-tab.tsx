import { GitCompareArrows, Search } from 'lucide-react'
import { useDeferredValue, useState } from 'react'
import type { ComparedDependencies, ComparedSet } from '../../../shared/compare/contract.ts'
import { fieldKey } from '../../../shared/compare/difference.ts'
import { ecosystemWord } from '../../../shared/dependencies/ecosystem.ts'
import { EmptyState, TextField, useSay, useText, WithCode } from '../../design/index.ts'
import { DependencyChanges } from '../dependencies/index.ts'
import { ChangeMark } from './change-mark.tsx'
import styles from './compare.module.css'
import { MadeBy } from './made-by.tsx'
import type { Makers } from './use-makers.ts'

/** What services are made of. A lock that one point does not hold at all is told apart: nothing was removed from it. */
export function DependenciesTab({
  compared: { sets, problems },
  makers,
}: {
  compared: ComparedDependencies
  makers: Makers
}) {
  const text = useText()
  const say = useSay()
  const [typed, setTyped] = useState('')
  const words = useDeferredValue(typed)
  const apart = sets.filter(set => set.change === 'only-a' || set.change === 'only-b')
  const both = sets.filter(set => !apart.includes(set))
  if (sets.length === 0) return <EmptyState icon={GitCompareArrows} sentence={text('compare.sameDependencies')} />
  return (
    <div className={styles['column']}>
      {problems.map(problem => (
        <p key={JSON.stringify(problem)} className={styles['problem']}>
          <WithCode>{say(problem)}</WithCode>
        </p>
      ))}
      {apart.length > 0 && (
        <ul className={styles['apart']}>
          {apart.map(set => (
            <li key={set.key}>
              <Apart set={set} makers={makers} />
            </li>
          ))}
        </ul>
      )}
      {both.length > 0 && (
        <>
          <div className={styles['bar']}>
            <p>{text('compare.count', { count: both.reduce((sum, set) => sum + countOf(set), 0) })}</p>
            <TextField
              className={styles['find'] ?? ''}
              type="search"
              icon={Search}
              value={typed}
              onChange={setTyped}
              placeholder={text('compare.filterDependencies')}
              aria-label={text('compare.filterDependencies')}
            />
          </div>
          <DependencyChanges
            sets={both}
            words={words}
            beside={(set, name) => {
              const { key } = set as ComparedSet
              return (
                <p className={styles['beside']}>
                  <span>{text('compare.columnMadeBy')}</span>
                  <MadeBy by={makers(fieldKey(key, name), key)} />
                </p>
              )
            }}
          />
        </>
      )}
    </div>
  )
}

const countOf = ({ diff: { added, removed, changed } }: ComparedSet): number =>
  added.length + removed.length + changed.length

function Apart({ set, makers }: { set: ComparedSet; makers: Makers }) {
  const text = useText()
  const { change, folder, ecosystem, services, of } = set
  return (
    <>
      <ChangeMark change={change} labelled />
      <span className={styles['apartWords']}>
        <b>{services.join(', ') || text('dependency.pageNoService')}</b>{' '}
        {text('compare.noLock', { ecosystem: ecosystemWord(ecosystem), folder: folder || '.' })}
        {of === undefined && <> · {text(change === 'only-a' ? 'compare.noLockOnlyA' : 'compare.noLockOnlyB')}</>}
      </span>
      <MadeBy by={makers(set.key)} />
    </>
  )
}
