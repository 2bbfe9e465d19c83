import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  getViewportForBounds,
  type Node,
  type NodeChange,
  type NodeMouseHandler,
  type OnNodeDrag,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
  useStoreApi,
  ViewportPortal,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { Maximize, Minus, Plus } from 'lucide-react'
import {
  type KeyboardEvent,
  type MouseEvent as ReactMouseEvent,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from 'react'
import { IconButton, LiveRegion, useFormat, useText } from '../../../design/index.ts'
import { nodeHeight, nodeWidth, type Point, type Positions, snap } from '../layout/measures.ts'
import { drawsOnCanvas, levelOfDetail, linesAsElements } from '../model/level-of-detail.ts'
import { type Direction, firstPlace, neighbourTowards } from '../model/neighbours.ts'
import type { Thing } from '../picture.ts'
import { useCanvas, usePicture } from '../topology-context.ts'
import { EdgeLabels, EdgesLayer } from './edges-layer.tsx'
import { edgeAt, FarLayer } from './far-layer.tsx'
import { ServiceNode } from './service-node.tsx'
import styles from './topology-canvas.module.css'

const nodeTypes = { service: ServiceNode }
const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}
const noNodes: Node[] = []
/** Room left free around the whole picture; below, for the legend and the zoom. */
const fitting = (frame: Size) => {
  const sides = `${marginOf(frame)}px` as const
  return { top: '28px', left: sides, right: sides, bottom: '64px' } as const
}
const smallest = 0.04

export type CanvasHandle = { fit(): void; show(node: string): void; focus(): void }

export type CanvasProps = {
  /** Names the picture for who cannot see it. */
  readonly label: string
  readonly handle?: React.Ref<CanvasHandle>
  /** Enter or a double click on the selected node. */
  onInspect(): void
  /** A menu is asked for; null on nothing. */
  onMenu?(node: string | null): void
}

export function TopologyCanvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Canvas {...props} />
    </ReactFlowProvider>
  )
}

function Canvas({ label, handle, onInspect, onMenu }: CanvasProps) {
  const { picture, readOnly, environment, edit, select } = useCanvas()
  const flow = useReactFlow()
  const frame = useRef<HTMLDivElement>(null)
  const moved = useRef(false)
  const positions = usePicture(state => state.positions)
  const onCanvas = usePicture(state => state.onCanvas)
  const manyLines = usePicture(state => state.routes.size > linesAsElements)
  const active = usePicture(state => state.active)
  const [nodes, setNodes] = useNodesAt(positions)

  const show = useCallback(
    (id: string) => {
      const point = picture.store.getState().positions?.get(id)
      if (!point) return
      moved.current = true
      const zoom = Math.max(0.8, flow.getZoom())
      void flow.setCenter(point.x + nodeWidth / 2, point.y + nodeHeight / 2, { zoom, duration: calm() })
      // Whoever asked for it goes on from there: arrows, and the keys of this screen.
      picture.activate(id)
      requestAnimationFrame(() => focusNode(frame.current, id))
    },
    [flow, picture],
  )
  useImperativeHandle(
    handle,
    () => ({
      fit: () => {
        moved.current = false
        if (frame.current) fitAll(flow, picture.store.getState().positions, sizeOf(frame.current), calm())
      },
      show,
      focus: () => focusNode(frame.current, picture.store.getState().active),
    }),
    [flow, picture, show],
  )

  const onNodesChange = useCallback(
    (changes: NodeChange[]) => setNodes(was => applyNodeChanges(changes, was)),
    [setNodes],
  )
  const onNodeDrag = useCallback<OnNodeDrag>((_, node) => picture.drag(node.id, node.position), [picture])
  const onNodeDragStop = useCallback<OnNodeDrag>(
    (_, node) => {
      const position = { x: onGrid(node.position.x), y: onGrid(node.position.y) }
      picture.drag(node.id, position)
      picture.drop()
      void edit({ kind: 'set-position', environment, node: node.id, position })
    },
    [picture, edit, environment],
  )
  const onNodeClick = useCallback<NodeMouseHandler>((_, node) => select({ kind: 'node', id: node.id }), [select])
  const onNodeDoubleClick = useCallback<NodeMouseHandler>(() => onInspect(), [onInspect])
  const onNodeMouseEnter = useCallback<NodeMouseHandler>(
    (_, node) => picture.hover({ kind: 'node', id: node.id }),
    [picture],
  )
  const onNodeMouseLeave = useCallback<NodeMouseHandler>(() => picture.hover(null), [picture])

  // What the canvas draws has no elements to hit, so the pane asks what lies under the pointer.
  const under = (event: { clientX: number; clientY: number }): Thing | null => {
    const state = picture.store.getState()
    if (!state.onCanvas && !manyLines) return null
    const point = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })
    const node = state.onCanvas ? nodeAt(point, state.positions) : null
    if (node !== null) return { kind: 'node', id: node }
    const edge = edgeAt(point, 6 / flow.getZoom(), state)
    return edge === null ? null : { kind: 'edge', id: edge }
  }
  const onPaneClick = (event: ReactMouseEvent) => select(under(event))
  const onPaneMouseMove = (event: ReactMouseEvent) => {
    if (onCanvas || manyLines) picture.hover(under(event))
  }

  const onContextMenuCapture = (event: ReactMouseEvent) => {
    const card = event.target instanceof Element ? event.target.closest('.react-flow__node') : null
    const beneath = under(event)
    onMenu?.(card?.getAttribute('data-id') ?? (beneath?.kind === 'node' ? beneath.id : null))
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
    const state = picture.store.getState()
    const direction = directions[event.key]
    if (direction && state.positions) {
      const from = state.active
      const next =
        from === null || !state.positions.has(from)
          ? firstPlace(state.positions)
          : neighbourTowards(from, direction, state.positions, neighboursOf(state.shown.edges.values(), from))
      if (next !== null) {
        picture.activate(next)
        if (frame.current) keepInSight(flow, next, [], state.positions, sizeOf(frame.current), 0)
        // The element may only come into being once it is in view.
        requestAnimationFrame(() => focusNode(frame.current, next))
      }
    } else if ((event.key === 'Enter' || event.key === ' ') && state.active !== null) {
      if (event.target instanceof Element && event.target.closest('button:not([data-node])')) return
      select({ kind: 'node', id: state.active })
      if (event.key === 'Enter') onInspect()
    } else return
    event.preventDefault()
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; this groups the nodes of a picture
    <div
      ref={frame}
      className={styles['canvas']}
      data-on-canvas={onCanvas || undefined}
      role="group"
      aria-label={label}
      tabIndex={active === null || onCanvas ? 0 : -1}
      onKeyDown={onKeyDown}
      onContextMenuCapture={onContextMenuCapture}
      onFocus={event => {
        if (event.target !== event.currentTarget) {
          const id = event.target.getAttribute('data-node')
          if (id !== null) picture.activate(id)
        }
      }}
    >
      {(onCanvas || manyLines) && <FarLayer nodes={onCanvas} />}
      <ReactFlow
        nodes={onCanvas ? noNodes : nodes}
        nodeTypes={nodeTypes}
        onNodesChange={onNodesChange}
        onNodeClick={onNodeClick}
        onNodeDoubleClick={onNodeDoubleClick}
        onNodeMouseEnter={onNodeMouseEnter}
        onNodeMouseLeave={onNodeMouseLeave}
        onNodeDrag={onNodeDrag}
        onNodeDragStop={onNodeDragStop}
        onPaneClick={onPaneClick}
        onPaneMouseMove={onPaneMouseMove}
        nodesDraggable={!readOnly}
        nodesConnectable={false}
        nodesFocusable={false}
        elementsSelectable={false}
        nodeDragThreshold={4}
        selectionKeyCode={null}
        deleteKeyCode={null}
        multiSelectionKeyCode={null}
        zoomOnDoubleClick={false}
        disableKeyboardA11y
        ariaLabelConfig={unsaid}
        onlyRenderVisibleElements
        onMoveStart={event => {
          if (event) moved.current = true
        }}
        minZoom={smallest}
        maxZoom={2}
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={24} size={1.5} color="var(--canvas-dot)" />
        {!onCanvas && (
          <ViewportPortal>
            <EdgesLayer onlyLit={manyLines} />
            <EdgeLabels />
          </ViewportPortal>
        )}
      </ReactFlow>
      <DetailFromZoom />
      <KeepFitted moved={moved} />
      <ZoomControls moved={moved} />
      <Spoken />
    </div>
  )
}

/** React Flow's nodes: id and place only; what a node says it takes from the picture by its id. */
function useNodesAt(positions: Positions | null) {
  const { readOnly } = useCanvas()
  const [nodes, setNodes] = useState<Node[]>([])
  useEffect(() => {
    setNodes(was => {
      const known = new Map(was.map(node => [node.id, node]))
      return [...(positions ?? [])].map(([id, position]) => {
        const earlier = known.get(id)
        if (earlier && earlier.position.x === position.x && earlier.position.y === position.y) return earlier
        return { ...(earlier ?? newNode(id)), position: { ...position } }
      })
    })
  }, [positions])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what can be dragged differs
  return useMemo(() => [nodes, setNodes] as const, [nodes, readOnly])
}

/** React Flow explains its own keys, in English; here are others, and the graph's name says them. */
const unsaid = {
  'node.a11yDescription.default': '',
  'node.a11yDescription.keyboardDisabled': '',
  'edge.a11yDescription.default': '',
}

const newNode = (id: string): Node => ({
  id,
  type: 'service',
  position: { x: 0, y: 0 },
  data: {},
  // Given, nothing has to be measured: mounting is three times faster and culling works from the start.
  width: nodeWidth,
  height: nodeHeight,
  handles: [],
  // React Flow would describe the wrapper in English; the button in it has its own name.
  domAttributes: { 'aria-roledescription': undefined } as NonNullable<Node['domAttributes']>,
})

/** Tells the picture how near it is looked at; renders nothing. */
function DetailFromZoom() {
  const { picture } = useCanvas()
  const zoom = useStore(state => Math.round(state.transform[2] * 1000) / 1000)
  const positions = usePicture(state => state.positions)
  const inView = useStore(state => {
    const { transform, width, height } = state
    const all = positions?.size ?? 0
    // Counting is only worth it where the answer can matter.
    if (all <= 800 || !positions) return all
    return countInView(positions, transform, width, height)
  })
  useEffect(() => picture.setDetail(levelOfDetail(zoom), drawsOnCanvas(zoom, inView)), [picture, zoom, inView])
  return null
}

/**
 * Shows the whole picture when it is first laid out, and again when the room for it changes, until the person moves the
 * view. While something is selected the scale stays: the view moves only as far as the node and what it is connected
 * to would be hidden by the inspector.
 */
function KeepFitted({ moved }: { moved: React.RefObject<boolean> }) {
  const { picture } = useCanvas()
  const flow = useReactFlow()
  const ready = usePicture(state => state.positions !== null && state.positions.size > 0)
  const width = useStore(state => state.width)
  const height = useStore(state => state.height)
  const size = useStoreApi()
  const first = useRef(true)
  useEffect(() => {
    if (!ready || width === 0 || height === 0) return
    const { positions, selected, shown } = picture.store.getState()
    if (!positions) return
    if (first.current || (!moved.current && selected === null)) {
      fitAll(flow, positions, { width, height }, first.current ? 0 : calm())
      first.current = false
      if (selected === null) return
    }
    const edge = selected?.kind === 'edge' ? shown.edges.get(selected.id) : undefined
    const main = edge?.from ?? (selected?.kind === 'node' ? selected.id : null)
    if (main === null) return
    const all = boundsOf(positions)
    const { zoom } = flow.getViewport()
    const fits = (length: number, within: number) => length * zoom + 2 * marginOf({ width, height }) <= within + 1
    const around =
      fits(all.width, width) && fits(all.height, height)
        ? [...positions.keys()]
        : edge
          ? [edge.to]
          : [...neighboursOf(shown.edges.values(), main)]
    keepInSight(flow, main, around, positions, { width, height }, calm())
  }, [ready, width, height, flow, picture, moved])

  // Chosen in the table, in a list or just added: it may be anywhere.
  const selected = usePicture(state => (state.selected?.kind === 'node' ? state.selected.id : null))
  const placed = usePicture(state => selected !== null && (state.positions?.has(selected) ?? false))
  useEffect(() => {
    const { positions } = picture.store.getState()
    if (!placed || selected === null || !positions || first.current) return
    const { width, height } = size.getState()
    keepInSight(flow, selected, [], positions, { width, height }, calm())
  }, [selected, placed, flow, picture, size])
  return null
}

function ZoomControls({ moved }: { moved: React.RefObject<boolean> }) {
  const text = useText()
  const format = useFormat()
  const { picture } = useCanvas()
  const flow = useReactFlow()
  const { zoomIn, zoomOut, zoomTo } = flow
  const store = useStoreApi()
  const zoom = useStore(state => state.transform[2])
  return (
    <div className={styles['zoom']} role="toolbar" aria-label={text('page.topologyZoom')}>
      <IconButton
        size="small"
        icon={Minus}
        tooltipSide="top"
        label={text('page.topologyZoomOut')}
        onClick={() => {
          moved.current = true
          void zoomOut({ duration: calm() })
        }}
      />
      <button
        type="button"
        className={styles['percent']}
        aria-label={text('page.topologyZoomReset', { zoom: format.percent(Math.round(zoom * 100) / 100) })}
        onClick={() => {
          moved.current = true
          void zoomTo(1, { duration: calm() })
        }}
      >
        {format.percent(Math.round(zoom * 100) / 100)}
      </button>
      <IconButton
        size="small"
        icon={Plus}
        tooltipSide="top"
        label={text('page.topologyZoomIn')}
        onClick={() => {
          moved.current = true
          void zoomIn({ duration: calm() })
        }}
      />
      <IconButton
        size="small"
        icon={Maximize}
        tooltipSide="top"
        label={text('page.topologyFit')}
        shortcut="f"
        onClick={() => {
          moved.current = false
          const { width, height } = store.getState()
          fitAll(flow, picture.store.getState().positions, { width, height }, calm())
        }}
      />
    </div>
  )
}

/** From far away the focus stays on the canvas, so what the arrows stand on is said aloud. */
function Spoken() {
  const text = useText()
  const onCanvas = usePicture(state => state.onCanvas)
  const active = usePicture(state => state.active)
  const node = usePicture(state => (active === null ? undefined : state.shown.nodes.get(active)))
  return (
    <LiveRegion>
      {onCanvas && node ? text('page.topologyStandsOn', { name: node.id, count: node.degree }) : ''}
    </LiveRegion>
  )
}

const onGrid = (value: number): number => Math.round(value / snap) * snap

/** Milliseconds of a movement of the view; none for who asked for less motion. */
const calm = (): number => (window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 180)

function boundsOf(positions: Positions | null) {
  if (!positions || positions.size === 0) return { x: 0, y: 0, width: 1, height: 1 }
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -Infinity, -Infinity]
  for (const { x, y } of positions.values()) {
    left = Math.min(left, x)
    top = Math.min(top, y)
    right = Math.max(right, x + nodeWidth)
    bottom = Math.max(bottom, y + nodeHeight)
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

/** Shows everything, never larger than it is drawn: a small graph is not blown up. */
function fitAll(
  flow: ReturnType<typeof useReactFlow>,
  positions: Positions | null,
  frame: Size,
  duration: number,
): void {
  const viewport = getViewportForBounds(boundsOf(positions), frame.width, frame.height, smallest, 1, fitting(frame))
  void flow.setViewport(viewport, { duration })
}

const sizeOf = (element: HTMLElement): Size => ({ width: element.clientWidth, height: element.clientHeight })

function countInView(
  positions: Positions,
  [x, y, zoom]: readonly [number, number, number],
  width: number,
  height: number,
): number {
  const left = -x / zoom - nodeWidth
  const top = -y / zoom - nodeHeight
  const right = (width - x) / zoom
  const bottom = (height - y) / zoom
  let count = 0
  for (const point of positions.values())
    if (point.x > left && point.x < right && point.y > top && point.y < bottom) count++
  return count
}

function nodeAt(point: Point, positions: Positions | null): string | null {
  for (const [id, at] of positions ?? [])
    if (point.x >= at.x && point.x <= at.x + nodeWidth && point.y >= at.y && point.y <= at.y + nodeHeight) return id
  return null
}

function neighboursOf(
  edges: Iterable<{ readonly from: string; readonly to: string }>,
  id: string,
): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { from, to } of edges) {
    if (from === id) found.add(to)
    if (to === id) found.add(from)
  }
  return found
}

function focusNode(frame: HTMLElement | null, id: string | null): void {
  const face = id === null ? null : frame?.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`)
  ;(face ?? frame)?.focus({ preventScroll: true })
}

/** Pixels of the screen kept free beside what has to be in sight. */
const marginOf = (frame: Size): number => (frame.width < 800 ? 12 : 32)

type Size = { readonly width: number; readonly height: number }

/** Moves the view only as far as a node lies outside it; with what is around it, where all of that fits. */
function keepInSight(
  flow: ReturnType<typeof useReactFlow>,
  main: string,
  around: readonly string[],
  positions: Positions,
  frame: Size,
  duration: number,
): void {
  const margin = marginOf(frame)
  const { x, y, zoom } = flow.getViewport()
  const shift = (ids: readonly string[], need: boolean): Point => {
    const boxes = ids.flatMap(id => positions.get(id) ?? [])
    if (boxes.length === 0) return { x: 0, y: 0 }
    const left = Math.min(...boxes.map(p => p.x)) * zoom + x - margin
    const top = Math.min(...boxes.map(p => p.y)) * zoom + y - margin
    const right = (Math.max(...boxes.map(p => p.x)) + nodeWidth) * zoom + x + margin
    const bottom = (Math.max(...boxes.map(p => p.y)) + nodeHeight) * zoom + y + margin
    const along = (from: number, to: number, room: number) =>
      to - from > room && !need ? 0 : from < 0 ? -from : to > room ? Math.max(room - to, -from) : 0
    return { x: along(left, right, frame.width), y: along(top, bottom, frame.height) }
  }
  const wide = shift([main, ...around], false)
  const moved = { x: x + wide.x, y: y + wide.y }
  const point = positions.get(main)
  if (!point) return
  // What is around may lie so far off that the node itself would leave: then the node wins.
  const visible =
    point.x * zoom + moved.x >= 0 &&
    (point.x + nodeWidth) * zoom + moved.x <= frame.width &&
    point.y * zoom + moved.y >= 0 &&
    (point.y + nodeHeight) * zoom + moved.y <= frame.height
  const by = visible ? wide : shift([main], true)
  if (by.x !== 0 || by.y !== 0) void flow.setViewport({ x: x + by.x, y: y + by.y, zoom }, { duration })
}
