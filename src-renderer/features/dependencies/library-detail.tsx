import { Check, Route, Terminal } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Library, LibraryUse } from '../../../shared/dependencies/overview.ts'
import { compareVersions } from '../../../shared/dependencies/versions/compare-versions.ts'
import { useApi, useCommand, useNavigation, useQuery } from '../../connection/index.ts'
import {
  Badge,
  Button,
  CopyCode,
  ErrorNote,
  RelativeTime,
  Select,
  Spinner,
  Table,
  TableBody,
  TableCell,
  TableColumn,
  TableHead,
  TableRow,
  useText,
  useToasts,
} from '../../design/index.ts'
import type { At } from './at.ts'
import styles from './dependencies.module.css'
import { VersionBadge } from './version-badge.tsx'

type Use = LibraryUse & { readonly version: string; readonly key: string }

/** One library: who has which version, who is behind and since when, why it is there, and what brings all together. */
export function LibraryDetail({ at, library }: { at: At; library: Library }) {
  const api = useApi()
  const text = useText()
  const { name, ecosystem, versions } = library
  const newest = versions[0]!.version
  const uses = useMemo(
    () =>
      versions.flatMap(({ version, uses: all }) =>
        all.map((use): Use => ({ ...use, version, key: `${use.service} ${use.folder} ${version}` })),
      ),
    [versions],
  )
  const asked = { ...at, library: library.library }
  const standings = useQuery(api.dependencies.standings, asked)
  const ways = useQuery(api.dependencies.why, asked)
  const sinceOf = (use: Use) =>
    standings.value?.find(
      each => each.service === use.service && each.folder === use.folder && each.version === use.version,
    )
  const wayOf = (use: Use) =>
    ways.value?.find(
      ({ services, folder, path }) =>
        folder === use.folder &&
        (use.service === null || services.includes(use.service)) &&
        path.at(-1)?.endsWith(`@${use.version}`),
    )?.path ?? []

  return (
    <div className={styles['detail']}>
      <header className={styles['detailHead']}>
        <h2>{name}</h2>
        <CopyCode value={library.library} />
      </header>
      <Table label={text('dependency.pageUses', { name })} className={styles['uses'] ?? ''} flush>
        <TableHead>
          <tr>
            <TableColumn>{text('dependency.columnService')}</TableColumn>
            <TableColumn>{text('dependency.columnVersion')}</TableColumn>
            <TableColumn>{text('dependency.columnWhy')}</TableColumn>
            <TableColumn>{text('dependency.columnSince')}</TableColumn>
          </tr>
        </TableHead>
        <TableBody>
          {uses.slice(0, mostUses).map(use => {
            const since = sinceOf(use)?.since
            const isBehind = compareVersions(ecosystem, use.version, newest) < 0
            return (
              <TableRow key={use.key}>
                <TableCell title={use.folder || '.'}>{use.service ?? text('dependency.pageNoService')}</TableCell>
                <TableCell>
                  <span className={styles['versionCell']}>
                    <span className={styles['version']}>{use.version || '–'}</span>
                    {isBehind ? (
                      <VersionBadge ecosystem={ecosystem} from={use.version} to={newest} />
                    ) : (
                      versions.length > 1 && (
                        <Badge tone="ok" icon={Check}>
                          {text('dependency.pageNewest')}
                        </Badge>
                      )
                    )}
                  </span>
                </TableCell>
                <TableCell>
                  <Way direct={use.direct} path={wayOf(use)} loading={ways.status === 'loading'} />
                </TableCell>
                <TableCell>
                  {since ? (
                    <span className={styles['since']} title={`${since.title} · ${since.author}`}>
                      <RelativeTime at={since.time * 1000} />
                    </span>
                  ) : standings.status === 'loading' ? (
                    <Spinner />
                  ) : (
                    <span className={styles['faint']}>–</span>
                  )}
                </TableCell>
              </TableRow>
            )
          })}
        </TableBody>
      </Table>
      {uses.length > mostUses && (
        <p className={styles['more']}>{text('dependency.pageMoreUses', { count: uses.length - mostUses })}</p>
      )}
      <ErrorNote error={standings.error} onRetry={standings.retry} />
      {versions.length > 1 && <Align at={at} library={library} />}
    </div>
  )
}

const mostUses = 300

/** The shortest way from what the service asks for to this library. */
function Way({ direct, path, loading }: { direct: boolean; path: readonly string[]; loading: boolean }) {
  const text = useText()
  if (direct) return <>{text('dependency.pageDirect')}</>
  if (loading) return <Spinner />
  if (path.length < 2) return <span className={styles['faint']}>{text('dependency.pageNoWay')}</span>
  return (
    <span className={styles['way']} title={path.join(' › ')}>
      <Route aria-hidden="true" />
      {path.slice(0, -1).map(id => (
        <span key={id}>{id}</span>
      ))}
    </span>
  )
}

/** One version for all: images become edits of the draft at once, locks are named with the command that moves them. */
function Align({ at, library }: { at: At; library: Library }) {
  const api = useApi()
  const text = useText()
  const toasts = useToasts()
  const environment = useNavigation(place => place.environment)
  const [version, setVersion] = useState(library.versions[0]!.version)
  const plan = useQuery(
    api.dependencies.align,
    { workspace: at.workspace, library: library.library, version, environment: environment ?? '' },
    { skip: environment === null },
  )
  const edit = useCommand(api.draft.edit)
  const { edits = [], commands = [] } = plan.value ?? {}
  const add = async () => {
    if (!(await edit.done({ workspace: at.workspace, edits: [...edits] }))) return
    toasts.show({ tone: 'ok', title: text('dependency.pageAdded', { count: edits.length }) })
  }
  if (at.revision !== undefined) return null
  return (
    <section className={styles['align']} aria-label={text('dependency.pageAlign')}>
      <div className={styles['alignHead']}>
        <h3>{text('dependency.pageAlign')}</h3>
        <Select
          label={text('dependency.pageAlignTo')}
          value={version}
          onChange={setVersion}
          options={library.versions.map(each => ({ value: each.version, label: each.version }))}
        />
        {edits.length > 0 && (
          <Button variant="primary" size="small" disabled={edit.running} onClick={() => void add()}>
            {text('dependency.pageAddEdits', { count: edits.length })}
          </Button>
        )}
      </div>
      {commands.length > 0 && (
        <>
          <p className={styles['note']}>{text('dependency.pageCommands')}</p>
          <ul className={styles['commands']}>
            {commands.map(({ folder, services, command }) => (
              <li key={`${folder} ${command}`}>
                <Terminal aria-hidden="true" />
                <span className={styles['commandPlace']}>
                  {services.join(', ') || text('dependency.pageNoService')}
                  <small>{folder || '.'}</small>
                </span>
                <CopyCode value={command}>{command}</CopyCode>
              </li>
            ))}
          </ul>
        </>
      )}
      {plan.value && edits.length + commands.length === 0 && (
        <p className={styles['note']}>{text('dependency.pageNothingToAlign')}</p>
      )}
      <ErrorNote error={plan.error ?? edit.error} />
    </section>
  )
}
