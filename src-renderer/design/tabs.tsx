import { Tabs as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'
import styles from './tabs.module.css'

export type Tab<V extends string> = {
  readonly value: V
  readonly label: ReactNode
  /** Shown quietly behind the label. */
  readonly count?: number
  readonly disabled?: boolean
  /** Drawn only while the tab is chosen. */
  readonly content: ReactNode
}

export type TabsProps<V extends string> = {
  value: V
  onChange(value: V): void
  tabs: readonly Tab<V>[]
  /** Names the row of tabs. */
  label: string
  /** At the end of the row. */
  extra?: ReactNode
  className?: string
}

export function Tabs<V extends string>({ value, onChange, tabs, label, extra, className }: TabsProps<V>) {
  return (
    <Radix.Root
      className={classes(styles['tabs'], className)}
      value={value}
      onValueChange={next => onChange(next as V)}
    >
      <Radix.List className={styles['list']} aria-label={label}>
        {tabs.map(tab => (
          <Radix.Trigger key={tab.value} className={styles['tab']} value={tab.value} disabled={tab.disabled}>
            {tab.label}
            {tab.count !== undefined && <span className={styles['count']}>{tab.count}</span>}
          </Radix.Trigger>
        ))}
        {extra}
      </Radix.List>
      {tabs.map(tab => (
        <Radix.Content key={tab.value} className={styles['content']} value={tab.value}>
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  )
}
