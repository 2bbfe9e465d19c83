import { createRoot } from 'react-dom/client'
import * as z from 'zod/mini'
import { App } from './app/app.tsx'
import { reportBug } from './connection/bug-reports.ts'
import { connect } from './connection/connection.ts'
import { openChannel } from './connection/open-channel.ts'
import './design/base.css'
import { startLayoutWorkerAhead } from './features/topology/layout/worker-ahead.ts'

// The page's policy forbids eval; without this zod would try it once and be reported.
z.config({ jitless: true })

window.addEventListener('error', event => reportBug(event.error ?? event.message))
window.addEventListener('unhandledrejection', event => reportBug(event.reason))

startLayoutWorkerAhead()

createRoot(document.getElementById('root')!, {
  onUncaughtError: error => reportBug(error),
  // The boundary that caught it has reported it with its component stack.
  onCaughtError: () => {},
}).render(<App connection={connect(openChannel)} />)
