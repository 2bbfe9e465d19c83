import type { Point } from './measures.ts'

/**
 * Where the layout put each node of one environment, for as long as the window lives: another revision, the draft or
 * another screen in between must not move what stayed the same. Pins are not here; they live in the workspace.
 */
export type Places = Map<string, Point>

const byEnvironment = new Map<string, Places>()

export function placesOf(workspace: string, environment: string): Places {
  const key = `${workspace} ${environment}`
  const places = byEnvironment.get(key) ?? new Map()
  byEnvironment.set(key, places)
  return places
}
