import {
  applyNodeChanges,
  Background,
  BackgroundVariant,
  type Node,
  type NodeChange,
  type NodeMouseHandler,
  type OnNodeDrag,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
  ViewportPortal,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import {
  type KeyboardEvent,
  type MouseEvent as ReactMouseEvent,
  useCallback,
  useEffect,
  useImperativeHandle,
  useRef,
} from 'react'
import { LiveRegion, useText } from '../../../design/index.ts'
import { centreOf, type Size, snap } from '../layout/measures.ts'
import {
  blockFromZoom,
  drawsOnCanvas,
  elementsInView,
  levelOfDetail,
  linesAsElements,
} from '../model/level-of-detail.ts'
import { type Direction, firstPlace, neighbourTowards } from '../model/neighbours.ts'
import type { Thing } from '../picture.ts'
import { useCanvas, usePicture } from '../topology-context.ts'
import { EdgeLabels, EdgesLayer, SplitLabels } from './edges-layer.tsx'
import { FarLayer } from './far-layer.tsx'
import { GroupFrames } from './group-frames.tsx'
import { GroupNode } from './group-node.tsx'
import { calm, fitAll, KeepFitted, keepInSight, smallestZoom } from './keep-fitted.tsx'
import { edgeAt } from './route-shapes.ts'
import { ServiceNode } from './service-node.tsx'
import styles from './topology-canvas.module.css'
import { useNodesAt } from './use-nodes-at.ts'
import { centresOf, countInView, neighboursOf, nodeAt } from './view-geometry.ts'
import { ZoomControls } from './zoom-controls.tsx'

const nodeTypes = { service: ServiceNode, group: GroupNode }
const directions: Readonly<Record<string, Direction>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
}
const noNodes: Node[] = []
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
  /** While the view moves nothing is looked at; what lies under the pointer is asked once a frame. */
  const moving = useRef(false)
  const asking = useRef(0)
  const positions = usePicture(state => state.positions)
  const onCanvas = usePicture(state => state.onCanvas)
  const manyLines = usePicture(state => state.routes.size > linesAsElements)
  const active = usePicture(state => state.active)
  const groups = usePicture(state => state.groups.groups)
  const [nodes, setNodes] = useNodesAt(positions, groups, onCanvas)

  const show = useCallback(
    (id: string) => {
      const go = () => {
        const spot = picture.store.getState().positions?.get(id)
        if (!spot) return false
        moved.current = true
        const zoom = spot.width === undefined ? Math.max(0.8, flow.getZoom()) : flow.getZoom()
        const { x, y } = centreOf(spot)
        void flow.setCenter(x, y, { zoom, duration: calm() })
        // Whoever asked for it goes on from there: arrows, and the keys of this screen.
        picture.activate(id)
        requestAnimationFrame(() => focusNode(frame.current, id))
        return true
      }
      if (go()) return
      // Its group is being opened.
      const leave = picture.store.subscribe(() => {
        if (go()) leave()
      })
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
  const onNodeDoubleClick = useCallback<NodeMouseHandler>(
    (_, node) => (node.type === 'group' ? picture.toggle(node.id) : onInspect()),
    [picture, onInspect],
  )
  const onNodeMouseEnter = useCallback<NodeMouseHandler>(
    (_, node) => {
      if (!moving.current) picture.hover({ kind: 'node', id: node.id })
    },
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
  const onDoubleClick = (event: ReactMouseEvent) => {
    const thing = under(event)
    if (thing?.kind !== 'node') return
    if (picture.store.getState().groups.groups.has(thing.id)) picture.toggle(thing.id)
    else onInspect()
  }
  const onPaneMouseMove = (event: ReactMouseEvent) => {
    if (!(onCanvas || manyLines) || moving.current) return
    const { clientX, clientY } = event
    cancelAnimationFrame(asking.current)
    asking.current = requestAnimationFrame(() => {
      if (!moving.current) picture.hover(under({ clientX, clientY }))
    })
  }
  useEffect(() => () => cancelAnimationFrame(asking.current), [])

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
          : neighbourTowards(
              from,
              direction,
              centresOf(state.positions),
              neighboursOf(state.shown.edges.values(), from),
            )
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
      onDoubleClick={onDoubleClick}
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
          moving.current = true
          frame.current?.setAttribute('data-moving', '')
          if (event) moved.current = true
        }}
        onMoveEnd={() => {
          moving.current = false
          frame.current?.removeAttribute('data-moving')
        }}
        minZoom={smallestZoom}
        maxZoom={2}
        proOptions={{ hideAttribution: true }}
      >
        {!onCanvas && <Background variant={BackgroundVariant.Dots} gap={24} size={1.5} color="var(--canvas-dot)" />}
        <ViewportPortal>
          {!onCanvas && (
            <>
              <GroupFrames />
              <EdgesLayer onlyLit={manyLines} />
            </>
          )}
          <SplitLabels />
          <EdgeLabels />
        </ViewportPortal>
      </ReactFlow>
      <DetailFromZoom />
      <KeepFitted moved={moved} />
      <ZoomControls moved={moved} />
      <Spoken />
    </div>
  )
}

/** React Flow explains its own keys, in English; here are others, and the graph's name says them. */
const unsaid = {
  'node.a11yDescription.default': '',
  'node.a11yDescription.keyboardDisabled': '',
  'edge.a11yDescription.default': '',
}

/** Tells the picture how near it is looked at; renders nothing. */
function DetailFromZoom() {
  const { picture } = useCanvas()
  const zoom = useStore(state => Math.round(state.transform[2] * 1000) / 1000)
  const positions = usePicture(state => state.positions)
  const inView = useStore(state => {
    const { transform, width, height } = state
    const all = positions?.size ?? 0
    // Counting is only worth it where the answer can matter.
    if (all <= elementsInView || !positions || transform[2] < blockFromZoom) return all
    return countInView(positions, transform, { width, height })
  })
  useEffect(() => picture.setDetail(levelOfDetail(zoom), drawsOnCanvas(zoom, inView)), [picture, zoom, inView])
  return null
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

/** Gives the focus to a node; one whose element is only coming into being gets it when it is there. */
function focusNode(frame: HTMLElement | null, id: string | null, frames = 30): void {
  const face = id === null ? null : frame?.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`)
  ;(face ?? frame)?.focus({ preventScroll: true })
  if (face || !frame || id === null || frames === 0) return
  requestAnimationFrame(() => {
    const { activeElement } = document
    if (activeElement === frame || activeElement === document.body) focusNode(frame, id, frames - 1)
  })
}

const sizeOf = (element: HTMLElement): Size => ({ width: element.clientWidth, height: element.clientHeight })
