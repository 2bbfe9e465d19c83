import type { ForwardView } from '../../../shared/clusters/contract.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Clock } from '../../needs/clock.ts'
import type { Cluster, PortForward } from '../../needs/cluster.ts'

/** Ports of this machine that lead to Pods, until they are stopped or the app ends. */
export interface Forwards extends AsyncDisposable {
  start(cluster: Cluster, namespace: string, pod: string, port: number, signal: AbortSignal): Promise<ForwardView>
  stop(id: string): Promise<void>
  list(): readonly ForwardView[]
  onChange(listener: () => void): () => void
}

export function createForwards(clock: Clock): Forwards {
  const open = new Map<string, { readonly view: ForwardView; readonly forward: PortForward }>()
  const listeners = new Set<() => void>()
  const tell = (): void => {
    for (const listener of listeners) listener()
  }
  return {
    async start(cluster, namespace, pod, port, signal) {
      const forward = await cluster.forward({ namespace, name: pod }, port, signal)
      const id = Buffer.from(clock.random(8)).toString('hex')
      const { name: context, sandbox } = cluster.context
      const view = { id, context, namespace, pod, port, localPort: forward.localPort, sandbox }
      open.set(id, { view, forward })
      tell()
      return view
    },
    async stop(id) {
      const known = open.get(id)
      if (!known) throw new AppError('not-found', 'live.forwardGone')
      open.delete(id)
      tell()
      await known.forward[Symbol.asyncDispose]()
    },
    list: () => [...open.values()].map(({ view }) => view),
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async [Symbol.asyncDispose]() {
      const all = [...open.values()]
      open.clear()
      await Promise.allSettled(all.map(({ forward }) => forward[Symbol.asyncDispose]()))
    },
  }
}
