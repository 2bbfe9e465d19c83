import { Undo2 } from 'lucide-react'
import { describeResult } from '../../../shared/results/describe-result.ts'
import { standingOf } from '../../../shared/results/result.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useLive } from '../../connection/index.ts'
import { Badge, Button, RelativeTime, useFormat, useLocale, useText } from '../../design/index.ts'
import styles from './decision-detail.module.css'
import { OutcomeBadge } from './outcome-badge.tsx'

type DecisionResultsProps = { workspace: WorkspaceId; decision: string; onRevert(): void }

/** What became of it: the outcome, each event with its time, and the way back where it was rolled back. */
export function DecisionResults({ workspace, decision, onRevert }: DecisionResultsProps) {
  const text = useText()
  const format = useFormat()
  const locale = useLocale()
  const { decisions } = useApi()
  const events = useLive(decisions.results, { workspace, decision }).value ?? []
  const result = standingOf(events)
  if (events.length === 0) return null
  const lost = result?.standing === 'rolled-back' || result?.standing === 'failed'
  return (
    <section className={styles['results']} aria-label={text('result.title')} data-lost={lost || undefined}>
      <header>
        <h3>{text('result.title')}</h3>
        {result && <OutcomeBadge outcome={result.standing} />}
        {result?.seconds != null && (
          <span>{text('result.after', { time: `${format.number(result.seconds, 0)} s` })}</span>
        )}
        {events.some(({ sandbox }) => sandbox) && <Badge tone="info">{text('result.sandbox')}</Badge>}
        {result?.standing === 'rolled-back' && (
          <Button size="small" icon={Undo2} onClick={onRevert}>
            {text('result.revert')}
          </Button>
        )}
      </header>
      <ol>
        {events.map(event => (
          <li key={`${event.at} ${event.kind} ${event.object?.name} ${event.action}`} data-kind={event.kind}>
            <span>{describeResult({ ...event, sandbox: undefined }, locale)}</span>
            {event.environment && event.context && (
              <small>{text('result.where', { environment: event.environment, context: event.context })}</small>
            )}
            <time dateTime={event.at} title={format.dateTime(event.at)}>
              <RelativeTime at={Date.parse(event.at)} />
            </time>
          </li>
        ))}
      </ol>
    </section>
  )
}
