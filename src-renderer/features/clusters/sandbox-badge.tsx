import { FlaskConical } from 'lucide-react'
import { Badge, Hidden, useText } from '../../design/index.ts'
import styles from './live.module.css'

/** Simulated: said wherever something of it is shown; `short` where there is room for a glyph only. */
export function SandboxBadge({ sandbox, short = false }: { sandbox: boolean | undefined; short?: boolean }) {
  const text = useText()
  if (!sandbox) return null
  if (short)
    return (
      <span className={styles['flask']} title={text('app.sandbox')}>
        <FlaskConical aria-hidden="true" />
        <Hidden> {text('app.sandbox')}</Hidden>
      </span>
    )
  return (
    <Badge tone="info" icon={FlaskConical}>
      {text('app.sandbox')}
    </Badge>
  )
}
