import { History } from 'lucide-react'
import { useApi, useLive, useNavigation } from '../../../connection/index.ts'
import {
  Badge,
  Button,
  EmptyState,
  ErrorState,
  Loading,
  RelativeTime,
  Skeleton,
  useText,
} from '../../../design/index.ts'
import { useTopology } from '../topology-context.ts'
import styles from './inspector.module.css'

const shown = 50

/** Decisions and plain commits that touch this service, newest first. */
export function HistoryTab({ id }: { id: string }) {
  const text = useText()
  const api = useApi()
  const { workspace, revision } = useTopology()
  const go = useNavigation(place => place.go)
  const log = useLive(api.decisions.log, {
    workspace,
    service: id,
    limit: shown,
    ...(revision === null ? {} : { revision }),
  })
  if (log.status === 'failed' && log.error) return <ErrorState compact error={log.error} onRetry={log.retry} />
  if (!log.value)
    return (
      <Loading>
        <div className={styles['skeleton']}>
          {[80, 55, 70, 60].map(width => (
            <Skeleton key={width} width={`${width}%`} height={16} />
          ))}
        </div>
      </Loading>
    )
  const { items, next } = log.value
  if (items.length === 0)
    return <EmptyState compact icon={History} sentence={text('page.topologyNoHistory', { name: id })} />
  return (
    <ol className={styles['list']}>
      {items.map(item => (
        <li key={item.id} className={styles['item']}>
          <button
            type="button"
            className={styles['decisionTitle']}
            onClick={() => go({ screen: 'decisions', selection: { kind: 'decision', id: item.id } })}
          >
            {item.title}
          </button>
          <div className={styles['meta']}>
            <span>{item.author.name}</span>
            <RelativeTime at={item.author.time * 1000} />
            {item.gate === 'waived' && <Badge tone="warn">{text('page.topologyWaived')}</Badge>}
            <button type="button" className={styles['textLink']} onClick={() => go({ revision: item.id })}>
              {text('page.topologySeeGraphThen')}
            </button>
          </div>
        </li>
      ))}
      {next !== null && (
        <li className={styles['item']}>
          <Button size="small" variant="ghost" onClick={() => go({ screen: 'decisions', selection: null })}>
            {text('page.topologyMoreHistory')}
          </Button>
        </li>
      )}
    </ol>
  )
}
