import { CircleSlash, Equal, GitCompareArrows, type LucideIcon, Trash2, Waypoints } from 'lucide-react'
import type { KeyboardEvent } from 'react'
import type { DraftEditView } from '../../../shared/draft/draft.ts'
import type { MessageKey } from '../../../shared/messages/index.ts'
import { IconButton, useSay, useText } from '../../design/index.ts'
import { editIcons } from './edit-icons.ts'
import styles from './edit-list.module.css'

const states: {
  readonly [S in DraftEditView['state']]: { readonly icon: LucideIcon | null; readonly word: MessageKey | null }
} = {
  applied: { icon: null, word: null },
  unchanged: { icon: Equal, word: 'page.draftEditUnchanged' },
  refused: { icon: CircleSlash, word: 'page.draftEditRefused' },
  conflict: { icon: GitCompareArrows, word: 'page.draftEditConflict' },
}

export type EditListProps = {
  edits: readonly DraftEditView[]
  /** Id of the edit whose file is shown. */
  chosen: string | null
  onChoose(edit: DraftEditView): void
  onRemove(edit: DraftEditView): void
  onService(service: string): void
}

/** The edits of the draft, oldest first. Arrow keys go through them, Delete takes one out. */
export function EditList({ edits, chosen, onChoose, onRemove, onService }: EditListProps) {
  const text = useText()
  const say = useSay()

  function onKeyDown(event: KeyboardEvent<HTMLUListElement>) {
    const rows = [...event.currentTarget.querySelectorAll<HTMLButtonElement>('button[data-row]')]
    const at = rows.indexOf(document.activeElement as HTMLButtonElement)
    if (at < 0) return
    if (event.key === 'Delete' || event.key === 'Backspace') {
      onRemove(edits[at]!)
      rows[at + 1 < rows.length ? at + 1 : at - 1]?.focus()
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = rows[at + (event.key === 'ArrowDown' ? 1 : -1)]
      next?.focus()
      next?.click()
    } else return
    event.preventDefault()
  }

  return (
    <ul className={styles['list']} aria-label={text('page.draftEdits')} onKeyDown={onKeyDown}>
      {edits.map(entry => {
        const { icon, word } = states[entry.state]
        const Icon = icon ?? editIcons[entry.edit.kind]
        const at = entry.changes[0]
        const service = entry.services[0]
        return (
          <li key={entry.id} className={styles['edit']} data-state={entry.state} data-chosen={entry.id === chosen}>
            <button
              type="button"
              data-row
              className={styles['main']}
              aria-current={entry.id === chosen}
              onClick={() => onChoose(entry)}
            >
              <Icon aria-hidden="true" />
              <span className={styles['words']}>
                <span className={styles['summary']}>{say(entry.summary)}</span>
                <span className={styles['facts']}>
                  {entry.services.join(', ')}
                  {at && (
                    <span className={styles['at']} title={`${at.file}:${at.line}`}>
                      {at.file.slice(at.file.lastIndexOf('/') + 1)}:{at.line}
                    </span>
                  )}
                </span>
                {entry.landing && <span className={styles['landing']}>{say(entry.landing)}</span>}
                {word && <span className={styles['state']}>{text(word)}</span>}
                {entry.reason && <span className={styles['reason']}>{say(entry.reason)}</span>}
              </span>
            </button>
            <span className={styles['actions']}>
              {service !== undefined && (
                <IconButton
                  icon={Waypoints}
                  size="small"
                  label={text('page.draftShowOnGraph', { service })}
                  onClick={() => onService(service)}
                />
              )}
              <IconButton
                icon={Trash2}
                size="small"
                label={text('page.draftRemoveEdit')}
                shortcut="Delete"
                onClick={() => onRemove(entry)}
              />
            </span>
          </li>
        )
      })}
    </ul>
  )
}
