import type { Gate, GateEvidence, GateItem } from '../gate/gate.ts'
import type { Topology } from '../topology/topology.ts'
import type { WorkspaceFile } from '../workspace-file/read-workspace-file.ts'
import { type Budget, budgetOf, minutesOut } from './availability.ts'
import { type CallGraph, callGraphOf } from './call-graph.ts'
import { type LatencyBudget, latencyBudgetOf } from './latency.ts'

/** Everything that promises say of each other in a graph. */
export type SloBudgets = {
  readonly availability: readonly Budget[]
  readonly errors: readonly Budget[]
  readonly latency: readonly LatencyBudget[]
}
export function sloBudgets(graph: CallGraph): SloBudgets {
  const services = [...graph.slos.keys()]
  return {
    availability: services.flatMap(service => budgetOf(graph, service, 'availability') ?? []),
    errors: services.flatMap(service => budgetOf(graph, service, 'errors') ?? []),
    latency: services.flatMap(service => latencyBudgetOf(graph, service) ?? []),
  }
}

/** Promises that cannot be kept, and that the change brings about: what was impossible before is not told again. */
export function judgeSlos(
  before: Topology,
  after: Topology,
  workspaceBefore: WorkspaceFile,
  workspaceAfter: WorkspaceFile,
): Gate['items'] {
  if (workspaceAfter.services.size === 0) return []
  const old = new Set(impossible(callGraphOf(before, workspaceBefore), workspaceBefore).map(({ key }) => key))
  return impossible(callGraphOf(after, workspaceAfter), workspaceAfter)
    .filter(({ key }) => !old.has(key))
    .map(({ item }) => item)
}

function impossible(graph: CallGraph, workspace: WorkspaceFile): { key: string; item: GateItem }[] {
  const budgets = sloBudgets(graph)
  const evidence = (service: string): GateEvidence[] => {
    const notes = workspace.services.get(service)
    return notes ? [{ file: workspace.file, line: notes.line, detail: service }] : []
  }
  return [
    ...[...budgets.availability, ...budgets.errors]
      .filter(({ possible }) => !possible)
      .map(budget => {
        const services = budget.promised.map(({ service }) => service)
        return {
          key: `${budget.promise} ${budget.service} ${percent(budget.best)} ${budget.target}`,
          item: {
            rule: 'slo-can-be-kept',
            verdict: 'warn' as const,
            message: {
              key:
                budget.promise === 'availability'
                  ? ('rule.sloImpossible' as const)
                  : ('rule.sloErrorsImpossible' as const),
              params: {
                service: budget.service,
                target: percent(budget.target),
                best: percent(budget.best),
                product: budget.promised
                  .map(({ service, percent: share }) => `${percent(share)} (${service})`)
                  .join(' × '),
                allowed: Math.round(minutesOut(budget.target)),
                expected: Math.round(minutesOut(budget.best)),
              },
            },
            services: [budget.service, ...services],
            waivable: true,
            evidence: [budget.service, ...services].flatMap(evidence),
          },
        }
      }),
    ...budgets.latency
      .filter(({ possible }) => !possible)
      .map(({ service, target, milliseconds, path }) => ({
        key: `p99 ${service} ${milliseconds} ${target}`,
        item: {
          rule: 'slo-can-be-kept',
          verdict: 'warn' as const,
          message: { key: 'rule.sloSlow' as const, params: { service, target, milliseconds, path: path.join(' → ') } },
          services: [service, ...path],
          waivable: true,
          evidence: [service, ...path].flatMap(evidence),
        },
      })),
  ]
}
/** As many digits as it takes to tell it from 100. */
const percent = (value: number): string => `${Number(value.toFixed(value > 99.9 ? 4 : value > 99 ? 3 : 2))} %`
