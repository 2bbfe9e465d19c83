import type { Handlers } from '../../../shared/contract/define.ts'
import type { AppContract } from '../../../shared/contract/index.ts'
import { shortestPaths } from '../../../shared/dependencies/explain-diff.ts'
import { type Library, librariesOf, summarizeServices } from '../../../shared/dependencies/overview.ts'
import { libraryOf } from '../../../shared/dependencies/purl.ts'
import { AppError } from '../../../shared/errors.ts'
import type { ReadModuleGraph } from '../../needs/module-graph.ts'
import { resolveRevision, type Workspaces } from '../workspaces/index.ts'
import { diffSets } from './diff-sets.ts'
import { findStandings } from './find-standings.ts'
import { planAlignment } from './plan-alignment.ts'
import { setReaderOf, type WorkspaceSets } from './read-workspace-sets.ts'

export { diffSets } from './diff-sets.ts'
export { moduleChanges } from './module-changes.ts'
export { setReaderOf, tellsDependencies, type WorkspaceSets } from './read-workspace-sets.ts'
export { serviceGraphs } from './service-graphs.ts'

/** What services are made of, at any revision and between two. */
export function dependenciesFeature(needs: { workspaces: Workspaces; moduleGraph: ReadModuleGraph }): {
  handlers: Handlers<AppContract>['dependencies']
} {
  type At = { workspace: string; revision?: string | undefined; environment?: string | undefined }

  async function at({ workspace: id, revision, environment }: At, signal: AbortSignal) {
    const workspace = await needs.workspaces.get(id)
    const commit = await resolveRevision(workspace, revision)
    const reader = setReaderOf(workspace, needs.moduleGraph)
    return { workspace, commit, reader, read: await reader.at(commit, environment, signal) }
  }

  function libraryIn({ sets }: WorkspaceSets, library: string): Library {
    const found = librariesOf(sets).find(each => each.library === library)
    if (!found) throw new AppError('not-found', 'dependency.noLibrary', { library })
    return found
  }

  return {
    handlers: {
      async overview(input, { signal }) {
        const { commit, read } = await at(input, signal)
        const libraries = librariesOf(read.sets)
        const folders = new Map(read.services.map(({ service, folder }) => [service, folder]))
        const services = summarizeServices(read.sets, folders, libraries)
        return { revision: commit, services, libraries, problems: read.problems }
      },

      async diff({ workspace, from, to, environment, edges }, { signal }) {
        const [before, after] = [
          await at({ workspace, revision: from, environment }, signal),
          await at({ workspace, revision: to, environment }, signal),
        ]
        const sets = diffSets(before.read.sets, after.read.sets, edges)
        const problems = [...before.read.problems, ...after.read.problems]
        const told = new Map(problems.map(problem => [JSON.stringify(problem), problem]))
        return { from: before.commit, to: after.commit, sets, problems: [...told.values()] }
      },

      async why({ library, ...input }, { signal }) {
        const { read } = await at(input, signal)
        return read.sets.flatMap(({ set, services, folder }) => {
          const ids = [...set.packages].filter(([, one]) => libraryOf(set.ecosystem, one) === library)
          if (ids.length === 0) return []
          const pathTo = shortestPaths(set, new Set())
          return ids.map(([id]) => ({ services, folder, path: pathTo(id) }))
        })
      },

      async standings({ library, ...input }, { signal }) {
        const { workspace, commit, reader, read } = await at(input, signal)
        if (commit === null) return []
        return findStandings(workspace, reader, commit, libraryIn(read, library), input.environment, signal)
      },

      async align({ library, version, ...input }, { signal }) {
        const { read } = await at(input, signal)
        return planAlignment(libraryIn(read, library), version, read)
      },
    },
  }
}
