import { FlaskConical, Layers, Search } from 'lucide-react'
import { environmentLabel } from '../../shared/environments/environment-label.ts'
import type { Environment } from '../../shared/topology/topology.ts'
import type { WorkspaceStatus } from '../../shared/workspaces/contract.ts'
import { useNavigation } from '../connection/navigation.ts'
import { usePaletteSource } from '../connection/shortcuts.ts'
import type { Live } from '../connection/use-live.ts'
import type { Asked } from '../connection/use-query.ts'
import { Badge } from '../design/badge.tsx'
import { KeyHint } from '../design/key-hint.tsx'
import { Picker } from '../design/picker.tsx'
import { Skeleton } from '../design/spinner.tsx'
import { useText } from '../design/text.ts'
import { Tooltip } from '../design/tooltip.tsx'
import styles from './header.module.css'
import { overlays } from './overlays.ts'
import { RevisionSwitch } from './revision-switch.tsx'
import { SyncStatus } from './sync-status.tsx'
import { WorkspaceSwitch } from './workspace-switch.tsx'

export type HeaderProps = { status: Live<WorkspaceStatus>; environments: Asked<readonly Environment[]> }

export function Header({ status, environments }: HeaderProps) {
  const text = useText()
  return (
    <header className={styles['header']}>
      <WorkspaceSwitch status={status.value} className={styles['workspace']} />
      {status.value?.sandbox && (
        <Tooltip label={text('app.sandboxMeaning')}>
          <span>
            <Badge tone="info" icon={FlaskConical}>
              {text('app.sandbox')}
            </Badge>
          </span>
        </Tooltip>
      )}
      {status.value ? (
        <SyncStatus status={status.value} stale={status.status === 'stale' ? status.since : null} />
      ) : (
        status.status === 'connecting' && <Skeleton width={120} height={16} />
      )}
      <span className={styles['divider']} />
      {status.status !== 'failed' && <EnvironmentSelect environments={environments} />}
      {status.value && <RevisionSwitch status={status.value} className={styles['revision']} />}
      <span className={styles['space']} />
      <button type="button" className={styles['search']} onClick={() => overlays.show('palette')}>
        <Search aria-hidden="true" />
        <span>{text('app.searchHint')}</span>
        <KeyHint keys="$mod+k" />
      </button>
    </header>
  )
}

/** What makes an environment, where it is not what lies in a folder. */
const toolNames: { readonly [kind in Environment['kind']]: string | null } = {
  folder: null,
  kustomize: 'Kustomize',
  helm: 'Helm',
  'argo-cd': 'Argo CD',
  flux: 'Flux',
}

function EnvironmentSelect({ environments }: { environments: Asked<readonly Environment[]> }) {
  const text = useText()
  const chosen = useNavigation(place => place.environment)
  const { setEnvironment } = useNavigation.getState()
  const all = environments.value ?? []
  const known = all.some(each => each.id === chosen)
  const nameOf = (id: string) => (id === '.' ? text('app.wholeRepository') : environmentLabel(all, id))
  const current = all.find(each => each.id === chosen)
  const aboutOf = ({ kind, workloads, approximate }: Environment) =>
    [
      toolNames[kind] && (approximate ? `≈ ${toolNames[kind]}` : toolNames[kind]),
      text('app.workloads', { count: workloads }),
    ]
      .filter(word => typeof word === 'string')
      .join(' · ')

  usePaletteSource(() =>
    all.map(each => ({
      id: `environment ${each.id}`,
      label: nameOf(each.id),
      hint: aboutOf(each),
      group: 'app.environments',
      icon: Layers,
      run: () => setEnvironment(each.id),
    })),
  )
  if (environments.status === 'idle' || environments.status === 'loading') return <Skeleton width={140} height={16} />
  return (
    <>
      <Picker
        className={styles['environment']}
        label={text('app.environment')}
        icon={Layers}
        value={chosen === null ? text('app.noEnvironment') : nameOf(chosen)}
        placeholder={text('app.findEnvironment')}
        empty={text(all.length === 0 ? 'app.noEnvironments' : 'app.noneMatches')}
        groups={[
          {
            heading: text('app.environments'),
            items: all.map(each => ({
              id: each.id,
              label: nameOf(each.id),
              end: aboutOf(each),
              icon: Layers,
              current: each.id === chosen,
              run: () => setEnvironment(each.id),
            })),
          },
          {
            // A folder that was chosen by its address and is no environment of its own at this revision.
            heading: text('app.otherFolder'),
            items:
              chosen !== null && !known
                ? [{ id: chosen, label: nameOf(chosen), icon: Layers, current: true, run: () => {} }]
                : [],
          },
        ]}
        typedItem={typed =>
          all.some(each => each.id === typed)
            ? null
            : {
                id: `folder ${typed}`,
                label: text('app.lookAtFolder', { folder: typed }),
                icon: Layers,
                run: () => setEnvironment(typed),
              }
        }
      />
      {current?.approximate && (
        <Tooltip label={text('gitops.approximate')}>
          <span>
            <Badge tone="warn">{text('gitops.approximateShort')}</Badge>
          </span>
        </Tooltip>
      )}
    </>
  )
}
