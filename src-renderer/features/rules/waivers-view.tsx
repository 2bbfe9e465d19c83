import { CalendarClock } from 'lucide-react'
import type { WaiverView } from '../../../shared/rules/contract.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useLive, useNavigation } from '../../connection/index.ts'
import {
  Badge,
  Button,
  EmptyState,
  ErrorState,
  Loading,
  Screen,
  ScreenHead,
  Skeleton,
  Table,
  TableBody,
  TableCell,
  TableColumn,
  TableHead,
  TableRow,
  type Tone,
  useText,
} from '../../design/index.ts'
import styles from './rules-screen.module.css'

/** Days before its end from which a waiver asks for attention. */
const soon = 7
const toneOf = ({ stands, daysLeft }: WaiverView): Tone =>
  !stands ? 'ok' : daysLeft < 0 ? 'danger' : daysLeft <= soon ? 'warn' : 'neutral'

/** What was let through and how long that still holds, the first to end in front. */
export function WaiversView({ workspace }: { workspace: WorkspaceId }) {
  const text = useText()
  const { rules } = useApi()
  const asked = useLive(rules.waivers, { workspace })
  if (asked.status === 'failed' && asked.error)
    return <ErrorState error={asked.error} title={text('rule.waiversFailed')} onRetry={asked.retry} />
  if (!asked.value)
    return (
      <Loading>
        <Skeleton />
      </Loading>
    )
  return (
    <Screen label={text('rule.waivers')}>
      <ScreenHead level={2} title={text('rule.waivers')} about={text('rule.waiversAbout')} />
      {asked.value.length === 0 ? (
        <EmptyState icon={CalendarClock} sentence={text('rule.waiversNone')} />
      ) : (
        <Table label={text('rule.waivers')}>
          <TableHead>
            <tr>
              <TableColumn>{text('rule.waiverRule')}</TableColumn>
              <TableColumn>{text('rule.waiverServices')}</TableColumn>
              <TableColumn>{text('rule.waiverUntil')}</TableColumn>
              <TableColumn>{text('rule.waiverState')}</TableColumn>
              <TableColumn>{text('rule.waiverDecision')}</TableColumn>
            </tr>
          </TableHead>
          <TableBody>
            {asked.value.map(waiver => (
              <Row key={`${waiver.rule} ${waiver.services.join(' ')}`} waiver={waiver} />
            ))}
          </TableBody>
        </Table>
      )}
    </Screen>
  )
}

function Row({ waiver }: { waiver: WaiverView }) {
  const text = useText()
  const go = useNavigation(place => place.go)
  const { rule, services, until, daysLeft, stands, decision } = waiver
  return (
    <TableRow>
      <TableCell>
        <code>{rule}</code>
      </TableCell>
      <TableCell>{services.join(', ')}</TableCell>
      <TableCell className={styles['until'] ?? ''}>{until}</TableCell>
      <TableCell>
        <Badge tone={toneOf(waiver)}>
          {!stands
            ? text('rule.waiverSettled')
            : daysLeft < 0
              ? text('rule.waiverEnded', { count: -daysLeft })
              : text('rule.waiverLeft', { count: daysLeft })}
        </Badge>
      </TableCell>
      <TableCell>
        <Button
          variant="link"
          onClick={() => go({ screen: 'decisions', selection: { kind: 'decision', id: decision.id } })}
        >
          {decision.title}
        </Button>{' '}
        · {decision.author}
      </TableCell>
    </TableRow>
  )
}
