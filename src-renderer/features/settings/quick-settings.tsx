import { Languages, Monitor, Moon, Sun } from 'lucide-react'
import { useApi } from '../../connection/api.ts'
import { useCommand } from '../../connection/use-command.ts'
import { useSettings } from '../../connection/use-settings.ts'
import { Button } from '../../design/button.tsx'
import { Segmented } from '../../design/segmented.tsx'
import { useText } from '../../design/text.ts'
import styles from './quick-settings.module.css'

/** Theme and language where there is no rail yet: nobody should have to read a foreign language to change it. */
export function QuickSettings() {
  const text = useText()
  const { theme, locale } = useSettings()
  const change = useCommand(useApi().host.changeSettings)
  return (
    <footer className={styles['quick']}>
      <Button
        variant="ghost"
        size="small"
        icon={Languages}
        lang={locale === 'en' ? 'zh-Hans' : 'en'}
        onClick={() => void change.run({ locale: locale === 'en' ? 'zh' : 'en' })}
      >
        {locale === 'en' ? '简体中文' : 'English'}
      </Button>
      <Segmented
        size="small"
        iconsOnly
        label={text('app.theme')}
        value={theme}
        onChange={next => void change.run({ theme: next })}
        options={[
          { value: 'system', label: text('app.themeSystem'), icon: Monitor },
          { value: 'light', label: text('app.themeLight'), icon: Sun },
          { value: 'dark', label: text('app.themeDark'), icon: Moon },
        ]}
      />
    </footer>
  )
}
