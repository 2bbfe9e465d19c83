import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  // One process: the double stands in for the one process that Electron's main is.
  test: { include: ['e2e/electron-double/*.test.ts'], testTimeout: 20_000, fileParallelism: false },
})
