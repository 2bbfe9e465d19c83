import type { RecordStatus } from '../../../shared/decisions/decision.ts'
import { Badge, type Tone, useText } from '../../design/index.ts'

const tones: { readonly [K in RecordStatus]: Tone } = {
  proposed: 'info',
  accepted: 'ok',
  rejected: 'removed',
  deprecated: 'stale',
  superseded: 'stale',
  reverted: 'removed',
}

/** What has become of a decision, as its record or later decisions say. */
export function StatusBadge({ status }: { status: RecordStatus }) {
  const text = useText()
  return <Badge tone={tones[status]}>{text(`record.status_${status}`)}</Badge>
}
