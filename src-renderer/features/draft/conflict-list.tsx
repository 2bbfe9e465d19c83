import { GitCompareArrows } from 'lucide-react'
import { useState } from 'react'
import type { DraftView, FieldConflict } from '../../../shared/draft/draft.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand } from '../../connection/index.ts'
import { Button, Callout, Code, ErrorNote, Segmented, useSay, useText } from '../../design/index.ts'
import styles from './commit-dialog.module.css'

export type ConflictListProps = {
  workspace: WorkspaceId
  view: DraftView
  /** Both sides by field, as far as a commit was tried; the rest is told by the edits themselves. */
  conflicts: readonly FieldConflict[]
  /** The choices are in the draft. */
  onDone(): void
}

type Choice = 'keep' | 'drop'

/** Both sides of each field that the branch and the draft changed differently, and a choice for each edit. */
export function ConflictList({ workspace, view, conflicts, onDone }: ConflictListProps) {
  const text = useText()
  const say = useSay()
  const { draft } = useApi()
  const edit = useCommand(draft.edit)
  const discard = useCommand(draft.discard)
  const [choices, setChoices] = useState<{ readonly [editId: string]: Choice }>({})
  const byEdit = Map.groupBy(conflicts, conflict => conflict.editId)
  const ids = [
    ...new Set([...byEdit.keys(), ...view.edits.filter(entry => entry.state === 'conflict').map(entry => entry.id)]),
  ]
  const open = ids.filter(id => !choices[id]).length

  async function apply() {
    const kept = view.edits.filter(entry => choices[entry.id] === 'keep').map(entry => entry.edit)
    // All of them out, then the kept ones made again: on where the branch is now they change what stands there, and
    // while one conflict is left the draft still counts from where it began.
    if (!(await discard.done({ workspace, edits: ids }))) return
    if (kept.length > 0 && !(await edit.done({ workspace, edits: kept }))) return
    onDone()
  }

  return (
    <div role="alert">
      <Callout tone="warn" icon={GitCompareArrows} title={text('page.draftConflict', { count: ids.length })}>
        {text('page.draftConflictHint')}
        <ul className={styles['conflicts']}>
          {ids.map(id => {
            const entry = view.edits.find(each => each.id === id)
            const sides = byEdit.get(id) ?? []
            return (
              <li key={id}>
                {entry && <p className={styles['conflictEdit']}>{say(entry.summary)}</p>}
                {sides.length === 0 && entry?.reason && <p>{say(entry.reason)}</p>}
                {sides.map(conflict => (
                  <div key={`${conflict.file} ${conflict.field}`} className={styles['conflict']}>
                    <p>
                      <code>{conflict.field}</code>{' '}
                      <span className={styles['at']}>
                        {conflict.file}:{conflict.line}
                      </span>
                    </p>
                    <dl>
                      <Side label={text('page.draftConflictBase')} value={conflict.base} />
                      <Side label={text('page.draftConflictTheirs')} value={conflict.theirs} />
                      <Side label={text('page.draftConflictOurs')} value={conflict.ours} />
                    </dl>
                  </div>
                ))}
                <Segmented<Choice | 'open'>
                  size="small"
                  label={text('page.draftConflictChoice')}
                  value={choices[id] ?? 'open'}
                  onChange={choice => {
                    if (choice !== 'open') setChoices({ ...choices, [id]: choice })
                  }}
                  options={[
                    { value: 'keep', label: text('page.draftConflictKeep') },
                    { value: 'drop', label: text('page.draftConflictDrop') },
                  ]}
                />
              </li>
            )
          })}
        </ul>
        <ErrorNote error={edit.error ?? discard.error} />
        <Button
          size="small"
          loading={edit.running || discard.running}
          disabledReason={open > 0 ? text('page.draftConflictOpen', { count: open }) : undefined}
          onClick={() => void apply()}
        >
          {text('page.draftConflictApply')}
        </Button>
      </Callout>
    </div>
  )
}

function Side({ label, value }: { label: string; value: string | null }) {
  const text = useText()
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value === null ? <i>{text('page.draftConflictAbsent')}</i> : <Code>{value}</Code>}</dd>
    </div>
  )
}
