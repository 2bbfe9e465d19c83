import { boxAround, type Point, type Positions, rowGap, type Size } from './measures.ts'
import type { Structure } from './structure.ts'

/** Free space around the nodes of a group within its region; above, for its name. */
export const regionPadding = { side: 28, top: 64, bottom: 28 } as const
/** Between two regions: a row of new nodes may stand under the others without touching the next region. */
export const regionGap = 128
/** Between two columns of regions: here the lines between groups are seen. */
const columnsApart = 320

/** The region around the nodes of a group; null while none of them stands anywhere. */
export function regionAround(nodes: Iterable<string>, positions: Positions): (Point & Size) | null {
  const spots = [...nodes].flatMap(id => positions.get(id) ?? [])
  const box = boxAround(spots)
  return (
    box && {
      x: box.x - regionPadding.side,
      y: box.y - regionPadding.top,
      width: box.width + regionPadding.side * 2,
      height: box.height + regionPadding.top + regionPadding.bottom,
    }
  )
}

type Region = Size & { readonly positions: ReadonlyMap<string, Point> }

/**
 * Lays each group out for itself, then the regions as wholes: who calls most stands left of whom it calls. Every group
 * has the room of all that is in it, open or not, so that opening one moves nothing.
 *
 * @param layOut the layout within a group
 */
export function layOutGroups(
  structure: Structure,
  layOut: (part: Structure) => ReadonlyMap<string, Point>,
  shape: number,
): Map<string, Point> {
  const groups = structure.groups ?? []
  const groupOf = new Map<string, number>()
  for (const [i, { nodes }] of groups.entries()) for (const id of nodes) groupOf.set(id, i)
  const alone = structure.nodes.filter(id => !groupOf.has(id))
  const inner = Map.groupBy(structure.edges, edge => {
    const group = groupOf.get(edge.from)
    return group !== undefined && group === groupOf.get(edge.to) ? group : -1
  })
  const members = [...groups.map(group => [...group.nodes].sort()), ...alone.map(id => [id])]
  const regions = members.map((nodes, i): Region => {
    const own = layOut({ nodes, edges: inner.get(i) ?? [] })
    const box = i < groups.length ? regionAround(nodes, own)! : boxAround(own.values())!
    return {
      width: box.width,
      height: box.height,
      positions: new Map([...own].map(([id, { x, y }]) => [id, { x: x - box.x, y: y - box.y }])),
    }
  })
  for (const [i, id] of alone.entries()) groupOf.set(id, groups.length + i)
  const corners = standRegions(regions, flowBetween(structure, groupOf), shape)
  const positions = new Map<string, Point>()
  for (const [i, region] of regions.entries())
    for (const [id, { x, y }] of region.positions)
      positions.set(id, { x: Math.round(corners[i]!.x + x), y: Math.round(corners[i]!.y + y) })
  return positions
}

type Flow = { readonly from: number; readonly to: number; readonly weight: number }

function flowBetween({ edges }: Structure, groupOf: ReadonlyMap<string, number>): Flow[] {
  const weights = new Map<string, { from: number; to: number; weight: number }>()
  for (const edge of edges) {
    const [from, to] = [groupOf.get(edge.from), groupOf.get(edge.to)]
    if (from === undefined || to === undefined || from === to || edge.weight === 0) continue
    const flow = weights.get(`${from} ${to}`)
    if (flow) flow.weight += edge.weight
    else weights.set(`${from} ${to}`, { from, to, weight: edge.weight })
  }
  return [...weights.values()]
}

/**
 * Columns of regions. Between groups nearly everything calls everything, so layers would make one long chain; each
 * region gets a height in the flow instead (trophic level: one more than the mean of its callers', MacKay, Johnson and Sansom
 * 2020), and columns are filled by it.
 */
function standRegions(regions: readonly Size[], flows: readonly Flow[], shape: number): Point[] {
  const level = levels(regions.length, flows)
  const area = regions.reduce((sum, { width, height }) => sum + (width + columnsApart) * (height + regionGap), 0)
  const tallest = Math.max(Math.sqrt(area / shape), ...regions.map(region => region.height))
  const order = [...regions.keys()].sort((a, b) => level[a]! - level[b]! || a - b)
  const columns: number[][] = []
  // A long chain of groups would else be one row.
  const mostSteps = Math.ceil(Math.sqrt(regions.length * shape))
  let filled = Number.POSITIVE_INFINITY
  for (const i of order) {
    const height = regions[i]!.height + regionGap
    const first = columns.at(-1)?.[0]
    const isCalled = first !== undefined && level[i]! - level[first]! > 0.9 && columns.length < mostSteps
    // A region that would mostly stick out begins the next column, and so does one that the whole column calls.
    if (filled + height / 2 > tallest || isCalled) {
      columns.push([])
      filled = 0
    }
    columns.at(-1)!.push(i)
    filled += height
  }
  const corners: { x: number; y: number }[] = regions.map(() => ({ x: 0, y: 0 }))
  const standAll = () => {
    for (const column of columns) {
      const height = column.reduce((sum, i) => sum + regions[i]!.height + regionGap, -regionGap)
      let y = -height / 2
      for (const i of column) {
        corners[i]!.y = y
        y += regions[i]!.height + regionGap
      }
    }
  }
  const near = regions.map((): { other: number; weight: number }[] => [])
  for (const { from, to, weight } of flows) {
    near[from]!.push({ other: to, weight })
    near[to]!.push({ other: from, weight })
  }
  const centre = (i: number) => corners[i]!.y + regions[i]!.height / 2
  standAll()
  for (let round = 0; round < 12; round++) {
    for (const column of columns) {
      const wish = new Map(
        column.map(i => {
          const total = near[i]!.reduce((sum, { weight }) => sum + weight, 0)
          const mean = near[i]!.reduce((sum, { other, weight }) => sum + weight * centre(other), 0) / total
          return [i, total > 0 ? mean : centre(i)]
        }),
      )
      column.sort((a, b) => wish.get(a)! - wish.get(b)! || a - b)
    }
    standAll()
  }
  let x = 0
  for (const column of columns) {
    const width = Math.max(...column.map(i => regions[i]!.width))
    for (const i of column) corners[i]!.x = x + (width - regions[i]!.width) / 2
    x += width + columnsApart
  }
  const top = Math.min(...corners.map(corner => corner.y))
  return corners.map(corner => ({ x: corner.x, y: corner.y - top }))
}

/** Solves `level(to) − level(from) = 1` for all flows as well as can be, by relaxation. */
function levels(count: number, flows: readonly Flow[]): Float64Array {
  const level = new Float64Array(count)
  const sum = new Float64Array(count)
  const total = new Float64Array(count)
  for (let round = 0; round < 200; round++) {
    sum.fill(0)
    total.fill(0)
    for (const { from, to, weight } of flows) {
      sum[to]! += weight * (level[from]! + 1)
      sum[from]! += weight * (level[to]! - 1)
      total[to]! += weight
      total[from]! += weight
    }
    // Half a step: a full one would swing for ever where the flows form two sides.
    for (let i = 0; i < count; i++) if (total[i]! > 0) level[i] = (level[i]! + sum[i]! / total[i]!) / 2
  }
  return level
}

/** Where nodes that are new to a group stand: in rows under the others, in the room its region keeps free. */
export function rowUnder(count: number, region: Point & Size, node: Size): Point[] {
  const pitch = node.width + rowGap
  const columns = Math.max(1, Math.floor((region.width - 2 * regionPadding.side + rowGap) / pitch))
  const top = region.y + region.height - regionPadding.bottom + rowGap
  return Array.from({ length: count }, (_, i) => ({
    x: region.x + regionPadding.side + (i % columns) * pitch,
    y: top + Math.floor(i / columns) * (node.height + rowGap),
  }))
}
