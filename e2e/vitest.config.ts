import { devNull } from 'node:os'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

/** What needs whole processes and no browser: killed publishers, two at once. */
export default defineConfig({
  root: resolve(import.meta.dirname, '..'),
  test: {
    include: ['e2e/**/*.test.ts'],
    exclude: ['e2e/electron-double/**', 'node_modules/**'],
    testTimeout: 180_000,
    env: { GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1' },
    // Most of their time they wait: for a server that starts, a watch that comes back, a process that dies.
    maxWorkers: 3,
  },
})
