import styles from './spinner.module.css'
import { useText } from './text.ts'

/** Says "working" to a screen reader only when it is given a label; beside words it is decoration. */
export function Spinner({ label }: { label?: string }) {
  return label ? (
    <span className={styles['spinner']} role="status" aria-label={label} />
  ) : (
    <span className={styles['spinner']} aria-hidden="true" />
  )
}

/** A place held for something that is loading. Draw the real layout with them; sizes are CSS lengths or pixels. */
export function Skeleton({ width = '100%', height = 12 }: { width?: number | string; height?: number | string }) {
  return <span className={styles['skeleton']} style={{ width, height }} aria-hidden="true" />
}

/** Wraps a layout of skeletons, so that one "Loading" is read instead of nothing. */
export function Loading({ children }: { children: React.ReactNode }) {
  const text = useText()
  return (
    <div role="status" aria-label={text('app.loading')} aria-busy="true">
      {children}
    </div>
  )
}
