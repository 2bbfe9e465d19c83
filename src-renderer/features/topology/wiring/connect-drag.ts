import { createStore } from 'zustand/vanilla'

/** An end of an edge under the pointer: of a new one, or of one that is led elsewhere. In pixels of the window. */
export type Drag = {
  readonly from: string
  /** Where the edge leads now, when it is led elsewhere. */
  readonly to: string | null
  readonly startX: number
  readonly startY: number
  readonly x: number
  readonly y: number
  readonly over: string | null
}

export const connectDrag = createStore<Drag | null>(() => null)

/** The node at a place of the window, if it is one an edge may lead to. */
export function nodeUnder(x: number, y: number, but: readonly (string | null)[]): string | null {
  const id = document.elementFromPoint(x, y)?.closest('.react-flow__node')?.getAttribute('data-id') ?? null
  return id === null || but.includes(id) ? null : id
}
