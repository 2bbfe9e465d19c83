import { useEffect, useRef } from 'react'
import type { Underway } from '../../../shared/fleet/contract.ts'
import { useApi } from '../../connection/api.ts'
import { useNavigation } from '../../connection/navigation.ts'
import { useLive } from '../../connection/use-live.ts'
import { useText } from '../../design/text.ts'
import { useToasts } from '../../design/toasts.tsx'
import styles from './underway-mark.module.css'

/**
 * A mark on the rail for rollouts that are under way. It is drawn as long as a workspace is open, and its asking is what
 * has them go on; those that were under way before are told once.
 */
export function UnderwayMark({ workspace }: { workspace: string }) {
  const { value } = useLive(useApi().fleet.underway, { workspace })
  useGoesOn(value)
  const open = value?.rollouts.length ?? 0
  return open === 0 ? null : (
    <span className={styles['mark']} aria-hidden="true">
      {open}
    </span>
  )
}

function useGoesOn(underway: Underway | null): void {
  const text = useText()
  const toasts = useToasts()
  const told = useRef(false)
  useEffect(() => {
    if (!underway || told.current) return
    told.current = true
    const [first, ...others] = underway.rollouts.filter(({ paused }) => !paused)
    const away = underway.away.length
    const sentences = [
      ...(!first
        ? []
        : others.length > 0
          ? [text('fleet.goOnSeveral', { count: others.length + 1 })]
          : [text('fleet.goesOn', { service: first.service, done: first.done, count: first.count })]),
      ...(away > 0 ? [text('fleet.away', { count: away, nodes: underway.away.slice(0, 5).join(', ') })] : []),
    ]
    const [title, detail] = sentences
    if (title === undefined) return
    toasts.show({
      title,
      ...(detail !== undefined && { detail }),
      action: { label: text('fleet.goesOnShow'), run: () => useNavigation.getState().setScreen('edge') },
    })
  }, [underway, text, toasts])
}
