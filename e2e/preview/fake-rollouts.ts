import type { Api } from '../../shared/contract/index.ts'
import { AppError } from '../../shared/errors.ts'

/** A machine without any kubeconfig: nothing is rolled out anywhere. */
export function fakeRollouts(
  silence: <T>(signal: AbortSignal | undefined, items: readonly T[]) => AsyncIterable<T>,
): Api['rollouts'] {
  const none = { state: 'none', asOf: null, since: null, problem: null } as const
  return {
    watch: (_, call) =>
      silence(call?.signal, [{ ...none, context: null, rollouts: [], missing: [], engines: [], splits: [] }]),
    act: async ({ rollout }) => {
      throw new AppError('not-found', 'rollout.notFound', { rollout })
    },
    weights: async () => [],
    versions: (_, call) =>
      silence(call?.signal, [{ state: 'unknown', problem: null, window: '5m', source: null, samples: [] } as const]),
  }
}
