import { spawn } from 'node:child_process'
import { existsSync, globSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../shared/errors.ts'
import { appRoot } from './app-root.ts'
import type { Given } from './command.ts'
import { fetchElectron, findElectron, whyNoDesktop } from './electron-runtime.ts'
import { folderToOpen } from './folder-to-open.ts'
import { readNumber } from './read-number.ts'
import { runServer } from './run-server.ts'
import { type ExitCode, exit, type Terminal } from './terminal.ts'

/** Milliseconds the runtime may take to arrive (about 110 MB). */
const patience = 120_000

/** `pilothouse start`: the desktop app where it can run, else the server shell in the browser; says which and why. */
export async function run(given: Given, terminal: Terminal): Promise<ExitCode> {
  if (given.has('desktop') && given.has('browser')) throw new AppError('invalid-input', 'cli.desktopOrBrowser')
  const directory = folderToOpen(given, terminal)
  const port = readNumber(given, 'port', 0, 65_535) ?? 0
  const electron = given.has('browser') ? null : await desktopRuntime(given.has('desktop'), terminal)
  if (electron === null) {
    terminal.say({ key: 'cli.startingBrowser' })
    await runServer({ directory, sandbox: false, port, open: true, json: false }, terminal)
    return exit.fine
  }
  await buildDesktop(terminal)
  terminal.say({ key: 'cli.startingDesktop' })
  return await runElectron(electron, directory, terminal)
}

/** Electron's executable, fetched when it is not there yet; null, having said why, where the browser is to be used. */
async function desktopRuntime(demanded: boolean, terminal: Terminal): Promise<string | null> {
  const refuse = (key: 'cli.noDisplay' | 'cli.desktopAsRoot' | 'cli.noRuntime'): null => {
    if (demanded) throw new AppError('unsupported', key)
    terminal.say({ key })
    return null
  }
  const why = whyNoDesktop(terminal.environment)
  if (why !== null) return refuse(why === 'root' ? 'cli.desktopAsRoot' : 'cli.noDisplay')
  const found = findElectron(terminal.environment)
  if (found !== null) return found
  if (terminal.environment['CI'] || terminal.environment['ELECTRON_SKIP_BINARY_DOWNLOAD'])
    return refuse('cli.noRuntime')
  terminal.say({ key: 'cli.fetchingRuntime' })
  const fetched = await fetchElectron(patience, terminal.signal)
  terminal.signal.throwIfAborted()
  return (fetched ? findElectron(terminal.environment) : null) ?? refuse('cli.noRuntime')
}

/** Builds main, preload and page when one of them is missing or older than its sources. */
async function buildDesktop(terminal: Terminal): Promise<void> {
  const builder = join(appRoot, 'node_modules/electron-vite/bin/electron-vite.js')
  const built = ['out/main/electron.js', 'out/preload/preload.cjs', 'out/renderer/index.html'].map(
    file => statSync(join(appRoot, file), { throwIfNoEntry: false })?.mtimeMs ?? 0,
  )
  const oldest = Math.min(...built)
  const sources = globSync('{shared,src-main,src-renderer,resources/public}/**/*', { cwd: appRoot })
  const isOld = sources.some(file => (statSync(join(appRoot, file), { throwIfNoEntry: false })?.mtimeMs ?? 0) > oldest)
  if (!existsSync(builder) || (oldest > 0 && !isOld)) return
  terminal.say({ key: 'cli.buildingDesktop' })
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(process.execPath, [builder, 'build', '--logLevel', 'warn'], {
      cwd: appRoot,
      stdio: ['ignore', 2, 2],
      signal: terminal.signal,
    })
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new AppError('unexpected', 'cli.pageBuildFailed', { output: `electron-vite: ${code}` })
}

function runElectron(electron: string, directory: string | null, terminal: Terminal): Promise<ExitCode> {
  return new Promise((resolve, reject) => {
    const child = spawn(electron, [appRoot, ...(directory === null ? [] : [directory])], {
      stdio: 'inherit',
      cwd: appRoot,
    })
    const end = () => child.kill('SIGTERM')
    terminal.signal.addEventListener('abort', end, { once: true })
    child.once('error', reject)
    child.once('close', code => {
      terminal.signal.removeEventListener('abort', end)
      resolve(code === 0 || terminal.signal.aborted ? exit.fine : exit.no)
    })
  })
}
