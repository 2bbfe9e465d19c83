import { Gauge } from 'lucide-react'
import { useId, useState } from 'react'
import type { FleetService, FleetView, KeptLatency } from '../../../shared/fleet/contract.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useCommand, useLive } from '../../connection/index.ts'
import {
  Badge,
  Button,
  EmptyState,
  ErrorNote,
  ErrorState,
  Field,
  Loading,
  NumberField,
  RelativeTime,
  Select,
  Skeleton,
  TextField,
  useFormat,
  useText,
} from '../../design/index.ts'
import styles from './fleet.module.css'

/** Scheduling latency of nodes: measured here, kept, and two of them held against each other. */
export function FleetLatency({ workspace }: { workspace: WorkspaceId }) {
  const text = useText()
  const api = useApi()
  const live = useLive(api.fleet.view, { workspace })
  const seen = useLive(api.edge.watch, { workspace }).value?.nodes
  const [chosen, setChosen] = useState<string | null>(null)
  if (live.status === 'failed' && live.error)
    return <ErrorState error={live.error} title={text('fleet.failed')} onRetry={live.retry} />
  if (live.value === null)
    return (
      <Loading>
        <div className={styles['loading']}>
          <Skeleton />
        </div>
      </Loading>
    )
  const view = live.value
  // Those with a promise to keep come first.
  const promised = view.services.filter(({ slo }) => slo.p99 !== null || slo.max !== null)
  const nodes = [...new Set([...promised, ...view.services].flatMap(one => one.nodes))]
  const answers = (name: string) => seen?.some(one => one.name === name && one.state === 'live')
  const node = chosen ?? view.latencies[0]?.node ?? nodes.find(answers) ?? nodes[0]
  if (node === undefined) return <EmptyState icon={Gauge} sentence={text('fleet.latencyNoNodes')} />
  return (
    <div className={styles['latency']}>
      <Measure workspace={workspace} nodes={nodes} node={node} onNode={setChosen} view={view} />
      <Compared key={node} view={view} node={node} />
    </div>
  )
}

function Measure({
  workspace,
  nodes,
  node,
  onNode,
  view,
}: {
  workspace: WorkspaceId
  nodes: readonly string[]
  node: string
  onNode(node: string): void
  view: FleetView
}) {
  const text = useText()
  const measure = useCommand(useApi().fleet.measure)
  const [seconds, setSeconds] = useState(5)
  const [priority, setPriority] = useState(0)
  const [cpus, setCpus] = useState('')
  const [load, setLoad] = useState(0)
  const [label, setLabel] = useState('')
  const service = serviceOn(view, node)
  const run = () =>
    measure.run({
      workspace,
      node,
      label,
      seconds,
      load,
      ...(service && { service: service.name }),
      ...(priority > 0 && { priority }),
      ...(cpus.trim() !== '' && { cpus: cpus.replaceAll(/\s/g, '') }),
    })
  return (
    <form
      className={styles['measure']}
      aria-label={text('fleet.measureTitle')}
      onSubmit={event => {
        event.preventDefault()
        if (!measure.running) void run()
      }}
    >
      <Field label={text('fleet.measureNode')}>
        <Select value={node} onChange={onNode} options={nodes.map(value => ({ value, label: value }))} />
      </Field>
      <Field label={text('fleet.measureSeconds')}>
        <NumberField value={seconds} onChange={setSeconds} min={1} max={60} />
      </Field>
      <Field label={text('fleet.measurePriority')}>
        <NumberField value={priority} onChange={setPriority} min={0} max={99} />
      </Field>
      <Field label={text('fleet.measureCpus')}>
        <TextField value={cpus} onChange={setCpus} placeholder="2-3" mono />
      </Field>
      <Field label={text('fleet.measureLoad')}>
        <NumberField value={load} onChange={setLoad} min={0} max={64} />
      </Field>
      <Field label={text('fleet.measureLabel')}>
        <TextField value={label} onChange={setLabel} placeholder={text('fleet.measureLabelHint')} />
      </Field>
      <Button type="submit" variant="primary" loading={measure.running}>
        {text('fleet.measure')}
      </Button>
      <ErrorNote error={measure.error} />
    </form>
  )
}

const serviceOn = (view: FleetView, node: string): FleetService | undefined =>
  view.services.find(one => one.nodes.includes(node) && (one.slo.p99 !== null || one.slo.max !== null)) ??
  view.services.find(one => one.nodes.includes(node))

/** The newest measurement against an earlier one of the same node. */
function Compared({ view, node }: { view: FleetView; node: string }) {
  const text = useText()
  const kept = view.latencies.filter(one => one.node === node)
  const [beforeAt, setBeforeAt] = useState<string | null>(null)
  const [after] = kept
  if (!after) return <EmptyState icon={Gauge} sentence={text('fleet.latencyEmpty', { node })} />
  const earlier = kept.slice(1)
  const before = earlier.find(({ at }) => at === beforeAt) ?? earlier[0] ?? null
  const slo = view.services.find(({ name }) => name === after.service)?.slo ?? null
  return (
    <section className={styles['compared']} aria-label={text('fleet.latencyTitle', { node })}>
      <header className={styles['toolbar']}>
        <h3>{text('fleet.latencyTitle', { node })}</h3>
        {earlier.length > 0 && before && (
          <Select
            label={text('fleet.latencyAgainst')}
            value={before.at}
            onChange={setBeforeAt}
            options={earlier.map(one => ({ value: one.at, label: labelOf(one, text('fleet.latencyNoLabel')) }))}
          />
        )}
      </header>
      <table className={styles['figures']}>
        <thead>
          <tr>
            <th scope="col">{text('fleet.latencyMeasurement')}</th>
            <th scope="col">P50</th>
            <th scope="col">P99</th>
            <th scope="col">{text('fleet.latencyMax')}</th>
            <th scope="col">{text('fleet.latencySamples')}</th>
            <th scope="col">{text('fleet.latencyHow')}</th>
            <th scope="col">{text('fleet.latencyWhen')}</th>
          </tr>
        </thead>
        <tbody>
          {before && <Figures kept={before} word={text('fleet.latencyBefore')} series="before" slo={slo} />}
          <Figures
            kept={after}
            word={text(before ? 'fleet.latencyAfter' : 'fleet.latencyNow')}
            series="after"
            slo={slo}
          />
        </tbody>
      </table>
      <Histogram before={before} after={after} p99={slo?.p99 ?? null} />
    </section>
  )
}

const labelOf = ({ label, at }: KeptLatency, none: string): string =>
  `${label || none} · ${at.slice(0, 16).replace('T', ' ')}`

function Figures({
  kept,
  word,
  series,
  slo,
}: {
  kept: KeptLatency
  word: string
  series: 'before' | 'after'
  slo: FleetService['slo'] | null
}) {
  const text = useText()
  const format = useFormat()
  const { latency } = kept
  const { setup } = latency
  const broken = (value: number, most: number | null | undefined) =>
    most != null && value > most ? (
      <Badge tone="danger">
        {text('fleet.latencyOver', { value: format.number(value), most: format.number(most) })}
      </Badge>
    ) : (
      `${format.number(value)} µs`
    )
  return (
    <tr>
      <th scope="row">
        <span className={styles['swatch']} data-series={series} aria-hidden="true" />
        {word}
        {kept.label && <small>{kept.label}</small>}
      </th>
      <td>{latency.p50 < 1 ? '< 1' : format.number(latency.p50)} µs</td>
      <td>{broken(latency.p99, slo?.p99)}</td>
      <td>{broken(latency.max, slo?.max)}</td>
      <td>{format.number(latency.samples)}</td>
      <td>
        {text(latency.method === 'cyclictest' ? 'fleet.methodCyclictest' : 'fleet.methodRunQueue')}
        <small>
          {[
            `${setup.seconds} s`,
            ...(setup.priority !== undefined ? [text('fleet.setupPriority', { priority: setup.priority })] : []),
            ...(setup.cpus !== undefined ? [text('fleet.setupCpus', { cpus: setup.cpus })] : []),
            ...(setup.load ? [text('fleet.setupLoad', { load: setup.load })] : []),
          ].join(' · ')}
        </small>
      </td>
      <td>
        <RelativeTime at={kept.at} />
      </td>
    </tr>
  )
}

const height = 180
/** Shares of all wake-ups by how long they waited: a rare long wait is what matters, so the scale of shares is logarithmic. */
function Histogram({ before, after, p99 }: { before: KeptLatency | null; after: KeptLatency; p99: number | null }) {
  const text = useText()
  const format = useFormat()
  const title = useId()
  const bands = [
    ...new Set([...(before?.latency.histogram ?? []), ...after.latency.histogram].map(({ upTo }) => upTo)),
  ].sort((a, b) => a - b)
  const width = 64
  const series = [
    ...(before ? [{ kept: before, name: 'before' as const }] : []),
    { kept: after, name: 'after' as const },
  ]
  const decades = 5
  const tall = (share: number) => (share <= 0 ? 0 : Math.max(2, ((Math.log10(share) + decades) / decades) * height))
  const promised = p99 === null ? -1 : bands.findIndex(upTo => upTo > p99)
  return (
    <figure className={styles['histogram']}>
      <svg
        role="img"
        aria-labelledby={title}
        viewBox={`0 0 ${44 + bands.length * width} ${height + 40}`}
        style={{ maxInlineSize: 44 + bands.length * width }}
      >
        <title id={title}>{text('fleet.histogramTitle')}</title>
        {[0, 1, 2, 3, 4].map(step => (
          <g key={step}>
            <line
              x1="44"
              x2={44 + bands.length * width}
              y1={10 + (step * height) / decades}
              y2={10 + (step * height) / decades}
            />
            <text x="38" y={14 + (step * height) / decades} textAnchor="end">
              {['100 %', '10 %', '1 %', '0.1 %', '0.01 %'][step]}
            </text>
          </g>
        ))}
        {bands.map((upTo, index) => (
          <g key={upTo} transform={`translate(${44 + index * width} 0)`}>
            {series.map(({ kept, name }, at) => {
              const { histogram, samples } = kept.latency
              const count = histogram.find(band => band.upTo === upTo)?.count ?? 0
              const tallness = Math.max(0, tall(count / samples))
              const each = (width - 16) / series.length
              return (
                <rect
                  key={name}
                  data-series={name}
                  x={8 + at * each}
                  width={each - 2}
                  y={10 + height - tallness}
                  height={tallness}
                >
                  <title>{`≤ ${upTo} µs: ${format.number(count)} (${format.percent(count / samples)})`}</title>
                </rect>
              )
            })}
            <text x={width / 2} y={height + 26} textAnchor="middle">
              ≤ {upTo < 1000 ? upTo : `${upTo / 1000} k`}
            </text>
          </g>
        ))}
        {promised >= 0 && (
          <g className={styles['promise']}>
            <line x1={44 + promised * width} x2={44 + promised * width} y1="4" y2={10 + height} />
            <text x={48 + promised * width} y="12">
              {text('fleet.histogramPromise', { p99: format.number(p99 ?? 0) })}
            </text>
          </g>
        )}
      </svg>
      <figcaption>{text('fleet.histogramCaption')}</figcaption>
    </figure>
  )
}
