import type { Standing } from '../../../shared/dependencies/contract.ts'
import type { Library } from '../../../shared/dependencies/overview.ts'
import { libraryOf } from '../../../shared/dependencies/purl.ts'
import type { ObjectId } from '../../needs/git-repository.ts'
import type { Workspace } from '../workspaces/index.ts'
import { type SetReader, tellsDependencies } from './read-workspace-sets.ts'

/** Commits that are looked at, newest first; what is older is said to be older. */
const farthest = 20_000

/**
 * Since when each use of a library has its version: the history is walked back until the folder's files first say
 * another, and for an image until the manifests do. Commits that touch no such file cost one comparison of trees.
 */
export async function findStandings(
  workspace: Workspace,
  reader: SetReader,
  tip: ObjectId,
  { library, ecosystem, versions }: Library,
  environment: string | undefined,
  signal: AbortSignal,
): Promise<Standing[]> {
  const { repository } = workspace
  const open = new Map<string, Standing>()
  const done: Standing[] = []
  for (const { version, uses } of versions)
    for (const { service, folder } of uses)
      open.set(`${service} ${folder} ${version}`, { service, folder, version, since: null })
  let looked = 0
  for await (const commit of repository.log(tip, { signal })) {
    looked += 1
    if (open.size === 0 || looked > farthest) break
    if (commit.parents.length > 1) continue
    const [parent] = commit.parents
    const changes = await repository.changes(parent ?? null, commit.oid, signal)
    const isImage = ecosystem === 'oci'
    const touched = changes.filter(({ path }) => tellsDependencies(path) || (isImage && /\.ya?ml$/.test(path)))
    if (touched.length === 0) continue
    const all = isImage && parent !== undefined ? (await reader.at(parent, environment, signal)).sets : []
    const places = new Map(
      [...open.values()].map(({ service, folder }) => [`${service} ${folder}`, { service, folder }]),
    )
    for (const { service, folder } of places.values()) {
      const prefix = folder === '' ? '' : `${folder}/`
      if (!isImage && !touched.some(({ path }) => path.startsWith(prefix))) continue
      const before = isImage
        ? all.filter(({ of }) => of === service)
        : parent === undefined
          ? []
          : await reader.inFolder(parent, folder, signal)
      const held = new Set(
        before.flatMap(({ set }) =>
          [...set.packages.values()].filter(one => libraryOf(set.ecosystem, one) === library).map(one => one.version),
        ),
      )
      for (const [key, standing] of open) {
        if (standing.folder !== folder || standing.service !== service || held.has(standing.version)) continue
        const { author, oid, message } = commit
        const since = { commit: oid, time: author.time, author: author.name, title: message.split('\n', 1)[0] ?? '' }
        done.push({ ...standing, since })
        open.delete(key)
      }
    }
  }
  return [...done, ...open.values()].sort((a, b) => (a.since?.time ?? 0) - (b.since?.time ?? 0))
}
