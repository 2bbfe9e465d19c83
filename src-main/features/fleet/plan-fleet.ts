import type { EdgeFleet, EdgeNode } from '../../../shared/edge/read-edge.ts'
import { toErrorData } from '../../../shared/errors.ts'
import type { PlanView } from '../../../shared/fleet/contract.ts'
import { placements } from '../../../shared/fleet/place.ts'
import { type NodePlan, planNode, undeclared } from '../../../shared/fleet/plan.ts'
import type { Message } from '../../../shared/messages/index.ts'
import type { Artifacts } from '../../needs/artifacts.ts'
import { lookAt } from './apply-release.ts'
import type { Line } from './ask-node.ts'
import { imageMadeForOn } from './image-on-node.ts'
import { type Prepared, prepareRelease } from './prepare-release.ts'

/** Nodes that are asked, and services that are read, at once. */
const atOnce = 16

export type PlanNeeds = {
  readonly fleet: EdgeFleet
  readonly directory: string
  readonly artifacts: Artifacts
  readonly connect: (node: EdgeNode, signal: AbortSignal) => Promise<Line & AsyncDisposable>
  readonly signal: AbortSignal
}
export type PlanScope = { readonly service?: string | undefined; readonly nodes?: readonly string[] | undefined }

const reasonOf = (error: unknown): Message => {
  const { key, params } = toErrorData(error)
  return { key, ...(params && { params }) }
}

/** Desired against actual: each node is asked once for all its services. What is not known is said, not guessed. */
export async function planFleet(
  needs: PlanNeeds,
  { service, nodes: only }: PlanScope,
): Promise<Pick<PlanView, 'plans' | 'unknown' | 'undeclared'>> {
  const { fleet, signal } = needs
  const placed = placements(fleet)
  const chosen = placed.filter(one => service === undefined || one.service.name === service)
  const unknown: PlanView['unknown'][number][] = []
  const prepared = new Map<string, Prepared>()
  await eachAtMost(atOnce, chosen, async ({ service: one }) => {
    try {
      prepared.set(one.name, await prepareRelease(one, needs.directory, needs.artifacts, signal))
    } catch (error) {
      signal.throwIfAborted()
      unknown.push({ node: null, service: one.name, reason: reasonOf(error) })
    }
  })
  const nodes = fleet.nodes.filter(
    node =>
      (only?.includes(node.name) ?? true) && (service === undefined || chosen.some(one => one.nodes.includes(node))),
  )
  const plans: NodePlan[] = []
  const left: PlanView['undeclared'][number][] = []
  await eachAtMost(atOnce, nodes, async node => {
    const here = chosen.flatMap(one => (one.nodes.includes(node) ? (prepared.get(one.service.name) ?? []) : []))
    try {
      await using line = await needs.connect(node, signal)
      const look = await lookAt(
        node,
        line,
        here.map(one => one.service.name),
        signal,
      )
      for (const one of here) {
        const made = await imageMadeForOn(node, line, look, one, signal)
        plans.push(planNode(node, await one.releaseFor(look.base), one.programs, look, made))
      }
      const declared = placed.filter(one => one.nodes.includes(node)).map(one => one.service.name)
      const services = undeclared(look, declared)
      if (services.length > 0) left.push({ node: node.name, services })
    } catch (error) {
      signal.throwIfAborted()
      unknown.push({ node: node.name, service: null, reason: reasonOf(error) })
    }
  })
  const by = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
  return {
    plans: plans.sort((a, b) => by(a.service, b.service) || by(a.node, b.node)),
    unknown: unknown.sort((a, b) => by(a.node ?? '', b.node ?? '') || by(a.service ?? '', b.service ?? '')),
    undeclared: left.sort((a, b) => by(a.node, b.node)),
  }
}

/** Does something for each, at most so many at once. */
export async function eachAtMost<T>(
  limit: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items]
  await Promise.all(
    Array.from({ length: Math.min(limit, items.length) }, async () => {
      for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item)
    }),
  )
}
