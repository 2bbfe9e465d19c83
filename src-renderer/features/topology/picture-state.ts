import type { LiveNode } from '../../../shared/live/live.ts'
import type { Grouping, GroupingChoice } from '../../../shared/topology/group-nodes.ts'
import type { EdgeClass } from '../../../shared/topology/topology.ts'
import type { Point, Positions, Size } from './layout/measures.ts'
import type { Route } from './layout/route-edges.ts'
import { type Budget, defaultBudget } from './model/drawing-budget.ts'
import type { DrawnGraph } from './model/drawn-graph.ts'
import { type HiddenByRole, hiddenByDefault, hiddenByRole } from './model/edge-classes.ts'
import { type Groups, noGroups } from './model/group-graph.ts'
import type { LevelOfDetail } from './model/level-of-detail.ts'
import type { ShownImpact } from './wiring/impact-on-picture.ts'

export type Thing = { readonly kind: 'node' | 'edge'; readonly id: string }

/** How the topology looks in this window. Facts come from the core; nothing here is kept beyond the window. */
export type PictureState = {
  /** Everything the view holds; null before the first one. */
  readonly graph: DrawnGraph | null
  /** Counts what the core has said, so that what hangs on it is asked again. */
  readonly round: number
  /** What of it is drawn: a closed group as one node. */
  readonly shown: DrawnGraph
  readonly leftOutNodes: number
  readonly leftOutEdges: number
  readonly budget: Budget
  /** What services are gathered by. */
  readonly grouping: Grouping | 'none'
  /** What they can be gathered by here. */
  readonly choices: readonly GroupingChoice[]
  readonly groups: Groups
  /** Groups that are drawn as what is in them. */
  readonly open: ReadonlySet<string>
  /** The regions of open groups. */
  readonly frames: ReadonlyMap<string, Point & Size>
  /** Null while the first layout is made. */
  readonly positions: Positions | null
  readonly routes: ReadonlyMap<string, Route>
  readonly pinned: ReadonlySet<string>
  readonly hidden: ReadonlySet<EdgeClass>
  readonly role: HiddenByRole
  readonly level: LevelOfDetail
  readonly onCanvas: boolean
  readonly hovered: Thing | null
  readonly selected: Thing | null
  /** The node the arrow keys stand on. */
  readonly active: string | null
  /** The node whose ends are lit: hovered, else selected. */
  readonly lit: string | null
  readonly draggedNode: string | null
  /** Whose impact is shown; null for nobody's. */
  readonly impact: ShownImpact | null
  /** What runs, by node; empty where no cluster is connected. */
  readonly live: ReadonlyMap<string, LiveNode>
  /** Those of them that need somebody; the same set while they are the same. */
  readonly troubled: ReadonlySet<string>
  /** What runs is of an earlier time: the cluster cannot be reached. */
  readonly liveIsStale: boolean
  /** Rates, errors and latencies are of an earlier time: nothing that counts calls answers now. */
  readonly measuredIsStale: boolean
}

const empty: DrawnGraph = {
  nodes: new Map(),
  edges: new Map(),
  findings: [],
  changes: { added: 0, removed: 0, changed: 0 },
}

export const firstState: PictureState = {
  graph: null,
  round: 0,
  shown: empty,
  leftOutNodes: 0,
  leftOutEdges: 0,
  budget: defaultBudget,
  grouping: 'none',
  choices: [],
  groups: noGroups,
  open: new Set(),
  frames: new Map(),
  positions: null,
  routes: new Map(),
  pinned: new Set(),
  hidden: hiddenByDefault,
  role: hiddenByRole(empty, hiddenByDefault),
  level: 'card',
  onCanvas: false,
  hovered: null,
  selected: null,
  active: null,
  lit: null,
  draggedNode: null,
  impact: null,
  live: new Map(),
  troubled: new Set(),
  liveIsStale: false,
  measuredIsStale: false,
}

/** A node or group as drawn, or any node of the graph. */
export const drawnNode = ({ graph, shown }: PictureState, id: string) => shown.nodes.get(id) ?? graph?.nodes.get(id)
/** A line as drawn, or any of the graph. */
export const drawnEdge = ({ graph, shown }: PictureState, id: string) => shown.edges.get(id) ?? graph?.edges.get(id)
