export type Direction = 'left' | 'right' | 'up' | 'down'
export type Place = { readonly x: number; readonly y: number }

const along: Record<Direction, (dx: number, dy: number) => [ahead: number, aside: number]> = {
  right: (dx, dy) => [dx, Math.abs(dy)],
  left: (dx, dy) => [-dx, Math.abs(dy)],
  down: (dx, dy) => [dy, Math.abs(dx)],
  up: (dx, dy) => [-dy, Math.abs(dx)],
}

/**
 * Where an arrow key leads: the nearest place that way, where "that way" is within 60° of the arrow and a connected
 * one counts as half as far. Null at the border of the picture.
 *
 * @param places centres of the nodes
 */
export function neighbourTowards(
  from: string,
  direction: Direction,
  places: ReadonlyMap<string, Place>,
  connected: ReadonlySet<string>,
): string | null {
  const start = places.get(from)
  if (!start) return null
  let best: string | null = null
  let bestCost = Number.POSITIVE_INFINITY
  for (const [id, place] of places) {
    if (id === from) continue
    const [ahead, aside] = along[direction](place.x - start.x, place.y - start.y)
    if (ahead <= 0 || aside > ahead * 1.75) continue
    const cost = (ahead + aside * 2) * (connected.has(id) ? 0.5 : 1)
    if (cost < bestCost || (cost === bestCost && best !== null && id < best)) {
      best = id
      bestCost = cost
    }
  }
  return best
}

/** Where the keyboard starts: the node highest up on the left. */
export function firstPlace(places: ReadonlyMap<string, Place>): string | null {
  let best: string | null = null
  let bestCost = Number.POSITIVE_INFINITY
  for (const [id, place] of places)
    if (place.x + place.y < bestCost) {
      best = id
      bestCost = place.x + place.y
    }
  return best
}
