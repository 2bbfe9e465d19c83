import type { ReactNode } from 'react'
import styles from './live-region.module.css'

/** Read aloud when its words change, and not seen: "14 services, 3 changed". */
export const LiveRegion = ({ children, urgent = false }: { children: ReactNode; urgent?: boolean }) => (
  <output className={styles['hidden']} aria-live={urgent ? 'assertive' : 'polite'}>
    {children}
  </output>
)

/** Words for a screen reader where the eye has a glyph. */
export const Hidden = ({ children }: { children: ReactNode }) => <span className={styles['hidden']}>{children}</span>
