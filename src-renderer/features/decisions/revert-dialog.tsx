import { Undo2 } from 'lucide-react'
import type { DecisionSummary } from '../../../shared/decisions/decision.ts'
import { describeEdit } from '../../../shared/edits/describe-edit.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useQuery } from '../../connection/index.ts'
import {
  Button,
  Callout,
  Dialog,
  ErrorNote,
  ErrorState,
  Loading,
  Skeleton,
  useSay,
  useText,
} from '../../design/index.ts'
import styles from './field-rows.module.css'
import { useDrafting } from './use-drafting.ts'

type RevertDialogProps = {
  workspace: WorkspaceId
  summary: Pick<DecisionSummary, 'id' | 'title'>
  onClose(): void
}

/** Shows what taking a decision back would change today, and what was changed since and stays; then it is a draft. */
export function RevertDialog({ workspace, summary, onClose }: RevertDialogProps) {
  const text = useText()
  const say = useSay()
  const { draft } = useApi()
  const plan = useQuery(draft.planRevert, { workspace, decision: summary.id })
  const drafting = useDrafting(workspace)
  const { edits = [], conflicts = [] } = plan.value ?? {}

  async function start() {
    if (!plan.value || edits.length === 0) return
    const { title, reverts } = plan.value
    const note = { title, kind: 'rollback' as const, reverts }
    if (await drafting.add(edits, note, text('history.revertDraftedHint'))) onClose()
  }

  return (
    <Dialog
      open
      onOpenChange={open => !open && onClose()}
      title={text('history.revertTitle', { title: summary.title })}
      description={text('history.revertDescription')}
      onSubmit={() => void start()}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {text('app.cancel')}
          </Button>
          <Button type="submit" variant="primary" icon={Undo2} disabled={edits.length === 0} loading={drafting.running}>
            {text(conflicts.length > 0 && edits.length > 0 ? 'history.revertRest' : 'history.revertToDraft')}
          </Button>
        </>
      }
    >
      {plan.status === 'failed' && plan.error ? (
        <ErrorState error={plan.error} onRetry={plan.retry} />
      ) : !plan.value ? (
        <Loading>
          <Skeleton width="70%" />
          <Skeleton width="52%" />
        </Loading>
      ) : (
        <div className={styles['parts']}>
          {edits.length === 0 && conflicts.length === 0 && <p>{text('history.revertedAlready')}</p>}
          {edits.length > 0 && (
            <ul className={styles['edits']} aria-label={text('history.revertEdits')}>
              {edits.map((item, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the list does not change
                <li key={index}>{say(describeEdit(item, { kind: 'unchanged' }))}</li>
              ))}
            </ul>
          )}
          {conflicts.length > 0 && (
            <Callout tone="warn" title={text('history.revertConflicts', { count: conflicts.length })}>
              <table className={styles['rows']}>
                <thead>
                  <tr>
                    <th scope="col">{text('history.revertField')}</th>
                    <th scope="col">{text('history.revertMade')}</th>
                    <th scope="col">{text('history.revertBefore')}</th>
                    <th scope="col">{text('history.revertToday')}</th>
                  </tr>
                </thead>
                <tbody>
                  {conflicts.map(({ field, file, line, base, ours, theirs }) => (
                    <tr key={`${file} ${field}`}>
                      <th scope="row">
                        <code>{field}</code>
                        <small>
                          {file}:{line}
                        </small>
                      </th>
                      <td>{base ?? '–'}</td>
                      <td>{ours ?? '–'}</td>
                      <td>{theirs ?? '–'}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </Callout>
          )}
          <ErrorNote error={drafting.error} />
        </div>
      )}
    </Dialog>
  )
}
