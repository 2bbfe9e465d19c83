import { CircleAlert, CircleCheck, CircleDashed, CircleHelp, CirclePause, CircleX, type LucideIcon } from 'lucide-react'
import type { HealthStatus } from '../../../shared/health/health.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import { Hidden, type Tone } from '../../design/index.ts'
import { useStateWord } from './as-it-was.tsx'
import styles from './live.module.css'

type Look = { readonly tone: Tone; readonly icon: LucideIcon; readonly word: MessageKey }

/** What each health looks like and is called, everywhere. */
export const healthLooks: { readonly [health in HealthStatus]: Look } = {
  Healthy: { tone: 'ok', icon: CircleCheck, word: 'live.stateHealthy' },
  Progressing: { tone: 'info', icon: CircleDashed, word: 'live.stateProgressing' },
  Suspended: { tone: 'neutral', icon: CirclePause, word: 'live.stateSuspended' },
  Unknown: { tone: 'neutral', icon: CircleHelp, word: 'live.stateUnknown' },
  Missing: { tone: 'warn', icon: CircleX, word: 'live.stateMissing' },
  Degraded: { tone: 'danger', icon: CircleAlert, word: 'live.stateDegraded' },
}

/** The glyph of a health, with its word for who cannot see it or beside it. `old`: so it was, and is not known now. */
export function HealthMark({
  health,
  words = false,
  old,
}: {
  health: HealthStatus
  words?: boolean
  old?: boolean | undefined
}) {
  const { isOld, wordOf } = useStateWord(old)
  const { tone, icon: Icon, word } = healthLooks[health]
  return (
    <span className={styles['mark']} data-tone={isOld ? 'stale' : tone} title={words ? undefined : wordOf(word)}>
      <Icon aria-hidden="true" />
      {words ? wordOf(word) : <Hidden>{wordOf(word)}</Hidden>}
    </span>
  )
}
