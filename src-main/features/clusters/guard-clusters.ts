import type { Policy } from '../../../shared/clusters/contract.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Cluster, Clusters } from '../../needs/cluster.ts'

/**
 * Clusters whose contexts take only the changes that people let through, whoever asks: a read-only one takes none, a
 * protected one only while it is unlocked. Dry runs change nothing and pass.
 *
 * Decision: here, around what every feature opens clusters through. Because: a check beside each button is forgotten
 * beside the next one.
 */
export function guardClusters(clusters: Clusters, policyOf: (context: string) => Promise<Policy>): Clusters {
  const guarded = new WeakMap<Cluster, Cluster>()
  return {
    contexts: () => clusters.contexts(),
    async open(context) {
      const cluster = await clusters.open(context)
      const known = guarded.get(cluster) ?? guardCluster(cluster, () => policyOf(context))
      guarded.set(cluster, known)
      return known
    },
    [Symbol.asyncDispose]: () => clusters[Symbol.asyncDispose](),
  }
}

/** Why a context takes no change now; null where it does. */
export function refusalOf(policy: Policy, context: string): AppError | null {
  if (policy === 'read-only') return new AppError('refused-by-rule', 'live.contextReadOnly', { context })
  if (policy === 'protected') return new AppError('refused-by-rule', 'live.contextProtected', { context })
  return null
}

function guardCluster(cluster: Cluster, policy: () => Promise<Policy>): Cluster {
  const check = async (): Promise<void> => {
    const refusal = refusalOf(await policy(), cluster.context.name)
    if (refusal) throw refusal
  }
  return {
    get context() {
      return cluster.context
    },
    version: signal => cluster.version(signal),
    kinds: (signal, refresh) => cluster.kinds(signal, refresh),
    get: (name, signal) => cluster.get(name, signal),
    list: (scope, signal) => cluster.list(scope, signal),
    watch: (scope, signal) => cluster.watch(scope, signal),
    mayI: (questions, signal) => cluster.mayI(questions, signal),
    logs: (pod, options, signal) => cluster.logs(pod, options, signal),
    forward: (pod, port, signal) => cluster.forward(pod, port, signal),
    grpcHealth: (pod, to, signal) => cluster.grpcHealth(pod, to, signal),
    proxyGet: (to, path, signal) => cluster.proxyGet(to, path, signal),
    async create(object, options, signal) {
      if (options.dryRun !== true) await check()
      return await cluster.create(object, options, signal)
    },
    async apply(object, options, signal) {
      if (options.dryRun !== true) await check()
      return await cluster.apply(object, options, signal)
    },
    async patch(name, patch, signal) {
      if (patch.dryRun !== true) await check()
      return await cluster.patch(name, patch, signal)
    },
    async delete(name, options, signal) {
      await check()
      await cluster.delete(name, options, signal)
    },
    async exec(pod, command, options, signal) {
      await check()
      return await cluster.exec(pod, command, options, signal)
    },
    [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose](),
  }
}
