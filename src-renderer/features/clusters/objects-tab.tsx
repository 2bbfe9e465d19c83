import { CircleCheck } from 'lucide-react'
import { memo, useDeferredValue, useMemo, useState } from 'react'
import type { ContextView, ObjectRow, ObjectsView } from '../../../shared/clusters/contract.ts'
import { useApi, useLive, useQuery } from '../../connection/index.ts'
import {
  Badge,
  EmptyState,
  ErrorState,
  Loading,
  RelativeTime,
  Select,
  Skeleton,
  Table,
  TableBody,
  TableCell,
  TableColumn,
  TableHead,
  TableRow,
  TextField,
  useText,
} from '../../design/index.ts'
import styles from './clusters.module.css'
import { isForbidden, StaleNote } from './freshness.tsx'
import { HealthMark } from './health-mark.tsx'
import { MissingRights } from './missing-rights.tsx'
import type { LookedAt } from './pods-tab.tsx'
import { openDescribe } from './use-pod-actions.tsx'

type Props = { scope: LookedAt; context: ContextView; group?: string; kind?: string }

/** The objects of a kind: one that is given, or one that a person chooses of all the cluster serves. */
export function ObjectsTab({ scope, context, group, kind }: Props) {
  const text = useText()
  const api = useApi()
  const [typed, setTyped] = useState('')
  const [chosen, setChosen] = useState('Service')
  const search = useDeferredValue(typed).trim()
  const kinds = useQuery(api.clusters.kinds, { context: context.name }, { skip: kind !== undefined })
  const options = useMemo(
    () =>
      (kinds.value ?? [])
        .map(each => ({
          value: each.group === '' ? each.kind : `${each.kind}.${each.group}`,
          label: each.kind,
          of: each,
        }))
        .sort((a, b) => (a.value < b.value ? -1 : 1)),
    [kinds.value],
  )
  const named = kind !== undefined ? { group: group ?? '', kind } : options.find(({ value }) => value === chosen)?.of
  if (kinds.error) return <ErrorState compact error={kinds.error} onRetry={kinds.retry} />
  return (
    <div className={styles['tableBody']}>
      <div className={styles['filter']}>
        {kind === undefined && (
          <Select
            label={text('live.kind')}
            value={chosen}
            onChange={setChosen}
            options={options.map(({ value }) => ({ value, label: value }))}
          />
        )}
        <TextField
          type="search"
          value={typed}
          onChange={setTyped}
          placeholder={text('live.find')}
          aria-label={text('live.find')}
        />
      </div>
      {named ? (
        <Listed
          key={`${named.group} ${named.kind}`}
          scope={scope}
          context={context}
          group={named.group}
          kind={named.kind}
          search={search}
        />
      ) : (
        <Loading>
          <Skeleton width="60%" height={16} />
        </Loading>
      )}
    </div>
  )
}

function Listed({ scope, context, group, kind, search }: Required<Props> & { search: string }) {
  const text = useText()
  const api = useApi()
  const live = useLive(api.clusters.objects, { ...scope, group, kind, ...(search !== '' && { search }) })
  const view: ObjectsView | null = live.value
  if (live.status === 'failed' && live.error) return <ErrorState compact error={live.error} onRetry={live.retry} />
  if (!view || (view.asOf === null && view.state === 'connecting'))
    return (
      <Loading>
        <Skeleton width="60%" height={16} />
      </Loading>
    )
  const isEvent = kind === 'Event'
  return (
    <>
      {(view.state === 'stale' || view.state === 'failed' || view.missing.length > 0) && (
        <div className={styles['notes']}>
          {!isForbidden(view) && <StaleNote view={view} />}
          <MissingRights missing={view.missing} nothing={isForbidden(view)} />
        </div>
      )}
      {view.rows.length === 0 ? (
        view.missing.length === 0 &&
        view.state === 'live' && (
          <EmptyState
            icon={CircleCheck}
            sentence={text(search !== '' ? 'live.nothingFits' : isEvent ? 'live.noEventsHere' : 'live.noneOfKind', {
              kind,
            })}
          />
        )
      ) : (
        <Table label={kind}>
          <TableHead>
            <tr>
              <TableColumn>{text(isEvent ? 'live.event' : 'live.name')}</TableColumn>
              {!isEvent && <TableColumn>{text('live.about')}</TableColumn>}
              <TableColumn end>{text(isEvent ? 'live.lastSeen' : 'live.age')}</TableColumn>
            </tr>
          </TableHead>
          <TableBody>
            {view.rows.map(row => (
              <OneObject key={row.key} row={row} context={context} group={group} kind={kind} />
            ))}
          </TableBody>
        </Table>
      )}
      {view.leftOut > 0 && <p className={styles['quiet']}>{text('live.leftOut', { count: view.leftOut })}</p>}
    </>
  )
}

type RowProps = { row: ObjectRow; context: ContextView; group: string; kind: string }

/** One that did not change is not drawn again. */
const OneObject = memo(function OneObject({ row, context, group, kind }: RowProps) {
  const isEvent = kind === 'Event'
  return (
    <TableRow onSelect={() => openDescribe(context, group, kind, row.namespace, row.name)}>
      <TableCell>
        {isEvent ? (
          <span className={styles['eventCell']} data-tone={row.warning ? 'warn' : undefined}>
            {row.about} {(row.count ?? 1) > 1 && <Badge>{`× ${row.count}`}</Badge>}
          </span>
        ) : (
          <span className={styles['nameCell']}>
            <HealthMark health={row.health} />
            <span>
              <strong>{row.name}</strong>
              <small>{row.namespace}</small>
            </span>
          </span>
        )}
      </TableCell>
      {!isEvent && <TableCell className={styles['sentence'] ?? ''}>{row.about}</TableCell>}
      <TableCell end>{(row.last ?? row.createdAt) !== '' && <RelativeTime at={row.last ?? row.createdAt} />}</TableCell>
    </TableRow>
  )
})
