import { useMemo } from 'react'
import { type FileTexts, unifiedDiff } from '../../../../shared/draft/unified-diff.ts'
import styles from './wiring.module.css'

/** The lines a change would write, as a patch: light enough for a dialog, with nothing to load. */
export function PatchLines({ file }: { file: FileTexts }) {
  const lines = useMemo(
    () =>
      unifiedDiff([file])
        .split('\n')
        .filter(line => !/^(diff --git|new file|deleted file|---|\+\+\+|\\)/.test(line)),
    [file],
  )
  return (
    <figure className={styles['patch']}>
      <figcaption>{file.path}</figcaption>
      <pre>
        {lines.map((line, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one patch never change places
            key={index}
            data-sign={line.startsWith('@@') ? '@' : line[0] === '+' || line[0] === '-' ? line[0] : undefined}
          >
            {line.startsWith('@@') ? line.replace(/^(@@ .* @@).*/, '$1') : line}
            {'\n'}
          </span>
        ))}
      </pre>
    </figure>
  )
}
