/** Paths from the workspace root: forward slashes, `.` for the root itself. */
export function joinPath(folder: string, relative: string): string | null {
  const parts = folder === '.' || relative.startsWith('/') ? [] : folder.split('/')
  for (const part of relative.split('/'))
    if (part === '..') {
      if (parts.length === 0) return null
      parts.pop()
    } else if (part !== '.' && part !== '') parts.push(part)
  return parts.join('/') || '.'
}

export const folderOfPath = (path: string): string => {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '.' : path.slice(0, slash)
}

/** `path` as seen from `folder`. */
export function relativePath(folder: string, path: string): string {
  const from = folder === '.' ? [] : folder.split('/')
  const to = path.split('/')
  let shared = 0
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared += 1
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/')
}

export const isWithin = (folder: string, path: string): boolean =>
  folder === '.' || path === folder || path.startsWith(`${folder}/`)

/** What kustomize would fetch over the network: addresses of repositories and files. */
export const isRemote = (entry: string): boolean =>
  /^[a-z][a-z0-9+.-]*:\/\//i.test(entry) ||
  /^(git::|git@|[\w.-]+@[\w.-]+:)/.test(entry) ||
  /^(github\.com|gitlab\.com|bitbucket\.org)[/:]/i.test(entry) ||
  /\?(ref|version)=/.test(entry) ||
  /^[\w-]+(\.[\w-]+)+\/.*(\/\/|\.git(\/|$))/.test(entry)

export const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']
