import { CircleCheck, CircleX, type LucideIcon, Truck, Undo2 } from 'lucide-react'
import { outcomeWords } from '../../../shared/results/describe-result.ts'
import type { Outcome } from '../../../shared/results/result.ts'
import { Badge, type Tone, useText } from '../../design/index.ts'

const looks: { readonly [K in Outcome]: { readonly tone: Tone; readonly icon: LucideIcon } } = {
  delivered: { tone: 'info', icon: Truck },
  converged: { tone: 'ok', icon: CircleCheck },
  failed: { tone: 'danger', icon: CircleX },
  'rolled-back': { tone: 'danger', icon: Undo2 },
}

/** What became of a decision, in one word. */
export function OutcomeBadge({ outcome }: { outcome: Outcome }) {
  const text = useText()
  const { tone, icon } = looks[outcome]
  return (
    <Badge tone={tone} icon={icon}>
      {text(outcomeWords[outcome])}
    </Badge>
  )
}
