import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useMemo } from 'react'
import { useApi } from '../connection/api.ts'
import { useNavigation } from '../connection/navigation.ts'
import { useLive } from '../connection/use-live.ts'
import { IconButton } from '../design/button.tsx'
import { useFormat, useText } from '../design/text.ts'
import styles from './bar.module.css'

/** Further back the picker of revisions leads; a slider with more steps than pixels hits none of them. */
const mostSteps = 1000

/**
 * Goes through the commits of the branch: from the oldest at the left to now at the right. Each step is a moment of its
 * own; the graph keeps its places, so that what changes is what moves the eye.
 */
export function TimeSlider({ workspace, revision }: { workspace: string; revision: string }) {
  const text = useText()
  const format = useFormat()
  const { setRevision } = useNavigation.getState()
  const input = useMemo(() => ({ workspace, limit: mostSteps }), [workspace])
  const items = useLive(useApi().decisions.log, input).value?.items ?? []
  const at = items.findIndex(({ id, decisionId }) => id.startsWith(revision) || decisionId === revision)
  if (at < 0) return null
  // Positions count from the left; the last one is now, with what is in the draft.
  const position = items.length - 1 - at
  const go = (to: number): void => setRevision(to >= items.length ? null : (items[items.length - 1 - to]?.id ?? null))
  const { title, author } = items[at]!
  return (
    <span className={styles['slider']}>
      <IconButton
        icon={ChevronLeft}
        size="small"
        label={text('app.oneEarlier')}
        disabled={position === 0}
        onClick={() => go(position - 1)}
      />
      <input
        type="range"
        min={0}
        max={items.length}
        value={position}
        aria-label={text('app.timeSlider')}
        aria-valuetext={`${format.dateTime(author.time * 1000)} ${title}`}
        onChange={event => go(Number(event.currentTarget.value))}
      />
      <IconButton icon={ChevronRight} size="small" label={text('app.oneLater')} onClick={() => go(position + 1)} />
    </span>
  )
}
