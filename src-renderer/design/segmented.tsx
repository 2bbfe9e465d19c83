import type { LucideIcon } from 'lucide-react'
import { ToggleGroup } from 'radix-ui'
import { classes } from './classes.ts'
import styles from './segmented.module.css'
import { Tooltip } from './tooltip.tsx'

export type SegmentedOption<V extends string> = {
  readonly value: V
  /** Its name; a tooltip where only the icon is drawn. */
  readonly label: string
  readonly icon?: LucideIcon
  readonly disabled?: boolean
}

export type SegmentedProps<V extends string> = {
  value: V
  onChange(value: V): void
  options: readonly SegmentedOption<V>[]
  /** Names the choice. */
  label: string
  iconsOnly?: boolean
  size?: 'small' | 'medium'
  className?: string
}

/** One of a few, all seen at once. */
export function Segmented<V extends string>({
  value,
  onChange,
  options,
  label,
  iconsOnly = false,
  size = 'medium',
  className,
}: SegmentedProps<V>) {
  return (
    <ToggleGroup.Root
      type="single"
      className={classes(styles['group'], className)}
      aria-label={label}
      data-size={size}
      value={value}
      // Radix gives '' when the chosen one is pressed again; a choice cannot be taken back here.
      onValueChange={next => {
        if (next) onChange(next as V)
      }}
    >
      {options.map(option => {
        const Icon = option.icon
        const item = (
          <ToggleGroup.Item
            key={option.value}
            className={styles['item']}
            value={option.value}
            disabled={option.disabled ?? false}
            aria-label={iconsOnly ? option.label : undefined}
          >
            {Icon && <Icon aria-hidden="true" />}
            {!iconsOnly && option.label}
          </ToggleGroup.Item>
        )
        return iconsOnly ? (
          <Tooltip key={option.value} label={option.label}>
            {item}
          </Tooltip>
        ) : (
          item
        )
      })}
    </ToggleGroup.Root>
  )
}
