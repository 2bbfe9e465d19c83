import { spawn } from 'node:child_process'
import { existsSync, globSync, rmSync, statSync } from 'node:fs'
import { mkdir, rename, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'

/** Built again when one of these is newer than the build. A packaged app has none of them. */
const sources = [
  'src-renderer/**/*.{ts,tsx,css,html}',
  'shared/**/*.ts',
  'resources/public/**/*',
  'page.vite.config.ts',
  'package-lock.json',
]

export type PageState = 'ready' | 'missing' | 'old'

/** Is the built page there, and no older than what it is built from? */
export function pageState(root: string): PageState {
  const built = statSync(join(root, 'out/renderer/index.html'), { throwIfNoEntry: false })?.mtimeMs
  if (!existsSync(join(root, 'src-renderer/index.html'))) return built === undefined ? 'missing' : 'ready'
  if (built === undefined) return 'missing'
  const files = globSync(sources, { cwd: root }).filter(file => !/\.(test|conformance)\.tsx?$/.test(file))
  // A build is dated to the millisecond; files are dated finer, and one written just before it began is no newer.
  const changed = (file: string) => Math.floor(statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0)
  return files.some(file => changed(file) > built) ? 'old' : 'ready'
}

/**
 * Builds the page into a folder of its own and swaps it in, so that a server that runs meanwhile never serves half
 * of it and a build that fails leaves the old one.
 */
export async function buildPage(root: string, signal: AbortSignal): Promise<void> {
  const began = new Date()
  const out = join(root, 'out')
  const fresh = join(out, `renderer.${process.pid}.new`)
  const old = join(out, `renderer.${process.pid}.old`)
  const built = join(out, 'renderer')
  await mkdir(old, { recursive: true })
  // A process that is ended from outside must not leave a folder behind for each time.
  const clear = () => {
    for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', clear)
  try {
    await run(root, fresh, signal)
    // As old as its sources were when it began: what changed meanwhile makes it old.
    await utimes(join(fresh, 'index.html'), began, began)
    await swap(fresh, built, old)
  } finally {
    process.off('exit', clear)
    await Promise.all([fresh, old].map(folder => rm(folder, { recursive: true, force: true })))
  }
}

/** Puts one folder in another's place. Two builds may end at once: whoever comes second takes the first one's away. */
async function swap(fresh: string, built: string, old: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await rename(built, `${old}/${tries}`)
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error
    }
    try {
      await rename(fresh, built)
      return
    } catch (error) {
      const isThere = codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST' || codeOf(error) === 'EPERM'
      if (!isThere || tries === 10) throw error
    }
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined)

function run(root: string, out: string, signal: AbortSignal): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  if (!existsSync(vite)) return Promise.reject(new AppError('not-found', 'cli.pageCannotBuild', { reason: vite }))
  const arguments_ = ['build', '--config', 'page.vite.config.ts', '--outDir', out, '--logLevel', 'warn']
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [vite, ...arguments_], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
    })
    let said = ''
    const hear = (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4000)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('error', reject)
    child.once('close', code => {
      if (code === 0) resolve()
      else reject(new AppError('unexpected', 'cli.pageBuildFailed', { output: said.trim() }))
    })
  })
}
