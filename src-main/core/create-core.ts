import type { Handlers } from '../../shared/contract/define.ts'
import { type AppContract, contract } from '../../shared/contract/index.ts'
import { serve } from '../../shared/contract/serve.ts'
import type { Channel } from '../../shared/contract/wire.ts'
import { systemArtifacts } from '../adapters/artifacts/system-artifacts.ts'
import { openRepositoryWith } from '../adapters/git/open-repository.ts'
import { createGitRemotes } from '../adapters/git/remote/create-git-remotes.ts'
import { createModuleGraphReader } from '../adapters/go/read-module-graph.ts'
import { createHelm } from '../adapters/helm/run-helm.ts'
import { createClusters } from '../adapters/kubernetes/create-clusters.ts'
import { compareVersions } from '../adapters/metrics/compare-versions.ts'
import { observeCalls } from '../adapters/metrics/observe-calls.ts'
import { readShippedTrees } from '../adapters/shipped-trees/shipped-trees.ts'
import { openSourceFolder } from '../adapters/source-folder/open-source-folder.ts'
import { createSsh } from '../adapters/ssh2/create-ssh.ts'
import { poolSsh } from '../adapters/ssh2/pool-ssh.ts'
import { auditHashes, pause, sha256, systemClock, systemFolders } from '../adapters/system/system.ts'
import { createGoParser } from '../adapters/tree-sitter/create-go-parser.ts'
import { clustersFeature } from '../features/clusters/index.ts'
import { compareFeature } from '../features/compare/index.ts'
import { decisionsFeature } from '../features/decisions/index.ts'
import { deliveryFeature } from '../features/delivery/index.ts'
import { dependenciesFeature } from '../features/dependencies/index.ts'
import { createDraftStore, draftFeature, pushWaiting, updateBranch } from '../features/draft/index.ts'
import { driftFeature } from '../features/drift/index.ts'
import { edgeFeature } from '../features/edge/index.ts'
import { fleetFeature } from '../features/fleet/index.ts'
import { createNotices, createQuestions, hostFeature, readSettings } from '../features/host/index.ts'
import { metricsFeature } from '../features/metrics/index.ts'
import { rolloutsFeature } from '../features/rollouts/index.ts'
import { rulesFeature } from '../features/rules/index.ts'
import { topologyFeature } from '../features/topology/index.ts'
import { wiringFeature } from '../features/wiring/index.ts'
import { fetchInBackground, openWorkspaces, workspacesFeature } from '../features/workspaces/index.ts'
import type { Clock } from '../needs/clock.ts'
import type { Clusters } from '../needs/cluster.ts'
import type { Host } from '../needs/host.ts'

export interface Core extends AsyncDisposable {
  readonly handlers: Handlers<AppContract>
  readonly clusters: Clusters
  /** Answers one page, script or command until its channel closes. */
  answer(channel: Channel): void
}

/** The one place where needs meet adapters. `clock` is given by tests and by the sandbox, whose history has its own dates. */
export async function createCore(host: Host, clock: Clock = systemClock): Promise<Core> {
  // A core that fails to start closes what it opened.
  await using opening = new AsyncDisposableStack()
  const questions = createQuestions()
  const notices = createNotices()
  const ssh = createSsh({ prompter: questions, secrets: host.secrets, ...host.ssh })
  const sshPool = opening.use(poolSsh(ssh, { now: systemClock.now }))
  const remotes = createGitRemotes({ ssh, prompter: questions, secrets: host.secrets })
  const parseGo = createGoParser()
  const workspaces = opening.use(
    openWorkspaces({
      openRepository: openRepositoryWith({ clock }),
      documents: host.documents,
      folders: systemFolders,
      clock,
      digest: sha256,
      parseGo,
      helm: createHelm(),
    }),
  )
  const drafts = createDraftStore(host.documents, name => notices.tell({ key: 'draft.unreadable', params: { name } }))
  const metrics = opening.use(
    metricsFeature({
      workspaces,
      documents: host.documents,
      secrets: host.secrets,
      prompter: questions,
      observe: observeCalls,
      compare: compareVersions,
      variable: name => process.env[name],
      clock,
      digest: sha256,
      report: host.report,
    }),
  )
  const moduleGraph = createModuleGraphReader()
  // Nothing is read, nor asked of any cluster, before somebody opens one.
  const ownClusters = opening.use(createClusters(host.kubeconfigFiles))
  const deciding = {
    remotes,
    clock,
    digest: sha256,
    drafts,
    moduleGraph,
    measured: metrics.latest,
    budgets: metrics.budgets,
  }

  const draft = draftFeature({ ...deciding, workspaces })
  const topology = topologyFeature({
    workspaces,
    draftFiles: draft.draftFiles,
    onDraftChange: draft.onDraftChange,
    openSourceFolder,
    parseGo,
    measure: metrics.measure,
  })
  const decisions = decisionsFeature({ workspaces, documents: host.documents, hashes: auditHashes })
  const contexts = opening.use(
    clustersFeature({ workspaces, clusters: ownClusters, documents: host.documents, clock, report: host.report }),
  )
  /** Those of the person, where changes pass only as far as a person lets them. */
  const clusters = contexts.guarded
  const handlers: Handlers<AppContract> = {
    clusters: contexts.handlers,
    rollouts: opening.use(
      rolloutsFeature({
        workspaces,
        clusters,
        book: contexts.book,
        compare: metrics.compare,
        clock,
        report: host.report,
      }),
    ).handlers,
    workspaces: opening.use(
      workspacesFeature({
        workspaces,
        remotes,
        environments: topology.environments,
        push: (workspace, signal) => pushWaiting(workspace, deciding, signal),
        update: (workspace, signal) => updateBranch(workspace, deciding, signal),
        now: clock.now,
      }),
    ).handlers,
    topology: topology.handlers,
    wiring: wiringFeature({ workspaces, draftFiles: draft.draftFiles }).handlers,
    metrics: metrics.handlers,
    dependencies: dependenciesFeature({ workspaces, moduleGraph }).handlers,
    compare: compareFeature({
      ...draft,
      workspaces,
      moduleGraph,
      documents: host.documents,
      clock,
      latest: metrics.latest,
    }).handlers,
    draft: draft.handlers,
    edge: opening.use(
      edgeFeature({
        workspaces,
        pool: sshPool,
        documents: host.documents,
        clock: systemClock,
        pause,
        report: host.report,
      }),
    ).handlers,
    fleet: opening.use(
      fleetFeature({
        workspaces,
        documents: host.documents,
        artifacts: systemArtifacts(host.documents),
        clock,
        digest: sha256,
        pause,
        connect: (target, signal) => sshPool.connect(target, signal, true),
        report: host.report,
      }),
    ).handlers,
    delivery: deliveryFeature({ workspaces, clusters, draft, clock, digest: sha256 }).handlers,
    drift: driftFeature({ workspaces, clusters, draft, clock, digest: sha256 }).handlers,
    rules: rulesFeature({
      ...draft,
      workspaces,
      judge: draft.handlers.judge,
      waived: decisions.waived,
      shippedTrees: readShippedTrees,
      clock,
    }).handlers,
    decisions: decisions.handlers,
    host: hostFeature({ host, folders: systemFolders, questions, notices }).handlers,
  }

  opening.use(
    fetchInBackground({
      workspaces,
      remotes,
      now: clock.now,
      minutes: async () => (await readSettings(host)).fetchMinutes,
      report: host.report,
    }),
  )

  /** Ends of the lines that are open: a page that is still there when the core goes must not keep watches open. */
  const lines = new Set<() => void>()
  opening.defer(() => {
    for (const end of lines) end()
  })
  const all = opening.move()
  return {
    handlers,
    clusters,
    answer(channel) {
      const onClose = (listener: () => void): void => {
        const end = (): void => {
          if (lines.delete(end)) listener()
        }
        lines.add(end)
        channel.onClose(end)
      }
      const line: Channel = {
        send: text => channel.send(text),
        onText: listener => channel.onText(listener),
        onClose,
        close: () => channel.close(),
      }
      serve(contract, handlers, line, host.report)
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}
