import { resolve } from 'node:path'
import { app, BrowserWindow, protocol, session } from 'electron'
import { appDataDirectory } from '../adapters/app-data/app-data-directory.ts'
import { createCore } from '../core/create-core.ts'
import { scheme } from './allowed-navigation.ts'
import { answerAppRequest } from './app-protocol.ts'
import { desktopHost } from './desktop-host.ts'
import { setMenu } from './menu.ts'
import { denyPermissions } from './permissions.ts'
import { lockContents, openWindow } from './window.ts'

// Before anything else: these are read once, when Chromium starts.
protocol.registerSchemesAsPrivileged([
  { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
])
app.enableSandbox()
app.setName('Pilothouse')
// Chromium's own files beside our documents, one app for every shell.
app.setPath('userData', resolve(appDataDirectory(process.env), 'electron'))

/** The folder on the command line; when not packaged, Electron's own argument is the app's folder. */
function directoryOf(argv: readonly string[], cwd: string): string | null {
  const typed = argv.slice(app.isPackaged ? 1 : 2).find(argument => !argument.startsWith('-'))
  return typed === undefined ? null : resolve(cwd, typed)
}

async function start(): Promise<void> {
  await app.whenReady()
  const host = desktopHost(directoryOf(process.argv, process.cwd()))
  const page = resolve(import.meta.dirname, '../renderer')
  protocol.handle(scheme, request => answerAppRequest(page, request))
  denyPermissions(session.defaultSession)
  lockContents(host.report)

  const core = await createCore(host)
  const open = (place?: string) => openWindow(channel => core.answer(channel), host.report, place)
  setMenu(app.getLocale().startsWith('zh') ? 'zh' : 'en', () => open())
  open()

  // Started again, perhaps on another folder: another window of the same core, so that drafts are the same in both.
  app.on('second-instance', (_event, argv, cwd) => {
    const directory = directoryOf(argv, cwd)
    if (directory === null) open()
    else
      core.handlers.workspaces.open({ directory }, { signal: new AbortController().signal }).then(
        ({ workspace }) => open(`#/${workspace}/topology`),
        (error: unknown) => {
          host.report(error)
          open()
        },
      )
  })
  app.on('activate', () => {
    if (BrowserWindow.getAllWindows().length === 0) open()
  })
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  let disposed = false
  app.on('will-quit', event => {
    if (disposed) return
    // The core closes what it has open (repositories, connections) before the process goes.
    event.preventDefault()
    disposed = true
    Promise.resolve(core[Symbol.asyncDispose]())
      .catch(host.report)
      .finally(() => app.quit())
  })
}

if (app.requestSingleInstanceLock())
  start().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`)
    app.exit(1)
  })
else app.quit()
