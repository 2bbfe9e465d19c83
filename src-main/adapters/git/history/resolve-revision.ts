import type { ObjectId } from '../../../needs/git-repository.ts'
import type { ObjectStore } from '../objects/object-store.ts'
import { isRefName } from '../refs/ref-name.ts'
import type { RefStore } from '../refs/ref-store.ts'
import type { CommitGraph } from './commit-graph.ts'

/** A commit by any of the names of gitrevisions that people type; null when there is none. */
export function resolveRevision(
  revision: string,
  { refs, graph, objects }: { readonly refs: RefStore; readonly graph: CommitGraph; readonly objects: ObjectStore },
): ObjectId | null {
  graph.refresh()
  const parts = /^(.+?)((?:~\d*|\^\d*|\^\{(?:commit|)\})*)$/s.exec(revision)
  if (!parts) return null
  const start = named(parts[1]!)
  let at = start === null ? null : graph.peel(start)
  for (const [step, kind, count] of parts[2]!.matchAll(/([~^])(\{(?:commit|)\}|\d*)/g)) {
    if (at === null) return null
    if (step.includes('{')) continue
    const number: number = count === '' ? 1 : Number(count)
    if (kind === '^') at = number === 0 ? at : (graph.links(at).parents[number - 1] ?? null)
    else for (let k = 0; k < number && at !== null; k++) at = graph.links(at).parents[0] ?? null
  }
  return at

  function named(name: string): ObjectId | null {
    if (/^[0-9a-f]{40}$/i.test(name)) {
      const oid = name.toLowerCase()
      return objects.has(oid) ? oid : null
    }
    if (name === '@') return refs.resolve('HEAD')
    // The order of gitrevisions. A name alone in the git directory is only ever upper case there.
    const candidates = [
      ...(/^[A-Z_]+$/.test(name) || name.startsWith('refs/') ? [name] : []),
      `refs/${name}`,
      `refs/tags/${name}`,
      `refs/heads/${name}`,
      `refs/remotes/${name}`,
      `refs/remotes/${name}/HEAD`,
    ]
    for (const candidate of candidates) {
      if (!isRefName(candidate) && !/^[A-Z_]+$/.test(candidate)) continue
      const oid = refs.resolve(candidate)
      if (oid) return oid
    }
    return /^[0-9a-f]{4,39}$/i.test(name) ? abbreviated(name.toLowerCase()) : null
  }

  /** Several objects may share the digits; the one that is a commit is meant, and two commits are nobody. */
  function abbreviated(prefix: string): ObjectId | null {
    const found = objects.findByPrefix(prefix, 64)
    if (found.length === 1) return found[0]!
    const commits = found.filter(oid => {
      const { type } = objects.read(oid)
      return type === 'commit' || type === 'tag'
    })
    return commits.length === 1 ? commits[0]! : null
  }
}
