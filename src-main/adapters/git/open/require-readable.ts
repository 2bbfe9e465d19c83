import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '../../../../shared/errors.ts'
import type { Configuration } from '../config/configuration.ts'
import type { CloneLayout } from './find-clone.ts'
import type { GitEnvironment } from './git-environment.ts'

/** Extensions that change nothing about what is read and written here. */
const harmless = new Set(['noop', 'noop-v1', 'preciousobjects', 'partialclone', 'worktreeconfig', 'relativeworktrees'])

/** Refuses a clone in a format that would be misread (gitrepository-layout, "repository format version"). */
export function requireReadable(layout: CloneLayout, configuration: Configuration): void {
  const directory = layout.workTree ?? layout.gitDirectory
  const own = (key: string): string | undefined => configuration.all(key, ['local']).at(-1)
  const refuse = (feature: string): never => {
    throw new AppError('unsupported', 'git.formatUnsupported', { directory, feature })
  }
  const format = own('extensions.objectformat')?.toLowerCase()
  if (format === 'sha256') throw new AppError('unsupported', 'git.sha256Unsupported', { directory })
  if (format !== undefined && format !== 'sha1') refuse(`extensions.objectFormat=${format}`)
  const storage = own('extensions.refstorage')?.toLowerCase()
  if (storage?.startsWith('reftable') || existsSync(join(layout.commonDirectory, 'reftable')))
    throw new AppError('unsupported', 'git.reftableUnsupported', { directory })
  if (storage !== undefined && storage !== 'files') refuse(`extensions.refStorage=${storage}`)
  const version = Number(own('core.repositoryformatversion') ?? '0')
  if (version > 1) refuse(`core.repositoryFormatVersion=${version}`)
  // Version 0 knows no extensions, and git passes over them.
  if (version === 1)
    for (const name of configuration.namesIn('extensions', ['local']))
      if (!harmless.has(name) && name !== 'objectformat' && name !== 'refstorage') refuse(`extensions.${name}`)
}

/**
 * Refuses a clone of another user unless `safe.directory` names it, as git does since CVE-2022-24765: its configuration
 * could name a program that a commit starts.
 */
export function requireTrusted(layout: CloneLayout, configuration: Configuration, { variables }: GitEnvironment): void {
  const user = process.getuid?.()
  if (user === undefined) return
  const sudo = user === 0 ? Number(variables['SUDO_UID'] ?? Number.NaN) : Number.NaN
  const owned = [layout.workTree, layout.gitDirectory].every(path => {
    if (path === null) return true
    const { uid } = statSync(path)
    return uid === user || uid === sudo
  })
  if (owned) return
  const directory = layout.workTree ?? layout.gitDirectory
  let trusted = false
  for (const value of configuration.all('safe.directory', ['system', 'global', 'command'])) {
    if (value === '') trusted = false
    else if (value === '*' || value === directory || (value.endsWith('/*') && directory.startsWith(value.slice(0, -1))))
      trusted = true
  }
  if (!trusted) throw new AppError('unsupported', 'git.notTrusted', { directory })
}
