import { FlaskConical, FolderGit2, FolderOpen, GitBranchPlus, type LucideIcon, ShipWheel, X } from 'lucide-react'
import type { RecentWorkspace } from '../../../shared/workspaces/contract.ts'
import { useApi } from '../../connection/api.ts'
import { useCommand } from '../../connection/use-command.ts'
import { useLive } from '../../connection/use-live.ts'
import { Badge } from '../../design/badge.tsx'
import { IconButton } from '../../design/button.tsx'
import { Code } from '../../design/code.tsx'
import { KeyHint } from '../../design/key-hint.tsx'
import { RelativeTime } from '../../design/relative-time.tsx'
import { Skeleton } from '../../design/spinner.tsx'
import { ErrorNote } from '../../design/states.tsx'
import { useText } from '../../design/text.ts'
import { useOpenWorkspace } from './open-workspace.ts'
import styles from './welcome.module.css'
import { workspaceDialogs } from './workspace-dialogs.tsx'

/** What is seen while no workspace is open. */
export function Welcome() {
  const api = useApi()
  const text = useText()
  const recent = useLive(api.workspaces.recent, {})
  const forget = useCommand(api.workspaces.forget)
  const workspace = useOpenWorkspace()
  const list = recent.value ?? []

  return (
    <div className={styles['welcome']}>
      <div className={styles['column']}>
        <div className={styles['brand']}>
          <ShipWheel aria-hidden="true" />
          <div>
            <h1>Pilothouse</h1>
            <p>{text('app.tagline')}</p>
          </div>
        </div>
        <div className={styles['ways']}>
          <Way
            icon={FolderOpen}
            label={text('app.openFolder')}
            hint={text('app.openFolderHint')}
            keys="$mod+o"
            onClick={workspaceDialogs.askFolder}
          />
          <Way
            icon={GitBranchPlus}
            label={text('app.cloneRepository')}
            hint={text('app.cloneHint')}
            onClick={workspaceDialogs.askClone}
          />
        </div>
        <ErrorNote error={workspace.error ?? forget.error} />
        {recent.status === 'connecting' && (
          <div className={styles['section']}>
            {[40, 55, 35].map(width => (
              <div key={width} className={styles['recent']}>
                <Skeleton width={16} height={16} />
                <Skeleton width={`${width}%`} height={32} />
              </div>
            ))}
          </div>
        )}
        {list.length > 0 && (
          <section className={styles['section']} aria-labelledby="recent-workspaces">
            <h2 id="recent-workspaces">{text('app.recentWorkspaces')}</h2>
            <ul>
              {list.map(each => (
                <Recent
                  key={each.directory}
                  recent={each}
                  onOpen={() => void workspace.open(each.directory)}
                  onForget={() => void forget.run({ directory: each.directory })}
                />
              ))}
            </ul>
          </section>
        )}
        <p className={styles['sandbox']}>
          <FlaskConical aria-hidden="true" />
          <span>
            {text('app.sandboxHint')} <Code>pilothouse demo</Code>
          </span>
        </p>
      </div>
    </div>
  )
}

type WayProps = { icon: LucideIcon; label: string; hint: string; keys?: string; onClick(): void }

function Way({ icon: Icon, label, hint, keys, onClick }: WayProps) {
  return (
    <button type="button" className={styles['way']} onClick={onClick}>
      <Icon aria-hidden="true" />
      <strong>{label}</strong>
      {keys ? <KeyHint keys={keys} /> : <span />}
      <small>{hint}</small>
    </button>
  )
}

function Recent({ recent, onOpen, onForget }: { recent: RecentWorkspace; onOpen(): void; onForget(): void }) {
  const text = useText()
  return (
    <li className={styles['item']} data-missing={recent.missing || undefined}>
      <button type="button" className={styles['recent']} onClick={onOpen}>
        <FolderGit2 aria-hidden="true" />
        <span className={styles['words']}>
          <span>
            <strong>{recent.name}</strong>
            {recent.sandbox && <Badge tone="info">{text('app.sandbox')}</Badge>}
            {recent.missing && <Badge tone="warn">{text('app.folderMissing')}</Badge>}
          </span>
          <code>{recent.directory}</code>
        </span>
        <RelativeTime at={recent.openedAt} className={styles['when'] ?? ''} />
      </button>
      <IconButton
        icon={X}
        size="small"
        className={styles['forget'] ?? ''}
        label={text('app.forgetWorkspace', { name: recent.name })}
        onClick={onForget}
      />
    </li>
  )
}
