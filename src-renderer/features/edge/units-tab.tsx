import { RotateCw, ScrollText, Search } from 'lucide-react'
import { useState } from 'react'
import { useApi, useQuery } from '../../connection/index.ts'
import {
  Badge,
  EmptyState,
  ErrorState,
  IconButton,
  RelativeTime,
  Spinner,
  Table,
  TableBody,
  TableCell,
  TableColumn,
  TableHead,
  TableRow,
  TextField,
  type Tone,
  useText,
} from '../../design/index.ts'
import styles from './edge.module.css'
import type { OfNode } from './node-detail.tsx'

const tones: { readonly [active: string]: Tone } = {
  failed: 'danger',
  active: 'ok',
  activating: 'info',
  reloading: 'info',
}
/** Drawn at once; the filter finds the others. */
const most = 400

/** Units of systemd, failed ones first. */
export function UnitsTab({ of, onJournal }: { of: OfNode; onJournal(unit: string): void }) {
  const text = useText()
  const asked = useQuery(useApi().edge.units, of)
  const [filter, setFilter] = useState('')
  if (asked.status === 'failed' && asked.error)
    return <ErrorState error={asked.error} title={text('edge.unitsFailed')} onRetry={asked.retry} />
  if (!asked.value) return <Waiting />
  const { units, init, asOf } = asked.value
  if (init !== null) return <EmptyState sentence={text('edge.unitsNoSystemd', { init: init || '?' })} />
  const wanted = filter.toLowerCase()
  const found = units.filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(wanted))
  return (
    <div className={styles['pane']}>
      <Bar
        filter={filter}
        onFilter={setFilter}
        asOf={asOf}
        onAgain={asked.retry}
        shown={found.length}
        of={units.length}
      />
      <Table label={text('edge.tabUnits')}>
        <TableHead>
          <tr>
            <TableColumn>{text('edge.columnUnit')}</TableColumn>
            <TableColumn>{text('edge.columnState')}</TableColumn>
            <TableColumn>{text('edge.columnDescription')}</TableColumn>
            <TableColumn>
              <span />
            </TableColumn>
          </tr>
        </TableHead>
        <TableBody>
          {found.slice(0, most).map(({ name, active, sub, load, description }) => (
            <TableRow key={name}>
              <TableCell className={styles['mono'] ?? ''}>{name}</TableCell>
              <TableCell>
                <Badge tone={tones[active] ?? 'neutral'}>
                  {load !== 'loaded' ? load : sub === active ? active : `${active} (${sub})`}
                </Badge>
              </TableCell>
              <TableCell>{description}</TableCell>
              <TableCell end>
                <IconButton
                  size="small"
                  icon={ScrollText}
                  label={text('edge.journalOf', { unit: name })}
                  onClick={() => onJournal(name)}
                />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}

export function Waiting() {
  const text = useText()
  return (
    <div className={styles['waiting']}>
      <Spinner label={text('edge.asking')} />
    </div>
  )
}

/** Filter, how many, as of when, ask again. */
export function Bar({
  filter,
  onFilter,
  asOf,
  onAgain,
  shown,
  of,
}: {
  filter: string
  onFilter(filter: string): void
  asOf: string
  onAgain(): void
  shown: number
  of: number
}) {
  const text = useText()
  return (
    <div className={styles['toolbar']}>
      <TextField
        icon={Search}
        value={filter}
        onChange={onFilter}
        placeholder={text('edge.filterRows')}
        aria-label={text('edge.filterRows')}
      />
      <span className={styles['asOf']}>
        {text('edge.shownOf', { shown, of })} · <RelativeTime at={asOf} />
      </span>
      <IconButton icon={RotateCw} label={text('edge.askNow')} onClick={onAgain} />
    </div>
  )
}
