import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { findElectron, whyNoDesktop } from '../../src-main/cli/electron-runtime.ts'
import { findOrInstallChromium } from './find-chromium.ts'
import { add, type Count, check, lint, playwright, root, runScript, types, vitest } from './step.ts'

/** The whole takes less than ten minutes on two cores. What takes three times as long, on a busy machine, has hung. */
const deadline = performance.now() + 30 * 60_000
const left = (most: number) => Math.max(1000, Math.min(most, deadline - performance.now()))
const heading = (text: string) => process.stdout.write(`\n== ${text}\n`)

mkdirSync(join(root, 'test-results'), { recursive: true })
const counts: Count[] = []

heading('Types')
counts.push(await types())

heading('Lint')
counts.push(await lint())

heading('Unit, layers and adapters')
counts.push(await vitest('unit', [], left(900_000)))

heading('Build')
const build = runScript('electron-vite/bin/electron-vite.js', ['build', '--logLevel', 'warn'], left(300_000))
counts.push(await check('build of main, preload and page', build))

heading('Desktop layer on a double of Electron (this is no Electron test)')
counts.push(await vitest('electron-double', ['--config', 'e2e/electron-double/vitest.config.ts'], left(180_000)))

heading('Whole processes: killed in the middle, two at once')
counts.push(await vitest('processes', ['--config', 'e2e/vitest.config.ts'], left(600_000)))

heading('End to end')
const chromium = findOrInstallChromium()
const environment = chromium ? { PILOTHOUSE_CHROMIUM: chromium.executable } : {}
const projects: string[] = []
const notRun: string[] = []
if (chromium) projects.push('--project=browser')
else counts.push({ passed: 0, failed: 1, notRun: ['NOT RUN e2e in the browser: there is no Chromium'] })
const why = whyNoDesktop(process.env)
if (findElectron(process.env) === null)
  notRun.push('NOT RUN e2e in Electron: its runtime is not here (`npx install-electron --no` fetches it)')
else if (why === 'no-display') notRun.push('NOT RUN e2e in Electron: there is no display')
else if (why === 'root') notRun.push('NOT RUN e2e in Electron: it does not start as root with its sandbox on')
else projects.push('--project=desktop')
if (projects.length > 0) counts.push(await playwright(projects, left(1_200_000), environment))

const total = add([...counts, { passed: 0, failed: 0, notRun }])
process.stdout.write('\n')
for (const line of total.notRun) process.stdout.write(`${line}\n`)
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`)
process.exitCode = total.failed === 0 ? 0 : 1
