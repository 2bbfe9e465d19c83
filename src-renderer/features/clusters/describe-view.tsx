import { Copy, RotateCw } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useApi, useQuery } from '../../connection/index.ts'
import {
  Badge,
  Callout,
  copyText,
  EmptyState,
  ErrorState,
  IconButton,
  Loading,
  RelativeTime,
  Segmented,
  Skeleton,
  useFormat,
  useSay,
  useText,
  useToasts,
} from '../../design/index.ts'
import { HealthMark } from './health-mark.tsx'
import styles from './live.module.css'
import type { Tool } from './open-tools.ts'

type Part = 'state' | 'yaml'

/** One object as it is in the cluster: how it does and why, what happened to it, who answers for it, and its YAML. */
export function DescribeView({ tool }: { tool: Extract<Tool, { kind: 'describe' }> }) {
  const text = useText()
  const say = useSay()
  const format = useFormat()
  const api = useApi()
  const toasts = useToasts()
  const [part, setPart] = useState<Part>('state')
  const { context, namespace, group, objectKind: kind, name } = tool
  const asked = useQuery(api.clusters.describe, {
    ...{ context, group, kind, name },
    ...(namespace !== '' && { namespace }),
  })
  const it = asked.value
  return (
    <div className={styles['tool']}>
      <div className={styles['toolBar']}>
        {it && <HealthMark health={it.health} words />}
        {it && (
          <span className={styles['quiet']}>{it.owners.map(owner => `${owner.kind} ${owner.name}`).join(' ← ')}</span>
        )}
        <span className={styles['gap']} />
        {it && <span className={styles['quiet']}>{text('app.asOf', { when: format.time(it.asOf) })}</span>}
        <IconButton size="small" icon={RotateCw} label={text('live.askAgain')} onClick={asked.retry} />
        {it && part === 'yaml' && (
          <IconButton
            size="small"
            icon={Copy}
            label={text('app.copy')}
            onClick={async () => {
              const copied = await copyText(it.yaml)
              toasts.show({ tone: copied ? 'ok' : 'warn', title: text(copied ? 'app.copied' : 'app.copyFailed') })
            }}
          />
        )}
        <Segmented<Part>
          label={text('live.describePart')}
          size="small"
          value={part}
          onChange={setPart}
          options={[
            { value: 'state', label: text('live.describeState') },
            { value: 'yaml', label: 'YAML' },
          ]}
        />
      </div>
      {asked.error ? (
        <ErrorState compact error={asked.error} onRetry={asked.retry} />
      ) : !it ? (
        <Loading>
          <Skeleton width="70%" height={14} />
        </Loading>
      ) : part === 'yaml' ? (
        <Scrolled label="YAML" className={styles['yaml']}>
          <pre>{it.yaml}</pre>
        </Scrolled>
      ) : (
        <Scrolled label={tool.title} className={styles['described']}>
          {it.why ? (
            <Callout tone="warn">{say(it.why)}</Callout>
          ) : (
            it.message !== '' && <p className={styles['quiet']}>{it.message}</p>
          )}
          {it.conditions.length > 0 && (
            <section>
              <h3>{text('live.conditions')}</h3>
              <ul className={styles['facts']}>
                {it.conditions.map(({ type, status, reason, message, since }) => (
                  <li key={type}>
                    <strong>{type}</strong>
                    <Badge>{status}</Badge>
                    <span>{[reason, message].filter(Boolean).join(': ')}</span>
                    {since !== '' && <RelativeTime at={since} className={styles['when'] ?? ''} />}
                  </li>
                ))}
              </ul>
            </section>
          )}
          <section>
            <h3>{text('live.events')}</h3>
            {it.events === null ? (
              <p className={styles['quiet']}>{text('live.eventsForbidden')}</p>
            ) : it.events.length === 0 ? (
              <EmptyState compact sentence={text('live.noEvents')} />
            ) : (
              <ul className={styles['facts']}>
                {it.events.map(event => (
                  <li key={event.key} data-tone={event.warning ? 'warn' : undefined}>
                    <span>{event.about}</span>
                    {(event.count ?? 1) > 1 && <Badge>{`× ${format.number(event.count ?? 1)}`}</Badge>}
                    {event.last && <RelativeTime at={event.last} className={styles['when'] ?? ''} />}
                  </li>
                ))}
              </ul>
            )}
          </section>
        </Scrolled>
      )}
    </div>
  )
}

/** What scrolls is reached by keyboard. */
function Scrolled({
  label,
  className,
  children,
}: {
  label: string
  className: string | undefined
  children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: as its comment says
    <section className={className} tabIndex={0} aria-label={label}>
      {children}
    </section>
  )
}
