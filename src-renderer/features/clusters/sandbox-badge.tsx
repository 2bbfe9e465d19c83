import { FlaskConical } from 'lucide-react'
import { Badge, useText } from '../../design/index.ts'

/** Simulated: said wherever something of it is shown. */
export function SandboxBadge({ sandbox }: { sandbox: boolean | undefined }) {
  const text = useText()
  if (!sandbox) return null
  return (
    <Badge tone="info" icon={FlaskConical}>
      {text('app.sandbox')}
    </Badge>
  )
}
