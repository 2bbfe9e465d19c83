import type { EdgeNode, EdgeService } from '../edge/read-edge.ts'
import type { Message } from '../messages/index.ts'
import type { Latency } from './latency.ts'
import { hasLabels } from './place.ts'
import { seconds } from './seconds.ts'

/** What became of one node. */
export type AppliedNode =
  | { readonly kind: 'unchanged'; readonly digest: string }
  | {
      readonly kind: 'applied'
      readonly digest: string
      readonly before: string | null
      /** Bytes that went over the line now, bytes of the whole pack, and bytes of the release. */
      readonly sent: number
      readonly packed: number
      readonly size: number
      readonly latency?: Latency
    }
  /** It did not become healthy, or broke its promise, and what ran before runs again. */
  | {
      readonly kind: 'reverted'
      readonly digest: string
      readonly before: string | null
      readonly reason: Message
      readonly journal: readonly string[]
      readonly latency?: Latency
    }
  /** Nothing was sent: it cannot run there. */
  | { readonly kind: 'refused'; readonly reason: Message }
  /** A step could not be done (no right, no space), or the line was cut; the node decided for itself. */
  | { readonly kind: 'failed'; readonly reason: Message }
  /** Nobody answered; it is tried again when it next appears. */
  | { readonly kind: 'unreachable'; readonly reason: Message }

export type NodeState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'applying'; readonly since: number }
  | (AppliedNode & { readonly at: number })

export type Ring = { readonly name: string; readonly nodes: readonly string[]; readonly soak: number }

/** A change of one service on its way through its nodes; plain data, kept before each step. Times are milliseconds since 1970. */
export type Rollout = {
  readonly id: string
  readonly service: string
  /** What is rolled out: the commit it was declared in, and a hash of the declaration; another one is another rollout. */
  readonly revision: string
  readonly declaration: string
  readonly version: string | null
  readonly rings: readonly Ring[]
  readonly maxUnavailable: number
  readonly stopAtFailures: number
  /** True: a node that misses its SLO counts as failed. */
  readonly stopOnSlo: boolean
  readonly begunAt: number
  readonly paused: boolean
  /** When the soak of each finished ring began, by its position. */
  readonly soaking: readonly number[]
  readonly nodes: { readonly [name: string]: NodeState }
  readonly end: RolloutEnd | null
}
export type RolloutEnd = {
  readonly kind: 'done' | 'stopped' | 'replaced'
  readonly at: number
  readonly reason?: Message
}

/** The rings of a service over its nodes: by label or share, in order; whoever is in none comes last. */
export function ringsOf(service: EdgeService, nodes: readonly EdgeNode[]): readonly Ring[] {
  const { rollout } = service
  const soak = seconds(rollout?.soak ?? '0s') * 1000
  const rings: Ring[] = []
  const taken = new Set<string>()
  const left = () => nodes.filter(({ name }) => !taken.has(name))
  for (const [index, ring] of (rollout?.rings ?? []).entries()) {
    const { matchLabels, share } = ring
    const chosen =
      share === undefined
        ? left().filter(node => hasLabels(node, matchLabels))
        : left().slice(0, Math.max(0, Math.ceil((nodes.length * share) / 100) - taken.size))
    for (const { name } of chosen) taken.add(name)
    const said = ring.name ?? (share === undefined ? labelsText(matchLabels) : `${share} %`)
    if (chosen.length > 0)
      rings.push({
        name: said || String(index + 1),
        nodes: chosen.map(({ name }) => name),
        soak: ring.soak === undefined ? soak : seconds(ring.soak) * 1000,
      })
  }
  const rest = left().map(({ name }) => name)
  if (rest.length > 0) rings.push({ name: rings.length === 0 ? '100 %' : '…', nodes: rest, soak: 0 })
  return rings
}

const labelsText = (labels: { readonly [key: string]: string } | undefined): string =>
  Object.entries(labels ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')

export function beginRollout(
  service: EdgeService,
  nodes: readonly EdgeNode[],
  given: { readonly id: string; readonly revision: string; readonly declaration: string; readonly now: number },
): Rollout {
  const { rollout } = service
  const { now, ...identity } = given
  return {
    ...identity,
    service: service.name,
    version: service.version ?? null,
    rings: ringsOf(service, nodes),
    maxUnavailable: rollout?.maxUnavailable ?? 1,
    stopAtFailures: rollout?.stopOn?.failures ?? 1,
    stopOnSlo: rollout?.stopOn?.slo ?? true,
    begunAt: now,
    paused: false,
    soaking: [],
    nodes: Object.fromEntries(nodes.map(({ name }) => [name, { kind: 'waiting' }])),
    end: null,
  }
}

/** What is to be done next: begin these nodes; wait until then (or until a node has ended); nothing more. */
export type NextStep =
  | { readonly kind: 'apply'; readonly nodes: readonly string[] }
  | { readonly kind: 'wait'; readonly until: number | null }
  | { readonly kind: 'end'; readonly end: RolloutEnd }

/** Failed by its own fault: one that nobody could reach is none, and neither is one that was found as declared. */
export const isFailure = (state: NodeState, rollout: Pick<Rollout, 'stopOnSlo'>): boolean =>
  state.kind === 'failed' ||
  state.kind === 'refused' ||
  (state.kind === 'reverted' && (rollout.stopOnSlo || state.reason.key !== 'fleet.latencyBroken'))

/** Nothing more is done on it: applied, refused, put back, or out of reach for now. */
export const isOver = (state: NodeState | undefined): boolean =>
  state !== undefined && state.kind !== 'waiting' && state.kind !== 'applying'

export const failuresOf = (rollout: Rollout): readonly string[] =>
  Object.entries(rollout.nodes).flatMap(([name, state]) => (isFailure(state, rollout) ? [name] : []))

/**
 * The one decision: from the state alone and the time. A ring begins when the one before it is over and has soaked;
 * within a ring never more than `maxUnavailable` nodes are changed at once; at the stop rule nothing more is begun, and
 * what has begun ends. Unreachable nodes hold up nobody.
 */
export function nextStep(rollout: Rollout, now: number): NextStep {
  if (rollout.end) return { kind: 'end', end: rollout.end }
  const applying = Object.values(rollout.nodes).filter(({ kind }) => kind === 'applying').length
  const failed = failuresOf(rollout)
  if (failed.length >= rollout.stopAtFailures) {
    if (applying > 0) return { kind: 'wait', until: null }
    const params = { failed: failed.length, nodes: failed.join(', '), limit: rollout.stopAtFailures }
    return { kind: 'end', end: { kind: 'stopped', at: now, reason: { key: 'fleet.stopFailures', params } } }
  }
  for (const [index, ring] of rollout.rings.entries()) {
    const open = ring.nodes.filter(name => !isOver(rollout.nodes[name]))
    if (open.length > 0) {
      const waiting = open.filter(name => rollout.nodes[name]?.kind === 'waiting')
      const room = rollout.maxUnavailable - applying
      if (rollout.paused || room <= 0 || waiting.length === 0) return { kind: 'wait', until: null }
      return { kind: 'apply', nodes: waiting.slice(0, room) }
    }
    if (index === rollout.rings.length - 1) break
    const since = rollout.soaking[index] ?? now
    // A ring in which nothing was changed has nothing to soak.
    const changed = ring.nodes.some(name => rollout.nodes[name]?.kind === 'applied')
    if (changed && since + ring.soak > now) return { kind: 'wait', until: since + ring.soak }
  }
  return applying > 0 ? { kind: 'wait', until: null } : { kind: 'end', end: { kind: 'done', at: now } }
}

/** The state after nodes were begun, ended, or are tried again. */
export function withNodes(rollout: Rollout, states: { readonly [name: string]: NodeState }, now: number): Rollout {
  const nodes = { ...rollout.nodes, ...states }
  const soaking = [...rollout.soaking]
  for (const [index, ring] of rollout.rings.entries())
    if (soaking[index] === undefined && ring.nodes.every(name => isOver(nodes[name]))) soaking[index] = now
    else if (soaking[index] === undefined) break
  return { ...rollout, nodes, soaking }
}

/**
 * After the app was closed in the middle: what was being applied is asked for again (the node decided for itself, and
 * applying what is there already changes nothing).
 */
export const resumed = (rollout: Rollout): Rollout => ({
  ...rollout,
  nodes: Object.fromEntries(
    Object.entries(rollout.nodes).map(([name, state]) => [
      name,
      state.kind === 'applying' ? { kind: 'waiting' } : state,
    ]),
  ),
})

/** Nodes that nobody could reach and that are declared still: to be applied when they next appear. */
export const missed = (rollout: Rollout): readonly string[] =>
  rollout.end?.kind === 'stopped' || rollout.end?.kind === 'replaced'
    ? []
    : Object.entries(rollout.nodes).flatMap(([name, { kind }]) => (kind === 'unreachable' ? [name] : []))
