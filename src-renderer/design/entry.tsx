import type { LucideIcon } from 'lucide-react'
import type { ComponentPropsWithRef, ReactNode } from 'react'
import type { Tone } from './badge.tsx'
import { classes } from './classes.ts'
import styles from './entry.module.css'

/** Things to go to, one below the other, under headings; it scrolls. */
export const EntryList = ({ className, ...rest }: ComponentPropsWithRef<'div'>) => (
  <div {...rest} className={classes(styles['list'], className)} />
)

export const EntryHeading = ({ count, children }: { count?: number; children: ReactNode }) => (
  <h2 className={styles['heading']}>
    {children} {count !== undefined && <small>{count}</small>}
  </h2>
)

export type EntryProps = {
  icon?: LucideIcon | undefined
  /** What the glyph means. */
  tone?: Tone | undefined
  name: ReactNode
  /** Beside the name, quietly. */
  beside?: ReactNode
  /** Under the name, on one line. */
  about?: ReactNode
  /** At the end of the line: badges. */
  end?: ReactNode
  current: boolean
  onChoose(): void
  /** Further lines under it. */
  children?: ReactNode
}

/** One thing to go to: its glyph, its name, a line about it. */
export function Entry({ icon: Icon, tone, name, beside, about, end, current, onChoose, children }: EntryProps) {
  return (
    <button
      type="button"
      className={styles['entry']}
      data-tone={tone}
      data-tall={children !== undefined || undefined}
      aria-current={current || undefined}
      onClick={onChoose}
    >
      {Icon && <Icon aria-hidden="true" />}
      <span className={styles['words']}>
        <span className={styles['name']}>
          <strong>{name}</strong>
          {beside && <span className={styles['beside']}>{beside}</span>}
        </span>
        {about && <span className={styles['about']}>{about}</span>}
        {children}
      </span>
      {end && <span className={styles['end']}>{end}</span>}
    </button>
  )
}
