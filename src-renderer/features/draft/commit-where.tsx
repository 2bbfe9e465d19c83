import { GitBranchPlus, GitCommitHorizontal } from 'lucide-react'
import type { DraftView } from '../../../shared/draft/draft.ts'
import type { WorkspaceStatus } from '../../../shared/workspaces/contract.ts'
import { Checkbox, Field, Segmented, TextField, useSay, useText } from '../../design/index.ts'
import styles from './commit-dialog.module.css'
import type { CommitForm } from './commit-form.ts'

type CommitWhereProps = {
  form: CommitForm
  /** The name of the new branch, as typed or drafted. */
  branch: string
  view: DraftView
  status: WorkspaceStatus | null
  /** What is wrong with the branch's name. */
  error: string | null
  onTarget(target: CommitForm['target']): void
  onBranch(name: string): void
  onPush(push: boolean): void
}

/** Where a decision goes: this branch or a new one, and to the remote or not. */
export function CommitWhere({ form, branch, view, status, error, onTarget, onBranch, onPush }: CommitWhereProps) {
  const text = useText()
  const say = useSay()
  const toBranchOnly = status?.limits.find(limit => limit.effect === 'commit-to-branch')
  const hasRemote = status?.remote != null
  return (
    <fieldset className={styles['where']}>
      <legend>{text('page.draftWhere')}</legend>
      <Segmented<CommitForm['target']>
        label={text('page.draftWhere')}
        value={form.target}
        onChange={onTarget}
        options={[
          {
            value: 'current-branch',
            label:
              view.branch === null ? text('page.draftNoBranch') : text('page.draftThisBranch', { branch: view.branch }),
            icon: GitCommitHorizontal,
            disabled: toBranchOnly !== undefined || view.branch === null,
          },
          { value: 'new-branch', label: text('page.draftNewBranch'), icon: GitBranchPlus },
        ]}
      />
      {toBranchOnly && <p className={styles['hint']}>{say(toBranchOnly.message)}</p>}
      {form.target === 'new-branch' && (
        <Field label={text('page.draftBranchName')} error={error}>
          <TextField mono value={branch} onChange={onBranch} />
        </Field>
      )}
      <Checkbox
        checked={form.push}
        onChange={onPush}
        disabled={!hasRemote}
        label={
          status?.remote
            ? text('page.draftPush', { remote: status.remote.name })
            : text(status ? 'page.draftPushNoRemote' : 'page.draftPushUnknown')
        }
        hint={hasRemote && status?.sync.kind === 'offline' ? text('page.draftPushOffline') : undefined}
      />
    </fieldset>
  )
}
