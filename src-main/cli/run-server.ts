import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { fileDocuments } from '../adapters/app-data/file-documents.ts'
import { createCore } from '../core/create-core.ts'
import type { Host } from '../needs/host.ts'
import { buildPage, pageState } from '../server/ensure-page.ts'
import { openInBrowser } from '../server/open-in-browser.ts'
import { plainHost } from '../server/plain-host.ts'
import { servePage } from '../server/serve-page.ts'
import { appRoot, appVersion } from './app-root.ts'
import type { Terminal } from './terminal.ts'

export type ServerRun = {
  readonly directory: string | null
  readonly sandbox: boolean
  readonly port: number
  readonly open: boolean
  readonly json: boolean
  /** Folder for drafts and settings; the app's own when absent. */
  readonly data?: string
  /** The person's own SSH configuration when absent. */
  readonly ssh?: NonNullable<Host['ssh']>
  /** The person's own kubeconfig when absent. */
  readonly kubeconfigFiles?: readonly string[]
}

/** Runs the server shell until the terminal's signal ends it. */
export async function runServer(
  { directory, sandbox, port, open, json, data, ssh, kubeconfigFiles }: ServerRun,
  terminal: Terminal,
): Promise<void> {
  const { signal } = terminal
  const page = await pageFolder(terminal)
  await using running = new AsyncDisposableStack()
  const documents = data === undefined ? {} : { documents: fileDocuments(data) }
  const host = plainHost({
    version: appVersion(),
    directory,
    sandbox,
    ...documents,
    ...(ssh && { ssh }),
    ...(kubeconfigFiles && { kubeconfigFiles }),
  })
  const core = running.use(await createCore(host))
  const server = running.use(
    await servePage({
      page,
      port,
      locale: terminal.locale,
      answer: channel => core.answer(channel),
      report: host.report,
    }),
  )
  const announce = () => {
    const url = server.address()
    terminal.out(json ? `${JSON.stringify({ url })}\n` : `${url}\n`)
    return url
  }
  if (!json) terminal.say({ key: 'cli.serving' })
  const url = announce()
  if (open && !(await openInBrowser(url, terminal.environment))) terminal.say({ key: 'cli.openYourself' })
  if (terminal.interactive) {
    terminal.say({ key: 'cli.enterForAnother' })
    process.stdin.on('data', announce)
    running.defer(() => {
      process.stdin.off('data', announce)
      process.stdin.pause()
    })
  }
  await new Promise<void>(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}

/** The built page, built anew when its sources are newer. PILOTHOUSE_PAGE names one that is served as it is. */
async function pageFolder({ environment, signal, directory, say }: Terminal): Promise<string> {
  const given = environment['PILOTHOUSE_PAGE']
  if (given) {
    const folder = resolve(directory, given)
    if (!existsSync(join(folder, 'index.html')))
      throw new AppError('not-found', 'cli.cannotRead', { file: join(folder, 'index.html') })
    return folder
  }
  const state = pageState(appRoot)
  if (state !== 'ready') {
    say({ key: state === 'missing' ? 'cli.pageMissing' : 'cli.pageOld' })
    await buildPage(appRoot, signal)
  }
  return join(appRoot, 'out/renderer')
}
