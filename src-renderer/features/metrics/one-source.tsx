import { Plug, RefreshCw, X } from 'lucide-react'
import type { SourceView } from '../../../shared/metrics/contract.ts'
import { useApi, useCommand } from '../../connection/index.ts'
import {
  Badge,
  Button,
  Callout,
  ErrorNote,
  IconButton,
  useFormat,
  useNow,
  useSay,
  useText,
} from '../../design/index.ts'
import styles from './metrics.module.css'

const kinds = { prometheus: 'Prometheus', jaeger: 'Jaeger', tempo: 'Tempo' } as const

/** One source: what it is, how it does, and what a person can do about it. */
export function OneSource({ workspace, source }: { workspace: string; source: SourceView }) {
  const api = useApi()
  const text = useText()
  const say = useSay()
  const format = useFormat()
  const now = useNow()
  const allow = useCommand(api.metrics.allow)
  const refresh = useCommand(api.metrics.refresh)
  const remove = useCommand(api.metrics.remove)
  const { id, name, kind, url, origin, sandbox, state, asOf, problem, retryAt, since, dialects, warnings } = source
  const at = { workspace, source: id }
  const askNow = (
    <Button size="small" icon={RefreshCw} loading={refresh.running} onClick={() => void refresh.run(at)}>
      {text('metrics.askNow')}
    </Button>
  )
  return (
    <section className={styles['source']} aria-label={name}>
      <div className={styles['sourceHead']}>
        <strong>{name}</strong>
        {sandbox && <Badge>{text('metrics.sandbox')}</Badge>}
        <span className={styles['quiet']}>
          {[kinds[kind], ...dialects.filter(dialect => dialect !== kinds[kind])].join(' · ')}
        </span>
        {state === 'live' && (
          <IconButton
            icon={RefreshCw}
            size="small"
            label={text('metrics.askNow')}
            loading={refresh.running}
            onClick={() => void refresh.run(at)}
          />
        )}
        {origin === 'machine' && (
          <IconButton
            icon={X}
            size="small"
            label={text('metrics.remove', { name })}
            loading={remove.running}
            onClick={() => void remove.run(at)}
          />
        )}
      </div>
      <code className={styles['address']}>{url}</code>
      {state === 'not-allowed' && (
        <Callout
          tone="info"
          icon={Plug}
          action={
            <Button size="small" variant="primary" loading={allow.running} onClick={() => void allow.run(at)}>
              {text('metrics.allow')}
            </Button>
          }
        >
          {text('metrics.notAllowed')}
          {source.sends.length > 0 && ` ${text('metrics.sends', { names: format.list(source.sends) })}`}
        </Callout>
      )}
      {state === 'connecting' && <p className={styles['quiet']}>{text('metrics.connecting')}</p>}
      {problem && (
        <Callout
          tone={state === 'stale' ? 'stale' : 'danger'}
          title={
            state === 'stale' && asOf !== null && since !== null
              ? text('metrics.staleSince', { when: format.recent(since, now), last: format.recent(asOf, now) })
              : text('metrics.noAnswer')
          }
          action={askNow}
        >
          <p>{say(problem)}</p>
          {retryAt !== null && <p>{text('metrics.retryAt', { when: format.relative(retryAt, now) })}</p>}
        </Callout>
      )}
      {state === 'live' && dialects.length === 0 && <Callout tone="info">{text('metrics.nothingFound')}</Callout>}
      {warnings.length > 0 && (
        <Callout tone="warn" title={text('metrics.partial')}>
          {warnings.slice(0, 3).join(' ')}
        </Callout>
      )}
      <ErrorNote error={allow.error ?? refresh.error ?? remove.error} />
    </section>
  )
}
