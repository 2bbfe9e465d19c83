import { Search, SearchX } from 'lucide-react'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { ecosystemWord } from '../../../shared/dependencies/ecosystem.ts'
import type { Library } from '../../../shared/dependencies/overview.ts'
import { useShortcut } from '../../connection/index.ts'
import {
  Checkbox,
  EmptyState,
  ListFilters,
  RowList,
  Select,
  SplitPane,
  TextField,
  useText,
} from '../../design/index.ts'
import type { At } from './at.ts'
import styles from './dependencies.module.css'
import { isApart } from './is-apart.ts'
import { LibraryDetail } from './library-detail.tsx'

type Props = { at: At; libraries: readonly Library[]; chosen: string | null; onChoose(library: string): void }

const every = '*'

/** Every library with the versions services have of it; the one chosen on the right. */
export function LibrariesView({ at, libraries, chosen, onChoose }: Props) {
  const text = useText()
  const search = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState('')
  const [ecosystem, setEcosystem] = useState(every)
  const [apart, setApart] = useState(() => libraries.some(isApart))
  const words = useDeferredValue(typed).trim().toLowerCase()
  const ecosystems = useMemo(() => [...new Set(libraries.map(each => each.ecosystem))].sort(), [libraries])
  const shown = useMemo(
    () =>
      libraries.filter(
        each =>
          (!apart || isApart(each)) &&
          (ecosystem === every || each.ecosystem === ecosystem) &&
          (words === '' || each.name.toLowerCase().includes(words)),
      ),
    [libraries, apart, ecosystem, words],
  )
  const current = libraries.find(({ library }) => library === chosen) ?? shown[0] ?? null
  useShortcut('/', 'dependency.pageSearch', () => search.current?.focus(), {
    group: 'dependency.pageGroup',
    icon: Search,
  })

  return (
    <SplitPane
      label={text('dependency.pageListWidth')}
      remember="dependencies-list"
      sideAt="start"
      initial={{ share: 0.32, least: 300, most: 460 }}
      min={280}
      max={760}
      minMain={400}
      side={
        <div className={styles['pane']}>
          <ListFilters
            choices={
              <>
                <Select
                  plain
                  label={text('dependency.columnEcosystem')}
                  value={ecosystem}
                  onChange={setEcosystem}
                  options={[
                    { value: every, label: text('dependency.pageEveryEcosystem') },
                    ...ecosystems.map(value => ({ value, label: ecosystemWord(value) })),
                  ]}
                />
                <Checkbox label={text('dependency.pageApartOnly')} checked={apart} onChange={setApart} />
              </>
            }
          >
            <TextField
              ref={search}
              type="search"
              icon={Search}
              value={typed}
              onChange={setTyped}
              placeholder={text('dependency.pageSearchHint')}
              aria-label={text('dependency.pageSearch')}
            />
          </ListFilters>
          {shown.length === 0 ? (
            <EmptyState
              icon={SearchX}
              sentence={text(words === '' && apart ? 'dependency.pageAllAgree' : 'dependency.pageNoMatch')}
              compact
            />
          ) : (
            <LibraryList libraries={shown} current={current} onChoose={onChoose} />
          )}
        </div>
      }
      main={current && <LibraryDetail key={current.library} at={at} library={current} />}
    />
  )
}

function LibraryList({
  libraries,
  current,
  onChoose,
}: {
  libraries: readonly Library[]
  current: Library | null
  onChoose(library: string): void
}) {
  const text = useText()
  return (
    <RowList<Library>
      label={text('dependency.pageLibraries')}
      rows={libraries}
      keyOf={({ library }) => library}
      heightOf={() => 44}
      chosen={current?.library ?? null}
      onChoose={({ library }) => onChoose(library)}
      attributesOf={() => ({ className: styles['item'] })}
    >
      {library => (
        <>
          <span className={styles['itemName']} title={library.name}>
            {library.name}
          </span>
          <span className={styles['itemFacts']}>
            <span>{ecosystemWord(library.ecosystem)}</span>
            <span className={styles['version']}>{library.versions[0]?.version ?? ''}</span>
            {isApart(library) && (
              <span className={styles['apart']}>
                {text('dependency.pageVersionCount', { count: library.versions.length })}
              </span>
            )}
          </span>
        </>
      )}
    </RowList>
  )
}
