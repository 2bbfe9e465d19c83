import { windowSeconds } from '../../../shared/metrics/window.ts'
import { useText } from '../../design/index.ts'

/** `5m` as a person says it. */
export function useWindowWords(): (window: string) => string {
  const text = useText()
  return window => {
    const seconds = windowSeconds(window)
    if (seconds % 86_400 === 0) return text('metrics.windowDays', { count: seconds / 86_400 })
    if (seconds % 3600 === 0) return text('metrics.windowHours', { count: seconds / 3600 })
    if (seconds % 60 === 0) return text('metrics.windowMinutes', { count: seconds / 60 })
    return text('metrics.windowSeconds', { count: seconds })
  }
}
