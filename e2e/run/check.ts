import { add, lint, types, vitest } from './step.ts'

// What to run before every commit: types, lint, layers and unit tests. No build, no browser.
const { passed, failed, notRun } = add([await types(), await lint(), await vitest('unit', [], 400_000)])
for (const line of notRun) process.stdout.write(`${line}\n`)
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exitCode = failed === 0 ? 0 : 1
