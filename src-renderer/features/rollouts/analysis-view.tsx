import type { MessageKey } from '../../../shared/messages/index.ts'
import { formatMeasured, formatThreshold } from '../../../shared/results/describe-result.ts'
import type { Analysis, AnalysisMetric } from '../../../shared/rollouts/rollout.ts'
import { Badge, type Tone, useFormat, useText } from '../../design/index.ts'
import styles from './rollouts.module.css'

const tones: { readonly [phase: string]: Tone } = {
  Successful: 'ok',
  Failed: 'danger',
  Error: 'danger',
  Inconclusive: 'warn',
  Running: 'info',
  Pending: 'neutral',
}

/** Every analysis of the revision with every measurement it keeps, against what it is held to. */
export function AnalysisView({ analyses }: { analyses: readonly Analysis[] }) {
  const text = useText()
  if (analyses.length === 0) return <p className={styles['quiet']}>{text('rollout.noAnalyses')}</p>
  return (
    <div className={styles['analyses']}>
      {analyses.map(analysis => (
        <section key={analysis.name} aria-label={analysis.name}>
          <h4>
            <code>{analysis.name}</code>
            <Badge tone={tones[analysis.phase] ?? 'neutral'}>{analysis.phase}</Badge>
            {analysis.step !== null && (
              <span className={styles['quiet']}>{text('rollout.ofStep', { step: analysis.step + 1 })}</span>
            )}
          </h4>
          {analysis.message !== '' && <p className={styles['quiet']}>{analysis.message}</p>}
          {analysis.metrics.map(metric => (
            <Metric key={metric.name} metric={metric} />
          ))}
        </section>
      ))}
    </div>
  )
}

function Metric({ metric }: { metric: AnalysisMetric }) {
  const text = useText()
  const { threshold, unit, measurements, failureLimit, failed } = metric
  const say = (key: MessageKey, params?: Parameters<typeof text>[1]) => text(key, params)
  const last = measurements.at(-1)
  return (
    <div className={styles['metric']} data-phase={metric.phase}>
      <div className={styles['metricWords']}>
        <strong>{metric.name}</strong>
        <span className={styles['quiet']}>
          {threshold ? formatThreshold(threshold, unit, say) : text('rollout.noThreshold')}
        </span>
        {metric.dryRun === true && <span className={styles['quiet']}>{text('rollout.dryRun')}</span>}
        {failed > 0 && (
          <span className={styles['quiet']}>
            {failureLimit === null
              ? text('rollout.failedCount', { failed })
              : text('rollout.failedOf', { failed, limit: failureLimit })}
          </span>
        )}
      </div>
      {measurements.length === 0 ? (
        <p className={styles['quiet']}>{metric.message || text('rollout.noMeasurements')}</p>
      ) : (
        <Dots metric={metric} />
      )}
      <output className={styles['last']} data-bad={isBad(last?.phase) || undefined}>
        {last && (last.value === null ? last.text || last.phase : formatMeasured(last.value, unit))}
      </output>
    </div>
  )
}

const isBad = (phase: string | undefined): boolean => /^(Failed|Error)$/.test(phase ?? '')
const width = 280
const height = 56
const margin = 8

/** Measurements as dots in the order of time, with the line they must stay on the right side of. */
function Dots({ metric }: { metric: AnalysisMetric }) {
  const text = useText()
  const format = useFormat()
  const { measurements, threshold, unit } = metric
  const values = measurements.flatMap(({ value }) => value ?? [])
  const bounds = [threshold?.min, threshold?.max].filter(bound => bound !== null && bound !== undefined)
  const all = [...values, ...bounds]
  if (values.length === 0) return <p className={styles['quiet']}>{text('rollout.noNumbers')}</p>
  const low = Math.min(...all)
  const high = Math.max(...all)
  const span = high - low || Math.abs(high) || 1
  const y = (value: number) => margin + (height - 2 * margin) * (1 - (value - low + span * 0.05) / (span * 1.1))
  const x = (index: number) => margin + ((width - 34 - 2 * margin) * (index + 0.5)) / measurements.length
  return (
    <svg
      className={styles['dots']}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={text('rollout.dots', { metric: metric.name, count: values.length })}
    >
      {bounds.map(bound => (
        <g key={bound} className={styles['bound']}>
          <line x1="0" x2={width - 34} y1={y(bound)} y2={y(bound)} />
          <text x={width} y={y(bound) + 4} textAnchor="end">
            {formatMeasured(bound, '')}
          </text>
        </g>
      ))}
      {measurements.map(
        ({ at, value, phase }, index) =>
          value !== null && (
            // biome-ignore lint/suspicious/noArrayIndexKey: two may be measured in one second
            <g key={`${at} ${index}`} className={styles['dot']} data-bad={isBad(phase) || undefined}>
              <title>{`${formatMeasured(value, unit)}${at ? ` · ${format.time(at)}` : ''} · ${phase}`}</title>
              {isBad(phase) ? (
                <path d={`M${x(index) - 4},${y(value) - 4}l8,8m0,-8l-8,8`} />
              ) : (
                <circle cx={x(index)} cy={y(value)} r="3.5" />
              )}
            </g>
          ),
      )}
    </svg>
  )
}
