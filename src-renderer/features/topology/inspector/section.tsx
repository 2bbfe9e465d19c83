import type { ReactNode } from 'react'
import styles from './inspector.module.css'

/** A titled part of the inspector. */
export function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles['section']} aria-label={title}>
      <div className={styles['sectionHead']}>
        <h3>{title}</h3>
        {action}
      </div>
      {children}
    </section>
  )
}
