import { Eye, LockKeyhole, LockKeyholeOpen } from 'lucide-react'
import type { ContextView } from '../../../shared/clusters/contract.ts'
import { Badge, useFormat, useText } from '../../design/index.ts'

/** What may be done through a context, where it is less than everything. */
export function PolicyBadge({ context }: { context: Pick<ContextView, 'policy' | 'unlockedUntil'> }) {
  const text = useText()
  const format = useFormat()
  if (context.policy === 'open') return null
  if (context.policy === 'read-only')
    return (
      <Badge tone="info" icon={Eye}>
        {text('live.policyReadOnly')}
      </Badge>
    )
  return context.unlockedUntil === null ? (
    <Badge tone="warn" icon={LockKeyhole}>
      {text('live.policyProtected')}
    </Badge>
  ) : (
    <Badge tone="warn" icon={LockKeyholeOpen}>
      {text('live.unlockedUntil', { when: format.time(context.unlockedUntil) })}
    </Badge>
  )
}
