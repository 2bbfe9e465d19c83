import { Suspense, useEffect, useRef } from 'react'
import type { WorkspaceStatus } from '../../shared/workspaces/contract.ts'
import { useApi } from '../connection/api.ts'
import { useNavigation } from '../connection/navigation.ts'
import { type Live, useLive } from '../connection/use-live.ts'
import { useQuery } from '../connection/use-query.ts'
import { Button } from '../design/button.tsx'
import { Hidden } from '../design/live-region.tsx'
import { Spinner } from '../design/spinner.tsx'
import { ErrorState } from '../design/states.tsx'
import { useText } from '../design/text.ts'
import { QuickSettings } from '../features/settings/quick-settings.tsx'
import { useOpenWorkspace, useReopenWorkspace, Welcome, WorkspaceDialogs } from '../features/workspaces/index.ts'
import { ConnectionBar } from './connection-bar.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import styles from './frame.module.css'
import { Header } from './header.tsx'
import { LimitsBar } from './limits-bar.tsx'
import { Rail } from './rail.tsx'
import { DraftDock, screenEntries, ToolsDock } from './screens.tsx'
import { TimeTravelBar } from './time-travel-bar.tsx'
import { useEnvironments } from './use-environments.ts'
import { useFrameShortcuts } from './use-frame-shortcuts.ts'
import { useThingsToFind } from './use-things-to-find.ts'

/** Rail, header, what has to be known, the screen, and the draft. Without a workspace: the welcome. */
export function Frame() {
  const workspace = useNavigation(place => place.workspace)
  useStartDirectory()
  return (
    <>
      <WorkspaceDialogs />
      {workspace ? <OpenFrame key={workspace} workspace={workspace} /> : <WelcomeFrame />}
    </>
  )
}

/** The folder that was named on the command line is opened once, when the address names no workspace. */
function useStartDirectory(): void {
  const host = useQuery(useApi().host.describe, {}).value
  const { open } = useOpenWorkspace()
  const done = useRef(false)
  useEffect(() => {
    if (!host || done.current) return
    done.current = true
    if (host.directory !== null && useNavigation.getState().workspace === null) void open(host.directory)
  }, [host, open])
}

function WelcomeFrame() {
  useFrameShortcuts({ inWorkspace: false })
  return (
    <div className={styles['alone']}>
      <ConnectionBar />
      <main className={styles['welcome']}>
        <Welcome />
      </main>
      <QuickSettings />
    </div>
  )
}

function OpenFrame({ workspace }: { workspace: string }) {
  const text = useText()
  const status = useLive(useApi().workspaces.status, { workspace })
  const screen = useNavigation(place => place.screen)
  const entry = screenEntries.find(each => each.screen === screen) ?? screenEntries[0]!
  const environments = useEnvironments(workspace, status.value)
  const main = useRef<HTMLElement>(null)
  useFrameShortcuts({ inWorkspace: true })
  useThingsToFind(workspace)
  useDocumentTitle(status.value)

  return (
    <div className={styles['frame']}>
      <button type="button" className={styles['skip']} onClick={() => main.current?.focus()}>
        {text('app.skipToContent')}
      </button>
      <Rail workspace={workspace} />
      <Header status={status} environments={environments} />
      <div className={styles['bars']}>
        <ConnectionBar />
        {status.value && <LimitsBar status={status.value} />}
        <TimeTravelBar workspace={workspace} />
      </div>
      <main ref={main} id="main" tabIndex={-1} className={styles['main']}>
        <h1>
          <Hidden>{status.value ? `${status.value.name}: ${text(entry.label)}` : text(entry.label)}</Hidden>
        </h1>
        <ErrorBoundary resetKey={`${workspace} ${screen}`}>
          <Suspense fallback={<ScreenLoading />}>
            {status.status === 'failed' ? <CannotOpen status={status} workspace={workspace} /> : <entry.component />}
          </Suspense>
        </ErrorBoundary>
      </main>
      <div className={styles['tools']}>
        <ErrorBoundary>
          <Suspense>
            <ToolsDock />
          </Suspense>
        </ErrorBoundary>
      </div>
      {entry.withDraft && status.status !== 'failed' && (
        <div className={styles['dock']}>
          <ErrorBoundary>
            <Suspense>
              <DraftDock />
            </Suspense>
          </ErrorBoundary>
        </div>
      )}
    </div>
  )
}

function useDocumentTitle(status: WorkspaceStatus | null): void {
  const name = status?.name
  useEffect(() => {
    document.title = name ? `${name} · Pilothouse` : 'Pilothouse'
    return () => {
      document.title = 'Pilothouse'
    }
  }, [name])
}

function ScreenLoading() {
  const text = useText()
  return (
    <div className={styles['loading']}>
      <Spinner label={text('app.loading')} />
    </div>
  )
}

/** The core may have been restarted and not know this workspace any more: its folder is opened again, once. */
function CannotOpen({ status, workspace }: { status: Live<WorkspaceStatus>; workspace: string }) {
  const text = useText()
  const reopening = useReopenWorkspace(workspace, status.error?.code === 'not-found', status.retry)
  if (reopening || !status.error) return <ScreenLoading />
  return (
    <ErrorState
      error={status.error}
      title={text('app.workspaceFailed')}
      onRetry={status.retry}
      action={<Button onClick={() => useNavigation.getState().setWorkspace(null)}>{text('app.otherWorkspace')}</Button>}
    />
  )
}
