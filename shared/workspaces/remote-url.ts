/**
 * A remote's address without password and token, for every place a person or a log sees it. People also paste passwords
 * that hold `@` or `/` unescaped, so what counts is the last `@` that a host can follow.
 */
export const withoutCredentials = (url: string): string =>
  url.replace(/^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*|[^/?#@:]+:(?!\d+[/?#])[^@]*)@/i, (_, scheme: string, user: string) =>
    // In `ssh://git@host` the name is part of the address and no secret.
    /^ssh:|\+ssh:|^ssh\+/i.test(scheme) && user !== '' ? `${scheme}${user.split(':', 1)[0]}@` : scheme,
  )

/** host and path of a remote, from `https://host/path.git`, `ssh://git@host:22/path` or `git@host:path`; null for a path. */
function place(url: string): { host: string; path: string } | null {
  const full = /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+?)(?:\.git)?\/?$/i.exec(url)
  const short = full ?? /^(?:[^@/]+@)?([^/:]+):(?!\/\/)(.+?)(?:\.git)?\/?$/.exec(url)
  return short ? { host: short[1]!, path: short[2]!.replace(/^\/+/, '') } : null
}

/**
 * Where a person opens a pull or merge request for a branch that was just pushed; null for a remote that is no forge.
 * Forms: GitHub and Gitea `compare/base...head`, GitLab's merge request form, Bitbucket's; told apart by the host's name.
 */
export function compareUrl(url: string, base: string | null, branch: string): string | null {
  const at = place(url)
  if (!at || !/^[a-z0-9.-]+\.[a-z]{2,}$/i.test(at.host)) return null
  const root = `https://${at.host}/${at.path}`
  const head = encodeURIComponent(branch)
  if (/gitlab/i.test(at.host)) return `${root}/-/merge_requests/new?merge_request%5Bsource_branch%5D=${head}`
  if (/bitbucket/i.test(at.host)) return `${root}/pull-requests/new?source=${head}`
  return `${root}/compare/${base === null ? '' : `${encodeURIComponent(base)}...`}${head}`
}
