import { join } from 'node:path'
import type { GitRepository } from '../needs/git-repository.ts'
import type { Checkouts } from './cluster/checkouts.ts'
import { createFaultControl, faultConfigMap } from './cluster/fault-control.ts'
import { faultMap } from './cluster/faults.ts'
import { createFluxControllers } from './cluster/flux.ts'
import { followRepository } from './cluster/follow-repository.ts'
import { createGitOpsController, sourceOf } from './cluster/gitops.ts'
import { type SandboxCluster, serveCluster } from './cluster/serve-cluster.ts'
import { versionsIn } from './cluster/traffic-versions.ts'
import { environment } from './history.ts'
import { createMetricsWorld } from './metrics/metrics-world.ts'
import { keepShares } from './metrics/share-history.ts'
import { serveMetrics } from './serve-metrics.ts'

export type Platform = AsyncDisposable & {
  readonly cluster: SandboxCluster
  /** Address of the metrics. */
  readonly metrics: string
  /** A kubeconfig with one context, and that context's name. */
  readonly kubeconfig: string
  readonly context: string
  /**
   * Has a simulated Argo CD bring what the repository's `main` says to the cluster, as if it had done so since
   * yesterday, and again after each push. The repository is closed with the platform. `standing`: its clock stands still
   * from then on, until it is moved.
   */
  follow(repository: GitRepository, options?: { readonly standing?: boolean }): Promise<void>
}

/** What has to be looked at when the repository has moved. */
const gitopsKinds = [
  'argoproj.io/Application',
  'source.toolkit.fluxcd.io/GitRepository',
  'kustomize.toolkit.fluxcd.io/Kustomization',
]

const namespace = 'payments'
/** Since when the cluster has been running, in milliseconds. */
const age = 26 * 60 * 60 * 1000
const settling = 5 * 60 * 1000

/** What the sandbox runs on: a cluster, metrics of what happens in it, and an Argo CD and a Flux; all of it simulated. */
export async function startPlatform(
  directory: string,
  now: () => number,
  report: (error: unknown) => void,
): Promise<Platform> {
  await using opening = new AsyncDisposableStack()
  const world = createMetricsWorld()
  const metrics = opening.use(await serveMetrics(world, now))
  let checkouts: ReturnType<typeof followRepository> | undefined
  const followed: Checkouts = {
    latest: what => checkouts?.latest(what) ?? null,
    refresh: () => checkouts?.refresh(),
  }
  const cluster: SandboxCluster = opening.use(
    await serveCluster({
      startAt: now() - age,
      metrics: query => {
        const value = world.ask(query, now())
        return typeof value === 'number' ? [value] : value.map(sample => sample.value)
      },
      controllers: state => [
        createFaultControl(() => cluster.faults, report),
        createGitOpsController(state, followed),
        ...createFluxControllers(state, followed),
      ],
    }),
  )
  const { state, simulation } = cluster
  const shares = keepShares(
    versionsIn(state, namespace, () => cluster.faults.canariesFail),
    now,
  )
  world.setVersions(shares.versionsOf)
  state.store.subscribe(({ kind }) => {
    if (kind.kind === 'Rollout' || kind.kind === 'Canary') shares.note()
  })
  const kubeconfig = join(directory, 'kubeconfig')
  await cluster.writeKubeconfig(kubeconfig)
  const all = opening.move()

  return {
    cluster,
    metrics: metrics.url,
    kubeconfig,
    context: 'sandbox',
    async follow(repository, { standing = false } = {}) {
      all.use(repository)
      const application = applicationFor(repository.directory)
      checkouts = followRepository(
        repository,
        () => {
          for (const kind of gitopsKinds)
            for (const each of simulation.world.list(kind)) simulation.world.look(kind, each)
        },
        report,
      )
      all.defer(() => checkouts?.close())
      await checkouts.follow(sourceOf(application))
      for (const name of ['argocd', faultMap.namespace])
        simulation.world.create('/Namespace', { metadata: { name } }, 'sandbox')
      simulation.world.create('/ConfigMap', faultConfigMap, 'sandbox')
      simulation.world.create('argoproj.io/Application', application, 'sandbox')
      simulation.advance(settling)
      // Events of a day ago are long forgotten.
      for (const event of simulation.world.list('/Event')) simulation.world.remove('/Event', event)
      // Who answers now has answered since yesterday: what a canary takes over is told apart from it.
      shares.forget()
      world.names(now())
      if (!standing) simulation.run()
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

const applicationFor = (repository: string) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  metadata: { name: 'payments-production', namespace: 'argocd', labels: { sandbox: 'true' } },
  spec: {
    project: 'default',
    source: { repoURL: repository, path: environment, targetRevision: 'main' },
    destination: { server: 'https://kubernetes.default.svc', namespace },
    syncPolicy: { automated: { prune: true }, syncOptions: ['ServerSideApply=true', 'RespectIgnoreDifferences=true'] },
    // Argo Rollouts moves these.
    ignoreDifferences: [
      {
        group: 'gateway.networking.k8s.io',
        kind: 'HTTPRoute',
        name: 'auth',
        jqPathExpressions: ['.spec.rules[].backendRefs[].weight'],
      },
      { group: '', kind: 'Service', jsonPointers: ['/spec/selector/rollouts-pod-template-hash'] },
    ],
  },
})
