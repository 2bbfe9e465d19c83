import type { LucideIcon } from 'lucide-react'
import { Popover } from 'radix-ui'
import type { ReactNode } from 'react'
import { Spinner } from './spinner.tsx'
import styles from './status-chip.module.css'

/** What a chip says: how it stands with something, and where there is little room the part that matters most. */
export type ChipWords = {
  readonly tone: 'live' | 'stale' | 'danger' | 'quiet' | 'offer'
  readonly words: string
  readonly short: string
  /** Null: a spinner. */
  readonly icon: LucideIcon | null
}

/** How it stands with a source of what is shown, in a toolbar; behind it (`children`) the rest. `label` names the source. */
export function StatusChip({
  label,
  says: { tone, words, short, icon: Icon },
  children,
}: {
  label: string
  says: ChipWords
  children: ReactNode
}) {
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <button
          type="button"
          className={styles['chip']}
          data-tone={tone}
          aria-label={`${label}: ${words}`}
          title={words}
        >
          {Icon ? <Icon aria-hidden="true" /> : <Spinner />}
          <span className={styles['words']} data-short={short}>
            {words}
          </span>
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className={styles['panel']}
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label={label}
          // The panel and not its first button, which may be one that removes.
          onOpenAutoFocus={event => {
            event.preventDefault()
            if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus()
          }}
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
