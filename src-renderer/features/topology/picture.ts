import { createStore, type StoreApi } from 'zustand/vanilla'
import type { TopologyView } from '../../../shared/topology/contract.ts'
import type { EdgeClass } from '../../../shared/topology/topology.ts'
import type { Layouts } from './layout/layout-in-worker.ts'
import type { Point, Positions } from './layout/measures.ts'
import { placeNodes } from './layout/place-nodes.ts'
import type { Places } from './layout/places.ts'
import { type Route, routeEdges } from './layout/route-edges.ts'
import { type Structure, structureOf } from './layout/structure.ts'
import { type Budget, defaultBudget, withinBudget } from './model/drawing-budget.ts'
import { type DrawnGraph, drawnGraph, edgeId, reconcileGraph } from './model/drawn-graph.ts'
import { type HiddenByRole, hiddenByDefault, hiddenByRole, isEdgeShown } from './model/edge-classes.ts'
import type { LevelOfDetail } from './model/level-of-detail.ts'

export type Thing = { readonly kind: 'node' | 'edge'; readonly id: string }

/** How the topology looks in this window. Facts come from the core; nothing here is kept beyond the window. */
export type PictureState = {
  /** Everything the view holds; null before the first one. */
  readonly graph: DrawnGraph | null
  /** Counts what the core has said, so that what hangs on it is asked again. */
  readonly round: number
  /** What of it is drawn. */
  readonly shown: DrawnGraph
  readonly leftOutNodes: number
  readonly leftOutEdges: number
  readonly budget: Budget
  /** Null while the first layout is made. */
  readonly positions: Positions | null
  readonly routes: ReadonlyMap<string, Route>
  readonly pinned: ReadonlySet<string>
  /** Graphviz failed or took too long, so the layering is a plain one. */
  readonly simpleLayout: boolean
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
}

export type Picture = {
  readonly store: StoreApi<PictureState>
  /** Takes what the core says now. */
  show(view: TopologyView): void
  setHidden(hidden: ReadonlySet<EdgeClass>): void
  setBudget(budget: Budget): void
  setDetail(level: LevelOfDetail, onCanvas: boolean): void
  hover(thing: Thing | null): void
  select(thing: Thing | null): void
  activate(node: string | null): void
  /** Makes sure a node is drawn, whatever the budget. */
  want(node: string): void
  drag(node: string, to: Point): void
  drop(): void
  /** Lays everything out anew; gives the way back. Pins are the caller's to clear. */
  rearrange(): { back(): void; readonly done: Promise<void> }
  [Symbol.dispose](): void
}

const empty: DrawnGraph = {
  nodes: new Map(),
  edges: new Map(),
  findings: [],
  changes: { added: 0, removed: 0, changed: 0 },
}

/** Up to this many edges all are routed anew while a node is under the finger; above, only its own. */
const routedWhileDragging = 250

export function createPicture(layouts: Layouts, places: Places): Picture {
  const store = createStore<PictureState>(() => ({
    graph: null,
    round: 0,
    shown: empty,
    leftOutNodes: 0,
    leftOutEdges: 0,
    budget: defaultBudget,
    positions: null,
    routes: new Map(),
    pinned: new Set(),
    simpleLayout: false,
    hidden: hiddenByDefault,
    role: hiddenByRole(empty, hiddenByDefault),
    level: 'card',
    onCanvas: false,
    hovered: null,
    selected: null,
    active: null,
    lit: null,
    draggedNode: null,
  }))
  const get = store.getState
  const set = (change: Partial<PictureState>) => store.setState(change)
  const wanted = new Set<string>()
  let view: TopologyView | null = null
  /** Dropped here, and not yet heard back from the core. */
  const dropped = new Map<string, Point>()
  let arranging: AbortController | null = null
  /** A new layout was asked for: what the core says meanwhile is drawn when it is there. */
  let rearranging = false

  function show(next: TopologyView): void {
    view = next
    set({ round: get().round + 1 })
    for (const [id, point] of dropped) {
      const pin = next.positions[id]
      if (pin && Math.abs(pin.x - point.x) < 1 && Math.abs(pin.y - point.y) < 1) dropped.delete(id)
    }
    redraw(reconcileGraph(get().graph, drawnGraph(next)))
  }

  /** From the whole graph to what is drawn and where. */
  function redraw(graph: DrawnGraph): void {
    const { budget, hidden } = get()
    const { graph: shown, leftOutNodes, leftOutEdges } = withinBudget(graph, budget, wanted)
    set({ graph, shown, leftOutNodes, leftOutEdges, role: hiddenByRole(shown, hidden) })
    place(shown)
  }

  function place(shown: DrawnGraph): void {
    if (!view) return
    const structure = structureOf(shown)
    const pinned = new Map(Object.entries(view.positions).filter(([id]) => shown.nodes.has(id)))
    set({ pinned: new Set(pinned.keys()) })
    const allPinned = new Map([...pinned, ...dropped])
    if (rearranging) return
    const firstTime = structure.nodes.every(id => !places.has(id))
    if (firstTime && structure.nodes.length > 0) {
      void arrange(committed(view, structure))
      return
    }
    arranging?.abort()
    const positions = placeNodes({ structure, pinned: allPinned, placed: places, arranged: null })
    for (const [id, point] of positions) if (!places.has(id) && !allPinned.has(id)) places.set(id, point)
    stand(positions)
  }

  /**
   * What the first layout is made of: the commit alone, so that the same draft gives the same picture after a reload
   * as it did while it was made. What the draft adds is then placed beside it.
   */
  function committed(of: TopologyView, otherwise: Structure): Structure {
    const graph = drawnGraph({ ...of, draft: null, diff: { nodes: [], edges: [] } })
    const structure = structureOf(withinBudget(graph, get().budget, wanted).graph)
    return structure.nodes.length > 0 ? structure : otherwise
  }

  /** With `ignorePins` every node gets the layout's own place: its pin is about to be taken away. */
  function arrange(structure: Structure, ignorePins = false): Promise<void> {
    arranging?.abort()
    const mine = new AbortController()
    arranging = mine
    return layouts.arrange(structure, mine.signal).then(
      arranged => {
        if (mine.signal.aborted || !view) return
        rearranging = false
        const pins = ignorePins ? new Map() : new Map([...Object.entries(view.positions), ...dropped])
        const positions = placeNodes({ structure, pinned: pins, placed: new Map(), arranged: arranged.positions })
        for (const [id, point] of positions) if (!pins.has(id)) places.set(id, point)
        set({ simpleLayout: arranged.by === 'simple' })
        if (places.size > 0) place(get().shown)
        else stand(positions)
      },
      (error: unknown) => {
        // A cancelled layout is followed by another one; `arrange` fails for no other reason.
        if (!mine.signal.aborted) throw error
      },
    )
  }

  function stand(positions: Positions): void {
    set({ positions, routes: routeEdges(routed(), positions) })
  }

  const routed = () => {
    const { shown, hidden } = get()
    return [...shown.edges.values()].filter(edge => isEdgeShown(edge, hidden))
  }

  const lit = (hovered: Thing | null, selected: Thing | null): string | null =>
    hovered?.kind === 'node' ? hovered.id : hovered ? null : selected?.kind === 'node' ? selected.id : null

  return {
    store,
    show,
    setHidden(hidden) {
      const { shown, positions } = get()
      set({ hidden, role: hiddenByRole(shown, hidden) })
      if (positions) set({ routes: routeEdges(routed(), positions) })
    },
    setBudget(budget) {
      const { graph } = get()
      set({ budget })
      if (graph) redraw(graph)
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
    select(selected) {
      const was = get()
      set({
        selected,
        lit: lit(was.hovered, selected),
        active: selected?.kind === 'node' ? selected.id : was.active,
      })
      if (selected?.kind === 'node') this.want(selected.id)
    },
    activate(active) {
      if (get().active !== active) set({ active })
    },
    want(node) {
      const { graph, shown } = get()
      if (!graph?.nodes.has(node) || shown.nodes.has(node)) return
      wanted.add(node)
      redraw(graph)
    },
    drag(node, to) {
      const { positions, routes } = get()
      if (!positions) return
      const moved = new Map(positions).set(node, to)
      const edges = routed()
      const all = edges.length <= routedWhileDragging
      const changed = routeEdges(all ? edges : edges.filter(edge => edge.from === node || edge.to === node), moved)
      set({ positions: moved, routes: all ? changed : new Map([...routes, ...changed]), draggedNode: node })
      dropped.set(node, to)
    },
    drop() {
      const { positions } = get()
      set({ draggedNode: null })
      if (positions) stand(positions)
    },
    rearrange() {
      const before = new Map(places)
      const { shown } = get()
      places.clear()
      dropped.clear()
      rearranging = true
      return {
        done: arrange(structureOf(shown), true),
        back() {
          arranging?.abort()
          rearranging = false
          places.clear()
          for (const [id, point] of before) places.set(id, point)
          place(get().shown)
        },
      }
    },
    [Symbol.dispose]() {
      arranging?.abort()
    },
  }
}

/** The line a selected edge belongs to, whatever its protocol. */
export const lineOf = (edge: { readonly from: string; readonly to: string }): string => edgeId(edge.from, edge.to)
