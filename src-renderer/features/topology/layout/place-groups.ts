import type { Groups } from '../model/group-graph.ts'
import { regionAround, regionGap, rowUnder } from './group-regions.ts'
import { boxAround, nodeHeight, nodeWidth, type Point, type Positions, type Size, type Spot } from './measures.ts'
import type { Places } from './places.ts'

export type PlacedGroups = {
  /** Of everything that is drawn: nodes, and closed groups with their size. */
  readonly positions: ReadonlyMap<string, Spot>
  /** The regions of open groups. */
  readonly frames: ReadonlyMap<string, Point & Size>
}

/**
 * Where nodes and groups stand. Nodes that have no place yet get one under the others of their group, and nothing else
 * moves; a group that was put somewhere takes its nodes along.
 *
 * @param nodes all nodes, drawn or in a closed group
 * @param pinned where groups were put, by id
 * @param places where nodes stand when no group is moved; what is new is added
 */
export function placeGroups(
  nodes: Iterable<string>,
  { groups, of }: Groups,
  open: ReadonlySet<string>,
  pinned: Positions,
  places: Places,
): PlacedGroups {
  const lost = [...nodes].filter(id => !places.has(id))
  if (lost.length > 0) placeLost(lost, { groups, of }, places)
  const positions = new Map<string, Spot>()
  const frames = new Map<string, Point & Size>()
  for (const group of groups.values()) {
    const region = regionAround(group.nodes, places)
    if (!region) continue
    const to = pinned.get(group.id) ?? region
    const moved = { ...region, x: to.x, y: to.y }
    if (!open.has(group.id)) positions.set(group.id, moved)
    else {
      frames.set(group.id, moved)
      for (const id of group.nodes) {
        const place = places.get(id)
        if (place) positions.set(id, { x: place.x + to.x - region.x, y: place.y + to.y - region.y })
      }
    }
  }
  for (const id of nodes) {
    const place = of.has(id) ? undefined : places.get(id)
    if (place) positions.set(id, place)
  }
  return { positions, frames }
}

function placeLost(lost: readonly string[], { groups, of }: Groups, places: Places): void {
  const size = { width: nodeWidth, height: nodeHeight }
  for (const [group, ids] of Map.groupBy(lost, id => of.get(id))) {
    const region = group === undefined ? null : regionAround(groups.get(group)!.nodes, places)
    if (region) {
      for (const [i, point] of rowUnder(ids.length, region, size).entries()) places.set(ids[i]!, point)
      continue
    }
    // A new group, or nodes of none: beside everything else.
    const all = boxAround(places.values()) ?? { x: 0, y: 0, width: 0, height: 0 }
    const columns = Math.ceil(Math.sqrt(ids.length))
    const start = { x: all.x + all.width + regionGap, y: all.y, width: columns * nodeWidth * 1.2, height: 0 }
    for (const [i, point] of rowUnder(ids.length, start, size).entries()) places.set(ids[i]!, point)
  }
}
