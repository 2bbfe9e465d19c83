import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Home = Disposable & { readonly folder: string; readonly environment: NodeJS.ProcessEnv }

/** A home of its own: no configuration, key, agent or proxy of the person who runs the tests is seen. */
export function isolatedHome(): Home {
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-e2e-'))
  const home = join(folder, 'home')
  mkdirSync(join(home, '.ssh'), { recursive: true, mode: 0o700 })
  const gitConfig = join(home, '.gitconfig')
  writeFileSync(
    gitConfig,
    '[user]\n\tname = Ada Example\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n[protocol "file"]\n\tallow = always\n',
  )
  const {
    PATH = '',
    LANG = 'C.UTF-8',
    DISPLAY,
    WAYLAND_DISPLAY,
    XDG_RUNTIME_DIR,
    SystemRoot,
    PILOTHOUSE_PAGE,
  } = process.env
  const kept = Object.fromEntries(
    Object.entries({ PATH, LANG, DISPLAY, WAYLAND_DISPLAY, XDG_RUNTIME_DIR, SystemRoot, PILOTHOUSE_PAGE }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    ),
  )
  return {
    folder,
    environment: {
      ...kept,
      HOME: home,
      USERPROFILE: home,
      XDG_CONFIG_HOME: join(home, '.config'),
      XDG_DATA_HOME: join(home, '.local/share'),
      XDG_CACHE_HOME: join(home, '.cache'),
      PILOTHOUSE_DATA: join(folder, 'data'),
      GIT_CONFIG_GLOBAL: gitConfig,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      TMPDIR: folder,
      NO_COLOR: '1',
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  }
}
