import { useSyncExternalStore } from 'react'
import { useFormat } from './text.ts'

/** One clock for all relative times of the page: minutes are enough for people, and cost one timer. */
let now = Date.now()
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
const subscribe = (listener: () => void) => {
  listeners.add(listener)
  now = Date.now()
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of listeners) each()
  }, 30_000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** Milliseconds since the epoch, moving on twice a minute. */
export const useNow = (): number => useSyncExternalStore(subscribe, () => now)

/** "3 minutes ago", with the exact time on hover. `at`: ISO 8601 or milliseconds since the epoch. */
export function RelativeTime({ at, className }: { at: string | number; className?: string }) {
  const format = useFormat()
  // A clock that runs behind the core's would say "in 2 seconds".
  const reference = Math.max(useNow(), new Date(at).getTime())
  return (
    <time dateTime={new Date(at).toISOString()} title={format.dateTime(at)} className={className}>
      {format.relative(at, reference)}
    </time>
  )
}
