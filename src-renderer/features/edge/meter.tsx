import { useFormat } from '../../design/index.ts'
import styles from './edge.module.css'

/** A share as a number and a thin bar; from `warn` on it is a warning, from `danger` on worse. */
export function Meter({
  share,
  warn,
  danger,
  text,
}: {
  share: number | null
  warn: number
  danger: number
  text?: string
}) {
  const format = useFormat()
  if (share === null) return <span className={styles['none']}>–</span>
  const tone = share >= danger ? 'danger' : share >= warn ? 'warn' : 'ok'
  return (
    <span className={styles['meter']} data-tone={tone}>
      <span className={styles['meterText']}>{text ?? format.percent(Math.round(share * 100) / 100)}</span>
      <span className={styles['bar']} aria-hidden="true">
        <span style={{ inlineSize: `${Math.min(100, Math.max(2, share * 100))}%` }} />
      </span>
    </span>
  )
}
