import type { Api } from '../../shared/contract/index.ts'
import { AppError } from '../../shared/errors.ts'

/** A workspace that declares nothing for the edge; the sandbox's own fleet is served over SSH and needs no double. */
export function fakeFleet(never: (signal?: AbortSignal) => Promise<void>): Api['fleet'] {
  const none = () => Promise.reject(new AppError('not-found', 'fleet.noSuchRollout'))
  return {
    async *view(_, options) {
      yield { sandbox: false, services: [], rollouts: [], latencies: [], findings: [] }
      await never(options?.signal)
    },
    async *underway(_, options) {
      yield { rollouts: [], away: [] }
      await never(options?.signal)
    },
    sshHosts: async () => ({ file: '~/.ssh/config', hosts: [] }),
    plan: none,
    apply: none,
    pause: none,
    resume: none,
    retry: none,
    measure: none,
  }
}
