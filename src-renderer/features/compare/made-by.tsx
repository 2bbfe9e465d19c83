import { PencilRuler } from 'lucide-react'
import { useNavigation } from '../../connection/index.ts'
import { Hidden, RelativeTime, Skeleton, Tooltip, useText } from '../../design/index.ts'
import { kindWords } from '../draft/index.ts'
import styles from './difference.module.css'
import type { MadeBy as Made } from './use-makers.ts'

/** The decision or commit that made a difference: a way to it. */
export function MadeBy({ by }: { by: Made }) {
  const text = useText()
  const go = useNavigation(place => place.go)
  if (by === 'looking')
    return (
      <span className={styles['looking']}>
        <Skeleton width={110} height={10} />
        <Hidden>{text('compare.looking')}</Hidden>
      </span>
    )
  if (by === 'unknown')
    return (
      <Tooltip label={text('compare.unknownMakerWhy')}>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what it means is told where it has the focus */}
        <span className={styles['unknown']} tabIndex={0}>
          {text('compare.unknownMaker')}
        </span>
      </Tooltip>
    )
  if (by === 'draft')
    return (
      <span className={styles['byDraft']}>
        <PencilRuler aria-hidden="true" />
        {text('compare.byDraft')}
      </span>
    )
  const { icon: Icon } = kindWords[by.kind]
  return (
    <button
      type="button"
      className={styles['maker']}
      title={`${by.title}\n${by.author}`}
      onClick={event => {
        event.stopPropagation()
        go({ screen: 'decisions', selection: { kind: 'decision', id: by.commit } })
      }}
    >
      <Icon aria-hidden="true" />
      <Hidden>{text('compare.columnMadeBy')} </Hidden>
      <span className={styles['makerTitle']}>{by.title}</span>
      <span className={styles['makerWhen']}>
        <RelativeTime at={by.time * 1000} />
      </span>
    </button>
  )
}
