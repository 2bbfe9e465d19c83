import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { chromium } from '@playwright/test'

export type Chromium = { readonly executable: string; readonly source: string }

const root = join(import.meta.dirname, '../..')
const programs = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge-stable']
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/snap/bin/chromium',
]

function onPath(program: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const file = join(folder, program)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // Not in this folder; the next one is looked at.
    }
  }
  return null
}

/** The Chromium that is there: named by PILOTHOUSE_CHROMIUM, Playwright's own, or the system's. Installs nothing. */
export function findChromium(): Chromium | null {
  const named = process.env['PILOTHOUSE_CHROMIUM']
  if (named) return { executable: named, source: 'PILOTHOUSE_CHROMIUM' }
  const own = chromium.executablePath()
  if (existsSync(own)) return { executable: own, source: 'Playwright' }
  const system = programs.map(onPath).find(file => file !== null) ?? applications.find(file => existsSync(file))
  return system === undefined ? null : { executable: system, source: 'system' }
}

const run = (command: string, arguments_: readonly string[]): boolean =>
  spawnSync(command, arguments_, {
    stdio: ['ignore', 2, 2],
    timeout: 240_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }).status === 0

/** Finds a Chromium or installs one: Debian's package where that may be done, else Playwright's download. Says which. */
export function findOrInstallChromium(): Chromium | null {
  const say = (text: string) => process.stderr.write(`${text}\n`)
  let found = findChromium()
  if (!found && process.getuid?.() === 0 && onPath('apt-get')) {
    say('No Chromium is here: installing the Debian package…')
    const install = ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core']
    // The lists of packages may be missing or too old on a fresh machine.
    if (run('apt-get', install) || (run('apt-get', ['update']) && run('apt-get', install))) found = findChromium()
  }
  if (!found) {
    say("No Chromium is here: fetching Playwright's…")
    const cli = join(dirname(createRequire(join(root, 'package.json')).resolve('playwright/package.json')), 'cli.js')
    if (run(process.execPath, [cli, 'install', 'chromium'])) found = findChromium()
  }
  say(found ? `Chromium: ${found.executable} (${found.source})` : 'Chromium: none could be found or installed')
  return found
}
