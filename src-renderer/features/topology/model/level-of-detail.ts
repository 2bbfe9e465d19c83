/** `card` says everything, `block` the name, `dot` only where it is. */
export type LevelOfDetail = 'card' | 'block' | 'dot'

/** At 0.6 the card's 15 px name is 9 px on the screen: the smallest that reads. */
export const cardFromZoom = 0.6
/** Below this no text reads; a canvas draws what is left, since React Flow falls under 30 frames a second there. */
export const blockFromZoom = 0.35
/** React Flow holds 60 frames a second up to about this many nodes in view. */
export const elementsInView = 800

export const levelOfDetail = (zoom: number): LevelOfDetail =>
  zoom >= cardFromZoom ? 'card' : zoom >= blockFromZoom ? 'block' : 'dot'

/** Above this many lines the edges are drawn on the canvas at any zoom: an SVG of 1,500 curves falls to 10 frames a second. */
export const linesAsElements = 300

/** Whether the plain canvas draws the picture instead of one element a node. */
export const drawsOnCanvas = (zoom: number, nodesInView: number): boolean =>
  zoom < blockFromZoom || nodesInView > elementsInView
