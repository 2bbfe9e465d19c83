import {
  Boxes,
  GitCompareArrows,
  HeartPulse,
  type LucideIcon,
  Network,
  Rocket,
  Router,
  Scale,
  ScrollText,
  Server,
  Settings as SettingsIcon,
} from 'lucide-react'
import { type ComponentType, lazy } from 'react'
import type { MessageKey } from '../../shared/messages/index.ts'
import type { Screen } from '../connection/navigation.ts'
import { UnderwayMark } from '../features/fleet/underway-mark.tsx'

/** The screens there are, in the order of the rail. One that is not built is not listed, so none is dead. */
export type ScreenEntry = {
  readonly screen: Screen
  readonly label: MessageKey
  readonly icon: LucideIcon
  readonly keys: string
  readonly component: ComponentType
  /** It is come to from another screen, which the rail shows in its place. */
  readonly beside?: Screen
  /** Drawn over its icon on the rail, as long as a workspace is open. */
  readonly mark?: ComponentType<{ workspace: string }>
  /** Drawn at the end of the rail, apart from the others. */
  readonly last?: boolean
  /** Shows the draft under it. */
  readonly withDraft: boolean
}

// Each screen is a piece of its own, loaded when it is first shown.
const TopologyScreen = lazy(async () => ({ default: (await import('../features/topology/index.ts')).TopologyScreen }))
const DecisionsScreen = lazy(async () => ({
  default: (await import('../features/decisions/index.ts')).DecisionsScreen,
}))
const DependenciesScreen = lazy(async () => ({
  default: (await import('../features/dependencies/index.ts')).DependenciesScreen,
}))
const CompareScreen = lazy(async () => ({ default: (await import('../features/compare/index.ts')).CompareScreen }))
const EdgeScreen = lazy(async () => ({ default: (await import('../features/edge/index.ts')).EdgeScreen }))
const RolloutsScreen = lazy(async () => ({ default: (await import('../features/rollouts/index.ts')).RolloutsScreen }))
const RulesScreen = lazy(async () => ({ default: (await import('../features/rules/index.ts')).RulesScreen }))
const ClustersScreen = lazy(async () => ({ default: (await import('../features/clusters/index.ts')).ClustersScreen }))
const HealthScreen = lazy(async () => ({ default: (await import('../features/clusters/index.ts')).HealthScreen }))
const SettingsScreen = lazy(async () => ({ default: (await import('../features/settings/index.ts')).SettingsScreen }))
/** Logs and terminals stay over a change of screen. */
export const ToolsDock = lazy(async () => ({ default: (await import('../features/clusters/index.ts')).ToolsDock }))
export const DraftDock = lazy(async () => ({ default: (await import('../features/draft/index.ts')).DraftDock }))

export const screenEntries: readonly ScreenEntry[] = [
  {
    screen: 'topology',
    label: 'app.screenTopology',
    icon: Network,
    keys: 'g t',
    component: TopologyScreen,
    withDraft: true,
  },
  {
    screen: 'decisions',
    label: 'app.screenDecisions',
    icon: ScrollText,
    keys: 'g d',
    component: DecisionsScreen,
    withDraft: true,
  },
  {
    screen: 'dependencies',
    label: 'dependency.pageTitle',
    icon: Boxes,
    keys: 'g p',
    component: DependenciesScreen,
    withDraft: true,
  },
  {
    screen: 'compare',
    label: 'compare.title',
    icon: GitCompareArrows,
    keys: 'g v',
    component: CompareScreen,
    beside: 'decisions',
    withDraft: true,
  },
  {
    screen: 'clusters',
    label: 'live.pageTitle',
    icon: Server,
    keys: 'g c',
    component: ClustersScreen,
    withDraft: false,
  },
  {
    screen: 'edge',
    label: 'edge.title',
    icon: Router,
    keys: 'g e',
    component: EdgeScreen,
    mark: UnderwayMark,
    withDraft: true,
  },
  {
    screen: 'rollouts',
    label: 'rollout.title',
    icon: Rocket,
    keys: 'g o',
    component: RolloutsScreen,
    withDraft: true,
  },
  {
    screen: 'rules',
    label: 'rule.pageTitle',
    icon: Scale,
    keys: 'g r',
    component: RulesScreen,
    withDraft: true,
  },
  {
    screen: 'health',
    label: 'live.healthTitle',
    icon: HeartPulse,
    keys: 'g h',
    component: HealthScreen,
    withDraft: false,
  },
  {
    screen: 'settings',
    label: 'app.screenSettings',
    icon: SettingsIcon,
    keys: 'g s',
    component: SettingsScreen,
    last: true,
    withDraft: false,
  },
]
