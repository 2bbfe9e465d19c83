import type { Api } from '../../shared/contract/index.ts'
import { gateFacts } from '../../shared/rules/gate-facts.ts'
import { emptyWorkspaceFile } from '../../shared/workspace-file/read-workspace-file.ts'
import { baseTopology, environmentId } from './fake-topology.ts'

const rules = `kind: RuleSet
rules:
  - id: critical-services-have-two-replicas
    priority: 10
    severity: block
    expression: after.services.all(s, s.kind != "service" || s.replicas >= 2)
    message: A service that others call needs a second replica.
    owner: platform
  - id: no-friday-afternoon
    severity: warn
    expression: time.weekday != 5 || time.hour < 15
  - id: error-budget
    severity: warn
    expression: observed.calls.all(c, c.errors < 0.01)
tests:
  - name: one replica is not enough
    context: { after: { services: [{ kind: service, replicas: 1 }] }, time: { weekday: 1, hour: 9 } }
    expect: { critical-services-have-two-replicas: block, no-friday-afternoon: pass, error-budget: unknown }
`

/** Rules of the made-up core: one file, judged on the made-up graph. */
export function fakeRules(answered: <T>(value: T, signal?: AbortSignal) => Promise<T>): Api['rules'] {
  const facts = gateFacts({
    before: baseTopology,
    after: baseTopology,
    edits: [],
    files: [],
    workspace: emptyWorkspaceFile('pilothouse.yaml'),
    environment: { id: environmentId },
    actor: null,
    now: Date.UTC(2026, 10, 20, 9),
  })
  return {
    async *view(_, call) {
      yield await answered(
        {
          environment: environmentId,
          rules: [{ path: '.pilothouse/rules/baseline.yaml', text: rules, changed: false }],
          trees: [],
          shipped: [],
          facts,
          gate: { verdict: 'pass' as const, items: [] },
        },
        call?.signal,
      )
    },
    async *waivers(_, call) {
      yield await answered([], call?.signal)
    },
    known: async () => ({}),
  }
}
