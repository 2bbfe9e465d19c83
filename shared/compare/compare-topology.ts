import type { Slo } from '../slo/call-graph.ts'
import { diffTopology } from '../topology/diff-topology.ts'
import type { Topology, TopologyDiff, TopologyEdge } from '../topology/topology.ts'
import { type Change, type FieldDifference, fieldKey, type Subject } from './difference.ts'
import type { RouteWeight } from './route-weights.ts'

/** The graph of one environment at one point, with what services promise and how routes share calls out. */
export type TopologySide = {
  readonly topology: Topology
  readonly promises: ReadonlyMap<string, Slo>
  readonly weights: readonly RouteWeight[]
}

export type TopologySubject = Subject<Change> &
  (
    | { readonly kind: 'node'; readonly id: string }
    | { readonly kind: 'edge'; readonly from: string; readonly to: string; readonly protocol: string }
    | { readonly kind: 'route'; readonly id: string }
  )

export type ComparedTopologies = {
  /** For the picture: nodes and edges alone. */
  readonly diff: TopologyDiff
  readonly subjects: readonly TopologySubject[]
}

/** Rates are never twice the same; less than this share of difference is none. */
const leastRate = 0.1

/** Nodes, edges, measured rates, promises and weights. `across`: two environments, so that a namespace is no difference. */
export function compareTopology(before: TopologySide, after: TopologySide, across = false): ComparedTopologies {
  const whole = diffTopology(before.topology, after.topology)
  const diff = across ? withoutNamespaces(whole) : whole
  const promises = promiseFields(before.promises, after.promises)
  const nodes = new Map(diff.nodes.map(node => [node.id, node]))
  const subjects: TopologySubject[] = []
  for (const id of [...new Set([...nodes.keys(), ...promises.keys()])].sort()) {
    const key = `node ${id}`
    const node = nodes.get(id)
    const change = node && node.change !== 'same' ? node.change : 'changed'
    const fields = [...(node?.fields ?? []), ...(change === 'changed' ? (promises.get(id) ?? []) : [])].map(
      ({ field, before: was, after: is }) => ({
        key: fieldKey(key, field),
        field,
        before: was ?? null,
        after: is ?? null,
      }),
    )
    subjects.push({ kind: 'node', id, key, change, fields })
  }
  subjects.push(...edgeSubjects(before.topology, after.topology, diff))
  subjects.push(...routeSubjects(before.weights, after.weights))
  return { diff, subjects }
}

const withoutNamespaces = (diff: TopologyDiff): TopologyDiff => ({
  ...diff,
  nodes: diff.nodes.flatMap(node => {
    const fields = node.fields.filter(({ field }) => field !== 'namespace')
    return node.change === 'changed' && fields.length === 0 ? [] : [{ ...node, fields }]
  }),
})

type Field = { readonly field: string; readonly before?: string; readonly after?: string }

function promiseFields(
  before: ReadonlyMap<string, Slo>,
  after: ReadonlyMap<string, Slo>,
): ReadonlyMap<string, readonly Field[]> {
  const found = new Map<string, readonly Field[]>()
  for (const id of new Set([...before.keys(), ...after.keys()])) {
    const fields = (['availability', 'p99', 'errors'] as const).flatMap((promise): Field[] => {
      const [was, is] = [said(promise, before.get(id)), said(promise, after.get(id))]
      if (was === is) return []
      return [{ field: `slo ${promise}`, ...(was !== null && { before: was }), ...(is !== null && { after: is }) }]
    })
    if (fields.length > 0) found.set(id, fields)
  }
  return found
}

const said = (promise: keyof Slo, slo: Slo | undefined): string | null => {
  const value = slo?.[promise]
  return value === undefined ? null : promise === 'p99' ? `${value} ms` : `${value} %`
}

function edgeSubjects(before: Topology, after: Topology, diff: TopologyDiff): TopologySubject[] {
  const name = ({ from, to }: { from: string; to: string }): string => `${from}\n${to}`
  const [olds, news] = [edgesByEnds(before), edgesByEnds(after)]
  const changes = new Map(diff.edges.map(edge => [name(edge), edge]))
  const names = new Set([...changes.keys(), ...news.keys()])
  const subjects: TopologySubject[] = []
  for (const each of [...names].sort()) {
    const [a, b] = [olds.get(each), news.get(each)]
    const edge = (b ?? a ?? changes.get(each))!
    const { from, to } = edge
    const key = `edge ${from} ${to}`
    const change = changes.get(each)?.change
    const fields: FieldDifference[] = []
    if (a && b && a !== b) {
      for (const field of ['protocol', 'class', 'state'] as const)
        if (a[field] !== b[field]) fields.push({ key: fieldKey(key, field), field, before: a[field], after: b[field] })
      if (rateDiffers(a, b))
        fields.push({ key: fieldKey(key, 'rate'), field: 'rate', before: rate(a), after: rate(b), measured: true })
    }
    const word = change && change !== 'same' ? change : 'changed'
    if (word !== 'changed' || fields.length > 0)
      subjects.push({ kind: 'edge', from, to, protocol: edge.protocol, key, change: word, fields })
  }
  return subjects
}

const edgesByEnds = ({ edges }: Topology): ReadonlyMap<string, TopologyEdge> =>
  new Map(edges.map(edge => [`${edge.from}\n${edge.to}`, edge]))

/** What only one point counted is not known at the other: that is no change. */
const rateDiffers = ({ rate: a }: TopologyEdge, { rate: b }: TopologyEdge): boolean =>
  a !== null && b !== null && Math.abs(a - b) > leastRate * Math.max(a, b)

const rate = ({ rate: calls }: TopologyEdge): string | null =>
  calls === null ? null : `${Number(calls.toPrecision(3))}/s`

function routeSubjects(before: readonly RouteWeight[], after: readonly RouteWeight[]): TopologySubject[] {
  const routes = [...new Set([...before, ...after].map(({ route }) => route))].sort()
  const fieldOf = ({ rule, target }: RouteWeight): string => `weight ${target}${rule > 1 ? ` (rule ${rule})` : ''}`
  return routes.flatMap((route): TopologySubject[] => {
    const of = (weights: readonly RouteWeight[]) =>
      new Map(weights.filter(each => each.route === route).map(each => [fieldOf(each), `${each.percent} %`]))
    const [olds, news] = [of(before), of(after)]
    const key = `route ${route}`
    const fields = [...new Set([...olds.keys(), ...news.keys()])]
      .sort()
      .filter(field => olds.get(field) !== news.get(field))
      .map(field => ({
        key: fieldKey(key, field),
        field,
        before: olds.get(field) ?? null,
        after: news.get(field) ?? null,
      }))
    const change = olds.size === 0 ? 'added' : news.size === 0 ? 'removed' : 'changed'
    return fields.length === 0 ? [] : [{ kind: 'route', id: route, key, change, fields }]
  })
}
