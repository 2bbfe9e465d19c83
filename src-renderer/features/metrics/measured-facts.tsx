import { seenBy } from '../../../shared/metrics/join-metrics.ts'
import type { Measured, TopologyEdge } from '../../../shared/topology/topology.ts'
import { Badge, type Format, useFormat, useText } from '../../design/index.ts'
import styles from './metrics.module.css'
import { useWindowWords } from './window-words.ts'

const rateWords: { readonly [unit in Measured['unit']]: Parameters<ReturnType<typeof useText>>[0] } = {
  requests: 'metrics.requests',
  messages: 'metrics.messages',
  connections: 'metrics.connections',
  flows: 'metrics.flows',
}

/** Three digits that count: 0.42, 12.3, 1,540. */
const short = (format: Format, value: number): string =>
  format.number(value, value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 4)

/** From here on a share of failures stands out. */
const manyErrors = 0.05

/** Rate, failures and times of a dependency in one line; `full` with every percentile, the window and when. */
export function MeasuredFacts({
  edge,
  full = false,
}: {
  edge: Pick<TopologyEdge, 'rate' | 'measured'>
  full?: boolean
}) {
  const text = useText()
  const format = useFormat()
  const windowWords = useWindowWords()
  const { rate, measured } = edge
  if (rate === null) return null
  const { errors, p50, p95, p99 } = measured ?? { errors: null, p50: null, p95: null, p99: null }
  return (
    <>
      <strong>{text(rateWords[measured?.unit ?? 'requests'], { rate: short(format, rate) })}</strong>
      {errors !== null && (
        <span data-tone={errors >= manyErrors ? 'danger' : undefined}>
          {text('metrics.errors', { share: format.percent(errors) })}
        </span>
      )}
      {full && p50 !== null && <span>{text('metrics.percentile', { of: 50, time: short(format, p50) })}</span>}
      {p95 !== null && <span>{text('metrics.percentile', { of: 95, time: short(format, p95) })}</span>}
      {full && p99 !== null && <span>{text('metrics.percentile', { of: 99, time: short(format, p99) })}</span>}
      {full && measured && (
        <span className={styles['quiet']}>
          {text('metrics.over', { window: windowWords(measured.window), when: format.time(measured.asOf) })}
        </span>
      )}
    </>
  )
}

/** Says what a dependency rests on, where it is not both: only declared, or only seen at run time. */
export function SeenBadge({ edge, measuring }: { edge: TopologyEdge; measuring: boolean }) {
  const text = useText()
  const seen = seenBy(edge)
  if (seen === 'observed') return <Badge tone="info">{text('metrics.seenObserved')}</Badge>
  if (seen === 'declared' && measuring) return <Badge>{text('metrics.seenDeclared')}</Badge>
  return null
}
