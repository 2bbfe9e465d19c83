import { type LucideIcon, Network, ScrollText, Settings as SettingsIcon } from 'lucide-react'
import { type ComponentType, lazy } from 'react'
import type { MessageKey } from '../../shared/messages/index.ts'
import type { Screen } from '../connection/navigation.ts'

/** The screens there are, in the order of the rail. One that is not built is not listed, so none is dead. */
export type ScreenEntry = {
  readonly screen: Screen
  readonly label: MessageKey
  readonly icon: LucideIcon
  readonly keys: string
  readonly component: ComponentType
  /** Drawn at the end of the rail, apart from the others. */
  readonly last?: boolean
  /** Shows the draft under it. */
  readonly withDraft: boolean
}

const doors = import.meta.glob<Record<string, ComponentType>>('../features/{topology,decisions,draft}/index.ts')
const door = (feature: string, name: string) =>
  lazy(async () => {
    const load = doors[`../features/${feature}/index.ts`]
    const loaded = load ? await load() : {}
    return { default: loaded[name] ?? (() => null) }
  })

export const screenEntries: readonly ScreenEntry[] = [
  {
    screen: 'topology',
    label: 'app.screenTopology',
    icon: Network,
    keys: 'g t',
    component: door('topology', 'TopologyScreen'),
    withDraft: true,
  },
  {
    screen: 'decisions',
    label: 'app.screenDecisions',
    icon: ScrollText,
    keys: 'g d',
    component: door('decisions', 'DecisionsScreen'),
    withDraft: true,
  },
  {
    screen: 'settings',
    label: 'app.screenSettings',
    icon: SettingsIcon,
    keys: 'g s',
    component: lazy(async () => ({ default: (await import('../features/settings/index.ts')).SettingsScreen })),
    last: true,
    withDraft: false,
  },
]

export const DraftDock = door('draft', 'DraftDock')
