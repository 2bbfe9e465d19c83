import { Search } from 'lucide-react'
import { useMemo, useState } from 'react'
import { ecosystemWord } from '../../../shared/dependencies/ecosystem.ts'
import { behindIn, type Library, type ServiceSummary } from '../../../shared/dependencies/overview.ts'
import {
  Badge,
  Button,
  ListFilters,
  SplitPane,
  Table,
  TableBody,
  TableCell,
  TableColumn,
  TableHead,
  TableRow,
  TextField,
  useFormat,
  useText,
} from '../../design/index.ts'
import styles from './dependencies.module.css'
import { VersionBadge } from './version-badge.tsx'

type Props = {
  services: readonly ServiceSummary[]
  libraries: readonly Library[]
  onLibrary(library: string): void
}

const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0)

/** What each service is made of, and how much of it is behind others. */
export function ServicesView({ services, libraries, onLibrary }: Props) {
  const text = useText()
  const format = useFormat()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState<string | null | undefined>(undefined)
  const shown = services.filter(({ service }) => (service ?? '').toLowerCase().includes(typed.trim().toLowerCase()))
  const current = shown.find(({ service }) => service === chosen) ?? shown[0]
  return (
    <SplitPane
      label={text('dependency.pageDetailWidth')}
      remember="dependencies-service"
      initial={{ share: 0.36, least: 320, most: 520 }}
      min={300}
      max={800}
      minMain={420}
      main={
        <div className={styles['pane']}>
          <ListFilters>
            <TextField
              type="search"
              icon={Search}
              value={typed}
              onChange={setTyped}
              placeholder={text('dependency.pageFindService')}
              aria-label={text('dependency.pageFindService')}
            />
          </ListFilters>
          <Table label={text('dependency.pageServices')} className={styles['grow'] ?? ''}>
            <TableHead>
              <tr>
                <TableColumn>{text('dependency.columnService')}</TableColumn>
                <TableColumn>{text('dependency.columnEcosystem')}</TableColumn>
                <TableColumn end>{text('dependency.columnDirect')}</TableColumn>
                <TableColumn end>{text('dependency.columnAll')}</TableColumn>
                <TableColumn end>{text('dependency.columnBehind')}</TableColumn>
              </tr>
            </TableHead>
            <TableBody>
              {shown.map(each => (
                <TableRow key={each.service ?? ''} selected={each === current} onSelect={() => setChosen(each.service)}>
                  <TableCell>{each.service ?? text('dependency.pageNoService')}</TableCell>
                  <TableCell className={styles['faint']}>
                    {[...new Set(each.sets.map(set => ecosystemWord(set.ecosystem)))].join(', ')}
                  </TableCell>
                  <TableCell end>{format.number(sum(each.sets.map(({ direct }) => direct)))}</TableCell>
                  <TableCell end>{format.number(sum(each.sets.map(({ packages }) => packages)))}</TableCell>
                  <TableCell end>
                    {each.behind.all > 0 ? (
                      <Badge tone="warn">{format.number(each.behind.all)}</Badge>
                    ) : (
                      <span className={styles['faint']}>0</span>
                    )}
                  </TableCell>
                </TableRow>
              ))}
            </TableBody>
          </Table>
        </div>
      }
      side={current && <ServiceDetail summary={current} libraries={libraries} onLibrary={onLibrary} />}
    />
  )
}

const most = 200

function ServiceDetail({
  summary,
  libraries,
  onLibrary,
}: {
  summary: ServiceSummary
  libraries: readonly Library[]
  onLibrary(library: string): void
}) {
  const text = useText()
  const { service, sets, folder } = summary
  const behind = useMemo(
    () =>
      libraries
        .filter(library => behindIn(library).some(use => use.service === service))
        .map(library => ({
          library,
          own: library.versions.find(({ uses }) => uses.some(use => use.service === service))?.version ?? '',
        })),
    [libraries, service],
  )
  return (
    <div className={styles['detail']}>
      <header className={styles['detailHead']}>
        <h2>{service ?? text('dependency.pageNoService')}</h2>
        {folder !== null && <span className={styles['faint']}>{folder || '.'}</span>}
      </header>
      <ul className={styles['sets']}>
        {sets.map(set => (
          <li key={`${set.folder} ${set.ecosystem} ${set.files[0]}`}>
            <strong>{ecosystemWord(set.ecosystem)}</strong>
            <span className={styles['setFiles']} title={set.files.join('\n')}>
              {set.files.join(', ')}
            </span>
            <span className={styles['faint']}>
              {text(set.locked ? 'dependency.pageSetLocked' : 'dependency.pageSetAsked', {
                direct: set.direct,
                all: set.packages,
              })}
            </span>
          </li>
        ))}
      </ul>
      <h3>{text('dependency.pageBehind', { count: behind.length })}</h3>
      {behind.length === 0 ? (
        <p className={styles['note']}>{text('dependency.pageNotBehind')}</p>
      ) : (
        <ul className={styles['behind']}>
          {behind.slice(0, most).map(({ library, own }) => (
            <li key={library.library}>
              <Button variant="link" onClick={() => onLibrary(library.library)}>
                {library.name}
              </Button>
              <span className={styles['version']}>
                {own} → {library.versions[0]!.version}
              </span>
              <VersionBadge ecosystem={library.ecosystem} from={own} to={library.versions[0]!.version} />
            </li>
          ))}
        </ul>
      )}
      {behind.length > most && (
        <p className={styles['more']}>{text('dependency.pageMoreUses', { count: behind.length - most })}</p>
      )}
    </div>
  )
}
