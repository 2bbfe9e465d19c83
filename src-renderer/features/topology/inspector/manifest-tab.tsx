import { X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { EmptyState, ErrorState, IconButton, Loading, Skeleton, useSay, useText } from '../../../design/index.ts'
import { CodeEditor } from '../../editor/index.ts'
import { usePicture, useTopology } from '../topology-context.ts'
import styles from './inspector.module.css'
import { useFile } from './use-file.ts'

/** Typing rests this long before it becomes an edit; milliseconds. */
const rest = 900

type Props = { file: string | null; line: number | null; own: string | null; onClose(): void }

/** The file in Monaco. Typing sends the whole text as one edit of the draft, when it pauses. */
export function ManifestTab({ file, line, own, onClose }: Props) {
  const text = useText()
  const say = useSay()
  const { readOnly, edit } = useTopology()
  const asked = useFile(file)
  const findings = usePicture(state => state.graph?.findings)
  const [typed, setTyped] = useState<string | null>(null)
  const waiting = useRef<{ timer: ReturnType<typeof setTimeout>; send(): void } | null>(null)

  // Another file, or away from here: what was typed is sent first.
  // biome-ignore lint/correctness/useExhaustiveDependencies: `file` is what it belongs to
  useEffect(
    () => () => {
      if (waiting.current) {
        clearTimeout(waiting.current.timer)
        waiting.current.send()
      }
      setTyped(null)
    },
    [file],
  )
  useEffect(() => setTyped(was => (was === asked.after ? null : was)), [asked.after])

  if (file === null) return <EmptyState compact sentence={text('page.topologyNoManifest')} />
  if (asked.status === 'failed' && asked.error) return <ErrorState compact error={asked.error} onRetry={asked.retry} />
  if (asked.status === 'loading')
    return (
      <Loading>
        <div className={styles['skeleton']}>
          {[60, 45, 70, 35, 80, 55, 40, 65].map(width => (
            <Skeleton key={width} width={`${width}%`} />
          ))}
        </div>
      </Loading>
    )
  if (asked.after === null) return <EmptyState compact sentence={text('page.topologyFileGone', { file })} />
  const onChange = (next: string) => {
    setTyped(next)
    if (waiting.current) clearTimeout(waiting.current.timer)
    const send = () => {
      waiting.current = null
      void edit({ kind: 'set-file', file, text: next })
    }
    waiting.current = { timer: setTimeout(send, rest), send }
  }
  return (
    <div className={styles['manifest']}>
      <div className={styles['manifestHead']}>
        <code title={file}>{`\u200e${file}`}</code>
        {readOnly && <span className={styles['columnHead']}>{text('page.topologyReadOnly')}</span>}
        {own !== null && file !== own && (
          <IconButton icon={X} size="small" label={text('page.topologyOwnManifest')} onClick={onClose} />
        )}
      </div>
      <div className={styles['manifestBody']}>
        <CodeEditor
          path={file}
          value={typed ?? asked.after}
          readOnly={readOnly}
          onChange={onChange}
          markers={(findings ?? []).flatMap(finding =>
            finding.file === file && finding.line !== undefined
              ? [
                  {
                    line: finding.line,
                    ...(finding.column === undefined ? {} : { column: finding.column }),
                    severity: finding.severity,
                    message: say(finding.message),
                  },
                ]
              : [],
          )}
          {...(line === null ? {} : { revealLine: line })}
        />
      </div>
    </div>
  )
}
