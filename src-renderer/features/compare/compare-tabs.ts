import type { ComponentType } from 'react'
import type { MessageKey } from '../../../shared/messages/index.ts'

/** What is compared, and where. */
export type Points = {
  readonly workspace: string
  readonly a: string
  readonly b: string
  readonly environment?: string
}

/** Another kind of comparison beside those of what Git holds, such as with what runs. */
export type CompareTab = {
  readonly value: string
  readonly label: MessageKey
  /** A hook: false while there is nothing to compare with, which leaves the tab out. */
  readonly useIsThere: (points: Points) => boolean
  readonly component: ComponentType<{ readonly points: Points }>
}

/** Further tabs, in their order. */
export const compareTabs: readonly CompareTab[] = []
