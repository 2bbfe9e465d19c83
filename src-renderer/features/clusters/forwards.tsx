import { Cable, ExternalLink, X } from 'lucide-react'
import { useApi, useCommand, useLive } from '../../connection/index.ts'
import { ErrorNote, IconButton, useText } from '../../design/index.ts'
import styles from './clusters.module.css'
import { SandboxBadge } from './sandbox-badge.tsx'

/** Ports of this machine that lead to Pods; nothing while there is none. */
export function Forwards() {
  const text = useText()
  const api = useApi()
  const forwards = useLive(api.clusters.forwards, {}).value ?? []
  const stop = useCommand(api.clusters.stopForward)
  const visit = useCommand(api.host.openExternal)
  if (forwards.length === 0) return null
  return (
    <section className={styles['forwards']} aria-label={text('live.forwards')}>
      <h2>{text('live.forwards')}</h2>
      <ul>
        {forwards.map(({ id, pod, port, localPort, namespace, sandbox }) => (
          <li key={id}>
            <Cable aria-hidden="true" />
            <span className={styles['words']}>
              <strong>{`localhost:${localPort}`}</strong>
              <small title={`${namespace}/${pod}`}>{`${pod}:${port}`}</small>
            </span>
            <SandboxBadge sandbox={sandbox} />
            <IconButton
              size="small"
              icon={ExternalLink}
              label={text('live.forwardOpen', { port: localPort })}
              onClick={() => void visit.run({ url: `http://localhost:${localPort}` })}
            />
            <IconButton
              size="small"
              icon={X}
              label={text('live.forwardStop', { port: localPort })}
              onClick={() => void stop.run({ id })}
            />
          </li>
        ))}
      </ul>
      <ErrorNote error={stop.error ?? visit.error} />
    </section>
  )
}
