import type { Api } from '../../shared/contract/index.ts'
import { AppError } from '../../shared/errors.ts'

/** A machine without any kubeconfig. */
export function fakeClusters(
  silence: <T>(signal: AbortSignal | undefined, items: readonly T[]) => AsyncIterable<T>,
): Api['clusters'] {
  const none = { state: 'none', asOf: null, since: null, problem: null } as const
  const absent = (context: string) => new AppError('not-found', 'cluster.noContexts', { context })
  const refuse = async ({ context }: { context: string }): Promise<never> => {
    throw absent(context)
  }
  return {
    contexts: (_, call) => silence(call?.signal, [{ contexts: [], problems: [] }]),
    allow: refuse,
    disallow: refuse,
    setPolicy: refuse,
    unlock: refuse,
    live: (_, call) =>
      silence(call?.signal, [
        {
          ...none,
          context: null,
          version: null,
          namespaces: [],
          missing: [],
          nodes: [],
          workloads: [],
          leaders: [],
          problems: { pods: [], leftOut: 0 },
          pods: 0,
          notReady: 0,
        },
      ]),
    pods: (_, call) => silence(call?.signal, [{ ...none, pods: [], leftOut: 0 }]),
    kinds: refuse,
    objects: (_, call) => silence(call?.signal, [{ ...none, missing: [], rows: [], leftOut: 0 }]),
    describe: refuse,
    logs: (_, call) => silence(call?.signal, []),
    terminal: (_, call) => silence(call?.signal, []),
    type: async () => {},
    resize: async () => {},
    forward: refuse,
    forwards: (_, call) => silence(call?.signal, [[]]),
    stopForward: async () => {},
    access: refuse,
    health: (_, call) => silence(call?.signal, [{ ...none, context: null, services: [] }]),
    askHealth: async () => [],
  }
}
