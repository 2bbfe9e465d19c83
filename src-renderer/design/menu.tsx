import { Check, type LucideIcon } from 'lucide-react'
import { DropdownMenu as Radix, ContextMenu as RadixContext } from 'radix-ui'
import type { ReactElement } from 'react'
import { KeyHint } from './key-hint.tsx'
import styles from './menu.module.css'

export type MenuItem =
  | {
      readonly kind?: 'item'
      readonly label: string
      readonly icon?: LucideIcon
      /** A quiet second line. */
      readonly hint?: string
      /** In tinykeys' notation; shown, not bound. */
      readonly shortcut?: string
      readonly danger?: boolean
      /** Chosen or not, for items of which one or several can be. */
      readonly checked?: boolean
      /** Why it cannot be chosen now; shown as the second line. The item stays readable. */
      readonly disabledReason?: string | undefined
      readonly disabled?: boolean
      run(): void
    }
  | { readonly kind: 'separator' }
  | { readonly kind: 'heading'; readonly label: string }

export type MenuProps = {
  items: readonly MenuItem[]
  /** A button; it opens the menu by click, Enter, Space and arrow down. */
  children: ReactElement
  align?: 'start' | 'center' | 'end'
  side?: 'top' | 'right' | 'bottom' | 'left'
  open?: boolean
  onOpenChange?(open: boolean): void
}

/**
 * A dialog that has just closed gives the focus back a moment later, which must not take away a menu that was opened
 * meanwhile. No key leads the focus out of a menu, and a press beside it closes it.
 */
const stayOpen = (event: Event) => event.preventDefault()

/** A menu that drops from its button. */
export function Menu({ items, children, align = 'start', side = 'bottom', open, onOpenChange }: MenuProps) {
  return (
    <Radix.Root {...(open === undefined ? {} : { open })} {...(onOpenChange ? { onOpenChange } : {})} modal={false}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className={styles['menu']}
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          loop
          onFocusOutside={stayOpen}
        >
          <Items items={items} parts={Radix} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** The same items on right click, Shift+F10 and the menu key. */
export function ContextMenu({ items, children }: { items: readonly MenuItem[]; children: ReactElement }) {
  return (
    <RadixContext.Root modal={false}>
      <RadixContext.Trigger asChild>{children}</RadixContext.Trigger>
      <RadixContext.Portal>
        <RadixContext.Content className={styles['menu']} collisionPadding={8} loop onFocusOutside={stayOpen}>
          <Items items={items} parts={RadixContext} />
        </RadixContext.Content>
      </RadixContext.Portal>
    </RadixContext.Root>
  )
}

type Parts = Pick<typeof Radix, 'Item' | 'CheckboxItem' | 'Separator' | 'Label'>

function Items({ items, parts }: { items: readonly MenuItem[]; parts: Parts }) {
  const choosable = items.some(item => (item.kind ?? 'item') === 'item' && 'checked' in item)
  return items.map((item, position) => {
    if (item.kind === 'separator')
      // biome-ignore lint/suspicious/noArrayIndexKey: a separator has no other name
      return <parts.Separator key={`separator-${position}`} className={styles['separator']} />
    if (item.kind === 'heading')
      return (
        <parts.Label key={`heading-${item.label}`} className={styles['heading']}>
          {item.label}
        </parts.Label>
      )
    const Icon = item.icon
    const off = item.disabled === true || item.disabledReason !== undefined
    const inside = (
      <>
        {choosable && <span className={styles['check']}>{item.checked && <Check aria-hidden="true" />}</span>}
        {Icon && <Icon aria-hidden="true" />}
        <span className={styles['words']}>
          <span className={styles['label']}>{item.label}</span>
          {(item.disabledReason ?? item.hint) && (
            <span className={styles['hint']}>{item.disabledReason ?? item.hint}</span>
          )}
        </span>
        {item.shortcut && <KeyHint keys={item.shortcut} />}
      </>
    )
    const shared = {
      className: styles['item'],
      'data-danger': item.danger || undefined,
      'data-off': off || undefined,
      'aria-disabled': off || undefined,
      onSelect: (event: Event) => {
        if (off) event.preventDefault()
        else item.run()
      },
    }
    return item.checked === undefined ? (
      <parts.Item key={item.label} {...shared}>
        {inside}
      </parts.Item>
    ) : (
      <parts.CheckboxItem key={item.label} checked={item.checked} {...shared}>
        {inside}
      </parts.CheckboxItem>
    )
  })
}
