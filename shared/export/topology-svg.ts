import { type Locale, translate } from '../messages/index.ts'
import { edgeLabel } from '../topology/edge-label.ts'
import { strongComponents } from '../topology/strong-components.ts'
import type { Topology, TopologyNode } from '../topology/topology.ts'
import { type SvgEdge, type SvgNode, toSvg } from './svg-picture.ts'

const width = 240
const height = 60
const columnGap = 110
const rowGap = 28

/** The graph as a picture with a layout of its own, where no page has laid it out: for scripts and documents. */
export function topologySvg(topology: Topology, theme: 'light' | 'dark', locale: Locale): string {
  const edges = topology.edges.filter(edge => edge.state !== 'rejected' && edge.from !== edge.to)
  const places = layered(
    topology.nodes.map(node => node.id),
    edges,
  )
  const wrong = new Map(
    topology.findings.flatMap(({ node, severity }) =>
      node === undefined || severity === 'info' ? [] : [[node, severity] as const],
    ),
  )
  const nodes = topology.nodes.map((node): SvgNode => {
    const severity = wrong.get(node.id)
    return {
      id: node.id,
      kind: node.kind,
      name: node.id,
      facts: factsOf(node),
      ...places.get(node.id)!,
      width,
      height,
      change: 'same',
      ...(severity && { wrong: severity }),
    }
  })
  const drawn = edges.flatMap((edge): SvgEdge[] => {
    const [from, to] = [places.get(edge.from), places.get(edge.to)]
    if (!from || !to) return []
    return [
      {
        ...curve(from, to),
        width: edge.rate === null ? 1.5 : Math.min(5, 1.5 + 0.7 * Math.log10(1 + Math.max(0, edge.rate))),
        guess: edge.state === 'inferred',
        dangling: false,
        change: 'same',
        label: edge.rate === null ? '' : edgeLabel(edge),
      },
    ]
  })
  const guesses = drawn.some(edge => edge.guess)
  const sure = drawn.some(edge => !edge.guess)
  return toSvg({
    title: topology.environment,
    theme,
    nodes,
    edges: drawn,
    frames: [],
    legend: [
      ...(guesses
        ? [{ sign: 'dashed' as const, words: translate(locale, { key: 'page.topologyStateInferred' }) }]
        : []),
      ...(sure ? [{ sign: 'solid' as const, words: translate(locale, { key: 'page.topologySolid' }) }] : []),
    ],
  })
}

function factsOf({ replicas, containers, owner, technology }: TopologyNode): string {
  const tag = containers
    ?.find(container => !container.init)
    ?.image.split('@')[0]
    ?.split('/')
    .at(-1)
    ?.split(':')[1]
  return [replicas === undefined ? '' : `×${replicas}`, tag ?? '', owner ?? '', technology ?? '']
    .filter(part => part !== '')
    .join(' · ')
}

type Point = { readonly x: number; readonly y: number }

/** From the right side of one to the left side of the other, as far out as the way back needs. */
function curve(from: Point, to: Point): Pick<SvgEdge, 'path' | 'end' | 'heading' | 'at'> {
  const [x1, y1, x2, y2] = [from.x + width, from.y + height / 2, to.x, to.y + height / 2]
  const bend = x2 > x1 ? Math.max(40, (x2 - x1) / 2) : 90
  return {
    path: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`,
    end: { x: x2, y: y2 },
    heading: 1,
    at: { x: (x1 + x2) / 2, y: (y1 + y2) / 2 },
  }
}

/**
 * Callers left of what they call: layers follow the condensation of the graph (its cycles as one), and within a layer
 * each stands as near to its neighbours as four sweeps bring it.
 */
function layered(
  ids: readonly string[],
  edges: readonly { readonly from: string; readonly to: string }[],
): ReadonlyMap<string, Point> {
  const component = new Map(
    strongComponents(ids, edges).flatMap(({ id, nodes }) => nodes.map(node => [node, id] as const)),
  )
  const into = Map.groupBy(
    edges.filter(edge => component.get(edge.from) !== component.get(edge.to)),
    edge => component.get(edge.to)!,
  )
  const layers = new Map<string, number>()
  // Every caller is ranked before what it calls.
  for (const id of order(ids, component, into)) {
    const callers = into.get(id)?.map(edge => layers.get(component.get(edge.from)!) ?? 0) ?? []
    layers.set(id, callers.length === 0 ? 0 : Math.max(...callers) + 1)
  }
  const columns = [...Map.groupBy(ids, id => layers.get(component.get(id)!) ?? 0)]
    .sort(([a], [b]) => a - b)
    .map(([, members]) => [...members])
  const near = new Map<string, string[]>()
  for (const { from, to } of edges)
    for (const [a, b] of [
      [from, to],
      [to, from],
    ] as const)
      near.set(a, [...(near.get(a) ?? []), b])
  const row = new Map<string, number>()
  const number = (column: readonly string[]) =>
    column.forEach((id, index) => {
      row.set(id, index - (column.length - 1) / 2)
    })
  for (const column of columns) number(column)
  for (let sweep = 0; sweep < 4; sweep += 1)
    for (const column of sweep % 2 === 0 ? columns : columns.toReversed()) {
      const middle = new Map(
        column.map(id => {
          const rows = (near.get(id) ?? []).map(other => row.get(other)!)
          return [id, rows.length === 0 ? row.get(id)! : rows.reduce((a, b) => a + b, 0) / rows.length]
        }),
      )
      column.sort((a, b) => middle.get(a)! - middle.get(b)! || (a < b ? -1 : 1))
      number(column)
    }
  const tallest = Math.max(1, ...columns.map(column => column.length))
  const places = new Map<string, Point>()
  columns.forEach((column, index) => {
    column.forEach((id, at) => {
      const y = (at + (tallest - column.length) / 2) * (height + rowGap)
      places.set(id, { x: index * (width + columnGap), y: Math.round(y) })
    })
  })
  return places
}

/** Components with all callers of each before it. */
function order(
  ids: readonly string[],
  component: ReadonlyMap<string, string>,
  into: ReadonlyMap<string, readonly { readonly from: string }[]>,
): readonly string[] {
  const waiting = new Map<string, Set<string>>()
  for (const id of new Set(ids.map(node => component.get(node)!)))
    waiting.set(id, new Set((into.get(id) ?? []).map(edge => component.get(edge.from)!)))
  const out = new Map<string, string[]>()
  for (const [id, callers] of waiting) for (const caller of callers) out.set(caller, [...(out.get(caller) ?? []), id])
  const ready = [...waiting].flatMap(([id, callers]) => (callers.size === 0 ? [id] : []))
  for (let at = 0; at < ready.length; at += 1)
    for (const next of out.get(ready[at]!) ?? []) {
      const callers = waiting.get(next)!
      callers.delete(ready[at]!)
      if (callers.size === 0) ready.push(next)
    }
  return ready
}
