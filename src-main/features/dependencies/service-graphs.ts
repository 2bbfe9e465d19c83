import { edgeLines } from '../../../shared/dependencies/edges.ts'
import type { ObjectId } from '../../needs/git-repository.ts'
import type { ReadModuleGraph } from '../../needs/module-graph.ts'
import type { Workspace } from '../workspaces/index.ts'
import { setReaderOf } from './read-workspace-sets.ts'

/** A larger graph is told by what its main modules ask for: a record is read by people and kept for ever. */
const most = 20_000

/**
 * The graph of each of some services as lines of `go mod graph`, sorted: what its program is made of and the images it
 * runs, with `texts` laid over the commit.
 */
export async function serviceGraphs(
  workspace: Workspace,
  moduleGraph: ReadModuleGraph,
  commit: ObjectId | null,
  texts: ReadonlyMap<string, string | null>,
  services: readonly string[],
  environment: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (services.length === 0) return new Map()
  const reader = setReaderOf(workspace, moduleGraph)
  if (!(await reader.tellsAny(commit, texts, signal))) return new Map()
  const { sets } = await reader.at(commit, environment, signal, texts)
  return new Map(
    services.map(service => {
      const own = sets.filter(placed => placed.services.includes(service) && placed.of === undefined)
      const lines = own.flatMap(({ set }) => {
        const all = edgeLines(set.edges)
        const roots = new Set(set.roots)
        return all.length <= most ? all : all.filter(line => roots.has(line.slice(0, line.indexOf(' '))))
      })
      return [service, lines]
    }),
  )
}
