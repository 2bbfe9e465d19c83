import { compareRules } from '../../../shared/compare/compare-rules.ts'
import type { TopologySubject } from '../../../shared/compare/compare-topology.ts'
import { compareVerdicts } from '../../../shared/compare/compare-verdicts.ts'
import type {
  ComparedDependencies,
  ComparedManifests,
  ComparedRules,
  ComparedTopology,
  ManifestChange,
  TopologyChange,
} from '../../../shared/compare/contract.ts'
import { type Change, type Subject, wordOf } from '../../../shared/compare/difference.ts'
import { serviceOfObjects } from '../../../shared/compare/service-of-object.ts'
import { manifestText } from '../../../shared/compare/shown-value.ts'
import type { Handlers } from '../../../shared/contract/define.ts'
import type { AppContract } from '../../../shared/contract/index.ts'
import { recomputed } from '../../../shared/contract/recomputed.ts'
import { readDecision } from '../../../shared/decisions/read-decision.ts'
import { type Layout, layoutPath, readLayout } from '../../../shared/edits/layout-file.ts'
import { AppError } from '../../../shared/errors.ts'
import { joinMetrics } from '../../../shared/metrics/join-metrics.ts'
import { withRecordedRates } from '../../../shared/metrics/record-metrics.ts'
import type { Topology } from '../../../shared/topology/topology.ts'
import { identityOf } from '../../../shared/topology/workload.ts'
import type { Clock } from '../../needs/clock.ts'
import type { Documents } from '../../needs/documents.ts'
import type { ReadModuleGraph } from '../../needs/module-graph.ts'
import { findDecision, readSnapshotOf } from '../decisions/index.ts'
import type { DraftFeature } from '../draft/index.ts'
import type { MetricsFeature } from '../metrics/index.ts'
import { readerOf, type WorkspaceFiles } from '../topology/index.ts'
import type { Workspace, Workspaces } from '../workspaces/index.ts'
import {
  compareDependencies,
  compareGraphs,
  compareObjects,
  type Ground,
  keyOfSet,
  manifestsOfSide,
  subjectOfSet,
  topologyOfSide,
} from './compare-sides.ts'
import { findMakers } from './find-makers.ts'
import { type Asked, findSides, type Side, type Sides } from './find-sides.ts'
import { findVerdictMakers } from './find-verdict-makers.ts'
import { createJudge } from './judge-sides.ts'
import { snapshotOf } from './snapshot-of.ts'

export { snapshotOf } from './snapshot-of.ts'

export type CompareNeeds = Pick<DraftFeature, 'draftFiles' | 'draftTexts' | 'onDraftChange'> & {
  readonly workspaces: Workspaces
  readonly moduleGraph: ReadModuleGraph
  readonly documents: Documents
  readonly clock: Clock
  readonly latest: MetricsFeature['latest']
}
type Input = Asked & { readonly workspace: string }

/** Any two points of a workspace, part by part, and who made each difference. */
export function compareFeature(needs: CompareNeeds): { handlers: Handlers<AppContract>['compare'] } {
  const groundOf = (workspace: Workspace): Ground => ({ workspace, moduleGraph: needs.moduleGraph })

  /** Compared anew whenever a branch or the draft moves; two commits by their ids stay what they are. */
  async function* live<T>(
    input: Input,
    signal: AbortSignal,
    compare: (sides: Sides, ground: Ground) => Promise<T>,
  ): AsyncGenerator<T> {
    const workspace = await needs.workspaces.get(input.workspace)
    const once = async () => compare(await findSides(workspace, needs, input, signal), groundOf(workspace))
    if ([input.a, input.b].every(text => /^[0-9a-f]{40}(:|$)/.test(text))) yield await once()
    else yield* recomputed(signal, changed => needs.onDraftChange(workspace, changed), once)
  }

  /** With the rates that were known at the point. */
  async function measured(ground: Ground, side: Side, kind: Sides['between']['a']['kind']): Promise<Topology> {
    const topology = topologyOfSide(ground, side)
    if (!side.environment || side.commit === null) return topology
    const { workspace } = ground
    if (kind !== 'commit')
      return joinMetrics(
        topology,
        (await needs.latest(workspace, side.environment.id)).map(({ observation }) => observation),
      ).topology
    const commit = await workspace.repository.commit(side.commit)
    const snapshot = await readSnapshotOf(workspace, side.commit, readDecision(commit))
    return snapshot?.metrics && snapshot.topology && snapshot.environment === side.environment.id
      ? withRecordedRates(topology, snapshot.topology)
      : topology
  }

  async function graphs(sides: Sides, ground: Ground): Promise<ComparedTopology> {
    const { between, a, b, across } = sides
    const topologies = { a: await measured(ground, a, between.a.kind), b: await measured(ground, b, between.b.kind) }
    const { diff, before, subjects } = compareGraphs(ground, a, b, across, topologies)
    const reader = readerOf(ground.workspace)
    const today = await reader.filesAt((await ground.workspace.repository.head()).commit)
    const environment = (b.environment ?? a.environment)?.id
    const pins = [a.files, b.files, today].map(files => positionsIn(files, environment))
    return {
      ...between,
      // Today's places last: they count, so that nothing moves when the time does.
      view: { base: before, draft: topologies.b, diff, positions: Object.assign({}, ...pins) },
      subjects: subjects.map(subject => ({ ...worded(subject, sides), ...nameOf(subject) })),
    }
  }

  async function objects(sides: Sides, ground: Ground): Promise<ComparedManifests> {
    const { between, a, b, across } = sides
    const [olds, news] = [manifestsOfSide(ground, a), manifestsOfSide(ground, b)]
    const serviceAt = {
      a: serviceOfObjects(olds, topologyOfSide(ground, a)),
      b: serviceOfObjects(news, topologyOfSide(ground, b)),
    }
    const subjects = compareObjects(ground, a, b, across).map((subject): ManifestChange => {
      const { before, after } = subject
      const manifest = (after ?? before)!
      return {
        ...worded(subject, sides),
        kind: manifest.kind,
        namespace: manifest.namespace ?? null,
        name: manifest.name,
        service: after ? serviceAt.b(after) : serviceAt.a(manifest),
        file: manifest.file,
        line: manifest.lineOf(),
      }
    })
    return { ...between, subjects: subjects.sort(byService) }
  }

  async function sets(
    sides: Sides,
    ground: Ground,
    edges: number | undefined,
    signal: AbortSignal,
  ): Promise<ComparedDependencies> {
    const { between, a, b, across } = sides
    const found = await compareDependencies(ground, a, b, across, edges, signal)
    return {
      ...between,
      problems: found.problems,
      sets: found.sets.map(set => ({
        ...set,
        key: keyOfSet(set),
        change: wordOf(subjectOfSet(set).change, set.of !== undefined && sides.saysRemoved),
      })),
    }
  }

  async function verdicts(sides: Sides, ground: Ground, signal: AbortSignal): Promise<ComparedRules> {
    const { between, a, b, across } = sides
    const judge = await createJudge(ground, needs.clock)
    return {
      ...between,
      subjects: compareRules(a.files, b.files).map(subject => ({ ...subject, ...worded(subject, sides) })),
      verdicts: compareVerdicts(judge.whole(a), judge.whole(b)),
      gate: across ? null : await judge.step(a, b, signal),
    }
  }

  return {
    handlers: {
      topology: (input, { signal }) => live(input, signal, graphs),
      manifests: (input, { signal }) => live(input, signal, objects),
      dependencies: ({ edges, ...input }, { signal }) =>
        live(input, signal, (sides, ground) => sets(sides, ground, edges, signal)),
      rules: (input, { signal }) => live(input, signal, (sides, ground) => verdicts(sides, ground, signal)),
      async text({ key, ...input }, { signal }) {
        const workspace = await needs.workspaces.get(input.workspace)
        const { a, b, across } = await findSides(workspace, needs, input, signal)
        const found = compareObjects(groundOf(workspace), a, b, across).find(subject => subject.key === key)
        if (found) return textsOf(found)
        // It does not differ (any more): both sides say the same.
        const same = manifestsOfSide(groundOf(workspace), b).find(manifest => identityOf(manifest) === key)
        if (!same) throw new AppError('not-found', 'compare.noObject', { object: key })
        return textsOf({ before: same, after: same })
      },
      async *blame({ part, ...input }, { signal }) {
        for await (const [sides, ground] of live(input, signal, async (...found) => found))
          for await (const blame of findMakers(ground, sides, part, signal)) {
            if (part !== 'rules' || !blame.done) yield blame
            else yield* findVerdictMakers(ground, sides, await createJudge(ground, needs.clock), blame, signal)
          }
      },
      async snapshot({ workspace: id, decision }, { signal }) {
        const workspace = await needs.workspaces.get(id)
        return snapshotOf(workspace, needs.documents, await findDecision(workspace, decision, signal), signal)
      },
    },
  }
}

/** By service, what serves several last; in each the workload first. */
function byService(one: ManifestChange, other: ManifestChange): number {
  const rank = ({ service, kind, name }: ManifestChange): string =>
    `${service === null ? '1' : `0${service}`}\n${/^(Deployment|StatefulSet|DaemonSet|Rollout)$/.test(kind) ? 0 : 1}${kind}\n${name}`
  const [a, b] = [rank(one), rank(other)]
  return a < b ? -1 : a > b ? 1 : 0
}

const textsOf = ({ before, after }: Pick<ReturnType<typeof compareObjects>[number], 'before' | 'after'>) => ({
  before: before && manifestText(before),
  after: after && manifestText(after),
})

/** A thing as the page is told of it: what is not part of a point is not said to be removed from it. */
function worded({ key, keyA, change, fields }: Subject<Change>, { saysRemoved }: Sides): Subject {
  return { key, ...(keyA !== undefined && { keyA }), change: wordOf(change, saysRemoved), fields }
}

function nameOf(subject: TopologySubject): Pick<TopologyChange, 'kind' | 'name' | 'ends'> {
  if (subject.kind !== 'edge') return { kind: subject.kind, name: subject.id }
  const { from, to } = subject
  return { kind: 'edge', name: `${from} → ${to}`, ends: { from, to } }
}

function positionsIn(files: WorkspaceFiles, environment: string | undefined): Layout {
  const file = environment === undefined ? undefined : files.get(layoutPath(environment))
  return file ? readLayout(file.text) : {}
}
