import type { Grouping } from '../../../../shared/topology/group-nodes.ts'
import type { Point } from './measures.ts'

/**
 * Where the layout put each node of one environment, for as long as the window lives: another revision, the draft or
 * another screen in between must not move what stayed the same. Pins are not here; they live in the workspace.
 */
export type Places = Map<string, Point>

const byEnvironment = new Map<string, Places>()

/** Each grouping has places of its own. */
export function placesOf(workspace: string, environment: string, grouping: Grouping | 'none' = 'none'): Places {
  const key = `${workspace} ${environment} ${grouping}`
  const places = byEnvironment.get(key) ?? new Map()
  byEnvironment.set(key, places)
  return places
}
