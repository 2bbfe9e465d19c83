import { StrictMode, useEffect } from 'react'
import { ConnectionProvider } from '../connection/api.ts'
import type { Connection } from '../connection/connection.ts'
import { followAddress } from '../connection/navigation.ts'
import { Toasts } from '../design/toasts.tsx'
import { TooltipProvider } from '../design/tooltip.tsx'
import { Questions } from '../features/questions/index.ts'
import { Appearance } from './appearance.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { Frame } from './frame.tsx'
import { Notices } from './notices.tsx'
import { Palette } from './palette.tsx'
import { runShortcuts } from './run-shortcuts.ts'
import { ShortcutsHelp } from './shortcuts-help.tsx'

/** The whole page, on any connection to a core. */
export function App({ connection }: { connection: Connection }) {
  useEffect(followAddress, [])
  useEffect(runShortcuts, [])
  return (
    <StrictMode>
      <ConnectionProvider value={connection}>
        <Appearance>
          <TooltipProvider>
            <ErrorBoundary>
              <Frame />
              <Palette />
              <ShortcutsHelp />
              <Questions />
              <Notices />
              <Toasts />
            </ErrorBoundary>
          </TooltipProvider>
        </Appearance>
      </ConnectionProvider>
    </StrictMode>
  )
}
