import { CircleDot, TriangleAlert, User } from 'lucide-react'
import type { MessageKey } from '../../../shared/messages/index.ts'
import type { Deed, Rollout } from '../../../shared/rollouts/rollout.ts'
import { RelativeTime, useText } from '../../design/index.ts'
import styles from './rollouts.module.css'

const deedWords: { readonly [K in Deed['action']]: MessageKey } = {
  promote: 'rollout.deedPromote',
  'promote-full': 'rollout.deedPromoteFull',
  pause: 'rollout.deedPause',
  abort: 'rollout.deedAbort',
  retry: 'rollout.deedRetry',
  change: 'rollout.deedChange',
}

const most = 40

/** What its controller tells in events, and who did what to it as far as its fields tell; newest first. */
export function HappenedList({ rollout }: { rollout: Rollout }) {
  const text = useText()
  const { events, deeds } = rollout
  const entries = [
    ...deeds.map(({ action, by, at }) => ({
      at,
      icon: User,
      warning: action === 'abort',
      words: text(deedWords[action], { by }),
      key: `deed ${action} ${by} ${at}`,
    })),
    ...events.map(({ at, warning, message, reason, count }, index) => ({
      at,
      icon: warning ? TriangleAlert : CircleDot,
      warning,
      words: `${message || reason}${count > 1 ? ` ×${count}` : ''}`,
      key: `event ${index} ${at} ${reason}`,
    })),
  ].sort((a, b) => ((a.at ?? '') < (b.at ?? '') ? 1 : -1))
  if (entries.length === 0) return <p className={styles['quiet']}>{text('rollout.nothingHappened')}</p>
  return (
    <ul className={styles['happened']}>
      {entries.slice(0, most).map(({ key, at, icon: Icon, warning, words }) => (
        <li key={key} data-warning={warning || undefined}>
          <Icon aria-hidden="true" />
          <span>{words}</span>
          {at && <RelativeTime at={Date.parse(at)} />}
        </li>
      ))}
      {entries.length > most && (
        <li className={styles['quiet']}>{text('rollout.more', { count: entries.length - most })}</li>
      )}
    </ul>
  )
}
