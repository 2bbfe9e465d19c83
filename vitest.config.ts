import { devNull } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{shared,src-main,src-renderer,resources}/**/*.test.{ts,tsx}'],
    setupFiles: ['e2e/run/same-examples.ts'],
    testTimeout: 60_000,
    // Whoever runs the tests may sign their commits, convert line ends or rewrite addresses.
    env: { GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: '1' },
    // Two cores are common in CI; a third worker has them while others wait for git, sshd or a clock.
    maxWorkers: 3,
  },
})
