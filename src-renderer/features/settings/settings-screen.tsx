import { Monitor, Moon, Sun } from 'lucide-react'
import { type ReactNode, useId } from 'react'
import type { Settings } from '../../../shared/host/contract.ts'
import type { Locale } from '../../../shared/messages/index.ts'
import { useApi } from '../../connection/api.ts'
import { useNavigation } from '../../connection/navigation.ts'
import { useCommand } from '../../connection/use-command.ts'
import { useLive } from '../../connection/use-live.ts'
import { useQuery } from '../../connection/use-query.ts'
import { useSettings } from '../../connection/use-settings.ts'
import { Badge } from '../../design/badge.tsx'
import { CopyCode } from '../../design/code.tsx'
import { Segmented } from '../../design/segmented.tsx'
import { Select } from '../../design/select.tsx'
import { Callout, ErrorNote } from '../../design/states.tsx'
import { useText } from '../../design/text.ts'
import styles from './settings.module.css'

const intervals = [0, 1, 5, 15, 60]

export function SettingsScreen() {
  const api = useApi()
  const text = useText()
  const settings = useSettings()
  const change = useCommand(api.host.changeSettings)
  const host = useQuery(api.host.describe, {}).value
  const workspace = useNavigation(place => place.workspace)

  const set = (next: Partial<Settings>) => void change.run(next)
  return (
    <div className={styles['screen']}>
      <div className={styles['column']}>
        <h1>{text('app.screenSettings')}</h1>
        <ErrorNote error={change.error} />
        <Group title={text('app.settingsAppearance')}>
          <Row label={text('app.theme')}>
            <Segmented
              label={text('app.theme')}
              value={settings.theme}
              onChange={theme => set({ theme })}
              options={[
                { value: 'system', label: text('app.themeSystem'), icon: Monitor },
                { value: 'light', label: text('app.themeLight'), icon: Sun },
                { value: 'dark', label: text('app.themeDark'), icon: Moon },
              ]}
            />
          </Row>
          <Row label={text('app.language')}>
            <Segmented<Locale>
              label={text('app.language')}
              value={settings.locale}
              onChange={locale => set({ locale })}
              // Each language is named in itself, so that it can be found from any other.
              options={[
                { value: 'en', label: 'English' },
                { value: 'zh', label: '简体中文' },
              ]}
            />
          </Row>
        </Group>
        <Group title={text('app.settingsGit')}>
          <Row label={text('app.fetchInterval')} hint={text('app.fetchIntervalHint')}>
            <Select
              label={text('app.fetchInterval')}
              value={String(settings.fetchMinutes)}
              onChange={minutes => set({ fetchMinutes: Number(minutes) })}
              options={[...new Set([...intervals, settings.fetchMinutes])]
                .sort((a, b) => a - b)
                .map(minutes => ({
                  value: String(minutes),
                  label: minutes === 0 ? text('app.fetchNever') : text('app.fetchEvery', { count: minutes }),
                }))}
            />
          </Row>
          {workspace && <IdentityRows workspace={workspace} />}
        </Group>
        {host && (
          <Group title={text('app.settingsAbout')}>
            <Row label={text('app.version')}>
              <span className={styles['version']}>
                <CopyCode value={host.version} />
              </span>
            </Row>
            <Row label={text('app.secretsKept')}>
              <span className={styles['value']}>
                {text(host.canKeepSecrets ? 'app.secretsInKeychain' : 'app.secretsInMemory')}
              </span>
            </Row>
          </Group>
        )}
      </div>
    </div>
  )
}

/** Who signs decisions here. Shown, not set: it is Git's configuration, and Git's tools own it. */
function IdentityRows({ workspace }: { workspace: string }) {
  const text = useText()
  const status = useLive(useApi().workspaces.status, { workspace }).value
  if (!status) return null
  const { identity, signing } = status
  return (
    <>
      <Row label={text('app.identity')} hint={text('app.identityHint', { name: status.name })}>
        {identity ? (
          <span className={styles['value']}>
            {identity.name} &lt;{identity.email}&gt;
          </span>
        ) : (
          <Badge tone="warn">{text('app.identityMissing')}</Badge>
        )}
      </Row>
      {!identity && (
        <div className={styles['row']}>
          <Callout tone="warn">{text('app.identityRemedy')}</Callout>
        </div>
      )}
      <Row label={text('app.signing')} hint={text('app.signingHint')}>
        {signing === 'none' ? (
          <span className={styles['value']}>{text('app.signingNone')}</span>
        ) : (
          <Badge tone="ok">{text('app.signingWith', { kind: signingNames[signing] })}</Badge>
        )}
      </Row>
    </>
  )
}

const signingNames = { ssh: 'SSH', openpgp: 'OpenPGP', x509: 'X.509' } as const

function Group({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section className={styles['group']} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div className={styles['rows']}>{children}</div>
    </section>
  )
}

function Row({ label, hint, children }: { label: string; hint?: string; children: ReactNode }) {
  return (
    <div className={styles['row']}>
      <div className={styles['words']}>
        {label}
        {hint && <small>{hint}</small>}
      </div>
      {children}
    </div>
  )
}
