import { CircleCheck, CircleHelp, Info, type LucideIcon, OctagonX, TriangleAlert } from 'lucide-react'
import type { GateItem, GateVerdict } from '../../../shared/gate/gate.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import { Badge, type Tone, useText } from '../../design/index.ts'

/** Glyph, word and tone of a verdict: never colour alone. */
export const verdicts: {
  readonly [V in GateVerdict]: { readonly icon: LucideIcon; readonly word: MessageKey; readonly tone: Tone }
} = {
  pass: { icon: CircleCheck, word: 'page.draftGatePass', tone: 'ok' },
  warn: { icon: TriangleAlert, word: 'page.draftGateWarn', tone: 'warn' },
  block: { icon: OctagonX, word: 'page.draftGateBlock', tone: 'danger' },
}

/** How one item of the gate looks: what could not be judged and what is only said for information look like that. */
export function lookOf({ verdict, info, missing }: GateItem): { icon: LucideIcon; word: MessageKey; tone: Tone } {
  if (info) return { icon: Info, word: 'rule.pageInfo', tone: 'info' }
  if (missing) return { icon: CircleHelp, word: 'rule.pageUnknown', tone: 'warn' }
  return verdicts[verdict]
}

/** `labelled` where nothing beside it says that it is the gate that speaks. */
export function GateBadge({ verdict, labelled = false }: { verdict: GateVerdict; labelled?: boolean }) {
  const text = useText()
  const { icon, word, tone } = verdicts[verdict]
  return (
    <Badge tone={tone} icon={icon}>
      {labelled ? text('page.draftGateIs', { verdict: text(word) }) : text(word)}
    </Badge>
  )
}
