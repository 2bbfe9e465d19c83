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

/** The remote `git push` takes a branch to: `branch.<name>.pushRemote`, else `remote.pushDefault`, else its own. */
export const pushRemote = (configuration: Configuration, branch: string): string | null =>
  configuration.get(`branch.${branch}.pushremote`) ??
  configuration.get('remote.pushdefault') ??
  branchRemote(configuration, branch)

/**
 * The name a branch has on the remote it is pushed to, by `push.default`. Null where Git would refuse: the branch follows
 * one of another name (`git checkout -b mine origin/main`), and nothing says which of the two is meant.
 */
export function pushName(configuration: Configuration, branch: string, remote: string): string | null {
  const merge = configuration.get(`branch.${branch}.merge`)
  const follows = configuration.get(`branch.${branch}.remote`) === remote && merge !== null
  const followed = follows ? merge.replace(/^refs\/heads\//, '') : branch
  if (followed === branch) return branch
  switch (configuration.get('push.default')?.toLowerCase()) {
    case 'upstream':
    case 'tracking':
      return followed
    case 'current':
    case 'matching':
      return branch
    default:
      return null
  }
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
  return remote === null ? null : trackingRef(configuration, remote, merge)
}

/** What `remote.<name>.fetch` makes of a ref of that remote; null for one that is not fetched. */
export function trackingRef(configuration: Configuration, remote: string, ref: string): string | null {
  for (const refspec of configuration.all(`remote.${remote}.fetch`)) {
    const [from, to] = refspec.replace(/^\+/, '').split(':')
    if (!from || !to || refspec.startsWith('^')) continue
    const star = from.indexOf('*')
    if (star === -1) {
      if (from === ref) return to
      continue
    }
    const start = from.slice(0, star)
    const end = from.slice(star + 1)
    if (ref.length >= start.length + end.length && ref.startsWith(start) && ref.endsWith(end))
      return to.replace('*', ref.slice(start.length, ref.length - end.length))
  }
  return null
}
