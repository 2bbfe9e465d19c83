import { infraNames, loadNames, telemetryNames } from '../topology/call.ts'
import { strongComponents } from '../topology/strong-components.ts'
import type { EdgeClass, Measured, Topology, TopologyEdge, TopologyNode } from '../topology/topology.ts'
import { placeOfCounter } from './dialects/dialects.ts'
import { type Meaning, nameIndex } from './name-index.ts'
import type { Observation, ObservedCall, Peer } from './observation.ts'

/** A name metrics know and this graph does not, seen at the other end of a node's calls. */
export type Unmatched = {
  readonly name: string
  readonly namespace?: string
  /** `external`: a host outside, drawn as one where it is called. */
  readonly kind: 'external' | 'unmatched'
  readonly calls: 'caller' | 'callee'
  /** The nodes at the other end. */
  readonly nodes: readonly string[]
  readonly rate: number
}

export type Joined = {
  readonly topology: Topology
  readonly unmatched: readonly Unmatched[]
  /** How many pairs were counted of which neither end is here. */
  readonly elsewhere: number
}

/** Beside a counter of calls nothing else is needed to believe in one. */
const CONFIDENCE = 0.97
/** A flow tells that two talk, and not always which of them began. */
const CONFIDENCE_OF_FLOWS = 0.7

/** What an edge rests on: it was called in the window, something else shows it, or both. */
export type Seen = 'declared' | 'observed' | 'both'
export function seenBy({ evidence, rate }: TopologyEdge): Seen {
  const observed = (rate ?? 0) > 0 || evidence.some(({ kind }) => kind === 'metric')
  if (!observed) return 'declared'
  return evidence.some(({ kind }) => kind !== 'metric') ? 'both' : 'observed'
}

/**
 * Lays what was measured over what is declared. An edge that was inferred and is called becomes *observed*; what people
 * said of one stays what they said. Calls between two nodes that nothing declares become edges of their own, and a host
 * outside that is called becomes a node. Of several counters that know a pair the surest is believed.
 */
export function joinMetrics(topology: Topology, observations: readonly Observation[]): Joined {
  if (observations.length === 0) return { topology, unmatched: [], elsewhere: 0 }
  const { pairs, unmatched, elsewhere } = pairsOf(topology, observations)
  const nodes = new Map(topology.nodes.map(node => [node.id, node]))
  const added = new Map<string, TopologyNode>()
  const edges = new Map(topology.edges.map(edge => [keyOf(edge.from, edge.to), edge]))
  let fresh = false
  for (const pair of pairs.values()) {
    const told = tellOf(pair)
    const known = edges.get(keyOf(pair.from, pair.to)) ?? (told.eitherWay && edges.get(keyOf(pair.to, pair.from)))
    if (known) {
      edges.set(keyOf(known.from, known.to), measuredEdge(known, told))
      continue
    }
    // Counted once and silent since: nothing to draw.
    if (told.rate === 0) continue
    // Both ways, and nothing declared: who calls whom is not known.
    if (told.eitherWay && pairs.has(keyOf(pair.to, pair.from))) continue
    if (pair.outside && !nodes.has(pair.to) && !added.has(pair.to))
      added.set(pair.to, { id: pair.to, kind: 'external', services: [] })
    const [from, to] = [nodes.get(pair.from)!, nodes.get(pair.to) ?? added.get(pair.to)!]
    fresh = true
    edges.set(keyOf(pair.from, pair.to), {
      from: pair.from,
      to: pair.to,
      protocol: told.protocol !== '' ? told.protocol : (to.technology ?? 'tcp'),
      class: classBetween(from, to),
      state: 'observed',
      confidence: told.eitherWay ? CONFIDENCE_OF_FLOWS : CONFIDENCE,
      rate: told.rate,
      measured: told.measured,
      evidence: [{ kind: 'metric', detail: told.detail }],
    })
  }
  // Who is seen to call is no longer one whose calls are unknown.
  const calling = new Set([...edges.values()].flatMap(({ from, rate }) => ((rate ?? 0) > 0 ? [from] : [])))
  const known = topology.nodes.map(node =>
    node.callsKnown !== undefined && node.callsKnown !== 'found' && calling.has(node.id)
      ? { ...node, callsKnown: 'found' as const }
      : node,
  )
  const allNodes = added.size === 0 ? known : [...known, ...added.values()].sort(byId)
  const allEdges = [...edges.values()].sort(byEnds)
  const touched = new Set([...pairs.values()].flatMap(({ from, to }) => [from, to]))
  return {
    topology: {
      ...topology,
      nodes: allNodes,
      edges: allEdges,
      components: fresh
        ? strongComponents(
            allNodes.map(({ id }) => id),
            allEdges.filter(({ state }) => state !== 'rejected'),
          )
        : topology.components,
      findings: topology.findings.filter(({ kind, node }) => kind !== 'orphan' || !node || !touched.has(node)),
    },
    unmatched,
    elsewhere,
  }
}

type Counted = { readonly call: ObservedCall; readonly observation: Observation; readonly source: number }
type Pair = { readonly from: string; readonly to: string; readonly outside: boolean; readonly counted: Counted[] }

function pairsOf(topology: Topology, observations: readonly Observation[]) {
  const namespaces = new Set<string>()
  for (const { calls } of observations)
    for (const { caller, callee } of calls)
      for (const { namespace } of [caller, callee]) if (namespace !== undefined) namespaces.add(namespace)
  const find = nameIndex(topology.nodes, namespaces)
  const meanings = new Map<string, Meaning>()
  const meaningOf = (peer: Peer): Meaning => {
    const key = `${peer.namespace ?? ''}\n${peer.names.join('\n')}`
    const known = meanings.get(key) ?? find(peer)
    meanings.set(key, known)
    return known
  }
  const pairs = new Map<string, Pair>()
  const strangers = new Map<string, Omit<Unmatched, 'nodes'> & { nodes: Set<string>; rate: number }>()
  const elsewhere = new Set<string>()
  const meet = (peer: Peer, meaning: Meaning, calls: Unmatched['calls'], node: string, rate: number) => {
    const name = meaning.kind === 'external' ? meaning.host : peer.names[0]!
    const key = `${calls}\n${peer.namespace ?? ''}\n${name}`
    const known = strangers.get(key)
    if (known) {
      known.nodes.add(node)
      known.rate += rate
      return
    }
    strangers.set(key, {
      name,
      ...(peer.namespace !== undefined && meaning.kind === 'unmatched' && { namespace: peer.namespace }),
      kind: meaning.kind === 'external' ? 'external' : 'unmatched',
      calls,
      nodes: new Set([node]),
      rate,
    })
  }
  observations.forEach((observation, source) => {
    for (const call of observation.calls) {
      const [from, to] = [meaningOf(call.caller), meaningOf(call.callee)]
      if (from.kind !== 'node' && to.kind !== 'node') {
        elsewhere.add(
          `${call.caller.namespace}/${call.caller.names[0]}\n${call.callee.namespace}/${call.callee.names[0]}`,
        )
        continue
      }
      if (from.kind !== 'node') {
        if (to.kind === 'node') meet(call.caller, from, 'caller', to.id, call.rate)
        continue
      }
      if (to.kind !== 'node') meet(call.callee, to, 'callee', from.id, call.rate)
      if (to.kind === 'unmatched') continue
      const target = to.kind === 'node' ? to.id : to.host
      if (target === from.id) continue
      const key = keyOf(from.id, target)
      const pair = pairs.get(key) ?? { from: from.id, to: target, outside: to.kind === 'external', counted: [] }
      pair.counted.push({ call, observation, source })
      pairs.set(key, pair)
    }
  })
  return {
    pairs,
    unmatched: [...strangers.values()]
      .map(({ nodes, ...stranger }) => ({ ...stranger, nodes: [...nodes].sort() }))
      .sort((a, b) => b.rate - a.rate || (a.name < b.name ? -1 : 1)),
    elsewhere: elsewhere.size,
  }
}

const unitRank: { readonly [unit in Measured['unit']]: number } = { requests: 0, messages: 0, connections: 1, flows: 2 }

/** One word for a pair: of the counters that know it the surest, of the sources the one that saw most. */
function tellOf({ counted }: Pair) {
  if (counted.length === 1) return told(counted as [Counted], counted[0]!.call.rate)
  const rank = ({ call }: Counted): number => unitRank[call.unit] * 1000 + placeOfCounter(call.counter)
  const called = counted.filter(({ call }) => call.rate > 0)
  const possible = called.length > 0 ? called : counted
  const best = Math.min(...possible.map(rank))
  const bySource = Map.groupBy(
    possible.filter(one => rank(one) === best),
    ({ source }) => source,
  )
  const rateOf = (list: readonly Counted[]) => list.reduce((sum, { call }) => sum + call.rate, 0)
  const [parts] = [...bySource.values()].sort((a, b) => rateOf(b) - rateOf(a))
  const list = [...parts!].sort((a, b) => b.call.rate - a.call.rate)
  return told(list as [Counted, ...Counted[]], rateOf(list))
}

/** The parts of one counter as one, the largest first. */
function told(list: readonly [Counted, ...Counted[]], rate: number) {
  const [{ call, observation }] = list
  const failing = list.filter(one => one.call.errors !== null)
  /** Of several parts the slowest: percentiles cannot be added. */
  const slowest = (name: 'p50' | 'p95' | 'p99'): number | null => {
    const times = list.flatMap(one => one.call[name] ?? [])
    return times.length > 0 ? Math.max(...times) : null
  }
  return {
    rate: toPrecision(rate),
    protocol: call.protocol,
    eitherWay: call.eitherWay === true,
    detail: list.length > 1 ? `${call.detail} (+${list.length - 1})` : call.detail,
    measured: {
      unit: call.unit,
      errors:
        failing.length === 0 || rate === 0
          ? null
          : toPrecision(failing.reduce((sum, one) => sum + one.call.errors! * one.call.rate, 0) / rate),
      p50: slowest('p50'),
      p95: slowest('p95'),
      p99: slowest('p99'),
      window: observation.window,
      asOf: observation.asOf,
    } satisfies Measured,
  }
}

function measuredEdge(edge: TopologyEdge, told: ReturnType<typeof tellOf>): TopologyEdge {
  const called = told.rate > 0
  const measured = { ...edge, rate: told.rate, measured: told.measured }
  if (!called) return measured
  const confidence = edge.state === 'rejected' || edge.confidence >= CONFIDENCE ? edge.confidence : CONFIDENCE
  return {
    ...measured,
    state: edge.state === 'inferred' ? 'observed' : edge.state,
    confidence,
    evidence: [...edge.evidence.filter(({ kind }) => kind !== 'metric'), { kind: 'metric', detail: told.detail }],
  }
}

/** Which part of the system's life a call is that nothing declares. */
function classBetween(from: TopologyNode, to: TopologyNode): EdgeClass {
  if (telemetryNames.test(to.id) || telemetryNames.test(from.id)) return 'telemetry'
  if (infraNames.test(to.id)) return 'infra'
  if (loadNames.test(from.id)) return 'load'
  if (from.kind === 'gateway') return 'ingress'
  return to.kind === 'external' ? 'external' : 'app'
}

const keyOf = (from: string, to: string): string => `${from}\n${to}`
const toPrecision = (value: number): number => Number(value.toPrecision(4))
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const byId = (a: TopologyNode, b: TopologyNode): number => compare(a.id, b.id)
const byEnds = (a: TopologyEdge, b: TopologyEdge): number =>
  compare(a.from, b.from) || compare(a.to, b.to) || compare(a.protocol, b.protocol)
