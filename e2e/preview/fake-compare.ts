import type { Between, PointView } from '../../shared/compare/contract.ts'
import type { Api } from '../../shared/contract/index.ts'
import { AppError } from '../../shared/errors.ts'
import type { Topology } from '../../shared/topology/topology.ts'

/** Two points that do not differ. */
export function fakeCompare(topology: Topology): Api['compare'] {
  const between = ({ a, b }: { a: string; b: string }): Between => ({ a: pointAt(a), b: pointAt(b), relation: 'same' })
  const pointAt = (text: string): PointView => ({
    text,
    kind: 'now',
    commit: null,
    environment: topology.environment,
    holds: true,
    environments: [topology.environment],
  })
  const diff = { nodes: [], edges: [] }
  return {
    async *topology(input) {
      yield { ...between(input), view: { base: topology, draft: topology, diff, positions: {} }, subjects: [] }
    },
    async *manifests(input) {
      yield { ...between(input), subjects: [] }
    },
    async *dependencies(input) {
      yield { ...between(input), sets: [], problems: [] }
    },
    async *rules(input) {
      yield { ...between(input), subjects: [], verdicts: { before: null, after: null, items: [] }, gate: null }
    },
    async *blame() {
      yield { makers: [], made: {}, looked: 0, done: true }
    },
    text: async () => ({ before: null, after: null }),
    async snapshot({ decision }) {
      throw new AppError('not-found', 'decision.notFound', { decision })
    },
  }
}
