import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { appRoot } from './app-root.ts'

const names: { readonly [platform in NodeJS.Platform]?: string } = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
  linux: 'electron',
}

/**
 * Path of Electron's executable; null when it has not been downloaded. The package itself is never loaded: outside of
 * Electron that would start its download.
 */
export function findElectron(environment: NodeJS.ProcessEnv): string | null {
  const name = names[process.platform]
  if (!name) return null
  const override = environment['ELECTRON_OVERRIDE_DIST_PATH']
  const folder = join(appRoot, 'node_modules/electron')
  const told = join(folder, 'path.txt')
  const file = override
    ? join(override, name)
    : join(folder, 'dist', existsSync(told) ? readFileSync(told, 'utf8').trim() : name)
  return existsSync(file) ? file : null
}

export type NoDesktop = 'no-display' | 'root'

/** Why a desktop window cannot be opened here, whatever is installed; null when it can. */
export function whyNoDesktop(environment: NodeJS.ProcessEnv): NoDesktop | null {
  if (process.platform !== 'linux') return null
  if (!environment['DISPLAY'] && !environment['WAYLAND_DISPLAY']) return 'no-display'
  // Chromium's sandbox does not start as root, and we do not switch it off.
  return process.getuid?.() === 0 ? 'root' : null
}

/** Downloads the runtime of the pinned version with Electron's own installer, which checks its digest. */
export function fetchElectron(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  const installer = join(appRoot, 'node_modules/electron/install.js')
  if (!existsSync(installer)) return Promise.resolve(false)
  return new Promise(resolve => {
    const child = spawn(process.execPath, [installer], {
      cwd: appRoot,
      stdio: ['ignore', 'ignore', 'ignore'],
      signal: AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]),
    })
    // Offline, or too slow: the caller goes on without it and says so.
    child.once('error', () => resolve(false))
    child.once('close', code => resolve(code === 0))
  })
}
