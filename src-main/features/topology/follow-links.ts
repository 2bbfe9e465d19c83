/** What symbolic links of a revision lead to: a file or a folder of it, by the path of the link. */
export type Links = ReadonlyMap<string, string>

/** Where a link leads, from the root of the repository; null where that is outside of it, or no path at all. */
export function targetOf(link: string, text: string): string | null {
  if (text === '' || text.startsWith('/') || text.includes('\n')) return null
  const steps = link.split('/').slice(0, -1)
  for (const step of text.split('/')) {
    if (step === '' || step === '.') continue
    if (step !== '..') steps.push(step)
    else if (steps.pop() === undefined) return null
  }
  return steps.length === 0 ? null : steps.join('/')
}

/** More links than anyone makes by hand. */
const most = 2_000
/** A link that leads to a link, as the kernel follows them and no further. */
const deepest = 8

/**
 * The links that a kustomization or a chart sees, as `kustomize build` and `helm template` follow them: those in such a
 * folder, and those that lead to one. In plain folders the same objects would only be there twice.
 */
export function linksOfBuilds(targets: Links, paths: Iterable<string>): Links {
  const builds = new Set<string>()
  if (targets.size > 0)
    for (const path of paths)
      if (/(^|\/)(kustomization\.ya?ml|Kustomization|Chart\.yaml)$/.test(path)) builds.add(folderOf(path))
  const links = new Map<string, string>()
  for (const [link, first] of targets) {
    let target = first
    for (let depth = 0; depth < deepest && targets.has(target); depth += 1) target = targets.get(target)!
    // A folder that holds the link itself has no end.
    if (targets.has(target) || link === target || link.startsWith(`${target}/`)) continue
    if ((builds.has(target) || foldersAbove(link).some(folder => builds.has(folder))) && links.size < most)
      links.set(link, target)
  }
  return links
}

/** Other paths a file is seen at. */
export function* linkedPaths(links: Links, path: string): Generator<string> {
  for (const [link, target] of links)
    if (path === target || path.startsWith(`${target}/`)) yield link + path.slice(target.length)
}

const folderOf = (path: string): string => (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '')

function foldersAbove(path: string): string[] {
  const folders: string[] = []
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    folders.push(folder)
    if (folder === '') return folders
  }
}
