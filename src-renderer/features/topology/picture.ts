import { createStore, type StoreApi } from 'zustand/vanilla'
import type { LiveNode } from '../../../shared/live/live.ts'
import { needsSomebody } from '../../../shared/live/needs-somebody.ts'
import type { TopologyView } from '../../../shared/topology/contract.ts'
import {
  bestGrouping,
  type Grouping,
  type GroupingChoice,
  groupingChoice,
  groupings,
} from '../../../shared/topology/group-nodes.ts'
import type { EdgeClass } from '../../../shared/topology/topology.ts'
import { atOnce, inSlices, type Steps } from './in-slices.ts'
import type { Layouts } from './layout/layout-in-worker.ts'
import type { Point, Positions } from './layout/measures.ts'
import { placeGroups } from './layout/place-groups.ts'
import { placeNodes } from './layout/place-nodes.ts'
import type { Places } from './layout/places.ts'
import { routeEdges, routingSteps } from './layout/route-edges.ts'
import { type Structure, structureOf } from './layout/structure.ts'
import { type Budget, withinBudget } from './model/drawing-budget.ts'
import { type DrawnGraph, drawingSteps, edgeId, reconcilingSteps } from './model/drawn-graph.ts'
import { hiddenByRole, isEdgeShown } from './model/edge-classes.ts'
import { type Groups, groupingSteps, groupsIn, noGroups } from './model/group-graph.ts'
import type { LevelOfDetail } from './model/level-of-detail.ts'
import { drawnEdge, firstState, type PictureState, type Thing } from './picture-state.ts'
import type { ShownImpact } from './wiring/impact-on-picture.ts'

export type { PictureState, Thing } from './picture-state.ts'

export type Picture = {
  readonly store: StoreApi<PictureState>
  /** Takes what the core says now. */
  show(view: TopologyView): void
  setHidden(hidden: ReadonlySet<EdgeClass>): void
  setBudget(budget: Budget): void
  setGrouping(grouping: Grouping | 'none'): void
  /** Opens closed groups, closes open ones. */
  toggle(...groups: readonly string[]): void
  setDetail(level: LevelOfDetail, onCanvas: boolean): void
  hover(thing: Thing | null): void
  select(thing: Thing | null): void
  showImpact(impact: ShownImpact | null): void
  /** What runs of the nodes, and whether that is of an earlier time. */
  showLive(nodes: readonly LiveNode[], isStale: boolean): void
  markMeasured(isStale: boolean): void
  activate(node: string | null): void
  /** Makes sure a node is drawn, whatever the budget, and whichever group it is in. */
  want(node: string): void
  drag(node: string, to: Point): void
  drop(): void
  /** The pins that count in this grouping. */
  pins(): readonly string[]
  /** Lays everything out anew; gives the way back. Pins are the caller's to clear. */
  rearrange(): { back(): void; readonly done: Promise<void> }
  [Symbol.dispose](): void
}

export type PictureOptions = {
  /** What services were gathered by here before; null where nobody chose. */
  readonly grouping?: Grouping | 'none' | null
  /** The places of a grouping; each has its own layout. */
  readonly placesIn?: (grouping: Grouping) => Places
}

/** Up to this many edges all are routed anew while a node is under the finger; above, only its own. */
const routedWhileDragging = 250
/** Up to this many nodes a change is drawn at once; above, in slices between which the page stays alive. */
const drawnAtOnce = 300
/** More than this many nodes are gathered where nobody chose otherwise. */
const ungroupedUpTo = 2000

export function createPicture(layouts: Layouts, flatPlaces: Places, options: PictureOptions = {}): Picture {
  const store = createStore<PictureState>(() => firstState)
  const get = store.getState
  const set = (change: Partial<PictureState>) => store.setState(change)
  const wanted = new Set<string>()
  const own = new Map<Grouping, Places>()
  const placesIn = options.placesIn ?? (by => own.get(by) ?? own.set(by, new Map()).get(by)!)
  let chosen = options.grouping ?? null
  let view: TopologyView | null = null
  let running: readonly LiveNode[] = []
  /** What the core said last, while it is not yet drawn: whatever interrupts that takes it along. */
  let unseen: TopologyView | null = null
  /** Dropped here, and not yet heard back from the core. */
  const dropped = new Map<string, Point>()
  let arranging: AbortController | null = null
  let working: AbortController | null = null
  /** When the graph came, until the first picture of it stands. */
  let came: number | null = null
  /** A new layout was asked for: what the core says meanwhile is drawn when it is there. */
  let rearranging = false

  const placesNow = (): Places => {
    const { grouping } = get()
    return grouping === 'none' ? flatPlaces : placesIn(grouping)
  }

  /** Carries out the newest work only; a small picture at once. */
  function run(work: () => Steps<void>): void {
    working?.abort()
    const mine = new AbortController()
    working = mine
    const size = Math.max(get().graph?.nodes.size ?? 0, view?.base.nodes.length ?? 0)
    const steps = unseen ? takeIn(unseen) : work()
    if (size <= drawnAtOnce) atOnce(steps)
    else
      inSlices(steps, mine.signal).catch((error: unknown) => {
        if (!mine.signal.aborted) throw error
      })
  }

  function show(next: TopologyView): void {
    view = next
    set({ round: get().round + 1 })
    for (const [id, point] of dropped) {
      const pin = next.positions[id]
      if (pin && Math.abs(pin.x - point.x) < 1 && Math.abs(pin.y - point.y) < 1) dropped.delete(id)
    }
    unseen = next
    if (get().positions === null) came ??= performance.now()
    run(() => takeIn(next))
  }

  function* takeIn(next: TopologyView): Steps<void> {
    const graph = yield* reconcilingSteps(get().graph, yield* drawingSteps(next))
    if (get().choices.length === 0) yield* choose(graph)
    yield* redraw(graph)
    unseen = null
  }

  /** What services can be gathered by, and by what they are where nobody chose. */
  function* choose(graph: DrawnGraph): Steps<void> {
    const nodes = [...graph.nodes.values()].map(drawn => drawn.node ?? { id: drawn.id })
    const choices: GroupingChoice[] = []
    for (const by of groupings) {
      const choice = groupingChoice(nodes, componentsNow(), by)
      if (choice) choices.push(choice)
      yield
    }
    const usual = nodes.length > ungroupedUpTo ? (bestGrouping(choices, nodes.length) ?? 'none') : 'none'
    const grouping = chosen !== null && (chosen === 'none' || choices.some(({ by }) => by === chosen)) ? chosen : usual
    set({ choices, grouping })
  }

  const componentsNow = () => (view?.draft ?? view?.base)?.components ?? []
  const groupsOf = (graph: DrawnGraph, grouping = get().grouping): Groups =>
    grouping === 'none' ? noGroups : groupsIn(graph, componentsNow(), grouping)

  /** From the whole graph to what is drawn and where. */
  function* redraw(graph: DrawnGraph): Steps<void> {
    const { budget, hidden } = get()
    const groups = groupsOf(graph)
    yield
    for (const id of wanted) {
      const group = groups.of.get(id)
      if (group !== undefined && !get().open.has(group)) set({ open: new Set([...get().open, group]) })
    }
    const grouped = yield* groupingSteps(graph, groups, get().open)
    yield
    const { graph: shown, leftOutNodes, leftOutEdges } = withinBudget(grouped, budget, asked())
    yield
    const role = hiddenByRole(shown, hidden)
    const spots = yield* place(graph, shown, groups)
    set({ graph, groups, shown, leftOutNodes, leftOutEdges, role, ...spots })
    tellTime()
  }

  /** What a person asked for or has chosen: drawn whatever the budget. */
  const asked = (): ReadonlySet<string> => {
    const { selected } = get()
    return selected?.kind === 'node' ? new Set([...wanted, selected.id]) : wanted
  }

  /** Pins of nodes count where nodes stand for themselves, those of groups in their grouping. */
  const isPinHere = (id: string) => {
    const { grouping } = get()
    return grouping === 'none' ? !groupings.some(by => id.startsWith(`${by} `)) : id.startsWith(`${grouping} `)
  }
  const pinsNow = (): Map<string, Point> =>
    new Map([...Object.entries(view?.positions ?? {}), ...dropped].filter(([id]) => isPinHere(id)))

  type Placed = Partial<Pick<PictureState, 'positions' | 'frames' | 'pinned' | 'routes'>>
  function* place(graph: DrawnGraph, shown: DrawnGraph, groups: Groups): Steps<Placed> {
    if (!view) return {}
    const places = placesNow()
    const pins = pinsNow()
    const pinned = new Set([...pins.keys()].filter(id => shown.nodes.has(id) && view!.positions[id] !== undefined))
    if (rearranging) return { pinned }
    const grouped = get().grouping !== 'none'
    const laidOut = grouped ? graph : shown
    if (laidOut.nodes.size > 0 && ![...laidOut.nodes.keys()].some(id => places.has(id))) {
      void arrange(yield* committed(view, grouped, structureOf(laidOut, [...groups.groups.values()])))
      return { pinned, positions: null }
    }
    arranging?.abort()
    let positions: Positions
    let frames: PictureState['frames'] = new Map()
    if (grouped) {
      const all = placeGroups(graph.nodes.keys(), groups, get().open, pins, places)
      positions = new Map([...all.positions].filter(([id]) => shown.nodes.has(id)))
      frames = all.frames
    } else {
      positions = placeNodes({ structure: structureOf(shown), pinned: pins, placed: places, arranged: null })
      for (const [id, point] of positions) if (!places.has(id) && !pins.has(id)) places.set(id, point)
    }
    yield
    return { pinned, positions, frames, routes: yield* routingSteps(routed(shown), positions) }
  }

  /**
   * What the first layout is made of: the commit alone, so that the same draft gives the same picture after a reload
   * as it did while it was made. What the draft adds is then placed beside it.
   */
  function* committed(of: TopologyView, grouped: boolean, otherwise: Structure): Steps<Structure> {
    if (!of.draft) return otherwise
    const graph = yield* drawingSteps({ ...of, draft: null, diff: { nodes: [], edges: [] } })
    const structure = grouped
      ? structureOf(graph, [...groupsOf(graph).groups.values()])
      : structureOf(withinBudget(graph, get().budget, wanted).graph)
    return structure.nodes.length > 0 ? structure : otherwise
  }

  /** With `ignorePins` every node gets the layout's own place: its pin is about to be taken away. */
  function arrange(structure: Structure, ignorePins = false): Promise<void> {
    arranging?.abort()
    const mine = new AbortController()
    arranging = mine
    const places = placesNow()
    return layouts.arrange(structure, mine.signal).then(
      arranged => {
        if (mine.signal.aborted || !view) return
        rearranging = false
        const pins = ignorePins || structure.groups ? new Map<string, Point>() : pinsNow()
        const positions = structure.groups
          ? arranged
          : placeNodes({ structure, pinned: pins, placed: new Map(), arranged })
        for (const [id, point] of positions) if (!pins.has(id)) places.set(id, point)
        // Where every node is pinned nothing had to be placed, and the next round would ask again.
        if (places.size === 0) for (const id of structure.nodes) places.set(id, positions.get(id) ?? { x: 0, y: 0 })
        run(() => stand())
      },
      (error: unknown) => {
        // A cancelled layout is followed by another one; `arrange` fails for no other reason.
        if (!mine.signal.aborted) throw error
      },
    )
  }

  /** Everything that is drawn to its place. */
  function* stand(): Steps<void> {
    const { graph, shown, groups } = get()
    if (graph) set(yield* place(graph, shown, groups))
    tellTime()
  }

  /** The browser's own tools, and the benchmark, see how long the first picture took. */
  function tellTime(): void {
    if (came === null || get().positions === null) return
    performance.measure('topology-picture', { start: came })
    came = null
  }

  const routed = (shown: DrawnGraph) => {
    const { hidden } = get()
    return [...shown.edges.values()].filter(edge => isEdgeShown(edge, hidden))
  }

  const lit = (hovered: Thing | null, selected: Thing | null): string | null =>
    hovered?.kind === 'node' ? hovered.id : hovered ? null : selected?.kind === 'node' ? selected.id : null

  const again = () => {
    const { graph } = get()
    const next = unseen
    if (graph) run(() => redraw(graph))
    else if (next) run(() => takeIn(next))
  }

  return {
    store,
    show,
    setHidden(hidden) {
      set({ hidden, role: hiddenByRole(get().shown, hidden) })
      run(() => stand())
    },
    setBudget(budget) {
      set({ budget })
      again()
    },
    setGrouping(grouping) {
      chosen = grouping
      wanted.clear()
      set({ grouping, open: new Set() })
      again()
    },
    toggle(...ids) {
      const open = new Set(get().open)
      for (const id of ids)
        if (open.delete(id)) for (const node of get().groups.groups.get(id)?.nodes ?? []) wanted.delete(node)
        else open.add(id)
      set({ open })
      again()
    },
    setDetail(level, onCanvas) {
      const was = get()
      if (was.level !== level || was.onCanvas !== onCanvas) set({ level, onCanvas })
    },
    hover(hovered) {
      const was = get()
      if (was.hovered?.id === hovered?.id && was.hovered?.kind === hovered?.kind) return
      set({ hovered, lit: lit(hovered, was.selected) })
    },
    showImpact(impact) {
      set({ impact })
    },
    showLive(nodes, liveIsStale) {
      const { troubled, liveIsStale: was } = get()
      // Much of what a cluster tells is of no node.
      if (nodes === running && liveIsStale === was) return
      running = nodes
      const next = new Set(nodes.flatMap(({ id, rank }) => (rank >= needsSomebody ? [id] : [])))
      const same = next.size === troubled.size && [...next].every(id => troubled.has(id))
      set({
        live: new Map(nodes.map(node => [node.id, node])),
        troubled: same ? troubled : next,
        liveIsStale,
      })
    },
    markMeasured(measuredIsStale) {
      set({ measuredIsStale })
    },
    select(selected) {
      const was = get()
      set({
        selected,
        lit: lit(was.hovered, selected),
        active: selected?.kind === 'node' ? selected.id : was.active,
      })
      const edge = selected?.kind === 'edge' ? drawnEdge(was, selected.id) : undefined
      if (selected?.kind === 'node') this.want(selected.id)
      else if (edge && !was.shown.edges.has(edge.id)) for (const end of [edge.from, edge.to]) this.want(end)
    },
    activate(active) {
      if (get().active !== active) set({ active })
    },
    want(node) {
      const { graph, shown } = get()
      if (!graph?.nodes.has(node) || shown.nodes.has(node)) return
      wanted.add(node)
      again()
    },
    drag(node, to) {
      const { positions, routes, shown } = get()
      if (!positions) return
      const moved = new Map(positions).set(node, { ...positions.get(node), ...to })
      const edges = routed(shown)
      const all = edges.length <= routedWhileDragging
      const changed = routeEdges(all ? edges : edges.filter(edge => edge.from === node || edge.to === node), moved)
      set({ positions: moved, routes: all ? changed : new Map([...routes, ...changed]), draggedNode: node })
      dropped.set(node, to)
    },
    drop() {
      set({ draggedNode: null })
      run(() => stand())
    },
    pins: () => Object.keys(view?.positions ?? {}).filter(isPinHere),
    rearrange() {
      const places = placesNow()
      const before = new Map(places)
      const { graph, shown, groups, grouping } = get()
      places.clear()
      dropped.clear()
      rearranging = true
      const structure =
        grouping === 'none' ? structureOf(shown) : structureOf(graph ?? shown, [...groups.groups.values()])
      return {
        done: arrange(structure, true),
        back() {
          arranging?.abort()
          rearranging = false
          places.clear()
          for (const [id, point] of before) places.set(id, point)
          run(() => stand())
        },
      }
    },
    [Symbol.dispose]() {
      working?.abort()
      arranging?.abort()
    },
  }
}

/** The line a selected edge belongs to, whatever its protocol. */
export const lineOf = (edge: { readonly from: string; readonly to: string }): string => edgeId(edge.from, edge.to)
