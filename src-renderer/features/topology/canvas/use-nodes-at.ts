import { type Node, useStore } from '@xyflow/react'
import { useEffect, useMemo, useState } from 'react'
import { heightOf, type Positions, widthOf } from '../layout/measures.ts'
import { useCanvas } from '../topology-context.ts'
import { isFitted, isInView, type Transform } from './view-geometry.ts'

/** More nodes than this are given to React Flow only near what is seen: it looks at all it has in every frame. */
const givenWhole = 300

/** React Flow's nodes: id and place only; what a node says it takes from the picture by its id. */
export function useNodesAt(positions: Positions | null, groups: ReadonlyMap<string, unknown>, onCanvas: boolean) {
  const { readOnly } = useCanvas()
  const [nodes, setNodes] = useState<Node[]>([])
  const many = (positions?.size ?? 0) > givenWhole
  // Steps of half a view: in between, the same nodes serve.
  const near = useStore(({ transform: [x, y, zoom], width, height }) =>
    width === 0 || !isFitted([x, y, zoom])
      ? 'unknown'
      : !many
        ? ''
        : `${Math.round((2 * x) / width)} ${Math.round((2 * y) / height)} ${Math.round(Math.log2(zoom) * 4)} ${width} ${height}`,
  )
  useEffect(() => {
    // What is on the canvas needs no elements; before the view is fitted, other ones than in the end would come and go.
    if (onCanvas || near === 'unknown') return
    const view = near === '' ? null : viewOf(near)
    const spots = [...(positions ?? [])].filter(
      ([, spot]) => !view || isInView(spot, view.transform, view.frame, (view.frame.width / view.transform[2]) * 0.75),
    )
    setNodes(was => {
      const known = new Map(was.map(node => [node.id, node]))
      return spots.map(([id, spot]) => {
        const earlier = known.get(id)
        const width = widthOf(spot)
        const height = heightOf(spot)
        if (
          earlier &&
          earlier.position.x === spot.x &&
          earlier.position.y === spot.y &&
          earlier.width === width &&
          earlier.height === height
        )
          return earlier
        const type = groups.has(id) ? 'group' : 'service'
        return {
          ...(earlier ?? newNode(id)),
          type,
          position: { x: spot.x, y: spot.y },
          width,
          height,
          // What is in a group has its place from the group.
          ...(groups.size > 0 && type === 'service' && { draggable: false }),
        }
      })
    })
  }, [positions, groups, near, onCanvas])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what can be dragged differs
  return useMemo(() => [nodes, setNodes] as const, [nodes, readOnly])
}

function viewOf(near: string): { transform: Transform; frame: { width: number; height: number } } {
  const [x = 0, y = 0, zoom = 0, width = 1, height = 1] = near.split(' ').map(Number)
  return { transform: [(x * width) / 2, (y * height) / 2, 2 ** (zoom / 4)], frame: { width, height } }
}

const newNode = (id: string): Node => ({
  id,
  position: { x: 0, y: 0 },
  data: {},
  // Size and handles are given: nothing has to be measured, mounting is three times faster and culling works from the start.
  handles: [],
  // React Flow would describe the wrapper in English; the button in it has its own name.
  domAttributes: { 'aria-roledescription': undefined } as NonNullable<Node['domAttributes']>,
})
