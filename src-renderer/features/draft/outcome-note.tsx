import { CircleOff, GitBranchPlus, OctagonX, RefreshCw, Unplug } from 'lucide-react'
import type { DraftView } from '../../../shared/draft/draft.ts'
import { assertNever } from '../../../shared/errors.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { Button, Callout, Code, ErrorNote, useFormat, useSay, useText } from '../../design/index.ts'
import styles from './commit-dialog.module.css'
import { ConflictList } from './conflict-list.tsx'
import type { PublishStage } from './use-publish.ts'

export type OutcomeNoteProps = {
  stage: PublishStage
  /** What changed since the draft was reviewed. */
  moved: readonly Message[]
  workspace: WorkspaceId
  view: DraftView
  /** The branch that a refused push was for, when it is a new one. */
  newBranch: string | null
  onReview(): void
  /** The draft now holds what was chosen here. */
  onResolved(): void
  onNewBranch(): void
  onWithoutPush(): void
}

/** Why the commit was not made and what to do about it; also that the draft moved while the form was open. */
export function OutcomeNote(props: OutcomeNoteProps) {
  const { stage, moved, workspace, view, newBranch, onReview, onResolved, onNewBranch, onWithoutPush } = props
  const text = useText()
  const say = useSay()
  const format = useFormat()
  const review = (
    <Button size="small" icon={RefreshCw} onClick={onReview}>
      {text('page.draftReview')}
    </Button>
  )
  const stale = (
    <div role="alert">
      <Callout tone="warn" icon={RefreshCw} title={text('page.draftStale')} action={review}>
        {moved.length > 0 ? (
          <ul className={styles['moved']}>
            {moved.map(message => (
              <li key={message.key}>{say(message)}</li>
            ))}
          </ul>
        ) : (
          text('page.draftStaleHint')
        )}
      </Callout>
    </div>
  )
  if (stage.kind === 'failed') return <ErrorNote error={stage.error} />
  if (stage.kind === 'nothing-committed')
    return (
      <div role="status">
        <Callout tone="info" icon={stage.because === 'cancelled' ? CircleOff : Unplug}>
          {text(stage.because === 'cancelled' ? 'page.draftCancelled' : 'page.draftLineLost')}
        </Callout>
      </div>
    )
  if (stage.kind === 'unknown')
    return (
      <div role="alert">
        <Callout tone="warn" icon={Unplug}>
          {stage.branch === null
            ? text('page.draftUnknown')
            : text('page.draftUnknownBranch', { branch: stage.branch })}
        </Callout>
      </div>
    )
  // On its way: the draft empties a moment before the answer is here.
  if (stage.kind === 'publishing' || stage.kind === 'checking') return null
  const inConflict = view.edits.some(entry => entry.state === 'conflict')
  if (stage.kind === 'form') {
    if (moved.length > 0) return stale
    return inConflict ? <ConflictList workspace={workspace} view={view} conflicts={[]} onDone={onResolved} /> : null
  }

  const { outcome } = stage
  switch (outcome.kind) {
    case 'stale':
      return stale
    case 'blocked':
      return (
        <div role="alert">
          <Callout tone="danger" icon={OctagonX} title={text('page.draftBlocked')}>
            {text('page.draftBlockedHint')}
          </Callout>
        </div>
      )
    case 'conflict':
      return <ConflictList workspace={workspace} view={view} conflicts={outcome.conflicts} onDone={onResolved} />
    case 'dirty':
      return (
        <div role="alert">
          <Callout tone="warn" title={text('page.draftDirtyRefused', { count: outcome.files.length })}>
            {text('page.draftDirtyHint', { files: format.list(outcome.files) })}
            <div className={styles['choices']}>
              <Button size="small" icon={GitBranchPlus} onClick={onNewBranch}>
                {text('page.draftToNewBranch')}
              </Button>
            </div>
          </Callout>
        </div>
      )
    case 'push-refused':
      return (
        <div role="alert">
          <Callout tone="danger" title={text('page.draftPushRefused')}>
            {newBranch === null
              ? text('page.draftPushRefusedHint')
              : text('page.draftPushRefusedBranch', { branch: newBranch })}
            <Code block className={styles['remote'] ?? ''}>
              {outcome.reason}
            </Code>
            {newBranch === null && (
              <div className={styles['choices']}>
                <Button size="small" icon={GitBranchPlus} onClick={onNewBranch}>
                  {text('page.draftToNewBranch')}
                </Button>
                <Button size="small" onClick={onWithoutPush}>
                  {text('page.draftWithoutPush')}
                </Button>
              </div>
            )}
          </Callout>
        </div>
      )
    default:
      return assertNever(outcome)
  }
}
