import { ShipWheel } from 'lucide-react'
import { useNavigation } from '../connection/navigation.ts'
import { useText } from '../design/text.ts'
import { Tooltip } from '../design/tooltip.tsx'
import styles from './rail.module.css'
import { screenEntries } from './screens.tsx'

export function Rail({ workspace }: { workspace: string }) {
  const text = useText()
  const current = useNavigation(place => place.screen)
  const { setScreen, setWorkspace } = useNavigation.getState()
  const entries = screenEntries.filter(({ beside }) => beside === undefined)
  const shown = screenEntries.find(({ screen }) => screen === current)?.beside ?? current
  return (
    <nav className={styles['rail']} aria-label={text('app.screens')}>
      <Tooltip label={text('app.allWorkspaces')} side="right">
        <button
          type="button"
          className={styles['brand']}
          aria-label={text('app.allWorkspaces')}
          onClick={() => setWorkspace(null)}
        >
          <ShipWheel aria-hidden="true" />
        </button>
      </Tooltip>
      <ul className={styles['list']}>
        {entries.map(({ screen, label, icon: Icon, keys, last, mark: Mark }) => (
          <li key={screen} data-last={last || undefined}>
            <Tooltip label={text(label)} shortcut={keys} side="right">
              <button
                type="button"
                className={styles['entry']}
                aria-label={text(label)}
                aria-current={screen === shown ? 'page' : undefined}
                onClick={() => setScreen(screen)}
              >
                <Icon aria-hidden="true" />
                {Mark && <Mark workspace={workspace} />}
              </button>
            </Tooltip>
          </li>
        ))}
      </ul>
    </nav>
  )
}
