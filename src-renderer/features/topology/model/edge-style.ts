import type { DrawnEdge } from './drawn-graph.ts'

/** Line width in pixels: by the logarithm of the rate, so that 1 and 1,000 requests a second both can be told. */
export const edgeWidth = (rate: number | null): number =>
  rate === null ? 1.5 : Math.min(5, 1.5 + 0.7 * Math.log10(1 + Math.max(0, rate)))

/** Only guessed from names and values: drawn dashed. */
export const isGuess = (edge: Pick<DrawnEdge, 'state'>): boolean => edge.state === 'inferred'
