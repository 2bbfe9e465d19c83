import { Boxes } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { DependencyOverview } from '../../../shared/dependencies/contract.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useNavigation, usePaletteSource, useQuery } from '../../connection/index.ts'
import {
  Callout,
  EmptyState,
  ErrorState,
  LoadingRows,
  Screen,
  ScreenHead,
  Segmented,
  useSay,
  useText,
  WithCode,
} from '../../design/index.ts'
import { CompareView } from './compare-view.tsx'
import styles from './dependencies.module.css'
import { isApart } from './is-apart.ts'
import { LibrariesView } from './libraries-view.tsx'
import { ServicesView } from './services-view.tsx'

type View = 'libraries' | 'services' | 'compare'

/** What services are made of: each library across them, each service, and any two revisions compared. */
export function DependenciesScreen() {
  const workspace = useNavigation(place => place.workspace)
  return workspace === null ? null : <Dependencies key={workspace} workspace={workspace} />
}

function Dependencies({ workspace }: { workspace: WorkspaceId }) {
  const api = useApi()
  const text = useText()
  const environment = useNavigation(place => place.environment)
  const revision = useNavigation(place => place.revision)
  const [view, setView] = useState<View>('libraries')
  const [library, setLibrary] = useState<string | null>(null)
  const at = useMemo(
    () => ({ workspace, ...(revision !== null && { revision }), ...(environment !== null && { environment }) }),
    [workspace, revision, environment],
  )
  const asked = useQuery(api.dependencies.overview, at)
  const showLibrary = (name: string) => {
    setLibrary(name)
    setView('libraries')
  }
  usePaletteSource(typed =>
    typed.length < 2
      ? []
      : (asked.value?.libraries ?? []).slice(0, 2000).map(each => ({
          id: `library ${each.library}`,
          label: each.name,
          hint: each.versions[0]?.version ?? '',
          group: 'dependency.pageGroup',
          run: () => showLibrary(each.library),
        })),
  )

  const body = (overview: DependencyOverview) =>
    view === 'libraries' ? (
      <LibrariesView at={at} libraries={overview.libraries} chosen={library} onChoose={setLibrary} />
    ) : (
      <ServicesView services={overview.services} libraries={overview.libraries} onLibrary={showLibrary} />
    )
  return (
    <Screen label={text('dependency.pageTitle')}>
      <ScreenHead title={text('dependency.pageTitle')}>
        <Segmented<View>
          label={text('dependency.pageView')}
          value={view}
          onChange={setView}
          options={[
            { value: 'libraries', label: text('dependency.pageLibraries') },
            { value: 'services', label: text('dependency.pageServices') },
            { value: 'compare', label: text('dependency.pageCompare') },
          ]}
        />
        {asked.value && <Counts overview={asked.value} />}
      </ScreenHead>
      {asked.value && <Problems overview={asked.value} />}
      {view === 'compare' ? (
        <CompareView workspace={workspace} environment={environment} revision={revision} />
      ) : asked.status === 'failed' && asked.error ? (
        <ErrorState error={asked.error} title={text('dependency.pageFailed')} onRetry={asked.retry} />
      ) : asked.value === null ? (
        <LoadingRows />
      ) : asked.value.libraries.length === 0 ? (
        <EmptyState icon={Boxes} sentence={text('dependency.nothingHere')} />
      ) : (
        body(asked.value)
      )}
    </Screen>
  )
}

function Counts({ overview: { services, libraries } }: { overview: DependencyOverview }) {
  const text = useText()
  const apart = libraries.filter(isApart).length
  return (
    <p className={styles['counts']}>
      {text('dependency.pageServiceCount', { count: services.filter(({ service }) => service !== null).length })}
      {' · '}
      {text('dependency.pageLibraryCount', { count: libraries.length })}
      {' · '}
      {text('dependency.pageApartCount', { count: apart })}
    </p>
  )
}

/** Files that could not be read: what is shown is without them. */
function Problems({ overview: { problems } }: { overview: DependencyOverview }) {
  const say = useSay()
  const text = useText()
  if (problems.length === 0) return null
  return (
    <div className={styles['problems']}>
      <Callout tone="warn" title={text('dependency.pageProblems', { count: problems.length })}>
        <ul>
          {problems.slice(0, 5).map(problem => (
            <li key={JSON.stringify(problem)}>
              <WithCode>{say(problem)}</WithCode>
            </li>
          ))}
        </ul>
      </Callout>
    </div>
  )
}
