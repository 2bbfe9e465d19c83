import { ShieldOff } from 'lucide-react'
import type { RecordedGate } from '../../../shared/gate/gate.ts'
import { Badge, useText } from '../../design/index.ts'

/** The gate's verdict as the commit recorded it. */
export function RecordedGateBadge({ gate }: { gate: RecordedGate }) {
  const text = useText()
  if (gate === 'pass') return <Badge tone="ok">{text('page.draftGatePass')}</Badge>
  if (gate === 'warn') return <Badge tone="warn">{text('page.draftGateWarn')}</Badge>
  return (
    <Badge tone="danger" icon={ShieldOff}>
      {text('page.decisionsWaived')}
    </Badge>
  )
}
