import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from '@playwright/test'
import { startServer } from '../open-app.ts'
import { findChromium } from '../run/find-chromium.ts'
import type { Home } from '../world/isolated-home.ts'

const out = join(import.meta.dirname, '../../test-results/screens')
const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
] as const

export type Camera = {
  /** Starts the server shell and opens its page. */
  withApp(
    arguments_: readonly string[],
    home: Home,
    steps: (page: Page, context: BrowserContext) => Promise<void>,
  ): Promise<void>
  /** Takes a state in both sizes and both themes. What the page asks of its server in between has its second. */
  shoot(page: Page, name: string): Promise<void>
  close(): Promise<void>
}

/** A browser that takes pictures of the page into `test-results/screens/`. */
export async function startCamera(): Promise<Camera> {
  const found = findChromium()
  const browser: Browser = await chromium.launch(found ? { executablePath: found.executable } : {})
  mkdirSync(out, { recursive: true })
  return {
    async withApp(arguments_, home, steps) {
      const server = await startServer(home, arguments_)
      const context = await browser.newContext({ viewport: sizes[0], reducedMotion: 'reduce' })
      context.setDefaultTimeout(20_000)
      try {
        const page = await context.newPage()
        await page.goto(server.url)
        await steps(page, context)
      } finally {
        await context.close()
        await server.stop()
      }
    },
    async shoot(page, name) {
      for (const size of sizes) {
        await page.setViewportSize(size)
        for (const theme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
          await page.evaluate(() => document.fonts.ready)
          await page.waitForTimeout(500)
          await page.screenshot({ path: join(out, `${name}-${theme}-${size.width}.png`), animations: 'disabled' })
        }
      }
      await page.setViewportSize(sizes[0])
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
      process.stdout.write(`${name}\n`)
    },
    close: () => browser.close(),
  }
}
