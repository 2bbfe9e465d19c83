import { ArrowDown, ArrowUp, Check, CloudOff, GitBranch, GitCommitHorizontal, HardDrive, RefreshCw } from 'lucide-react'
import { Popover } from 'radix-ui'
import { assertNever } from '../../shared/errors.ts'
import type { WorkspaceStatus } from '../../shared/workspaces/contract.ts'
import { useApi } from '../connection/api.ts'
import { useShortcut } from '../connection/shortcuts.ts'
import { useCommand } from '../connection/use-command.ts'
import { Button, IconButton } from '../design/button.tsx'
import { RelativeTime } from '../design/relative-time.tsx'
import { Spinner } from '../design/spinner.tsx'
import { Callout, ErrorNote } from '../design/states.tsx'
import { useFormat, useSay, useText } from '../design/text.ts'
import { useToasts } from '../design/toasts.tsx'
import { Tooltip } from '../design/tooltip.tsx'
import styles from './header.module.css'

/** Branch, how far it and its remote are apart, since when that is known, and what can be done about it. */
export function SyncStatus({ status, stale }: { status: WorkspaceStatus; stale: number | null }) {
  const text = useText()
  const say = useSay()
  const format = useFormat()
  const sync = useSyncActions(status)
  const { kind } = status.sync
  const { ahead, behind, fetchedAt } =
    status.sync.kind === 'no-remote' ? { ahead: 0, behind: 0, fetchedAt: null } : status.sync
  const remote = status.remote?.name ?? 'origin'
  const branch = status.branch ?? (status.head ? status.head.slice(0, 8) : text('app.noCommits'))
  const readOnly = status.limits.some(limit => limit.effect === 'read-only')

  return (
    <div className={styles['sync']}>
      <Popover.Root>
        <Tooltip label={text('app.syncDetails')}>
          <Popover.Trigger
            className={styles['syncText']}
            data-tone={kind === 'offline' || stale !== null ? 'warn' : undefined}
          >
            <span className={styles['branch']}>
              {status.branch ? <GitBranch aria-hidden="true" /> : <GitCommitHorizontal aria-hidden="true" />}
              <span>{branch}</span>
            </span>
            <SyncGlyph status={status} stale={stale} />
          </Popover.Trigger>
        </Tooltip>
        <Popover.Portal>
          <Popover.Content className={styles['details']} align="start" sideOffset={6} collisionPadding={8}>
            {status.sync.kind === 'offline' && (
              <Callout tone="warn" icon={CloudOff} title={text('app.offline')}>
                {say(status.sync.reason)}
              </Callout>
            )}
            {stale !== null && <Callout tone="stale">{text('app.asOf', { when: format.time(stale) })}</Callout>}
            <dl>
              <dt>{text('app.branch')}</dt>
              <dd>{status.branch ?? text('app.detachedAt', { commit: branch })}</dd>
              <dt>{text('app.remote')}</dt>
              <dd>
                {status.remote ? (
                  <>
                    {status.remote.name}
                    <code className={styles['address']}>{status.remote.url}</code>
                  </>
                ) : (
                  text('app.noRemote')
                )}
              </dd>
              {kind !== 'no-remote' && (
                <>
                  <dt>{text('app.waitingHere')}</dt>
                  <dd>{text('app.commits', { count: ahead })}</dd>
                  <dt>{text('app.newThere')}</dt>
                  <dd>{text('app.commits', { count: behind })}</dd>
                  <dt>{text('app.lastFetched')}</dt>
                  <dd>{fetchedAt ? <RelativeTime at={fetchedAt} /> : text('app.neverFetched')}</dd>
                </>
              )}
            </dl>
            <ErrorNote error={sync.error} />
            {kind !== 'no-remote' && (
              <div className={styles['actions']}>
                <Button size="small" icon={RefreshCw} loading={sync.fetching} onClick={sync.fetch}>
                  {text('app.fetch')}
                </Button>
                {behind > 0 && !readOnly && (
                  <Button size="small" icon={ArrowDown} loading={sync.updating} onClick={sync.update}>
                    {text('app.update')}
                  </Button>
                )}
                {ahead > 0 && !readOnly && (
                  <Button size="small" icon={ArrowUp} loading={sync.pushing} onClick={sync.push}>
                    {text('app.push')}
                  </Button>
                )}
              </div>
            )}
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      {behind > 0 && !readOnly && (
        <Button size="small" icon={ArrowDown} loading={sync.updating} onClick={sync.update}>
          {text('app.updateCount', { count: behind })}
        </Button>
      )}
      {ahead > 0 && !readOnly && (
        <Button size="small" icon={ArrowUp} loading={sync.pushing} onClick={sync.push}>
          {text('app.pushCount', { count: ahead })}
        </Button>
      )}
      {kind !== 'no-remote' && (
        <IconButton
          icon={RefreshCw}
          size="small"
          label={text('app.fetchFrom', { remote })}
          loading={sync.fetching || kind === 'syncing'}
          onClick={sync.fetch}
        />
      )}
    </div>
  )
}

function SyncGlyph({ status, stale }: { status: WorkspaceStatus; stale: number | null }) {
  const text = useText()
  const format = useFormat()
  const { sync } = status
  if (stale !== null) return <span>{text('app.asOf', { when: format.time(stale) })}</span>
  switch (sync.kind) {
    case 'no-remote':
      return (
        <>
          <HardDrive aria-hidden="true" />
          <span className={styles['fetched']}>{text('app.localOnly')}</span>
        </>
      )
    case 'offline':
      return (
        <>
          <CloudOff aria-hidden="true" />
          <span>
            {text('app.offline')}
            {sync.fetchedAt && (
              <span className={styles['fetched']}>
                {' · '}
                <RelativeTime at={sync.fetchedAt} />
              </span>
            )}
          </span>
        </>
      )
    case 'syncing':
      return <Spinner label={text('app.syncing')} />
    case 'known':
      if (sync.ahead > 0 || sync.behind > 0) return null
      return (
        <>
          <Check aria-label={text('app.inStep')} />
          {sync.fetchedAt && <RelativeTime at={sync.fetchedAt} className={styles['fetched'] ?? ''} />}
        </>
      )
    default:
      return assertNever(sync)
  }
}

function useSyncActions(status: WorkspaceStatus) {
  const api = useApi()
  const text = useText()
  const say = useSay()
  const toasts = useToasts()
  const fetch = useCommand(api.workspaces.fetch)
  const push = useCommand(api.workspaces.push)
  const update = useCommand(api.workspaces.update)
  const { workspace } = status
  const remote = status.remote?.name ?? 'origin'
  const sync = status.sync.kind === 'no-remote' ? { ahead: 0, behind: 0 } : status.sync

  const doFetch = async () => {
    const now = await fetch.run({ workspace })
    if (now?.kind === 'offline') toasts.show({ tone: 'warn', title: text('app.offline'), detail: say(now.reason) })
    else if (now?.kind === 'known' && now.behind === 0)
      toasts.show({ tone: 'ok', title: text('app.nothingNew', { remote }) })
  }
  const doPush = async () => {
    const outcome = await push.run({ workspace })
    if (!outcome) return
    switch (outcome.kind) {
      case 'pushed':
        return toasts.show({ tone: 'ok', title: text('app.pushed', { count: outcome.commits, remote }) })
      case 'nothing-to-push':
        return toasts.show({ title: text('app.nothingToPush', { remote }) })
      case 'diverged':
        return toasts.show({ tone: 'danger', title: text('app.pushDiverged'), detail: say(outcome.message) })
      case 'offline':
        return toasts.show({ tone: 'warn', title: text('app.pushOffline'), detail: say(outcome.reason) })
      default:
        return assertNever(outcome)
    }
  }
  const doUpdate = async () => {
    const outcome = await update.run({ workspace })
    if (!outcome) return
    switch (outcome.kind) {
      case 'up-to-date':
        return toasts.show({ tone: 'ok', title: text('app.nothingNew', { remote }) })
      case 'updated':
        return toasts.show({
          tone: 'ok',
          title: text('app.updated', { commit: outcome.commit.slice(0, 8) }),
          ...(outcome.replayed > 0 ? { detail: text('app.replayed', { count: outcome.replayed }) } : {}),
        })
      case 'dirty':
        return toasts.show({
          tone: 'danger',
          title: text('app.updateDirty', { count: outcome.files.length }),
          detail: outcome.files.slice(0, 5).join(', '),
        })
      case 'diverged':
        return toasts.show({ tone: 'danger', title: text('app.updateDiverged'), detail: say(outcome.message) })
      case 'offline':
        return toasts.show({ tone: 'warn', title: text('app.offline'), detail: say(outcome.reason) })
      default:
        return assertNever(outcome)
    }
  }
  const here = { group: 'app.groupWorkspace' } as const
  const hasRemote = status.sync.kind !== 'no-remote'
  useShortcut(null, 'app.fetch', () => void doFetch(), { ...here, icon: RefreshCw, when: () => hasRemote })
  useShortcut(null, 'app.push', () => void doPush(), { ...here, icon: ArrowUp, when: () => sync.ahead > 0 })
  useShortcut(null, 'app.update', () => void doUpdate(), { ...here, icon: ArrowDown, when: () => sync.behind > 0 })
  return {
    fetch: () => void doFetch(),
    push: () => void doPush(),
    update: () => void doUpdate(),
    fetching: fetch.running,
    pushing: push.running,
    updating: update.running,
    error: fetch.error ?? push.error ?? update.error,
  }
}
