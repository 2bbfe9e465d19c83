import type { TopologyEdge } from './topology.ts'

/** Three digits that count: `0.25`, `12.5`, `1250`; without an exponent, whatever the locale. */
const digits = (value: number): string => String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)))

/** What an edge says in a picture: its protocol, and its rate in requests a second where that was measured. */
export const edgeLabel = ({ protocol, rate }: Pick<TopologyEdge, 'protocol' | 'rate'>): string =>
  rate === null ? protocol : `${protocol} · ${digits(rate)}/s`
