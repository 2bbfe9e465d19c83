import { useStore } from 'zustand'
import type { MessageKey } from '../../shared/messages/index.ts'
import { type Action, actions } from '../connection/shortcuts.ts'
import { Dialog } from '../design/dialog.tsx'
import { KeyHint } from '../design/key-hint.tsx'
import { useText } from '../design/text.ts'
import { inGroupOrder } from './group-order.ts'
import { overlays, useOverlay } from './overlays.ts'
import styles from './shortcuts-help.module.css'

/** The keys that work here and now. */
export function ShortcutsHelp() {
  const text = useText()
  const open = useOverlay(state => state.open === 'help')
  const all = useStore(actions)
  if (!open) return null
  const groups = new Map<MessageKey, Map<string, Action>>()
  for (const action of all) {
    if (action.keys === null || !action.when()) continue
    const group = groups.get(action.group) ?? new Map<string, Action>()
    // The newest wins a key, so it is the one that is listed.
    group.set(action.keys, action)
    groups.set(action.group, group)
  }
  return (
    <Dialog
      open
      onOpenChange={overlays.close}
      size="large"
      title={text('app.shortcuts')}
      description={text('app.shortcutsHint')}
    >
      <div className={styles['columns']}>
        {inGroupOrder([...groups]).map(([group, byKeys]) => (
          <section key={group} className={styles['group']}>
            <h3>{text(group)}</h3>
            {[...byKeys].map(([keys, action]) => (
              <div key={keys} className={styles['row']}>
                <span>{text(action.label, action.params)}</span>
                <KeyHint keys={keys} />
              </div>
            ))}
          </section>
        ))}
      </div>
    </Dialog>
  )
}
