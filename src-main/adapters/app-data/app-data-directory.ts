import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/**
 * Where drafts, settings and logs live: one folder for every shell, so that a draft is the same in all of them.
 * `PILOTHOUSE_DATA` names another; else the platform's habit (XDG base directories, Application Support, AppData).
 */
export function appDataDirectory(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform = process.platform): string {
  const { PILOTHOUSE_DATA, XDG_DATA_HOME, APPDATA } = environment
  if (PILOTHOUSE_DATA) return resolve(PILOTHOUSE_DATA)
  const home = homedir()
  if (platform === 'win32') return join(APPDATA || join(home, 'AppData', 'Roaming'), 'Pilothouse')
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Pilothouse')
  // The specification says to ignore a relative path.
  const data = XDG_DATA_HOME?.startsWith('/') ? XDG_DATA_HOME : join(home, '.local', 'share')
  return join(data, 'pilothouse')
}
