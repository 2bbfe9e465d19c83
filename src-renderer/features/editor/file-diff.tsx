import { Columns2, FileText, Rows2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { FileChange } from '../../../shared/draft/draft.ts'
import { Badge, CopyCode, EmptyState, ErrorState, Segmented, useText } from '../../design/index.ts'
import { FileCounts } from './file-counts.tsx'
import styles from './file-diff.module.css'
import { DiffEditor } from './lazy-editors.tsx'
import { type AskFile, useFileTexts } from './use-file-texts.ts'

export type FileDiffProps = {
  /** Null draws the empty state. */
  file: FileChange | null
  /** A stable function: a new one asks again. */
  ask: AskFile
  /** What the texts belong to, e.g. the change set: a new one asks again without a blink. */
  version: string
}

/** One file before and after, with its name, its counts and the choice of one column or two. */
export function FileDiff({ file, ask, version }: FileDiffProps) {
  const text = useText()
  const { texts, error, retry } = useFileTexts(ask, file?.path ?? null, version)
  const [chosen, setChosen] = useState<'two' | 'one' | null>(null)
  const place = useRef<HTMLDivElement>(null)
  const roomForTwo = useRoomForTwo(place)
  const columns = chosen ?? (roomForTwo ? 'two' : 'one')

  return (
    <div ref={place} className={styles['place']}>
      {file && (
        <div className={styles['bar']}>
          <span className={styles['name']}>
            <CopyCode value={file.path} />
          </span>
          {file.change === 'added' && <Badge tone="ok">{text('page.editorAdded')}</Badge>}
          {file.change === 'removed' && <Badge tone="removed">{text('page.editorRemoved')}</Badge>}
          <FileCounts file={file} />
          <Segmented<'two' | 'one'>
            className={styles['columns'] ?? ''}
            size="small"
            iconsOnly
            label={text('page.editorColumns')}
            value={columns}
            onChange={setChosen}
            options={[
              { value: 'two', label: text('page.editorSideBySide'), icon: Columns2 },
              { value: 'one', label: text('page.editorUnified'), icon: Rows2 },
            ]}
          />
        </div>
      )}
      <div className={styles['texts']}>
        {!file ? (
          <EmptyState compact icon={FileText} sentence={text('page.editorNoFile')} />
        ) : error && !texts ? (
          <ErrorState compact error={error} title={text('page.editorFileFailed')} onRetry={retry} />
        ) : texts && texts.before === null && texts.after === null ? (
          <EmptyState compact icon={FileText} sentence={text('page.editorNotText')} />
        ) : texts ? (
          <DiffEditor path={file.path} before={texts.before} after={texts.after} sideBySide={columns === 'two'} />
        ) : null}
      </div>
    </div>
  )
}

/** Two columns need a window of 1100 px and half of that for themselves. */
function useRoomForTwo(place: React.RefObject<HTMLDivElement | null>): boolean {
  const [room, setRoom] = useState(true)
  useEffect(() => {
    const element = place.current
    if (!element) return
    const measure = () => setRoom(window.innerWidth >= 1100 && element.clientWidth >= 560)
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => observer.disconnect()
  }, [place])
  return room
}
