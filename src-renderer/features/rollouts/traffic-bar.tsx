import type { Rollout } from '../../../shared/rollouts/rollout.ts'
import { useFormat, useText } from '../../design/index.ts'
import styles from './rollouts.module.css'

/** How much goes to the new revision now, with a mark where it goes next. */
export function TrafficBar({ rollout, small = false }: { rollout: Rollout; small?: boolean }) {
  const text = useText()
  const format = useFormat()
  const { weight } = rollout.status
  if (weight === null) return null
  const label = text('rollout.traffic', { weight: format.number(weight, 0) })
  return (
    <span
      className={styles['traffic']}
      data-small={small || undefined}
      data-standing={rollout.standing}
      role="img"
      aria-label={label}
    >
      <span className={styles['track']}>
        <span className={styles['filled']} style={{ width: `${weight}%` }} />
        {rollout.nextWeight !== null && (
          <span className={styles['nextMark']} style={{ left: `${rollout.nextWeight}%` }} />
        )}
      </span>
      <span className={styles['percent']} aria-hidden="true">
        {format.number(weight, 0)} %
      </span>
    </span>
  )
}
