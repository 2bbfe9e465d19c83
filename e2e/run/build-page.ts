import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { buildPage, pageState } from '../../src-main/server/ensure-page.ts'

const root = join(import.meta.dirname, '../..')

/** Builds the page once before all specs, so that none waits for it and all see the same; see PILOTHOUSE_PAGE. */
export default async function buildPageOnce(): Promise<void> {
  const given = process.env['PILOTHOUSE_PAGE']
  const page = given ? resolve(given) : join(root, 'out/renderer')
  if (given && !existsSync(join(page, 'index.html'))) throw new Error(`PILOTHOUSE_PAGE names no built page: ${page}`)
  if (!given && pageState(root) !== 'ready') await buildPage(root, new AbortController().signal)
  process.env['PILOTHOUSE_PAGE'] = page
}
