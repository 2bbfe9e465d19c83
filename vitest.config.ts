import { devNull } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{shared,src-main,src-renderer,resources}/**/*.test.{ts,tsx}'],
    setupFiles: ['e2e/run/same-examples.ts'],
    testTimeout: 30_000,
    // Whoever runs the tests may sign their commits, convert line ends or rewrite addresses.
    env: { GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1' },
    // Two cores are common in CI; more workers only fight for them.
    maxWorkers: 2,
  },
})
