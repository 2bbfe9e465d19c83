import { type ReactNode, useEffect, useSyncExternalStore } from 'react'
import { useSettings } from '../connection/use-settings.ts'
import { LocaleProvider, languageTag } from '../design/text.ts'

const prefersDark = window.matchMedia('(prefers-color-scheme: dark)')
const watchSystemTheme = (listener: () => void) => {
  prefersDark.addEventListener('change', listener)
  return () => prefersDark.removeEventListener('change', listener)
}

/** Language and theme for everything below; `lang` and `data-theme` of the document follow. */
export function Appearance({ children }: { children: ReactNode }) {
  const { locale, theme } = useSettings()
  const systemIsDark = useSyncExternalStore(watchSystemTheme, () => prefersDark.matches)
  const drawn = theme === 'system' ? (systemIsDark ? 'dark' : 'light') : theme
  useEffect(() => {
    document.documentElement.lang = languageTag(locale)
    document.documentElement.dataset['theme'] = drawn
  }, [locale, drawn])
  return <LocaleProvider value={locale}>{children}</LocaleProvider>
}
