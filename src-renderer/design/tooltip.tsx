import { Tooltip as Radix } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'
import { KeyHint } from './key-hint.tsx'
import styles from './tooltip.module.css'

export const TooltipProvider = ({ children }: { children: ReactNode }) => (
  <Radix.Provider delayDuration={450} skipDelayDuration={250}>
    {children}
  </Radix.Provider>
)

export type TooltipProps = {
  label: ReactNode
  shortcut?: string | undefined
  side?: 'top' | 'right' | 'bottom' | 'left'
  /** One element that takes a ref and props: a button, a span with `tabIndex`. */
  children: ReactElement
}

/** Adds words to something that is seen; never the only place where they are. Shown on hover and on focus. */
export function Tooltip({ label, shortcut, side = 'bottom', children }: TooltipProps) {
  return (
    <Radix.Root>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={styles['tooltip']} side={side} sideOffset={6} collisionPadding={8}>
          {label}
          {shortcut && <KeyHint keys={shortcut} />}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
