/** Size of a node in pixels at zoom 1; the same at every level of detail, so that zooming moves nothing. */
export const nodeWidth = 240
export const nodeHeight = 60
/** Free space between two columns and two rows of the layout. */
export const columnGap = 72
export const rowGap = 28
/** Nodes snap to this grid when dragged, so that two of them line up. */
export const snap = 4

/** Top left corner, pixels at zoom 1. */
export type Point = { readonly x: number; readonly y: number }
export type Positions = ReadonlyMap<string, Point>
