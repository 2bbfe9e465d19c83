import { existsSync, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import type { Clone } from './clone.ts'

/** What Git would run when it commits and pushes, in its order. */
const hooks = ['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit', 'pre-push'] as const

/** The hooks of a clone that Git would run on a commit or a push: those that are there and may be executed. */
export function activeHooks({ layout, configuration }: Clone): readonly string[] {
  const named = configuration.path('core.hookspath')
  const folder =
    named === null
      ? join(layout.commonDirectory, 'hooks')
      : isAbsolute(named)
        ? named
        : join(layout.workTree ?? layout.gitDirectory, named)
  return hooks.filter(name => {
    const file = join(folder, name)
    // A folder that may not be read is none for Git either.
    const entry = existsSync(file) ? statSync(file, { throwIfNoEntry: false }) : undefined
    return entry?.isFile() && (process.platform === 'win32' || (entry.mode & 0o111) !== 0)
  })
}
