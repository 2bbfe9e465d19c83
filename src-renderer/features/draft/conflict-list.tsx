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
  const ids = [...byEdit.keys()]
  const open = ids.filter(id => !choices[id]).length

  async function apply() {
    const dropped = ids.filter(id => choices[id] === 'drop')
    const kept = view.edits.filter(entry => choices[entry.id] === 'keep').map(entry => entry.edit)
    if (dropped.length > 0) await discard.run({ workspace, edits: dropped })
    // Made again on where the branch is now: then it is a change of what stands there, not of what stood there.
    if (kept.length > 0) await edit.run({ workspace, edits: kept })
    onDone()
  }

  return (
    <div role="alert">
      <Callout tone="warn" icon={GitCompareArrows} title={text('page.draftConflict', { count: conflicts.length })}>
        {text('page.draftConflictHint')}
        <ul className={styles['conflicts']}>
          {ids.map(id => {
            const summary = view.edits.find(entry => entry.id === id)?.summary
            return (
              <li key={id}>
                {summary && <p className={styles['conflictEdit']}>{say(summary)}</p>}
                {byEdit.get(id)!.map(conflict => (
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
