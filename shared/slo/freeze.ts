import type { Edit } from '../edits/edit.ts'
import type { GateItem } from '../gate/gate.ts'
import type { Topology } from '../topology/topology.ts'
import type { WorkspaceFile } from '../workspace-file/read-workspace-file.ts'
import type { ServiceBudget } from './error-budget.ts'

/** A promise that is broken for at least so long counts; shorter, it may pass by itself. */
export const lastingMinutes = 10
const minutes: { readonly [unit: string]: number } = { s: 1 / 60, m: 1, h: 60, d: 1440, w: 10_080 }
/** `10m` as minutes. */
export function windowMinutes(window: string): number {
  const found = /^(\d+)([smhdw])$/.exec(window)
  return found ? Number(found[1]) * (minutes[found[2] as string] as number) : 0
}

/**
 * Services that break what they promise over a window that lasts, or spend their error budget so fast that somebody is
 * called for it, each with the figures.
 */
export function brokenPromises(
  topology: Topology,
  workspace: WorkspaceFile,
  budgets: readonly ServiceBudget[] = [],
): ReadonlyMap<string, string> {
  const broken = new Map<string, string>()
  for (const { service, broken: figures, alerts } of budgets) {
    const page = alerts.find(({ severity }) => severity === 'page')
    if (figures !== null) broken.set(service, figures)
    else if (page) broken.set(service, `burn rate ${page.burn.toFixed(1)} (${page.long} min, ${page.short} min)`)
  }
  for (const { to, measured } of topology.edges) {
    const slo = workspace.services.get(to)?.slo
    if (!slo || !measured || windowMinutes(measured.window) < lastingMinutes) continue
    if (slo.p99 !== undefined && measured.p99 !== null && measured.p99 > slo.p99)
      broken.set(to, `p99 ${Math.round(measured.p99)} ms > ${slo.p99} ms (${measured.window})`)
    else if (slo.errors !== undefined && measured.errors !== null && measured.errors * 100 > slo.errors)
      broken.set(to, `${(measured.errors * 100).toFixed(2)} % > ${slo.errors} % (${measured.window})`)
  }
  return broken
}

/**
 * While a promise is broken, services that are not critical do not grow and canaries get no more traffic, unless
 * somebody waives it.
 */
export function judgeFreeze(
  before: Topology,
  after: Topology,
  edits: readonly Edit[],
  workspace: WorkspaceFile,
  budgets: readonly ServiceBudget[] = [],
): readonly GateItem[] {
  const broken = brokenPromises(after, workspace, budgets)
  if (broken.size === 0) return []
  const [[service, detail]] = broken as unknown as [[string, string]]
  const old = new Map(before.nodes.map(node => [node.id, node]))
  const grown = after.nodes.filter(node => {
    const was = old.get(node.id)
    const tier = node.tier ?? workspace.services.get(node.id)?.tier
    return (
      tier !== 'critical' &&
      !broken.has(node.id) &&
      (!was ? node.containers !== undefined : (node.replicas ?? 0) > (was.replicas ?? 0))
    )
  })
  const promoted = edits.some(edit => edit.kind === 'set-field' && edit.at.includes('weight'))
  if (grown.length === 0 && !promoted) return []
  return [
    {
      rule: 'slo-freeze',
      verdict: 'block',
      message: {
        key: grown.length > 0 ? 'rule.sloFreezeGrowth' : 'rule.sloFreezeTraffic',
        params: { service, detail, grown: grown.map(({ id }) => id).join(', ') },
      },
      services: [...grown.map(({ id }) => id), ...broken.keys()],
      waivable: true,
    },
  ]
}
