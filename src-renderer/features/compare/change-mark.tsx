import type { Word } from '../../../shared/compare/difference.ts'
import { useText } from '../../design/index.ts'
import styles from './difference.module.css'
import { changeLooks } from './words.ts'

/** How a thing differs, as a glyph with its word; `labelled` where the word itself is to be read. */
export function ChangeMark({ change, labelled = false }: { change: Word; labelled?: boolean }) {
  const text = useText()
  const { icon: Icon, word } = changeLooks[change]
  return (
    <span className={styles['mark']} data-change={change} title={labelled ? undefined : text(word)}>
      <Icon
        role={labelled ? undefined : 'img'}
        aria-hidden={labelled || undefined}
        aria-label={labelled ? undefined : text(word)}
      />
      {labelled && text(word)}
    </span>
  )
}
