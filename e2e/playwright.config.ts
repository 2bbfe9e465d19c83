import { defineConfig } from '@playwright/test'
import { findChromium } from './run/find-chromium.ts'

const chromium = findChromium()

/** The same specs over two shells: the page in Chromium from the server shell, and the desktop app. */
export default defineConfig({
  testDir: 'specs',
  globalSetup: './run/build-page.ts',
  outputDir: '../test-results/e2e',
  // Two cores are common in CI: one for the app, one for the browser.
  workers: process.env['PILOTHOUSE_E2E_WORKERS'] ? Number(process.env['PILOTHOUSE_E2E_WORKERS']) : 2,
  fullyParallel: true,
  timeout: 120_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  reporter: 'list',
  use: {
    viewport: { width: 1440, height: 900 },
    // What moves by itself is met halfway on a busy machine. `main-job.spec.ts` has the motion that people see.
    contextOptions: { reducedMotion: 'reduce' },
    screenshot: 'only-on-failure',
    // A trace of every step costs a third of the time, and is of use to whoever looks into a failure.
    trace: process.env['PILOTHOUSE_TRACE'] ? 'retain-on-failure' : 'off',
    launchOptions: {
      ...(chromium ? { executablePath: chromium.executable } : {}),
      // Nothing in a test reaches the network.
      args: ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost'],
    },
  },
  projects: [
    { name: 'browser', testIgnore: 'only-desktop/**' },
    { name: 'desktop', testIgnore: 'only-browser/**' },
  ],
})
