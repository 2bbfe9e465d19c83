import { applyPatch, structuredPatch } from 'diff'
import { FilePen, FileX2, Trash2 } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import { readAdr } from '../../../shared/decisions/read-adr.ts'
import { addRecordSection } from '../../../shared/decisions/record-sections.ts'
import type { Writing } from '../../../shared/draft/draft.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand, useLive, useQuery } from '../../connection/index.ts'
import {
  Button,
  Callout,
  Dialog,
  EmptyState,
  ErrorNote,
  ErrorState,
  Loading,
  Segmented,
  Skeleton,
  useText,
  useToasts,
} from '../../design/index.ts'
import { CodeEditor, DiffEditor } from '../editor/index.ts'
import { Markdown, splitFrontMatter } from '../markdown/index.ts'
import { useCommitDialog } from './commit-dialog-state.ts'
import styles from './record-editor.module.css'
import { RecordSections } from './record-sections.tsx'

type RecordEditorProps = { workspace: WorkspaceId; path: string; onClose(): void }

/** Milliseconds without a key before what was typed is kept by the core. */
const pause = 400

/**
 * A record in place: its Markdown beside what it looks like. What is typed is kept by the core until it is part of the
 * draft, which makes a decision of it as of any other edit; a record that somebody changed meanwhile is brought together.
 */
export function RecordEditor({ workspace, path, onClose }: RecordEditorProps) {
  const text = useText()
  const { draft } = useApi()
  const view = useLive(draft.view, { workspace })
  const file = useQuery(draft.file, { workspace, path })
  // Asked again when the branch or the draft moves, so that what somebody else did to the record is seen.
  const version = `${view.value?.base} ${view.value?.changeSetId}`
  const { retry } = file
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is a new question
  useEffect(() => retry(), [version, retry])
  /** Null where the record is gone; what was there stays in sight while it is asked for again. */
  const [now, setNow] = useState<string | null | undefined>(undefined)
  const { value } = file
  useEffect(() => {
    if (value) setNow(value.after)
  }, [value])
  if (file.error)
    return (
      <Frame path={path} onClose={onClose}>
        <ErrorState error={file.error} onRetry={file.retry} />
      </Frame>
    )
  if (now === null)
    return (
      <Frame path={path} onClose={onClose}>
        <EmptyState icon={FileX2} sentence={text('record.editGone')} />
      </Frame>
    )
  if (now === undefined || !view.value)
    return (
      <Frame path={path} onClose={onClose}>
        <Loading>
          <Skeleton width="60%" />
          <Skeleton width="72%" />
        </Loading>
      </Frame>
    )
  const kept = view.value.writing?.path === path ? view.value.writing : null
  return (
    <Editor
      workspace={workspace}
      path={path}
      now={now}
      kept={kept}
      drafted={view.value.edits.length > 0}
      text={text}
      onClose={onClose}
    />
  )
}

function Frame({ path, onClose, children }: { path: string; onClose(): void; children: React.ReactNode }) {
  const text = useText()
  return (
    <Dialog
      open
      size="full"
      onOpenChange={open => !open && onClose()}
      title={text('record.editTitle')}
      description={path}
    >
      {children}
    </Dialog>
  )
}

type EditorProps = {
  workspace: WorkspaceId
  path: string
  /** The record as the draft has it now. */
  now: string
  /** What was typed here earlier and is not part of the draft. */
  kept: Writing | null
  drafted: boolean
  text: ReturnType<typeof useText>
  onClose(): void
}

function Editor({ workspace, path, now, kept, drafted, text, onClose }: EditorProps) {
  const toasts = useToasts()
  const { draft } = useApi()
  const edit = useCommand(draft.edit)
  const note = useCommand(draft.note)
  const write = useCommand(draft.write)
  const openCommit = useCommitDialog(state => state.open)
  const [writing, setWriting] = useState<Writing>(() => kept ?? { path, base: now, text: now })
  const [side, setSide] = useState<'preview' | 'changes'>('preview')
  const [line, setLine] = useState<number | undefined>(undefined)
  const resumed = useRef(kept !== null && kept.text !== now)
  const changed = writing.text !== now

  const latest = useRef<Writing | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const { run } = write
  const flush = useCallback(() => {
    clearTimeout(timer.current)
    if (latest.current) void run({ workspace, writing: latest.current })
    latest.current = null
  }, [run, workspace])
  function type(next: Writing) {
    setWriting(next)
    latest.current = next
    clearTimeout(timer.current)
    timer.current = setTimeout(flush, pause)
  }
  useEffect(() => {
    window.addEventListener('pagehide', flush)
    return () => {
      window.removeEventListener('pagehide', flush)
      flush()
    }
  }, [flush])

  // The record moved under what is typed: the two are brought together where they do not meet.
  const moved = writing.base !== now
  const merged = moved ? mergeOnto(writing, now) : null

  async function forget() {
    clearTimeout(timer.current)
    latest.current = null
    await write.run({ workspace, writing: null })
  }
  async function finish() {
    if (!changed || moved) return
    // What was typed is kept until the draft has it.
    if (!(await edit.done({ workspace, edits: [{ kind: 'set-file', file: path, text: writing.text }] }))) return
    if (!drafted) {
      const title = text('record.editedTitle', { title: readAdr(writing.text).title ?? path }).slice(0, 200)
      await note.run({ workspace, note: { title, kind: 'record' } })
    }
    await forget()
    onClose()
    openCommit('draft')
  }
  /** The same line may be shown again. */
  function showLine(next: number) {
    setLine(undefined)
    requestAnimationFrame(() => setLine(next))
  }
  function addSection(heading: string) {
    const added = addRecordSection(writing.text, heading)
    if (!added) return
    type({ ...writing, text: added.text })
    showLine(added.line)
  }
  function leave() {
    if (changed) toasts.show({ tone: 'info', title: text('record.editKept'), detail: text('record.editKeptHint') })
    onClose()
  }

  const { body } = splitFrontMatter(writing.text)
  return (
    <Dialog
      open
      size="full"
      closeOnOutside={false}
      onOpenChange={open => !open && leave()}
      title={text('record.editTitle')}
      description={path}
      footer={
        <>
          <span className={styles['footnote']}>
            {write.error ? (
              <ErrorNote error={write.error} />
            ) : (
              changed && text(kept?.text === writing.text ? 'record.editAutosaved' : 'record.editKeeping')
            )}
          </span>
          {changed && (
            <Button
              variant="ghost"
              icon={Trash2}
              onClick={async () => {
                await forget()
                onClose()
              }}
            >
              {text('record.editDiscard')}
            </Button>
          )}
          <Button variant="ghost" onClick={leave}>
            {text('app.close')}
          </Button>
          <Button
            variant="primary"
            icon={FilePen}
            disabled={!changed || moved}
            loading={edit.running}
            onClick={() => void finish()}
          >
            {text('record.editFinish')}
          </Button>
        </>
      }
    >
      <div className={styles['editor']}>
        {resumed.current && changed && !moved && <Callout tone="info">{text('record.editResumed')}</Callout>}
        {moved && (
          <Callout tone="warn" title={text('record.editMoved')}>
            <div className={styles['choices']}>
              {merged !== null && (
                <Button size="small" variant="primary" onClick={() => type({ path, base: now, text: merged })}>
                  {text('record.editMerge')}
                </Button>
              )}
              <Button size="small" onClick={() => type({ ...writing, base: now })}>
                {text('record.editMine')}
              </Button>
              <Button size="small" onClick={() => type({ path, base: now, text: now })}>
                {text('record.editTheirs')}
              </Button>
            </div>
          </Callout>
        )}
        <ErrorNote error={edit.error ?? note.error} />
        <div className={styles['sides']}>
          <div className={styles['source']}>
            <RecordSections text={writing.text} onShow={showLine} onAdd={addSection} />
            <div className={styles['words']}>
              <CodeEditor
                path={path}
                value={writing.text}
                {...(line !== undefined && { revealLine: line })}
                onChange={next => type({ ...writing, text: next })}
              />
            </div>
          </div>
          <section className={styles['shown']} aria-label={text('page.draftPreview')}>
            <Segmented<'preview' | 'changes'>
              size="small"
              label={text('page.draftPreview')}
              value={side}
              onChange={setSide}
              options={[
                { value: 'preview', label: text('page.draftPreview') },
                { value: 'changes', label: text('record.editChanges') },
              ]}
            />
            {side === 'preview' ? (
              <div className={styles['prose']}>
                <Markdown text={body} />
              </div>
            ) : (
              <div className={styles['diff']}>
                <DiffEditor path={path} before={now} after={writing.text} sideBySide={false} />
              </div>
            )}
          </section>
        </div>
      </div>
    </Dialog>
  )
}

/** What was typed, on what the record is now; null where both changed the same lines. */
function mergeOnto({ path, base, text }: Writing, now: string): string | null {
  const patch = structuredPatch(path, path, base, text, undefined, undefined, { context: 1 })
  const merged = applyPatch(now, patch, { fuzzFactor: 0, autoConvertLineEndings: false })
  return merged === false ? null : merged
}
