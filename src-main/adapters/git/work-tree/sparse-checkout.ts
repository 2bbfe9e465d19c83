import { join } from 'node:path'
import type { Configuration } from '../config/configuration.ts'
import { readText } from '../files/read-text.ts'
import { wildmatch } from '../files/wildmatch.ts'
import { type RawPath, toText } from '../objects/tree.ts'

type Rule = { readonly include: boolean; readonly foldersOnly: boolean; readonly matches: (path: string) => boolean }

/**
 * Which paths belong into a sparse work tree: the last pattern that matches a path, or else the nearest folder above
 * it, decides (git-sparse-checkout). The patterns of a cone read the same way. Null when the checkout is not sparse.
 */
export function sparseCheckout(
  configuration: Configuration,
  gitDirectory: string,
): ((path: RawPath) => boolean) | null {
  if (!configuration.boolean('core.sparsecheckout', false)) return null
  const text = readText(join(gitDirectory, 'info', 'sparse-checkout'))
  if (text === null) return null
  const rules = text
    .split(/\r?\n/)
    .filter(line => line.trim() !== '' && !line.startsWith('#'))
    .map(parseRule)
  const included = (path: string, folder: boolean): boolean => {
    const rule = rules.findLast(({ foldersOnly, matches }) => (folder || !foldersOnly) && matches(path))
    if (rule) return rule.include
    const end = path.lastIndexOf('/')
    return end !== -1 && included(path.slice(0, end), true)
  }
  return path => included(toText(path), false)
}

function parseRule(line: string): Rule {
  const include = !line.startsWith('!')
  let pattern = include ? line : line.slice(1)
  const foldersOnly = pattern.endsWith('/')
  if (foldersOnly) pattern = pattern.slice(0, -1)
  const anchored = pattern.includes('/')
  const glob = wildmatch(pattern.replace(/^\//, ''))
  return { include, foldersOnly, matches: path => glob.test(anchored ? path : path.slice(path.lastIndexOf('/') + 1)) }
}
