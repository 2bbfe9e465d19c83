import { Minus, Plus } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { ResourceRef } from '../../../../shared/manifests/resource-ref.ts'
import { useText } from '../../../design/index.ts'
import { useCanvas } from '../topology-context.ts'
import styles from './replica-stepper.module.css'

/** The finger rests this long before the number is sent: five quick presses are one edit. Milliseconds. */
const rest = 400
const most = 10_000

type StepperProps = {
  readonly name: string
  readonly resource: ResourceRef
  readonly replicas: number
  readonly focusable?: boolean
}

/** − and + for the copies of a workload, on the graph and in the table. */
export function ReplicaStepper({ name, resource, replicas, focusable = true }: StepperProps) {
  const text = useText()
  const { edit } = useCanvas()
  const [wanted, setWanted] = useState<number | null>(null)
  const waiting = useRef<{ timer: ReturnType<typeof setTimeout>; send(): void } | null>(null)

  // What was pressed just before the stepper goes away is still meant.
  useEffect(
    () => () => {
      if (!waiting.current) return
      clearTimeout(waiting.current.timer)
      waiting.current.send()
    },
    [],
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: a number from outside ends the pressing
  useEffect(() => setWanted(null), [replicas])

  const shown = wanted ?? replicas
  const step = (by: number) => {
    const next = Math.min(most, Math.max(0, shown + by))
    setWanted(next)
    if (waiting.current) clearTimeout(waiting.current.timer)
    const send = () => {
      waiting.current = null
      if (next === replicas) return setWanted(null)
      void edit({ kind: 'set-replicas', resource, replicas: next }).then(done => {
        if (!done) setWanted(null)
      })
    }
    waiting.current = { timer: setTimeout(send, rest), send }
  }
  const tabIndex = focusable ? 0 : -1
  return (
    <span className={`${styles['stepper']} nodrag nopan`} onPointerDown={event => event.stopPropagation()}>
      <button
        type="button"
        tabIndex={tabIndex}
        disabled={shown <= 0}
        aria-label={text('page.topologyFewerReplicas', { name })}
        onClick={event => {
          event.stopPropagation()
          step(-1)
        }}
      >
        <Minus aria-hidden="true" />
      </button>
      <output data-pending={wanted !== null || undefined}>{shown}</output>
      <button
        type="button"
        tabIndex={tabIndex}
        disabled={shown >= most}
        aria-label={text('page.topologyMoreReplicas', { name })}
        onClick={event => {
          event.stopPropagation()
          step(1)
        }}
      >
        <Plus aria-hidden="true" />
      </button>
    </span>
  )
}
