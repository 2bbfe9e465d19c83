import { createContext, useContext } from 'react'
import type { Freshness } from '../../../shared/clusters/contract.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import { useText } from '../../design/index.ts'

const Old = createContext(false)

/** What is shown below is what was last known: no state in it is said to be so now. */
export function AsItWas({ view, children }: { view: Freshness | null; children: React.ReactNode }) {
  return <Old value={view?.state === 'stale' || view?.state === 'failed'}>{children}</Old>
}

/** The word of a state, and whether it is of another time than now; `old` where no context says. */
export function useStateWord(old?: boolean): {
  readonly isOld: boolean
  readonly wordOf: (word: MessageKey) => string
} {
  const text = useText()
  const around = useContext(Old)
  const isOld = old ?? around
  return { isOld, wordOf: word => (isOld ? text('live.was', { state: text(word) }) : text(word)) }
}
