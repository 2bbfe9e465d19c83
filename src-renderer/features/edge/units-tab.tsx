import { ScrollText } from 'lucide-react'
import { useApi, useQuery } from '../../connection/index.ts'
import {
  Badge,
  EmptyState,
  IconButton,
  TableBody,
  TableCell,
  TableColumn,
  TableHead,
  TableRow,
  type Tone,
  useText,
} from '../../design/index.ts'
import styles from './edge.module.css'
import type { OfNode } from './node-detail.tsx'
import { RowsPane } from './rows-pane.tsx'

const tones: { readonly [active: string]: Tone } = {
  failed: 'danger',
  active: 'ok',
  activating: 'info',
  reloading: 'info',
}

/** Units of systemd, failed ones first. */
export function UnitsTab({ of, onJournal }: { of: OfNode; onJournal(unit: string): void }) {
  const text = useText()
  const asked = useQuery(useApi().edge.units, of)
  return (
    <RowsPane
      label={text('edge.tabUnits')}
      asked={asked}
      failed="edge.unitsFailed"
      rowsOf={({ units }) => units}
      wordsOf={({ name, description }) => `${name} ${description}`}
      instead={({ init }) =>
        init !== null && <EmptyState sentence={text('edge.unitsNoSystemd', { init: init || '?' })} />
      }
    >
      {found => (
        <>
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
            {found.map(({ name, active, sub, load, description }) => (
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
        </>
      )}
    </RowsPane>
  )
}
