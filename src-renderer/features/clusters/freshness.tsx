import { CircleAlert, History, Plug, Radio } from 'lucide-react'
import type { Freshness } from '../../../shared/clusters/contract.ts'
import { Badge, Callout, Spinner, useFormat, useNow, useSay, useText } from '../../design/index.ts'
import styles from './live.module.css'

/** What a page that has lost the core knows is stale, whatever the core said last. */
export function withLine<T extends Freshness>(view: T, lostSince: number | null): T {
  return lostSince === null || view.state !== 'live'
    ? view
    : { ...view, state: 'stale', since: new Date(lostSince).toISOString() }
}

/** Not to be let in is something else than not to get there. */
export const isForbidden = ({ problem }: Freshness): boolean => problem?.key === 'live.nothingReadable'
const failedWord = (view: Freshness) => (isForbidden(view) ? ('live.isForbidden' as const) : ('live.isFailed' as const))

/** One word on how fresh something is. */
export function FreshnessBadge({ view }: { view: Freshness }) {
  const text = useText()
  const format = useFormat()
  const now = useNow()
  const since = view.since ?? view.asOf
  switch (view.state) {
    case 'live':
      return (
        <Badge tone="ok" icon={Radio}>
          {text('live.isLive')}
        </Badge>
      )
    case 'stale':
      return (
        <Badge tone="stale" icon={History}>
          {text('app.asOf', { when: since === null ? '–' : format.recent(since, now) })}
        </Badge>
      )
    case 'failed':
      return (
        <Badge tone="danger" icon={CircleAlert}>
          {text(failedWord(view))}
        </Badge>
      )
    case 'connecting':
      return (
        <span className={styles['connecting']}>
          <Spinner />
          {text('live.isConnecting')}
        </span>
      )
    default:
      return <Badge icon={Plug}>{text(view.state === 'offered' ? 'live.isOffered' : 'live.isNone')}</Badge>
  }
}

/** Why what is shown may be old; nothing where it is not. */
export function StaleNote({ view, onRetry }: { view: Freshness; onRetry?: React.ReactNode }) {
  const text = useText()
  const say = useSay()
  const format = useFormat()
  const now = useNow()
  if (view.state !== 'stale' && view.state !== 'failed') return null
  const since = view.since ?? view.asOf
  return (
    <Callout
      tone={view.state === 'failed' ? 'danger' : 'stale'}
      icon={view.state === 'failed' ? CircleAlert : History}
      title={
        view.state === 'failed'
          ? isForbidden(view)
            ? undefined
            : text('live.failedTitle')
          : text('live.staleSince', { when: since === null ? '–' : format.recent(since, now) })
      }
      {...(onRetry ? { action: onRetry } : {})}
    >
      {view.problem && <p>{say(view.problem)}</p>}
      {!isForbidden(view) && <p>{text('live.askedAgain')}</p>}
    </Callout>
  )
}
