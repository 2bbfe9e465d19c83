import { PlugZap, Unplug } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useConnection, useLine } from '../connection/api.ts'
import { Button } from '../design/button.tsx'
import { useFormat, useText } from '../design/text.ts'
import styles from './bar.module.css'

/** A short loss mends itself before anybody has to hear of it. */
const patience = 1200

export function ConnectionBar() {
  const text = useText()
  const format = useFormat()
  const line = useLine()
  const { retry } = useConnection()
  const [late, setLate] = useState(false)
  const troubled =
    line.state === 'lost' || line.state === 'refused' || (line.state === 'connecting' && line.attempts > 2)
  useEffect(() => {
    setLate(false)
    if (!troubled) return
    const timer = setTimeout(() => setLate(true), patience)
    return () => clearTimeout(timer)
  }, [troubled])
  if (!troubled || (!late && line.state !== 'refused')) return null
  const refused = line.state === 'refused'
  const Icon = refused ? PlugZap : Unplug
  return (
    <div className={styles['bar']} data-tone={refused ? 'danger' : 'warn'} role="alert">
      <Icon aria-hidden="true" />
      <div className={styles['words']}>
        {refused ? (
          <span>{text('app.lineRefused')}</span>
        ) : (
          <>
            <strong>{text('app.lineLost', { when: format.time(line.since) })}</strong>
            <span>{text('app.lineLostMeaning')}</span>
          </>
        )}
      </div>
      <Button size="small" onClick={retry}>
        {text('app.retry')}
      </Button>
    </div>
  )
}
