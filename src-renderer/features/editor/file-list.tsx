import { FileMinus, FilePen, FilePlus } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import type { FileChange } from '../../../shared/draft/draft.ts'
import { Hidden, useText } from '../../design/index.ts'
import { FileCounts } from './file-counts.tsx'
import styles from './file-list.module.css'

const glyphs = { added: FilePlus, removed: FileMinus, changed: FilePen }

export type FileListProps = {
  files: readonly FileChange[]
  /** Path of the one that is shown. */
  chosen: string | null
  onChoose(path: string): void
}

/** The files of a change; arrow keys go through them. */
export function FileList({ files, chosen, onChoose }: FileListProps) {
  const text = useText()
  const onKeyDown = (event: KeyboardEvent<HTMLUListElement>) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (step === 0) return
    event.preventDefault()
    const buttons = [...event.currentTarget.querySelectorAll('button')]
    const next = buttons[buttons.indexOf(document.activeElement as HTMLButtonElement) + step]
    next?.focus()
    next?.click()
  }
  return (
    <ul className={styles['list']} aria-label={text('page.editorFiles')} onKeyDown={onKeyDown}>
      {files.map(file => {
        const Glyph = glyphs[file.change]
        const slash = file.path.lastIndexOf('/')
        return (
          <li key={file.path}>
            <button
              type="button"
              className={styles['file']}
              aria-current={file.path === chosen}
              title={file.path}
              onClick={() => onChoose(file.path)}
            >
              <Glyph aria-hidden="true" data-change={file.change} />
              <span className={styles['name']}>
                <span>{file.path.slice(slash + 1)}</span>
                {slash > 0 && <small>{file.path.slice(0, slash)}</small>}
              </span>
              <Hidden>{text(changeWords[file.change])}</Hidden>
              <FileCounts file={file} />
            </button>
          </li>
        )
      })}
    </ul>
  )
}

const changeWords = {
  added: 'page.editorAdded',
  removed: 'page.editorRemoved',
  changed: 'page.editorChanged',
} as const
