import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useMemo } from 'react'
import { draft as draftPoint, now as nowPoint, pointText, readPoint } from '../../../shared/compare/point.ts'
import { useApi, useLive } from '../../connection/index.ts'
import { IconButton, useFormat, useText } from '../../design/index.ts'
import styles from './compare.module.css'

/** Further back the picker leads; a slider with more steps than pixels hits none of them. */
const mostSteps = 1000

type Props = {
  workspace: string
  value: string
  /** The commit that point is; null where nothing was committed. */
  commit: string | null
  onChange(value: string): void
}

/**
 * Moves a point through the commits of the branch, the oldest at the left and now at the right, while the other stays
 * and the graph keeps its places. Nothing where the point is not on the branch.
 */
export function PointSlider({ workspace, value, commit, onChange }: Props) {
  const text = useText()
  const format = useFormat()
  const items = useLive(
    useApi().decisions.log,
    useMemo(() => ({ workspace, limit: mostSteps }), [workspace]),
  ).value?.items
  const { revision, environment } = readPoint(value)
  if (!items || items.length === 0) return null
  const last = items.length - 1
  const at = items.findIndex(({ id }) => id === commit)
  // The draft is the end of the way too, for as long as it is the point.
  const isEnd = revision === nowPoint || revision === draftPoint
  if (!isEnd && at < 0) return null
  const position = isEnd ? items.length : last - at
  const go = (to: number): void => {
    const next = to >= items.length ? nowPoint : items[last - to]?.id
    if (next !== undefined) onChange(pointText({ revision: next, environment }))
  }
  const item = isEnd ? null : items[at]!
  const end = text(revision === draftPoint ? 'compare.draft' : 'app.now')
  const said = item ? `${format.dateTime(item.author.time * 1000)} ${item.title}` : end
  return (
    <div className={styles['slider']}>
      <b className={styles['letter']} aria-hidden="true">
        B
      </b>
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
        aria-label={text('compare.moveB')}
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
      <span className={styles['sliderTitle']} title={said}>
        {item?.title ?? end}
      </span>
    </div>
  )
}
