import type { FileChange } from '../../../shared/draft/draft.ts'
import { Hidden, useText } from '../../design/index.ts'
import styles from './file-diff.module.css'

/** `+3 −1`, read aloud as words. */
export function FileCounts({ file }: { file: Pick<FileChange, 'additions' | 'deletions'> }) {
  const text = useText()
  return (
    <span className={styles['counts']}>
      <span aria-hidden="true">
        <span data-tone="added">+{file.additions}</span> <span data-tone="removed">−{file.deletions}</span>
      </span>
      <Hidden>{text('page.editorCounts', { additions: file.additions, deletions: file.deletions })}</Hidden>
    </span>
  )
}
