import { homedir } from 'node:os'
import { join } from 'node:path'
import { app, BrowserWindow, dialog, shell } from 'electron'
import { AppError } from '../../shared/errors.ts'
import { appDataDirectory } from '../adapters/app-data/app-data-directory.ts'
import { fileDocuments } from '../adapters/app-data/file-documents.ts'
import { openLog } from '../adapters/log/open-log.ts'
import type { Host } from '../needs/host.ts'
import { isExternal } from './allowed-navigation.ts'
import { safeStorageSecrets } from './safe-storage-secrets.ts'

/** What the desktop can do: the system's folder dialog, its keychain, its browser. */
export function desktopHost(directory: string | null): Host {
  const data = appDataDirectory(process.env)
  const { report } = openLog(join(data, 'logs'))
  const documents = fileDocuments(join(data, 'documents'))
  const secrets = safeStorageSecrets(documents, report)
  return {
    description: {
      version: app.getVersion(),
      canPickFolder: true,
      canKeepSecrets: secrets.durable,
      home: homedir(),
      directory,
      sandbox: false,
    },
    documents,
    secrets,
    async pickFolder() {
      const window = BrowserWindow.getFocusedWindow()
      const options: Electron.OpenDialogOptions = { properties: ['openDirectory', 'createDirectory'] }
      const { canceled, filePaths } = await (window
        ? dialog.showOpenDialog(window, options)
        : dialog.showOpenDialog(options))
      return canceled ? null : (filePaths[0] ?? null)
    },
    async openExternal(url) {
      if (!isExternal(url)) throw new AppError('invalid-input', 'error.badAddress', { url })
      await shell.openExternal(url)
    },
    report,
  }
}
