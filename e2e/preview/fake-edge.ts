import type { Api } from '../../shared/contract/index.ts'
import { AppError } from '../../shared/errors.ts'

/** A workspace without edge nodes: those of the sandbox answer over SSH and need no double. */
export function fakeEdge(never: (signal?: AbortSignal) => Promise<void>): Api['edge'] {
  const none = () => Promise.reject(new AppError('not-found', 'edge.noSuchNode', { node: '?' }))
  return {
    async *watch(_, options) {
      yield { sandbox: false, nodes: [], findings: [] }
      await never(options?.signal)
    },
    allow: async () => {},
    refresh: async () => {},
    units: none,
    processes: none,
    // biome-ignore lint/correctness/useYield: there is nothing to follow
    async *journal() {
      await none()
    },
    folder: none,
    file: none,
    // biome-ignore lint/correctness/useYield: there is nothing to open
    async *terminal() {
      await none()
    },
    type: async () => {},
    resize: async () => {},
  }
}
