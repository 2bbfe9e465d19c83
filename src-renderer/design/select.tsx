import { Check, ChevronDown, type LucideIcon } from 'lucide-react'
import { Select as Radix } from 'radix-ui'
import { classes } from './classes.ts'
import { useFieldLink } from './field.tsx'
import menu from './menu.module.css'
import styles from './select.module.css'

export type SelectOption<V extends string> = {
  /** Never empty. */
  readonly value: V
  readonly label: string
  readonly hint?: string
  readonly icon?: LucideIcon
  readonly disabled?: boolean
}

export type SelectProps<V extends string> = {
  value: V | null
  onChange(value: V): void
  options: readonly SelectOption<V>[]
  /** Its name where no `Field` gives one. */
  label?: string
  placeholder?: string
  /** Without a border, for bars. */
  plain?: boolean
  disabled?: boolean
  className?: string
}

export function Select<V extends string>({
  value,
  onChange,
  options,
  label,
  placeholder,
  plain = false,
  disabled = false,
  className,
}: SelectProps<V>) {
  const link = useFieldLink()
  const chosen = options.find(option => option.value === value)
  return (
    <Radix.Root value={value ?? ''} onValueChange={next => onChange(next as V)} disabled={disabled}>
      <Radix.Trigger
        {...link}
        aria-label={label}
        className={classes(styles['trigger'], className)}
        data-plain={plain || undefined}
      >
        {chosen?.icon && <chosen.icon aria-hidden="true" />}
        <span className={styles['value']}>
          <Radix.Value placeholder={placeholder}>{chosen?.label}</Radix.Value>
        </span>
        <ChevronDown aria-hidden="true" />
      </Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={menu['menu']} position="popper" sideOffset={4} collisionPadding={8}>
          <Radix.Viewport>
            {options.map(option => (
              <Radix.Item
                key={option.value}
                className={menu['item']}
                value={option.value}
                disabled={option.disabled ?? false}
                data-off={option.disabled || undefined}
              >
                <span className={menu['check']}>
                  <Radix.ItemIndicator>
                    <Check aria-hidden="true" />
                  </Radix.ItemIndicator>
                </span>
                {option.icon && <option.icon aria-hidden="true" />}
                <span className={menu['words']}>
                  <Radix.ItemText>{option.label}</Radix.ItemText>
                  {option.hint && <span className={menu['hint']}>{option.hint}</span>}
                </span>
              </Radix.Item>
            ))}
          </Radix.Viewport>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
