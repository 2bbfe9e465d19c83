import type { LucideIcon } from 'lucide-react'
import type { ComponentPropsWithRef, ReactNode } from 'react'
import { classes } from './classes.ts'
import styles from './panel.module.css'

export type PanelProps = ComponentPropsWithRef<'section'> & {
  /** Names the region for a screen reader. */
  label: string
}

/** A named region of the frame: header, then a body that scrolls. */
export function Panel({ label, className, ...rest }: PanelProps) {
  return <section aria-label={label} {...rest} className={classes(styles['panel'], className)} />
}

export type PanelHeaderProps = {
  title: ReactNode
  subtitle?: ReactNode
  icon?: LucideIcon
  actions?: ReactNode
  className?: string
}

export function PanelHeader({ title, subtitle, icon: Icon, actions, className }: PanelHeaderProps) {
  return (
    <header className={classes(styles['header'], className)}>
      <h2 className={styles['title']}>
        {Icon && <Icon aria-hidden="true" />}
        <span>{title}</span>
        {subtitle && <span className={styles['subtitle']}>{subtitle}</span>}
      </h2>
      {actions && <div className={styles['actions']}>{actions}</div>}
    </header>
  )
}

export const PanelBody = ({ className, ...rest }: ComponentPropsWithRef<'div'>) => (
  <div {...rest} className={classes(styles['body'], className)} />
)
