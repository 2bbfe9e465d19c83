import { homedir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { appDataDirectory } from '../adapters/app-data/app-data-directory.ts'
import { fileDocuments } from '../adapters/app-data/file-documents.ts'
import { openLog } from '../adapters/log/open-log.ts'
import { memorySecrets } from '../adapters/secrets/memory-secrets.ts'
import type { Documents } from '../needs/documents.ts'
import type { Host } from '../needs/host.ts'
import { openInBrowser } from './open-in-browser.ts'

export type PlainHostOptions = {
  readonly version: string
  readonly directory: string | null
  readonly sandbox: boolean
  /** Defaults to the app's data folder. */
  readonly documents?: Documents
  /** Each the person's own when absent. */
  readonly ssh?: NonNullable<Host['ssh']>
  readonly kubeconfigFiles?: readonly string[]
}

/** What plain Node can do: keep documents, open a browser, and hold secrets until it ends. */
export function plainHost(options: PlainHostOptions): Host {
  const { version, directory, sandbox, documents, ssh, kubeconfigFiles } = options
  const data = appDataDirectory(process.env)
  const log = openLog(join(data, 'logs'))
  return {
    description: { version, canPickFolder: false, canKeepSecrets: false, home: homedir(), directory, sandbox },
    documents: documents ?? fileDocuments(join(data, 'documents')),
    secrets: memorySecrets(),
    ...(ssh && { ssh }),
    ...(kubeconfigFiles && { kubeconfigFiles }),
    pickFolder: () => Promise.reject(new AppError('unsupported', 'error.noFolderDialog')),
    async openExternal(url) {
      if (!(await openInBrowser(url))) throw new AppError('unsupported', 'error.noBrowser', { url })
    },
    report: log.report,
  }
}
