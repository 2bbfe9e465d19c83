import { Eye, LockKeyhole, LockKeyholeOpen } from 'lucide-react'
import type { ContextView } from '../../../shared/clusters/contract.ts'
import { Badge, Hidden, useFormat, useText } from '../../design/index.ts'
import styles from './live.module.css'

type Props = { context: Pick<ContextView, 'policy' | 'unlockedUntil'>; short?: boolean }

/** What may be done through a context, where it is less than everything; `short` where there is room for a glyph only. */
export function PolicyBadge({ context: { policy, unlockedUntil }, short = false }: Props) {
  const text = useText()
  const format = useFormat()
  if (policy === 'open') return null
  const tone = policy === 'read-only' ? ('info' as const) : ('warn' as const)
  const Icon = policy === 'read-only' ? Eye : unlockedUntil === null ? LockKeyhole : LockKeyholeOpen
  const words =
    policy === 'read-only'
      ? text('live.policyReadOnly')
      : unlockedUntil === null
        ? text('live.policyProtected')
        : text('live.unlockedUntil', { when: format.time(unlockedUntil) })
  if (short)
    return (
      <span className={styles['policy']} data-tone={tone} title={words}>
        <Icon aria-hidden="true" />
        <Hidden> {words}</Hidden>
      </span>
    )
  return (
    <Badge tone={tone} icon={Icon}>
      {words}
    </Badge>
  )
}
