import { CircleAlert, CircleCheck, CircleHelp, Info, type LucideIcon, TriangleAlert } from 'lucide-react'
import type { MessageKey } from '../../../shared/messages/index.ts'
import type { Severity, Verdict } from '../../../shared/rules/rule.ts'
import type { Tone } from '../../design/index.ts'

type Look = { readonly tone: Tone; readonly icon: LucideIcon; readonly word: MessageKey }
/** How a verdict looks and is called. */
export const verdictLooks: { readonly [V in Verdict]: Look } = {
  pass: { tone: 'ok', icon: CircleCheck, word: 'rule.pagePass' },
  warn: { tone: 'warn', icon: TriangleAlert, word: 'rule.pageWarn' },
  block: { tone: 'danger', icon: CircleAlert, word: 'rule.pageBlock' },
  unknown: { tone: 'info', icon: CircleHelp, word: 'rule.pageUnknown' },
}
export const infoIcon = Info
export const severityWords: { readonly [S in Severity]: MessageKey } = {
  block: 'rule.pageBlock',
  warn: 'rule.pageWarn',
  info: 'rule.pageInfo',
}
export const consequence: readonly Verdict[] = ['block', 'warn', 'unknown', 'pass']
