import type { Handlers } from '../../shared/contract/define.ts'
import { type AppContract, contract } from '../../shared/contract/index.ts'
import { serve } from '../../shared/contract/serve.ts'
import type { Channel } from '../../shared/contract/wire.ts'
import { openRepositoryWith } from '../adapters/git/open-repository.ts'
import { createGitRemotes } from '../adapters/git/remote/create-git-remotes.ts'
import { createModuleGraphReader } from '../adapters/go/read-module-graph.ts'
import { createHelm } from '../adapters/helm/run-helm.ts'
import { compareVersions } from '../adapters/metrics/compare-versions.ts'
import { observeCalls } from '../adapters/metrics/observe-calls.ts'
import { readShippedTrees } from '../adapters/shipped-trees/shipped-trees.ts'
import { openSourceFolder } from '../adapters/source-folder/open-source-folder.ts'
import { auditHashes, pause, sha256, systemClock, systemFolders } from '../adapters/system/system.ts'
import { createGoParser } from '../adapters/tree-sitter/create-go-parser.ts'
import { decisionsFeature } from '../features/decisions/index.ts'
import { dependenciesFeature } from '../features/dependencies/index.ts'
import { createDraftStore, draftFeature, pushWaiting, updateBranch } from '../features/draft/index.ts'
import { keptFleet } from '../features/fleet/kept-fleet.ts'
import { createNotices, createQuestions, hostFeature, readSettings } from '../features/host/index.ts'
import { metricsFeature } from '../features/metrics/index.ts'
import { rulesFeature } from '../features/rules/index.ts'
import { topologyFeature } from '../features/topology/index.ts'
import { fetchInBackground, openWorkspaces, type Workspace, workspacesFeature } from '../features/workspaces/index.ts'
import type { Clock } from '../needs/clock.ts'
import type { Clusters } from '../needs/cluster.ts'
import type { Host } from '../needs/host.ts'
import type { Ssh } from '../needs/ssh.ts'
import { handlersOnDemand, type OnDemand, onDemand } from './on-demand.ts'

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
  const openSsh = onDemand(async () => {
    const { createSsh } = await import('../adapters/ssh2/create-ssh.ts')
    return createSsh({ prompter: questions, secrets: host.secrets, ...host.ssh })
  })
  const ssh: Ssh = { connect: async (target, signal) => (await openSsh.get()).connect(target, signal) }
  const sshPool = opening.use(
    onDemand(async () => {
      const { poolSsh } = await import('../adapters/ssh2/pool-ssh.ts')
      return poolSsh(await openSsh.get(), { now: systemClock.now })
    }),
  )
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
  const deciding = {
    remotes,
    clock,
    digest: sha256,
    drafts,
    moduleGraph,
    measured: metrics.latest,
    budgets: metrics.budgets,
    latencies: async (workspace: Workspace) => (await keptFleet(host.documents, workspace.id).read()).latencies,
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
  const decisions = decisionsFeature({
    workspaces,
    documents: host.documents,
    hashes: auditHashes,
    snapshotOf: async (workspace, commit, signal) => {
      const { snapshotOf } = await import('../features/compare/index.ts')
      return (await snapshotOf(workspace, host.documents, commit, signal)).snapshot
    },
  })
  // Nothing is read, nor asked of any cluster, before somebody opens one.
  const contexts = opening.use(
    onDemand(async () => {
      const { createClusters } = await import('../adapters/kubernetes/create-clusters.ts')
      const { clustersFeature } = await import('../features/clusters/index.ts')
      const clusters = createClusters(host.kubeconfigFiles)
      const feature = clustersFeature({
        ...{ workspaces, clusters, documents: host.documents, clock, report: host.report },
        onContextsChange: clusters.onChange,
      })
      return {
        ...feature,
        async [Symbol.asyncDispose]() {
          await feature[Symbol.asyncDispose]()
          await clusters[Symbol.asyncDispose]()
        },
      }
    }),
  )
  /** Those of the person, where changes pass only as far as a person lets them. */
  const clusters: Clusters = {
    contexts: async () => (await contexts.get()).guarded.contexts(),
    open: async name => (await contexts.get()).guarded.open(name),
    // They are closed with what opened them.
    [Symbol.asyncDispose]: async () => {},
  }
  const unlock = async (context: string): Promise<void> => (await contexts.get()).book.letThrough(context)
  /** A feature whose code is read when it is first asked. */
  const later = <F extends keyof AppContract & string>(
    feature: F,
    load: () => Promise<{ readonly handlers: Handlers<AppContract>[F] }>,
  ): Handlers<AppContract>[F] => {
    const made: OnDemand<{ readonly handlers: Handlers<AppContract>[F] }> = opening.use(onDemand(load))
    return handlersOnDemand(contract, feature, async () => (await made.get()).handlers)
  }
  const handlers: Handlers<AppContract> = {
    clusters: handlersOnDemand(contract, 'clusters', async () => (await contexts.get()).handlers),
    rollouts: later('rollouts', async () => {
      const { rolloutsFeature } = await import('../features/rollouts/index.ts')
      const { book } = await contexts.get()
      return rolloutsFeature({ workspaces, clusters, book, compare: metrics.compare, clock, report: host.report })
    }),
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
    wiring: later('wiring', async () => {
      const { wiringFeature } = await import('../features/wiring/index.ts')
      return wiringFeature({ workspaces, draftFiles: draft.draftFiles })
    }),
    metrics: metrics.handlers,
    dependencies: dependenciesFeature({ workspaces, moduleGraph }).handlers,
    compare: later('compare', async () => {
      const { compareFeature } = await import('../features/compare/index.ts')
      const { documents } = host
      return compareFeature({ ...draft, workspaces, moduleGraph, documents, clock, latest: metrics.latest })
    }),
    draft: draft.handlers,
    edge: later('edge', async () => {
      const { edgeFeature } = await import('../features/edge/index.ts')
      return edgeFeature({
        workspaces,
        pool: await sshPool.get(),
        documents: host.documents,
        clock: systemClock,
        pause,
        report: host.report,
      })
    }),
    fleet: later('fleet', async () => {
      const { fleetFeature } = await import('../features/fleet/index.ts')
      const { systemArtifacts } = await import('../adapters/artifacts/system-artifacts.ts')
      return fleetFeature({
        workspaces,
        documents: host.documents,
        artifacts: systemArtifacts(host.documents),
        clock,
        digest: sha256,
        pause,
        sshHosts: async () => {
          const { listSshHosts } = await import('../adapters/ssh2/list-ssh-hosts.ts')
          return listSshHosts(host.ssh?.home, host.ssh?.configFiles[0])
        },
        connect: async (target, signal) => (await sshPool.get()).connect(target, signal, true),
        report: host.report,
      })
    }),
    delivery: later('delivery', async () => {
      const { deliveryFeature } = await import('../features/delivery/index.ts')
      return deliveryFeature({ workspaces, clusters, draft, clock, digest: sha256, unlock })
    }),
    drift: later('drift', async () => {
      const { driftFeature } = await import('../features/drift/index.ts')
      return driftFeature({ workspaces, clusters, draft, clock, digest: sha256, unlock })
    }),
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
