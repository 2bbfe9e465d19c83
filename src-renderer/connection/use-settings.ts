import type { Settings } from '../../shared/host/contract.ts'
import { useApi } from './api.ts'
import { useLive } from './use-live.ts'

/** Until the settings are known: what the system says. */
const fallback: Settings = {
  theme: 'system',
  locale: typeof navigator !== 'undefined' && navigator.language.startsWith('zh') ? 'zh' : 'en',
  fetchMinutes: 5,
}

/** The settings as they are now; the same in every window. */
export const useSettings = (): Settings => useLive(useApi().host.settings, {}).value ?? fallback
