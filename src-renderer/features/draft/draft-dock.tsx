import {
  ChevronDown,
  ChevronUp,
  CloudOff,
  GitBranch,
  GitCommitHorizontal,
  History,
  NotebookPen,
  Redo2,
  RotateCw,
  Trash2,
  Undo2,
} from 'lucide-react'
import { useCallback, useState } from 'react'
import type { DraftView } from '../../../shared/draft/draft.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand, useLive, useNavigation, useShortcut } from '../../connection/index.ts'
import {
  Badge,
  Button,
  ConfirmDialog,
  ErrorNote,
  IconButton,
  LiveRegion,
  Skeleton,
  useFormat,
  useSay,
  useText,
} from '../../design/index.ts'
import { CommitDialog } from './commit-dialog.tsx'
import { useCommitDialog } from './commit-dialog-state.ts'
import { diffStats } from './diff-stats.ts'
import { DraftBody } from './draft-body.tsx'
import styles from './draft-dock.module.css'
import { GateBadge } from './gate-words.tsx'
import { isTyping } from './is-typing.ts'
import { ResizeEdge, useDockHeight } from './resize-edge.tsx'

/** The pending changes of the workspace, at the bottom of the frame: one line, or open with edits, diff and gate. */
export function DraftDock() {
  const workspace = useNavigation(place => place.workspace)
  return workspace === null ? null : <Dock key={workspace} workspace={workspace} />
}

const openKey = 'pilothouse.draft.open'

function Dock({ workspace }: { workspace: WorkspaceId }) {
  const text = useText()
  const format = useFormat()
  const say = useSay()
  const api = useApi()
  const input = { workspace }
  const live = useLive(api.draft.view, input)
  const undo = useCommand(api.draft.undo)
  const redo = useCommand(api.draft.redo)
  const discard = useCommand(api.draft.discard)
  const dialog = useCommitDialog()
  const [open, setOpen] = useState(() => window.localStorage.getItem(openKey) === 'true')
  const [discarding, setDiscarding] = useState(false)
  const [height, setHeight] = useDockHeight()
  const view = live.value
  const edits = view?.edits.length ?? 0
  const expanded = open && edits > 0

  const toggle = useCallback(() => {
    setOpen(was => {
      window.localStorage.setItem(openKey, String(!was))
      return !was
    })
  }, [])

  const group = 'page.draftGroup'
  useShortcut('$mod+z', 'page.draftUndo', () => void undo.run(input), {
    group,
    icon: Undo2,
    when: () => view?.canUndo === true && !isTyping(),
  })
  useShortcut('$mod+Shift+z', 'page.draftRedo', () => void redo.run(input), {
    group,
    icon: Redo2,
    when: () => view?.canRedo === true && !isTyping(),
  })
  useShortcut('d', 'page.draftToggle', toggle, { group, when: () => edits > 0 })
  useShortcut('$mod+Enter', 'page.draftCommit', () => dialog.open('draft'), {
    group,
    icon: GitCommitHorizontal,
    when: () => view?.changeSetId != null,
  })
  useShortcut(null, 'page.draftRecord', () => dialog.open('record'), { group, icon: NotebookPen })
  useShortcut(null, 'page.draftDiscardAll', () => setDiscarding(true), {
    group,
    icon: Trash2,
    when: () => edits > 0,
  })

  const error = undo.error ?? redo.error ?? discard.error
  return (
    <section
      className={styles['dock']}
      data-expanded={expanded || undefined}
      aria-label={text('page.draftDock')}
      style={expanded ? { height } : undefined}
    >
      {expanded && <ResizeEdge height={height} onHeight={setHeight} />}
      <div className={styles['line']}>
        {view === null ? (
          live.status === 'failed' && live.error ? (
            <>
              <CloudOff aria-hidden="true" className={styles['failed'] ?? ''} />
              <span className={styles['grow']} role="alert">
                {text('page.draftFailed')} {say(live.error)}
              </span>
              <Button size="small" variant="ghost" icon={RotateCw} onClick={live.retry}>
                {text('app.retry')}
              </Button>
            </>
          ) : (
            <span className={styles['loading']} role="status" aria-label={text('page.draftLoading')}>
              <Skeleton width={180} />
            </span>
          )
        ) : (
          <>
            <span className={styles['about']}>
              <Summary view={view} expanded={expanded} onToggle={toggle} />
              {live.status === 'stale' && live.since !== null && (
                <Badge tone="stale">{text('app.asOf', { when: format.time(live.since) })}</Badge>
              )}
            </span>
            <span className={styles['actions']}>
              {(view.canUndo || view.canRedo) && (
                <>
                  <IconButton
                    icon={Undo2}
                    size="small"
                    label={text('page.draftUndo')}
                    shortcut="$mod+z"
                    tooltipSide="top"
                    disabled={!view.canUndo}
                    onClick={() => void undo.run(input)}
                  />
                  <IconButton
                    icon={Redo2}
                    size="small"
                    label={text('page.draftRedo')}
                    shortcut="$mod+Shift+z"
                    tooltipSide="top"
                    disabled={!view.canRedo}
                    onClick={() => void redo.run(input)}
                  />
                </>
              )}
              {edits > 0 && (
                <IconButton
                  icon={Trash2}
                  size="small"
                  label={text('page.draftDiscardAll')}
                  tooltipSide="top"
                  onClick={() => setDiscarding(true)}
                />
              )}
              {edits > 0 ? (
                <Button
                  size="small"
                  variant="primary"
                  icon={GitCommitHorizontal}
                  disabledReason={
                    view.changeSetId === null && !view.edits.some(entry => entry.state === 'conflict')
                      ? text('page.draftNothing')
                      : undefined
                  }
                  onClick={() => dialog.open('draft')}
                >
                  {text('page.draftCommit')}
                </Button>
              ) : (
                <Button size="small" variant="ghost" icon={NotebookPen} onClick={() => dialog.open('record')}>
                  {text('page.draftRecord')}
                </Button>
              )}
            </span>
          </>
        )}
      </div>
      {error && (
        <div className={styles['error']}>
          <ErrorNote error={error} />
        </div>
      )}
      {expanded && view && (
        <DraftBody workspace={workspace} view={view} onDiscard={ids => void discard.run({ workspace, edits: ids })} />
      )}
      <LiveRegion>
        {view && edits > 0 ? text('page.draftSpoken', { count: edits, files: view.files.length }) : ''}
      </LiveRegion>
      {view && (
        <ConfirmDialog
          open={discarding}
          onOpenChange={setDiscarding}
          danger
          title={text('page.draftDiscardTitle', { count: edits })}
          description={text('page.draftDiscardHint')}
          touched={view.edits.map(entry => say(entry.summary))}
          confirm={text('page.draftDiscardConfirm', { count: edits })}
          loading={discard.running}
          onConfirm={async () => {
            await discard.run(input)
            setDiscarding(false)
          }}
        />
      )}
      {view && dialog.mode !== null && (
        <CommitDialog key={dialog.mode} workspace={workspace} view={view} mode={dialog.mode} onClose={dialog.close} />
      )}
    </section>
  )
}

function Summary({ view, expanded, onToggle }: { view: DraftView; expanded: boolean; onToggle(): void }) {
  const text = useText()
  const count = view.edits.length
  if (count === 0)
    return (
      <span className={styles['summary']} data-empty="true">
        <span>{text('page.draftNone')}</span>
      </span>
    )
  const { files, additions, deletions } = diffStats(view.files)
  const conflicts = view.edits.filter(entry => entry.state === 'conflict').length
  const refused = view.edits.filter(entry => entry.state === 'refused').length
  const Chevron = expanded ? ChevronDown : ChevronUp
  return (
    <>
      <button type="button" className={styles['toggle']} aria-expanded={expanded} onClick={onToggle}>
        <Chevron aria-hidden="true" />
        <strong>{text('page.draftEditCount', { count })}</strong>
        <span className={styles['dot']} aria-hidden="true" />
        <span>{text('page.draftFileCount', { count: files })}</span>
        {files > 0 && (
          <span className={styles['counts']} aria-hidden="true">
            <span data-tone="added">+{additions}</span> <span data-tone="removed">−{deletions}</span>
          </span>
        )}
      </button>
      <GateBadge labelled verdict={view.gate.verdict} />
      {conflicts > 0 && <Badge tone="danger">{text('page.draftConflictCount', { count: conflicts })}</Badge>}
      {refused > 0 && <Badge tone="danger">{text('page.draftRefusedCount', { count: refused })}</Badge>}
      {view.dirty.length > 0 && <Badge tone="warn">{text('page.draftDirtyCount', { count: view.dirty.length })}</Badge>}
      {view.rebased && (
        <Badge tone="info" icon={History}>
          {text('page.draftRebasedShort')}
        </Badge>
      )}
      {view.branch !== null && (
        <span className={styles['branch']}>
          <GitBranch aria-hidden="true" />
          <span>{view.branch}</span>
        </span>
      )}
    </>
  )
}
