import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type CSSProperties, useMemo } from 'react'
import type { DecisionSummary } from '../../../shared/decisions/decision.ts'
import { useApi, useLive } from '../../connection/index.ts'
import { IconButton, useFormat, useText } from '../../design/index.ts'
import styles from './commit-slider.module.css'

/** Further back a picker leads; a slider with more steps than pixels hits none of them. */
const mostSteps = 1000

export type CommitSliderProps = {
  workspace: string
  label: string
  /** Whether it stands at this commit. */
  isHere(commit: DecisionSummary): boolean
  /** What the end of the way is called, when it stands there: now, or the draft. */
  end?: string | null
  /** Null is the end of the way. */
  onMove(commit: string | null): void
  /** Says beside it where it stands. */
  titled?: boolean
}

/**
 * Goes through the commits of the branch: from the oldest at the left to now at the right. Each step is a moment of its
 * own. Nothing where it stands at no commit of the branch.
 */
export function CommitSlider({ workspace, label, isHere, end = null, onMove, titled = false }: CommitSliderProps) {
  const text = useText()
  const format = useFormat()
  const input = useMemo(() => ({ workspace, limit: mostSteps }), [workspace])
  const items = useLive(useApi().decisions.log, input).value?.items ?? []
  const at = end === null ? items.findIndex(isHere) : -1
  const item = items[at]
  if (items.length === 0 || (end === null && !item)) return null
  // Positions count from the left; the log begins with the newest.
  const position = item ? items.length - 1 - at : items.length
  const go = (to: number): void => onMove(items[items.length - 1 - to]?.id ?? null)
  const said = item ? `${format.dateTime(item.author.time * 1000)} ${item.title}` : (end ?? '')
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
        style={{ '--gone': `${(position / items.length) * 100}%` } as CSSProperties}
        aria-label={label}
        aria-valuetext={said}
        onChange={event => go(Number(event.currentTarget.value))}
      />
      <IconButton
        icon={ChevronRight}
        size="small"
        label={text('app.oneLater')}
        disabled={position === items.length}
        onClick={() => go(position + 1)}
      />
      {titled && (
        <span className={styles['title']} title={said}>
          {item?.title ?? end}
        </span>
      )}
    </span>
  )
}
