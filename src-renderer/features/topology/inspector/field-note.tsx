import { CircleAlert, CircleDashed } from 'lucide-react'
import type { DraftEditView } from '../../../../shared/draft/draft.ts'
import { useSay, useText } from '../../../design/index.ts'
import { useTopology } from '../topology-context.ts'
import styles from './inspector.module.css'

/** Under a field that the draft sets: what is committed, the way back, and why it cannot be if it cannot. */
export function FieldNote({
  edit,
  before,
  name,
}: {
  edit: DraftEditView | undefined
  before: string | null | undefined
  name: string
}) {
  const text = useText()
  const say = useSay()
  const { discard } = useTopology()
  if (!edit) return null
  const wrong = edit.state === 'refused' || edit.state === 'conflict'
  return (
    <div
      className={styles['note']}
      data-note=""
      data-tone={wrong ? 'danger' : undefined}
      role={wrong ? 'alert' : undefined}
    >
      {wrong ? <CircleAlert aria-hidden="true" /> : <CircleDashed aria-hidden="true" />}
      {wrong && edit.reason ? (
        <span>{say(edit.reason)}</span>
      ) : before === null || before === undefined ? (
        <span>{text('page.topologyProposedNew')}</span>
      ) : (
        <span>
          {text('page.topologyProposedWas')} <code>{before === '' ? '""' : before}</code>
        </span>
      )}
      <button
        type="button"
        aria-label={text('page.topologyRevertField', { name })}
        onClick={() => void discard(edit.id)}
      >
        {text('page.topologyRevert')}
      </button>
    </div>
  )
}
