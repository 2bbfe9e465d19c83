import { Boxes } from 'lucide-react'
import { memo, useDeferredValue, useMemo, useState } from 'react'
import type { ContextView } from '../../../shared/clusters/contract.ts'
import type { LiveWorkload } from '../../../shared/live/live.ts'
import { worstFirst } from '../../../shared/live/worst-first.ts'
import {
  Button,
  EmptyState,
  Loading,
  Skeleton,
  Table,
  TableBody,
  TableCell,
  TableColumn,
  TableHead,
  TableRow,
  TextField,
  useSay,
  useText,
} from '../../design/index.ts'
import styles from './clusters.module.css'
import { HealthMark } from './health-mark.tsx'
import { shortImage } from './pod-list.tsx'
import { openDescribe } from './use-pod-actions.tsx'

const shownAtFirst = 200

/** Every workload with what runs of it, what needs somebody first. */
export function WorkloadsTable({
  context,
  workloads,
  known,
}: {
  context: ContextView
  workloads: readonly LiveWorkload[]
  known: boolean
}) {
  const text = useText()
  const [typed, setTyped] = useState('')
  const [most, setMost] = useState(shownAtFirst)
  const words = useDeferredValue(typed).trim().toLowerCase()
  const sorted = useMemo(
    () =>
      workloads
        .filter(
          ({ name, namespace, kind }) => words === '' || `${namespace}/${name} ${kind}`.toLowerCase().includes(words),
        )
        .sort(worstFirst),
    [workloads, words],
  )
  if (!known)
    return (
      <Loading>
        <Skeleton width="60%" height={16} />
      </Loading>
    )
  if (workloads.length === 0) return <EmptyState icon={Boxes} sentence={text('live.noWorkloads')} />
  return (
    <div className={styles['tableBody']}>
      <div className={styles['filter']}>
        <TextField
          type="search"
          value={typed}
          onChange={setTyped}
          placeholder={text('live.find')}
          aria-label={text('live.find')}
        />
      </div>
      <Table label={text('live.workloads')}>
        <TableHead>
          <tr>
            <TableColumn>{text('live.name')}</TableColumn>
            <TableColumn end>{text('live.ready')}</TableColumn>
            <TableColumn end>{text('live.restartsColumn')}</TableColumn>
            <TableColumn>{text('live.version')}</TableColumn>
            <TableColumn>{text('live.state')}</TableColumn>
          </tr>
        </TableHead>
        <TableBody>
          {sorted.slice(0, most).map(each => (
            <WorkloadRow key={each.key} context={context} workload={each} />
          ))}
        </TableBody>
      </Table>
      {sorted.length === 0 && <EmptyState compact sentence={text('live.nothingFits')} />}
      {sorted.length > most && (
        <Button size="small" variant="ghost" onClick={() => setMost(was => was + 500)}>
          {text('live.showMore', { count: sorted.length - most })}
        </Button>
      )}
    </div>
  )
}

/** One that did not change is not drawn again. */
const WorkloadRow = memo(function WorkloadRow({ context, workload }: { context: ContextView; workload: LiveWorkload }) {
  const say = useSay()
  return (
    <TableRow onSelect={() => openDescribe(context, workload.group, workload.kind, workload.namespace, workload.name)}>
      <TableCell>
        <span className={styles['nameCell']}>
          <HealthMark health={workload.health} />
          <span>
            <strong>{workload.name}</strong>
            <small>{`${workload.kind} · ${workload.namespace}`}</small>
          </span>
        </span>
      </TableCell>
      <TableCell end>{workload.desired === null ? workload.ready : `${workload.ready}/${workload.desired}`}</TableCell>
      <TableCell end>{workload.restarts}</TableCell>
      <TableCell>
        <code>{workload.versions[0]?.images[0] ? shortImage(workload.versions[0].images[0].image) : '–'}</code>
        {workload.versions.length > 1 && <small>{` +${workload.versions.length - 1}`}</small>}
      </TableCell>
      <TableCell className={styles['sentence'] ?? ''}>
        {workload.why ? say(workload.why) : workload.health === 'Healthy' ? '' : workload.message}
      </TableCell>
    </TableRow>
  )
})
