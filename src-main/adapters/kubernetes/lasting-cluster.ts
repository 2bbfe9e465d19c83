import { isCancelled } from '../../../shared/errors.ts'
import type { Cluster, ObjectScope, WatchEvent } from '../../needs/cluster.ts'

/**
 * A cluster that stays the same for who holds it while its connections are made anew, as when a token in its kubeconfig
 * was renewed: watches go on with a fresh snapshot, and what is asked next is asked with the new credentials.
 */
export function lastingCluster(first: Cluster): { readonly cluster: Cluster; replace(next: Cluster): Promise<void> } {
  let inner = first

  async function* watch(scope: ObjectScope, signal: AbortSignal): AsyncGenerator<WatchEvent> {
    while (true) {
      const now = inner
      try {
        yield* now.watch(scope, signal)
        return
      } catch (error) {
        if (signal.aborted || inner === now || !isCancelled(error)) throw error
      }
    }
  }

  const cluster: Cluster = {
    get context() {
      return inner.context
    },
    version: signal => inner.version(signal),
    kinds: (signal, refresh) => inner.kinds(signal, refresh),
    get: (name, signal) => inner.get(name, signal),
    list: (scope, signal) => inner.list(scope, signal),
    watch,
    mayI: (questions, signal) => inner.mayI(questions, signal),
    logs: (pod, options, signal) => inner.logs(pod, options, signal),
    forward: (pod, port, signal) => inner.forward(pod, port, signal),
    grpcHealth: (pod, to, signal) => inner.grpcHealth(pod, to, signal),
    proxyGet: (to, path, signal) => inner.proxyGet(to, path, signal),
    create: (object, options, signal) => inner.create(object, options, signal),
    apply: (object, options, signal) => inner.apply(object, options, signal),
    patch: (name, patch, signal) => inner.patch(name, patch, signal),
    delete: (name, options, signal) => inner.delete(name, options, signal),
    exec: (pod, command, options, signal) => inner.exec(pod, command, options, signal),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  }
  return {
    cluster,
    async replace(next) {
      const before = inner
      inner = next
      await before[Symbol.asyncDispose]()
    },
  }
}
