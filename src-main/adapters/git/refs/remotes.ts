import type { Configuration } from '../config/configuration.ts'
import { isRefName } from './ref-name.ts'

/** The remote a branch goes to: its own, else `origin`, else the only one. Null when there is none. */
export function branchRemote(configuration: Configuration, branch: string | null): string | null {
  const own = branch === null ? null : configuration.get(`branch.${branch}.remote`)
  // A dot means this clone itself: the branch follows another local one.
  if (own !== null && own !== '.') return own
  const names = [...new Set(configuration.subsections('remote', 'url').map(({ subsection }) => subsection))]
  if (names.includes('origin')) return 'origin'
  return names.length === 1 ? names[0]! : null
}

/** The address of a remote, `url.<base>.insteadOf` applied: the longest match wins. */
export function remoteUrl(configuration: Configuration, remote: string): string | null {
  const url = configuration.all(`remote.${remote}.url`)[0]
  if (url === undefined) return null
  const rule = configuration
    .subsections('url', 'insteadof')
    .filter(({ value }) => url.startsWith(value))
    .sort((a, b) => b.value.length - a.value.length)[0]
  return rule ? rule.subsection + url.slice(rule.value.length) : url
}

/** The remote-tracking ref of a branch: what `remote.<name>.fetch` makes of `branch.<name>.merge` (of its own name when unset). */
export function upstreamRef(configuration: Configuration, branch: string): string | null {
  const own = configuration.get(`branch.${branch}.remote`)
  const merge = configuration.get(`branch.${branch}.merge`) ?? `refs/heads/${branch}`
  if (own === '.') return isRefName(merge) ? merge : null
  const remote = branchRemote(configuration, branch)
  if (remote === null) return null
  for (const refspec of configuration.all(`remote.${remote}.fetch`)) {
    const [from, to] = refspec.replace(/^\+/, '').split(':')
    if (!from || !to || refspec.startsWith('^')) continue
    const star = from.indexOf('*')
    if (star === -1) {
      if (from === merge) return to
      continue
    }
    const start = from.slice(0, star)
    const end = from.slice(star + 1)
    if (merge.length >= start.length + end.length && merge.startsWith(start) && merge.endsWith(end))
      return to.replace('*', merge.slice(start.length, merge.length - end.length))
  }
  return null
}
