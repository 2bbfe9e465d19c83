import { House, Keyboard, Languages, Moon, RotateCw, Search, Sun, SunMoon, Undo2 } from 'lucide-react'
import { useApi } from '../connection/api.ts'
import { useNavigation } from '../connection/navigation.ts'
import { usePaletteSource, useShortcut } from '../connection/shortcuts.ts'
import { useCommand } from '../connection/use-command.ts'
import { useLive } from '../connection/use-live.ts'
import { useSettings } from '../connection/use-settings.ts'
import { useText } from '../design/text.ts'
import { useOpenWorkspace } from '../features/workspaces/index.ts'
import { overlays } from './overlays.ts'
import { screenEntries } from './screens.tsx'

/** What works everywhere. */
export function useFrameShortcuts({ inWorkspace }: { inWorkspace: boolean }): void {
  const api = useApi()
  const text = useText()
  const { theme, locale } = useSettings()
  const change = useCommand(api.host.changeSettings)
  const recent = useLive(api.workspaces.recent, {}).value
  const workspace = useOpenWorkspace()
  const revision = useNavigation(place => place.revision)
  const { go, setRevision, setScreen, setWorkspace } = useNavigation.getState()
  const everywhere = { group: 'app.groupEverywhere' } as const

  useShortcut('$mod+k', 'app.search', () => overlays.toggle('palette'), {
    ...everywhere,
    icon: Search,
    inDialog: true,
    whileTyping: true,
    keyOnly: true,
  })
  useShortcut('?', 'app.shortcuts', () => overlays.toggle('help'), { ...everywhere, icon: Keyboard, inDialog: true })
  useShortcut('F8', 'app.focusNotifications', () => document.getElementById('toasts')?.focus(), {
    ...everywhere,
    keyOnly: true,
    whileTyping: true,
  })
  useShortcut('g n', 'app.backToNow', () => setRevision(null), {
    group: 'app.groupGo',
    icon: Undo2,
    when: () => inWorkspace && revision !== null,
  })
  const settings = { group: 'app.groupSettings' } as const
  useShortcut(null, 'app.useLightTheme', () => void change.run({ theme: 'light' }), {
    ...settings,
    icon: Sun,
    when: () => theme !== 'light',
  })
  useShortcut(null, 'app.useDarkTheme', () => void change.run({ theme: 'dark' }), {
    ...settings,
    icon: Moon,
    when: () => theme !== 'dark',
  })
  useShortcut(null, 'app.useSystemTheme', () => void change.run({ theme: 'system' }), {
    ...settings,
    icon: SunMoon,
    when: () => theme !== 'system',
  })
  useShortcut(null, 'app.useOtherLanguage', () => void change.run({ locale: locale === 'en' ? 'zh' : 'en' }), {
    ...settings,
    icon: Languages,
  })
  useShortcut(null, 'app.reload', () => window.location.reload(), { ...settings, icon: RotateCw })
  useShortcut(null, 'app.closeWorkspace', () => setWorkspace(null), {
    group: 'app.groupWorkspace',
    icon: House,
    when: () => inWorkspace,
  })

  for (const { screen, label, icon, keys } of screenEntries) {
    const show = () => (screen === 'settings' ? go({ screen }) : setScreen(screen))
    // biome-ignore lint/correctness/useHookAtTopLevel: the screens are the same in the same order each time
    useShortcut(inWorkspace ? keys : null, label, show, { group: 'app.groupGo', icon, when: () => inWorkspace })
  }

  usePaletteSource(() =>
    (recent ?? [])
      .filter(each => !each.missing)
      .map(each => ({
        id: `workspace ${each.directory}`,
        label: text('app.openNamed', { name: each.name }),
        hint: each.directory,
        group: 'app.groupWorkspace',
        icon: House,
        run: () => void workspace.open(each.directory),
      })),
  )
}
