import { Command } from 'cmdk'
import { Check, ChevronDown, type LucideIcon } from 'lucide-react'
import { Popover } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { Button } from './button.tsx'
import { classes } from './classes.ts'
import command from './command.module.css'
import styles from './picker.module.css'

export type PickerItem = {
  readonly id: string
  readonly label: string
  readonly hint?: string
  /** At the end of the line: a date, a count. */
  readonly end?: ReactNode
  readonly icon?: LucideIcon
  readonly current?: boolean
  readonly keywords?: readonly string[]
  run(): void
}
export type PickerGroup = { readonly heading: string; readonly items: readonly PickerItem[] }

export type PickerProps = {
  /** Names the choice. */
  label: string
  value: ReactNode
  icon?: LucideIcon
  strong?: boolean
  tone?: 'travel' | undefined
  groups: readonly PickerGroup[]
  placeholder: string
  /** Said when nothing matches. */
  empty: string
  footer?: readonly { readonly label: string; readonly icon: LucideIcon; run(): void }[]
  /** What was typed as it stands may be meant: an item for it, or null. */
  typedItem?(typed: string): PickerItem | null
  onOpenChange?(open: boolean): void
  /** For long lines: titles of decisions. */
  wide?: boolean
  className?: string | undefined
}

/** One of many, found by typing. */
export function Picker({
  label,
  value,
  icon: Icon,
  strong = false,
  tone,
  groups,
  placeholder,
  empty,
  footer,
  typedItem,
  onOpenChange,
  wide = false,
  className,
}: PickerProps) {
  const [open, setOpen] = useState(false)
  const [typed, setTyped] = useState('')
  const change = (next: boolean) => {
    setOpen(next)
    if (next) setTyped('')
    onOpenChange?.(next)
  }
  const asTyped = typed.trim() ? (typedItem?.(typed.trim()) ?? null) : null
  const choose = (item: PickerItem) => {
    change(false)
    item.run()
  }
  return (
    <Popover.Root open={open} onOpenChange={change}>
      <Popover.Trigger
        className={classes(styles['trigger'], className)}
        data-strong={strong || undefined}
        data-tone={tone}
        aria-label={typeof value === 'string' ? `${label}: ${value}` : label}
      >
        {Icon && <Icon aria-hidden="true" />}
        <span className={styles['value']}>{value}</span>
        <ChevronDown aria-hidden="true" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles['popover']}
          data-wide={wide || undefined}
          align="start"
          sideOffset={6}
          collisionPadding={8}
          aria-label={label}
        >
          <Command label={label} loop>
            <Command.Input
              className={classes(command['input'], styles['input'])}
              placeholder={placeholder}
              value={typed}
              onValueChange={setTyped}
            />
            <Command.List className={classes(command['list'], styles['list'])}>
              {!asTyped && <Command.Empty className={command['empty']}>{empty}</Command.Empty>}
              {groups
                .filter(group => group.items.length > 0)
                .map(group => (
                  <Command.Group key={group.heading} heading={group.heading}>
                    {group.items.map(item => (
                      <Item key={item.id} item={item} onChoose={choose} />
                    ))}
                  </Command.Group>
                ))}
              {asTyped && (
                <Command.Group forceMount>
                  <Item item={asTyped} onChoose={choose} always />
                </Command.Group>
              )}
            </Command.List>
          </Command>
          {footer && (
            <div className={styles['footer']}>
              {footer.map(each => (
                <Button
                  key={each.label}
                  variant="ghost"
                  icon={each.icon}
                  onClick={() => {
                    change(false)
                    each.run()
                  }}
                >
                  {each.label}
                </Button>
              ))}
            </div>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}

function Item({
  item,
  onChoose,
  always = false,
}: {
  item: PickerItem
  onChoose(item: PickerItem): void
  always?: boolean
}) {
  const Icon = item.icon
  return (
    <Command.Item
      className={command['item']}
      value={item.id}
      keywords={[item.label, item.hint ?? '', ...(item.keywords ?? [])]}
      forceMount={always}
      onSelect={() => onChoose(item)}
    >
      {Icon && <Icon aria-hidden="true" />}
      <span className={styles['words']}>
        <span className={command['label']}>{item.label}</span>
        {item.hint && <span className={command['hint']}>{item.hint}</span>}
      </span>
      {item.end && <span className={styles['end']}>{item.end}</span>}
      {item.current && <Check aria-hidden="true" data-check="true" />}
    </Command.Item>
  )
}
