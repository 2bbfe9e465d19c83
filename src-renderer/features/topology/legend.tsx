import { Minus, Pencil, Plus, Unlink } from 'lucide-react'
import { useMemo } from 'react'
import type { MessageKey } from '../../../shared/messages/index.ts'
import { useText } from '../../design/index.ts'
import { type ApartWords, usePicture } from './topology-context.ts'
import styles from './topology-screen.module.css'

/** What came and what went, in the words of who shows the picture. */
export type LegendWords = {
  readonly title: MessageKey
  readonly added: MessageKey
  readonly removed: MessageKey
  readonly apart?: ApartWords
}

const ofDraft: LegendWords = {
  title: 'page.topologyThisDraft',
  added: 'page.topologyAddedCount',
  removed: 'page.topologyRemovedCount',
}
export const ofCommit: LegendWords = { ...ofDraft, title: 'page.topologyThisCommit' }

/** What the signs on the picture mean; only those that are on it. */
export function Legend({ words = ofDraft }: { words?: LegendWords }) {
  const text = useText()
  const changes = usePicture(state => state.graph?.changes)
  const edges = usePicture(state => state.shown.edges)
  const { missing, guesses, sure } = useMemo(() => {
    const all = [...edges.values()]
    return {
      missing: all.some(edge => edge.dangling),
      guesses: all.some(edge => edge.state === 'inferred'),
      sure: all.some(edge => edge.state !== 'inferred'),
    }
  }, [edges])
  if (!changes) return null
  const any = changes.added + changes.removed + changes.changed > 0
  if (!any && !missing && !(guesses && sure)) return null
  return (
    <ul className={styles['legend']} aria-label={text('page.topologyLegend')}>
      {any && <li className={styles['legendTitle']}>{text(words.title)}</li>}
      {changes.added > 0 && <Entry mark="added" glyph={Plus} words={text(words.added, { count: changes.added })} />}
      {changes.removed > 0 && (
        <Entry mark="removed" glyph={Minus} words={text(words.removed, { count: changes.removed })} />
      )}
      {changes.changed > 0 && (
        <Entry mark="changed" glyph={Pencil} words={text('page.topologyChangedCount', { count: changes.changed })} />
      )}
      {missing && <Entry mark="danger" glyph={Unlink} words={text('page.topologyDangling')} />}
      {guesses && sure && (
        <>
          <Line dashed words={text('page.topologyStateInferred')} />
          <Line words={text('page.topologySolid')} />
        </>
      )}
    </ul>
  )
}

function Entry({ mark, glyph: Glyph, words }: { mark: string; glyph: typeof Plus; words: string }) {
  return (
    <li className={styles['legendEntry']}>
      <span data-mark={mark}>
        <Glyph aria-hidden="true" className={styles['legendSign']} />
      </span>
      {words}
    </li>
  )
}

const Line = ({ dashed = false, words }: { dashed?: boolean; words: string }) => (
  <li className={styles['legendEntry']}>
    <span>
      <svg width="22" height="8" aria-hidden="true">
        <path d="M0 4H22" stroke="currentColor" strokeWidth="1.5" strokeDasharray={dashed ? '4 3' : undefined} />
      </svg>
    </span>
    {words}
  </li>
)
