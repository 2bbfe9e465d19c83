import { join } from 'node:path'
import { app, BrowserWindow, nativeTheme, shell } from 'electron'
import type { Channel } from '../../shared/contract/wire.ts'
import { isExternal, isOurPage, startAddress } from './allowed-navigation.ts'
import { answerWindow } from './page-channel.ts'

/** Everything that any web contents of this app may not do, whoever made it. */
export function lockContents(report: (error: unknown) => void): void {
  app.on('web-contents-created', (_event, contents) => {
    const stay = (event: { readonly url: string; preventDefault(): void }) => {
      if (!isOurPage(event.url)) event.preventDefault()
    }
    contents.on('will-navigate', stay)
    contents.on('will-frame-navigate', stay)
    contents.on('will-redirect', stay)
    contents.on('will-attach-webview', event => event.preventDefault())
    contents.setWindowOpenHandler(({ url }) => {
      if (isExternal(url)) shell.openExternal(url).catch(report)
      return { action: 'deny' }
    })
  })
}

/** Opens one window on the page; `place` is the fragment of its address, absent for the start. */
export function openWindow(
  answer: (channel: Channel) => void,
  report: (error: unknown) => void,
  place = '',
): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 720,
    minHeight: 480,
    show: false,
    title: 'Pilothouse',
    // Windows and macOS take it from the package; Linux from here.
    icon: join(import.meta.dirname, '../../resources/icon.png'),
    // What is seen before the page draws: no white flash at night.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#14161a' : '#ffffff',
    webPreferences: {
      preload: join(import.meta.dirname, '../preload/preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  })
  answerWindow(window.webContents, answer)
  window.once('ready-to-show', () => window.show())
  window.loadURL(startAddress + place).catch(report)
  return window
}
