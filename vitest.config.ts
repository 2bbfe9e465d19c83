import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{shared,src-main,src-renderer,resources}/**/*.test.{ts,tsx}'],
    testTimeout: 30_000,
    // Two cores are common in CI; more workers only fight for them.
    maxWorkers: 2,
  },
})
