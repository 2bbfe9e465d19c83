import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleMinus,
  Clock,
  Info,
  type LucideIcon,
  TriangleAlert,
} from 'lucide-react'
import type { ReactNode } from 'react'
import styles from './badge.module.css'
import { classes } from './classes.ts'

/** What a colour means here. It always comes with a glyph or a word. */
export type Tone = 'ok' | 'warn' | 'danger' | 'info' | 'proposed' | 'removed' | 'stale' | 'neutral'

/** The glyph that belongs to a meaning; null for `neutral`. */
export const toneIcons: { readonly [T in Tone]: LucideIcon | null } = {
  ok: CircleCheck,
  warn: TriangleAlert,
  danger: CircleAlert,
  info: Info,
  proposed: CircleDashed,
  removed: CircleMinus,
  stale: Clock,
  neutral: null,
}

export type BadgeProps = {
  tone?: Tone
  /** Another glyph than the meaning's own; null for none where the word says it all. */
  icon?: LucideIcon | null
  className?: string
  children: ReactNode
}

export function Badge({ tone = 'neutral', icon = toneIcons[tone], className, children }: BadgeProps) {
  const Icon = icon
  return (
    <span className={classes(styles['badge'], className)} data-tone={tone}>
      {Icon && <Icon aria-hidden="true" />}
      {children}
    </span>
  )
}
