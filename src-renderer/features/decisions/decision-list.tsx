import { History } from 'lucide-react'
import type { DecisionSummary } from '../../../shared/decisions/decision.ts'
import { Hidden, RelativeTime, RowList, Spinner, useFormat, useText } from '../../design/index.ts'
import { kindWords } from '../draft/index.ts'
import styles from './decisions-screen.module.css'
import { daysBack } from './group-by-day.ts'
import type { LogGroup } from './log-groups.ts'
import type { CommitRow, LogRow } from './log-rows.ts'
import { OutcomeBadge } from './outcome-badge.tsx'
import { RecordedGateBadge } from './recorded-gate-badge.tsx'
import { StatusBadge } from './status-badge.tsx'

export type DecisionListProps = {
  rows: readonly LogRow[]
  /** `2026-11-20` */
  today: string
  /** Key of the row that is chosen. */
  chosen: string | null
  /** The moment the whole window is showing, when that is not now. */
  here: DecisionSummary | null
  onChoose(row: CommitRow): void
  more: { readonly reading: boolean; readonly left: boolean; read(): Promise<void> }
}

const heights = { group: 32, decision: 56, commit: 32 }
const heightOf = (row: LogRow): number =>
  row.kind === 'group' ? heights.group : row.item.kind === 'commit' ? heights.commit : heights.decision

/** The log; older decisions are read when its end comes near. */
export function DecisionList({ rows, today, chosen, here, onChoose, more }: DecisionListProps) {
  const text = useText()
  return (
    <RowList<LogRow>
      label={text('page.decisionsLog')}
      rows={rows}
      keyOf={row => row.key}
      heightOf={heightOf}
      isChoice={row => row.kind === 'commit'}
      chosen={chosen}
      onChoose={row => row.kind === 'commit' && onChoose(row)}
      attributesOf={row =>
        row.kind === 'group'
          ? { className: styles['day'] }
          : { className: styles['item'], 'data-kind': row.item.kind === 'commit' ? 'commit' : 'decision' }
      }
      unfinished={more.left}
      busy={more.reading}
      onNearEnd={more.left && !more.reading ? more.read : undefined}
      foot={
        more.reading && (
          <p className={styles['reading']}>
            <Spinner /> {text('page.decisionsReading')}
          </p>
        )
      }
    >
      {row =>
        row.kind === 'group' ? (
          <GroupName group={row.group} today={today} />
        ) : (
          <Line item={row.item} here={row.item === here} />
        )
      }
    </RowList>
  )
}

function GroupName({ group: { by, name, items }, today }: { group: LogGroup; today: string }) {
  const text = useText()
  const format = useFormat()
  if (by === 'day') {
    const back = daysBack(name!, today)
    if (back === 0) return text('page.decisionsToday')
    if (back === 1) return text('page.decisionsYesterday')
    return format.date(`${name}T12:00:00`)
  }
  return (
    <>
      <span className={styles['groupName']}>
        {name ?? text(by === 'service' ? 'record.noService' : 'record.noRelease')}
      </span>
      <span className={styles['groupCount']}>{format.number(items.length)}</span>
    </>
  )
}

function Line({ item, here }: { item: DecisionSummary; here: boolean }) {
  const text = useText()
  const { icon: Icon, word } = kindWords[item.kind]
  const time = <RelativeTime at={item.author.time * 1000} />
  const mark = here && (
    <span className={styles['here']} title={text('page.decisionsYouAreHere')}>
      <History aria-hidden="true" />
      <Hidden>{text('page.decisionsYouAreHere')}</Hidden>
    </span>
  )
  if (item.kind === 'commit')
    return (
      <>
        <span className={styles['glyph']}>
          <Icon aria-hidden="true" />
        </span>
        <Hidden>{text(word)}: </Hidden>
        <span className={styles['plainTitle']}>{item.title}</span>
        {mark}
        <span className={styles['plainWhen']}>
          <span className={styles['plainAuthor']}>{item.author.name} · </span>
          {time}
        </span>
      </>
    )
  return (
    <>
      <span className={styles['glyph']}>
        <Icon aria-hidden="true" />
      </span>
      <span className={styles['words']}>
        <span className={styles['firstLine']}>
          <Hidden>{text(word)}: </Hidden>
          <span className={styles['itemTitle']}>{item.title}</span>
          {mark}
          {item.status && item.status !== 'accepted' && <StatusBadge status={item.status} />}
          {item.gate && item.gate !== 'pass' && <RecordedGateBadge gate={item.gate} />}
          {item.result && item.result.standing !== 'delivered' && <OutcomeBadge outcome={item.result.standing} />}
        </span>
        <span className={styles['facts']}>
          {item.services.length > 0 && <span className={styles['services']}>{item.services.join(', ')}</span>}
          <span className={styles['author']}>{item.author.name}</span>
          <span className={styles['when']}>{time}</span>
        </span>
      </span>
    </>
  )
}
