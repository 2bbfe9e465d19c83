import type { MessageKey } from '../../../shared/messages/index.ts'
import { formatThreshold } from '../../../shared/results/describe-result.ts'
import type { Threshold } from '../../../shared/results/result.ts'
import type { VersionFigures, VersionSample } from '../../../shared/rollouts/compare-versions.ts'
import type { Rollout } from '../../../shared/rollouts/rollout.ts'
import type { WorkspaceId } from '../../../shared/workspaces/contract.ts'
import { useApi, useLive } from '../../connection/index.ts'
import { type Format, Spinner, useFormat, useSay, useText } from '../../design/index.ts'
import { SandboxBadge } from '../clusters/index.ts'
import styles from './rollouts.module.css'

type VersionsViewProps = { workspace: WorkspaceId; environment: string; rollout: Rollout }

type Row = {
  readonly word: MessageKey
  readonly of: (figures: VersionFigures) => number | null
  readonly write: (value: number, format: Format) => string
  /** Which way is better; null where neither is. */
  readonly better: 'more' | 'less' | null
  readonly unit: '%' | 'ms' | ''
}
const milliseconds = (value: number, format: Format) => `${format.number(value, value < 10 ? 1 : 0)} ms`
const rows: readonly Row[] = [
  {
    word: 'rollout.successRate',
    of: ({ successRate }) => successRate,
    write: (value, format) => format.percent(value),
    better: 'more',
    unit: '%',
  },
  { word: 'rollout.p50', of: ({ p50 }) => p50, write: milliseconds, better: 'less', unit: 'ms' },
  { word: 'rollout.p95', of: ({ p95 }) => p95, write: milliseconds, better: 'less', unit: 'ms' },
  { word: 'rollout.p99', of: ({ p99 }) => p99, write: milliseconds, better: 'less', unit: 'ms' },
  {
    word: 'rollout.throughput',
    of: ({ throughput }) => throughput,
    write: (value, format) => `${format.number(value, 1)}/s`,
    better: null,
    unit: '',
  },
  {
    word: 'rollout.sample',
    of: ({ requests }) => requests,
    write: (value, format) => format.number(value, 0),
    better: null,
    unit: '',
  },
]

/** What the engine itself holds the figures to, where its metrics are the same ones. */
function thresholdsOf({ analyses }: Rollout): ReadonlyMap<MessageKey, Threshold> {
  const found = new Map<MessageKey, Threshold>()
  for (const { name, unit, threshold } of analyses.flatMap(({ metrics }) => metrics)) {
    if (!threshold) continue
    const { min, max } = threshold
    if (/success.?rate/i.test(name) && min !== null)
      found.set('rollout.successRate', { ...threshold, min: unit === '%' || min > 1 ? min : min * 100 })
    // Flagger measures the 99th percentile.
    if (name === 'request-duration' && max !== null) found.set('rollout.p99', threshold)
  }
  return found
}

/** A sample below this says little of a percentile. */
const small = 100

/** Stable against canary as their callers see them, with how many requests that rests on. */
export function VersionsView({ workspace, environment, rollout }: VersionsViewProps) {
  const text = useText()
  const say = useSay()
  const format = useFormat()
  const { rollouts } = useApi()
  const live = useLive(rollouts.versions, {
    workspace,
    environment,
    rollout: rollout.id,
    revision: `${rollout.stable.id} ${rollout.canary.id}`,
  })
  const asked = thresholdsOf(rollout)
  const view = live.value
  const last = view?.samples.at(-1)
  if (!view || (view.state === 'connecting' && !last)) return <Spinner />
  if (view.state === 'unknown' && !last) return <p className={styles['quiet']}>{text('rollout.versionsUnknown')}</p>
  if (!last)
    return <p className={styles['quiet']}>{view.problem ? say(view.problem) : text('rollout.versionsUnknown')}</p>
  const few = last.canary !== null && last.canary.requests < small
  return (
    <div className={styles['versions']}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              {view.source && (
                <span className={styles['quiet']}>
                  {text('rollout.fromSource', { source: view.source.name, window: view.window })}{' '}
                  <SandboxBadge sandbox={view.source.sandbox} />
                </span>
              )}
            </th>
            <th scope="col">{text('rollout.stable')}</th>
            <th scope="col">{text('rollout.canary')}</th>
            {asked.size > 0 && <th scope="col">{text('rollout.threshold')}</th>}
            <th scope="col">
              <span className={styles['quiet']}>{text('rollout.overTime')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(row => (
            <tr key={row.word}>
              <th scope="row">{text(row.word)}</th>
              <td>{figure(last.stable, row, format) ?? text('rollout.unknown')}</td>
              <td data-worse={isWorse(last, row) || undefined}>
                {figure(last.canary, row, format) ?? text('rollout.unknown')}
              </td>
              {asked.size > 0 && (
                <td>{asked.has(row.word) && formatThreshold(asked.get(row.word)!, row.unit, text)}</td>
              )}
              <td>
                <Spark samples={view.samples} row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {few && <p className={styles['quiet']}>{text('rollout.smallSample', { count: last.canary?.requests ?? 0 })}</p>}
      {view.state === 'failed' && view.problem && <p className={styles['quiet']}>{say(view.problem)}</p>}
    </div>
  )
}

const figure = (figures: VersionFigures | null, row: Row, format: Format): string | null => {
  const value = figures && row.of(figures)
  return value === null ? null : row.write(value, format)
}

/** Worse by more than a tenth, on a sample that says something. */
function isWorse({ stable, canary }: VersionSample, { of, better }: Row): boolean {
  const [a, b] = [stable && of(stable), canary && of(canary)]
  if (a === null || b === null || better === null || !canary || canary.requests < small) return false
  return better === 'more' ? b < a - 0.01 : b > a * 1.1
}

const width = 120
const height = 24

function Spark({ samples, row }: { samples: readonly VersionSample[]; row: Row }) {
  const series = (['stable', 'canary'] as const).map(side => ({
    side,
    values: samples.map(sample => sample[side] && row.of(sample[side])),
  }))
  const all = series.flatMap(({ values }) => values.filter(value => value !== null))
  if (samples.length < 2 || all.length < 2) return null
  const high = Math.max(...all)
  // What differs by less than a tenth is drawn as the flat line it is.
  const span = Math.max(high - Math.min(...all), Math.abs(high) / 10) || 1
  const low = high - span
  return (
    <svg className={styles['spark']} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {series.map(({ side, values }) => (
        <polyline
          key={side}
          data-side={side}
          points={values
            .map((value, index) =>
              value === null
                ? ''
                : `${(index * width) / (values.length - 1)},${2 + (height - 4) * (1 - (value - low) / span)}`,
            )
            .join(' ')}
        />
      ))}
    </svg>
  )
}
