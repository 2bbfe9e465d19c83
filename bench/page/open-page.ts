import { join } from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { startServer } from '../../e2e/open-app.ts'
import buildPageOnce from '../../e2e/run/build-page.ts'
import { findChromium } from '../../e2e/run/find-chromium.ts'
import { isolatedHome } from '../../e2e/world/isolated-home.ts'
import { generateServices } from './generate-services.ts'
import { makeRepository } from './make-repository.ts'

/** The page on a repository of so many services, as a person would open it, once its picture stands. */
export type OpenPage = AsyncDisposable & {
  readonly page: Page
  /** From going to the address to the first picture, milliseconds. */
  readonly opened: number
}

export { load } from '../load.ts'

/** Opens the built page on a generated repository; null, after saying NOT RUN, where there is no Chromium. */
export async function openPage(name: string, folder: string, services: number): Promise<OpenPage | null> {
  const found = findChromium()
  if (!found) {
    console.log(`${name}: NOT RUN, there is no Chromium (PILOTHOUSE_CHROMIUM names one)`)
    return null
  }
  await buildPageOnce()
  await using made = new AsyncDisposableStack()
  const home = made.use(isolatedHome())
  const repository = makeRepository(join(folder, `services-${services}`), generateServices(services))
  const server = await startServer(home, ['serve', repository])
  made.defer(async () => void (await server.stop()))
  const browser = await chromium.launch({ executablePath: found.executable })
  made.defer(() => browser.close())
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' })
  await page.addInitScript(() => {
    new PerformanceObserver(list => {
      for (const { startTime, duration } of list.getEntries())
        performance.measure('held-up', { start: startTime, duration })
    }).observe({ type: 'longtask', buffered: true })
  })
  const start = performance.now()
  await page.goto(server.url)
  await page.waitForFunction(() => performance.getEntriesByName('topology-picture').length > 0, undefined, {
    timeout: 300_000,
  })
  const opened = performance.now() - start
  const kept = made.move()
  return { page, opened, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

/** How often, and how long at most, the page was held up for more than 50 ms since then, in milliseconds of the page. */
export const heldUp = (page: Page, since: number): Promise<readonly number[]> =>
  page.evaluate(
    from =>
      performance
        .getEntriesByName('held-up')
        .filter(entry => entry.startTime >= from)
        .map(entry => Math.round(entry.duration)),
    since,
  )
