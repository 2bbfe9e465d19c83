import type { Handlers } from '../../../shared/contract/define.ts'
import type { AppContract } from '../../../shared/contract/index.ts'
import { recomputed } from '../../../shared/contract/recomputed.ts'
import type { Snapshot } from '../../../shared/decisions/decision.ts'
import { readDecision } from '../../../shared/decisions/read-decision.ts'
import { readSnapshot } from '../../../shared/decisions/snapshot.ts'
import { type Layout, layoutPath, readLayout } from '../../../shared/edits/layout-file.ts'
import { AppError } from '../../../shared/errors.ts'
import { topologySvg } from '../../../shared/export/topology-svg.ts'
import { joinMetrics } from '../../../shared/metrics/join-metrics.ts'
import { recordedMetrics, withRecordedRates } from '../../../shared/metrics/record-metrics.ts'
import type { TopologyView } from '../../../shared/topology/contract.ts'
import { diffTopology } from '../../../shared/topology/diff-topology.ts'
import { createFactsReader } from '../../../shared/topology/source/read-source-file.ts'
import { factsOf, readSources, type SourceFiles } from '../../../shared/topology/source/read-sources.ts'
import { toDot } from '../../../shared/topology/to-dot.ts'
import { toJson } from '../../../shared/topology/to-json.ts'
import { toMermaid } from '../../../shared/topology/to-mermaid.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import { readWorkspaceFile } from '../../../shared/workspace-file/read-workspace-file.ts'
import { workspacePath } from '../../../shared/workspace-file/workspace-schema.ts'
import type { ParseGo } from '../../needs/go-parser.ts'
import type { OpenSourceFolder } from '../../needs/source-folder.ts'
import type { MetricsFeature } from '../metrics/index.ts'
import { decodeText, resolveRevision, type Workspace, type Workspaces } from '../workspaces/index.ts'
import { environmentInEither, environmentNamed, environmentsOf, manifestsIn, topologyOf } from './environments.ts'
import { readerOf, type WorkspaceFiles } from './read-workspace-files.ts'

export {
  environmentInEither,
  environmentNamed,
  environmentsOf,
  environmentsTouched,
  findEnvironment,
  manifestsIn,
  topologyOf,
} from './environments.ts'
export {
  readerOf,
  renderCharts,
  sourcesOf,
  type TextFile,
  type WorkspaceFiles,
  type WorkspaceReader,
  withTexts,
} from './read-workspace-files.ts'

export type TopologyNeeds = {
  readonly workspaces: Workspaces
  /** The files with the workspace's draft applied; null when there is no draft. */
  readonly draftFiles: (workspace: Workspace) => Promise<WorkspaceFiles | null>
  /** Calls back when the draft or the branch is not what it was. */
  readonly onDraftChange: (workspace: Workspace, listener: () => void) => () => void
  readonly openSourceFolder: OpenSourceFolder
  readonly parseGo: ParseGo
  /** Asks once where calls are counted. */
  readonly measure: MetricsFeature['measure']
}

/** Environments, the graph of each at any revision, and differences between two. */
export function topologyFeature(needs: TopologyNeeds): {
  handlers: Handlers<AppContract>['topology']
  environments: Handlers<AppContract>['workspaces']['environments']
} {
  async function at(
    workspace: Workspace,
    environment: string,
    revision: string | undefined,
    source?: string,
  ): Promise<Topology> {
    const reader = readerOf(workspace)
    const commit = await resolveRevision(workspace, revision)
    const files = await reader.filesAt(commit)
    const found = environmentNamed(reader, files, environment)
    if (source === undefined) return topologyOf(reader, files, found, commit)
    const folder = await sourceFolder(workspace, source)
    const notes = files.get(workspacePath)
    const sources = await readSources(
      manifestsIn(reader, files, found),
      folder,
      notes && readWorkspaceFile(notes.path, notes.text),
      factsOf(folder, createFactsReader(needs.parseGo)),
    )
    return topologyOf(reader, files, found, commit, sources)
  }

  /** A folder of the workspace is told from its root, as everything in it is. */
  async function sourceFolder(workspace: Workspace, directory: string): Promise<SourceFiles> {
    const folder = await needs.openSourceFolder(directory)
    const root = `${workspace.directory.replaceAll('\\', '/')}/`
    const here = `${directory.replaceAll('\\', '/').replace(/\/+$/, '')}/`
    if (!here.startsWith(root)) return folder
    const prefix = here.slice(root.length)
    return {
      name: workspace.name,
      paths: folder.paths.map(path => prefix + path),
      text: path => folder.text(path.slice(prefix.length)),
    }
  }

  async function now(workspace: Workspace, environment: string): Promise<TopologyView> {
    const reader = readerOf(workspace)
    const { commit } = await workspace.repository.head()
    const files = await reader.filesAt(commit)
    const drafted = await needs.draftFiles(workspace)
    const topologyIn = (here: WorkspaceFiles, there: WorkspaceFiles) =>
      topologyOf(reader, here, environmentInEither(reader, here, there, environment), commit)
    const base = topologyIn(files, drafted ?? files)
    const draft = drafted && topologyIn(drafted, files)
    return {
      base,
      draft,
      diff: draft ? diffTopology(base, draft) : { nodes: [], edges: [] },
      positions: positionsIn(drafted ?? files, environment),
    }
  }

  async function then(workspace: Workspace, environment: string, revision: string): Promise<TopologyView> {
    const reader = readerOf(workspace)
    const base = await at(workspace, environment, revision)
    const { parents } = await workspace.repository.commit(base.revision)
    const before = parents[0] === undefined ? null : await parentTopology(workspace, environment, parents[0])
    // Today's positions first, so that nothing moves when the time does.
    const today = await reader.filesAt((await workspace.repository.head()).commit)
    const snapshot = await snapshotAt(workspace, base.revision)
    const { metrics, topology: recorded } = snapshot?.environment === base.environment ? snapshot : {}
    return {
      base: metrics && recorded ? withRecordedRates(base, recorded) : base,
      ...(metrics && { metrics }),
      draft: null,
      diff: diffTopology(before ?? { ...base, nodes: [], edges: [], components: [], findings: [] }, base),
      positions: {
        ...positionsIn(await reader.filesAt(base.revision), environment),
        ...positionsIn((await needs.draftFiles(workspace)) ?? today, environment),
      },
    }
  }

  async function parentTopology(workspace: Workspace, environment: string, commit: string): Promise<Topology | null> {
    const reader = readerOf(workspace)
    const files = await reader.filesAt(commit)
    const there = environmentsOf(reader, files).find(candidate => candidate.id === environment)
    return there ? topologyOf(reader, files, there, commit) : null
  }

  return {
    handlers: {
      async *graph({ workspace: id, environment, revision }, { signal }) {
        const workspace = await needs.workspaces.get(id)
        if (revision === undefined)
          yield* recomputed(
            signal,
            changed => needs.onDraftChange(workspace, changed),
            () => now(workspace, environment),
          )
        else yield await then(workspace, environment, revision)
      },
      async diff({ workspace: id, environment, from, to }) {
        const workspace = await needs.workspaces.get(id)
        const [a, b] = await Promise.all([at(workspace, environment, from), at(workspace, environment, to)])
        return { from: a, to: b, diff: diffTopology(a, b) }
      },
      async export({ workspace: id, environment, revision, format, source, metrics, locale }, { signal }) {
        const workspace = await needs.workspaces.get(id)
        const declared = await at(workspace, environment, revision, source)
        const measurements = metrics && (await needs.measure(workspace, declared.environment, metrics, signal))
        const joined =
          measurements &&
          joinMetrics(
            declared,
            measurements.map(({ observation }) => observation),
          )
        const topology = joined?.topology ?? declared
        if (format === 'mermaid') return { text: toMermaid(topology) }
        if (format === 'dot') return { text: toDot(topology) }
        if (format === 'svg') return { text: topologySvg(topology, 'light', locale ?? 'en') }
        const listed = joined && { metrics: { ...recordedMetrics(measurements), unmatched: joined.unmatched } }
        return { text: toJson(topology, locale, listed) }
      },
    },
    async environments({ workspace: id, revision }) {
      const workspace = await needs.workspaces.get(id)
      const reader = readerOf(workspace)
      return environmentsOf(reader, await reader.filesAt(await resolveRevision(workspace, revision)))
    },
  }
}

/** What the decision made at a commit kept; null for a plain commit, and for a snapshot that cannot be read. */
async function snapshotAt(workspace: Workspace, commit: string): Promise<Snapshot | null> {
  const { repository } = workspace
  const { record } = readDecision(await repository.commit(commit))
  if (!record?.endsWith('/')) return null
  const path = `${record}snapshot.json`
  const bytes = await repository.fileAt(commit, path)
  const text = bytes && decodeText(bytes)
  if (text === null) return null
  try {
    return readSnapshot(path, text)
  } catch (error) {
    // The decision itself says what is wrong with it; the graph is drawn all the same.
    if (error instanceof AppError) return null
    throw error
  }
}

function positionsIn(files: WorkspaceFiles, environment: string): Layout {
  const file = files.get(layoutPath(environment))
  return file ? readLayout(file.text) : {}
}
