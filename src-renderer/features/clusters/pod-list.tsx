import { Ellipsis, ScrollText } from 'lucide-react'
import { memo, useState } from 'react'
import type { ContextView } from '../../../shared/clusters/contract.ts'
import type { LivePod } from '../../../shared/live/live.ts'
import { Button, IconButton, Menu, RelativeTime, useFormat, useSay, useText } from '../../design/index.ts'
import { ForwardDialog } from './forward-dialog.tsx'
import { HealthMark } from './health-mark.tsx'
import styles from './live.module.css'
import { useAccess, useOpenLogs, usePodActions } from './use-pod-actions.tsx'

type Props = {
  context: ContextView
  pods: readonly LivePod[]
  leftOut: number
  /** With the namespace before the name. */
  wide?: boolean
}

const shownAtFirst = 60

/** Pods, worst first, each with why it is not ready and what can be done with it. */
export function PodList({ context, pods, leftOut, wide = false }: Props) {
  const text = useText()
  const [most, setMost] = useState(shownAtFirst)
  const [forwarding, setForwarding] = useState<LivePod | null>(null)
  const shown = pods.slice(0, most)
  const hidden = pods.length - shown.length
  return (
    <>
      <ul className={styles['pods']} aria-label={text('live.pods')}>
        {shown.map(pod => (
          <PodRow key={pod.key} context={context} pod={pod} wide={wide} onForward={setForwarding} />
        ))}
      </ul>
      {hidden > 0 && (
        <Button size="small" variant="ghost" onClick={() => setMost(was => was + 200)}>
          {text('live.showMore', { count: hidden })}
        </Button>
      )}
      {leftOut > 0 && <p className={styles['quiet']}>{text('live.leftOut', { count: leftOut })}</p>}
      {forwarding && <ForwardDialog context={context} pod={forwarding} onClose={() => setForwarding(null)} />}
    </>
  )
}

type RowProps = { context: ContextView; pod: LivePod; wide: boolean; onForward(pod: LivePod): void }

/** A Pod that did not change is not drawn again: in a large cluster others do all the time. */
const PodRow = memo(function PodRow({ context, pod, wide, onForward }: RowProps) {
  const text = useText()
  const say = useSay()
  const format = useFormat()
  const [open, setOpen] = useState(false)
  const openLogs = useOpenLogs(context)
  const items = usePodActions(context, useAccess(context.name, pod.namespace, open), onForward)(pod)
  const main = pod.containers.filter(({ init }) => !init)
  const ready = main.filter(each => each.ready).length
  return (
    <li className={styles['pod']} data-over={pod.over || undefined} data-wide={wide || undefined}>
      <HealthMark health={pod.health} />
      <div className={styles['podWords']}>
        <span className={styles['podName']}>
          {wide && <span className={styles['quiet']}>{pod.namespace}/</span>}
          {pod.name}
        </span>
        {pod.why && <span className={styles['why']}>{say(pod.why)}</span>}
        <span className={styles['podFacts']}>
          <span>{text('live.readyOf', { ready, of: main.length })}</span>
          {pod.restarts > 0 && (
            <span>
              {text('live.restarts', { count: pod.restarts })}
              {pod.restartedAt !== null && (
                <>
                  {' '}
                  <RelativeTime at={pod.restartedAt} />
                </>
              )}
            </span>
          )}
          {pod.createdAt !== '' && (
            <span>
              {text('live.created')} <RelativeTime at={pod.createdAt} />
            </span>
          )}
          {wide && pod.machine !== '' && <span>{pod.machine}</span>}
          {wide && pod.images[0] && (
            <span title={format.list(pod.images.map(({ image }) => image))}>{shortImage(pod.images[0].image)}</span>
          )}
        </span>
      </div>
      <span className={styles['rowButtons']}>
        <IconButton
          size="small"
          icon={ScrollText}
          label={text('live.logsOf', { name: pod.name })}
          onClick={() => openLogs(pod.name, [pod])}
        />
        {/* What may be done is asked when somebody wants to do it. */}
        <Menu items={items} align="end" open={open} onOpenChange={setOpen}>
          <IconButton size="small" icon={Ellipsis} label={text('live.podActions', { name: pod.name })} />
        </Menu>
      </span>
    </li>
  )
})

/** `acme/web:1.2.3` of `registry.example:5000/acme/web:1.2.3`; what is named by its digest alone keeps eight of it. */
export function shortImage(image: string): string {
  const [name = '', digest] = image.split('@sha256:')
  const parts = name.split('/')
  const first = parts[0] ?? ''
  const own = parts.length > 1 && /[.:]|^localhost$/.test(first) ? parts.slice(1) : parts
  const short = own.slice(-2).join('/')
  return digest === undefined || /:[^/]+$/.test(short) ? short : `${short}@${digest.slice(0, 8)}`
}
