import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '../..')

/** What a step found. `notRun` holds a line for each thing that could not be run here. */
export type Count = { readonly passed: number; readonly failed: number; readonly notRun: readonly string[] }

export const add = (counts: readonly Count[]): Count => ({
  passed: counts.reduce((sum, { passed }) => sum + passed, 0),
  failed: counts.reduce((sum, { failed }) => sum + failed, 0),
  notRun: counts.flatMap(({ notRun }) => notRun),
})

/** Runs a script of node_modules on this Node, in a process group of its own; ends the whole group when it is late. */
export function runScript(
  script: string,
  arguments_: readonly string[],
  milliseconds: number,
  environment: NodeJS.ProcessEnv = {},
): Promise<boolean> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, [join(root, 'node_modules', script), ...arguments_], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...environment },
      detached: process.platform !== 'win32',
    })
    const end = () => {
      if (child.pid === undefined || child.exitCode !== null) return
      if (process.platform === 'win32') child.kill()
      else process.kill(-child.pid, 'SIGKILL')
    }
    const timer = setTimeout(() => {
      process.stdout.write(`\n${script} took longer than ${Math.round(milliseconds / 1000)} s and was ended.\n`)
      end()
    }, milliseconds)
    // Ctrl-C reaches only our own group.
    process.once('SIGINT', end)
    process.once('SIGTERM', end)
    child.once('close', code => {
      clearTimeout(timer)
      process.off('SIGINT', end)
      process.off('SIGTERM', end)
      resolve(code === 0)
    })
    child.once('error', () => resolve(false))
  })
}

/** A step that either holds or does not: it counts as one. */
export async function check(name: string, run: Promise<boolean>): Promise<Count> {
  const began = performance.now()
  const isGood = await run
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  process.stdout.write(`${isGood ? 'ok  ' : 'FAIL'} ${name} (${seconds} s)\n`)
  return { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, notRun: [] }
}

type VitestReport = {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[]
}

/** Runs vitest and counts from its JSON report; a run that leaves none has failed. */
export async function vitest(name: string, arguments_: readonly string[], milliseconds: number): Promise<Count> {
  const file = join(root, 'test-results', `${name}.json`)
  rmSync(file, { force: true })
  const isGood = await runScript(
    'vitest/vitest.mjs',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...arguments_],
    milliseconds,
  )
  if (!existsSync(file)) return { passed: 0, failed: 1, notRun: [] }
  const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport
  // A file that does not even load has no tests to fail.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length
  const failed = report.numFailedTests + broken
  const skipped = report.numPendingTests + report.numTodoTests
  return {
    passed: report.numPassedTests,
    // An error outside of every test leaves a bad exit code and no failed test.
    failed: failed === 0 && !isGood ? 1 : failed,
    notRun: skipped > 0 ? [`NOT RUN ${name}: ${skipped} tests that need something this machine does not have`] : [],
  }
}

type PlaywrightReport = {
  readonly stats: {
    readonly expected: number
    readonly unexpected: number
    readonly flaky: number
    readonly skipped: number
  }
}

/** Runs Playwright and counts from its JSON report. A test that passes only when tried again has failed. */
export async function playwright(
  arguments_: readonly string[],
  milliseconds: number,
  environment: NodeJS.ProcessEnv,
): Promise<Count> {
  const file = join(root, 'test-results', 'e2e.json')
  rmSync(file, { force: true })
  const isGood = await runScript(
    '@playwright/test/cli.js',
    ['test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json', ...arguments_],
    milliseconds,
    { ...environment, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
  )
  if (!existsSync(file)) return { passed: 0, failed: 1, notRun: [] }
  const { stats } = JSON.parse(readFileSync(file, 'utf8')) as PlaywrightReport
  const failed = stats.unexpected + stats.flaky
  return {
    passed: stats.expected,
    failed: failed === 0 && !isGood ? 1 : failed,
    notRun:
      stats.skipped > 0 ? [`NOT RUN e2e: ${stats.skipped} tests that need something this machine does not have`] : [],
  }
}

/** Types of every folder, each by its own rules of what it may know. */
export async function types(): Promise<Count> {
  const counts: Count[] = []
  for (const folder of ['shared', 'src-main', 'src-renderer', 'e2e'])
    counts.push(await check(`types of ${folder}`, runScript('typescript/bin/tsc', ['-p', folder], 120_000)))
  return add(counts)
}

export const lint = (): Promise<Count> =>
  check('lint and format', runScript('@biomejs/biome/bin/biome', ['check', '.'], 60_000))
