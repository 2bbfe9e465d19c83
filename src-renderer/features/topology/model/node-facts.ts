import type { Container, TopologyNode } from '../../../../shared/topology/topology.ts'
import type { DrawnNode } from './drawn-graph.ts'
import { declaredReplicas } from './editable.ts'
import { imageVersion } from './image-version.ts'

/** A value now and, when the draft or the shown commit changes it, as proposed. */
export type Fact = { readonly now: string; readonly proposed: string | null }
export type NodeFacts = {
  readonly replicas: Fact | null
  readonly version: Fact | null
  /** What an autoscaler may make of the replicas, e.g. `2–10`. */
  readonly range: Fact | null
  readonly owner: string | null
  /** Workload kind where there is one, e.g. `StatefulSet`. */
  readonly workload: string | null
  /** Changed fields beyond those above. */
  readonly otherChanges: number
}

/** The container a person means by "the image": the first that is no init container. */
export const mainContainer = (node: TopologyNode | null): Container | null =>
  node?.containers?.find(container => !container.init) ?? null

/** The one line of a card. */
export function nodeFacts(drawn: DrawnNode): NodeFacts {
  const { node, before } = drawn
  const replicas = fact(
    declaredReplicas(before) ?? fieldBefore(drawn, /^(spec\.)?replicas$/),
    declaredReplicas(node)?.toString(),
  )
  const mainBefore = mainContainer(before)?.image ?? fieldBefore(drawn, /(^|[. ])image( |$)/)
  const mainAfter = mainContainer(node)?.image
  const version = fact(
    mainBefore === undefined ? undefined : (imageVersion(mainBefore) ?? undefined),
    mainAfter === undefined ? undefined : (imageVersion(mainAfter) ?? undefined),
  )
  const rangeOf = (of: TopologyNode | null) =>
    of?.autoscaler ? `${of.autoscaler.min}–${of.autoscaler.max}` : undefined
  const told = [replicas, version].filter(item => item?.proposed != null).length
  return {
    replicas,
    version,
    range: fact(rangeOf(before), rangeOf(node)),
    owner: node?.owner ?? null,
    workload: node?.workload?.kind ?? null,
    otherChanges: drawn.change === 'changed' ? Math.max(0, drawn.fields.length - told) : 0,
  }
}

function fact(before: string | number | undefined, after: string | undefined): Fact | null {
  const earlier = before === undefined ? undefined : String(before)
  if (after === undefined) return earlier === undefined ? null : { now: earlier, proposed: null }
  return earlier === undefined || earlier === after ? { now: after, proposed: null } : { now: earlier, proposed: after }
}

/** At an older revision there is no other topology to compare with, only what the commit changed. */
const fieldBefore = (drawn: DrawnNode, name: RegExp): string | undefined =>
  drawn.fields.find(item => name.test(item.field))?.before
