import type { Container, Topology, TopologyDiff, TopologyEdge, TopologyNode } from './topology.ts'
import { withoutSame } from './without-same.ts'

type Fields = ReadonlyMap<string, string>

/**
 * What differs from one topology to another, as a person would name it: `replicas`, `image` (of the only container,
 * else `web image`), `env CART_ADDR`, `memory limit`, `service port` … Sorted by id and field. Lines and files that
 * only moved are no difference; a change of evidence or confidence alone is none either.
 */
export function diffTopology(before: Topology, after: Topology): TopologyDiff {
  return {
    nodes: diffNodes(withoutSame(before.nodes, after.nodes), withoutSame(after.nodes, before.nodes)),
    edges: diffEdges(withoutSame(before.edges, after.edges), withoutSame(after.edges, before.edges)),
  }
}

function diffNodes(before: readonly TopologyNode[], after: readonly TopologyNode[]): TopologyDiff['nodes'] {
  const old = new Map(before.map(node => [node.id, node]))
  const now = new Map(after.map(node => [node.id, node]))
  const nodes: TopologyDiff['nodes'][number][] = []
  for (const id of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const a = old.get(id)
    const b = now.get(id)
    if (a && b) {
      const fields = diffFields(fieldsOf(a), fieldsOf(b))
      if (fields.length > 0) nodes.push({ id, change: 'changed', fields })
    } else nodes.push({ id, change: a ? 'removed' : 'added', fields: [] })
  }
  return nodes
}

function diffFields(before: Fields, after: Fields): TopologyDiff['nodes'][number]['fields'] {
  const fields: TopologyDiff['nodes'][number]['fields'][number][] = []
  for (const field of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const a = before.get(field)
    const b = after.get(field)
    if (a !== b) fields.push({ field, ...(a !== undefined && { before: a }), ...(b !== undefined && { after: b }) })
  }
  return fields
}

function fieldsOf(node: TopologyNode): Fields {
  const fields = new Map<string, string>()
  const put = (field: string, value: string | number | undefined) => {
    if (value !== undefined) fields.set(field, String(value))
  }
  put('kind', node.kind)
  put('workload', node.workload && `${node.workload.kind}/${node.workload.name}`)
  put('namespace', node.workload?.namespace)
  put('replicas', node.replicas)
  put('minReplicas', node.autoscaler?.min)
  put('maxReplicas', node.autoscaler?.max)
  put('runsOn', node.runsOn)
  put('owner', node.owner)
  put('tier', node.tier)
  const running = (node.containers ?? []).filter(container => !container.init)
  for (const container of node.containers ?? [])
    putContainer(put, container, running.length === 1 && !container.init ? '' : `${container.name} `)
  for (const version of node.versions ?? []) {
    const name = version.workload.name
    put(`${name} replicas`, version.replicas)
    for (const container of version.containers) putContainer(put, container, `${name} `)
  }
  for (const [key, value] of Object.entries(node.labels ?? {})) put(`label ${key}`, value)
  for (const service of node.services) {
    const { name } = service.resource
    put(`service ${name}`, service.type)
    for (const port of service.ports)
      put(
        `service ${name} port ${port.name ?? port.port}`,
        [port.port, port.targetPort, port.nodePort].filter(Boolean).join(' → '),
      )
  }
  return fields
}

function putContainer(
  put: (field: string, value: string | undefined) => void,
  container: Container,
  prefix: string,
): void {
  put(`${prefix}image`, container.image)
  put(`${prefix}command`, container.command?.join(' '))
  put(`${prefix}args`, container.args?.join(' '))
  put(`${prefix}ports`, container.ports.map(port => port.port).join(', ') || undefined)
  put(`${prefix}probes`, container.probes.join(', ') || undefined)
  for (const item of container.env)
    put(
      `${prefix}env ${item.name}`,
      item.from ? `${item.from.kind} ${item.from.name} ${item.from.key}`.replace('  ', ' ') : (item.value ?? ''),
    )
  for (const [section, word] of [
    ['requests', 'request'],
    ['limits', 'limit'],
  ] as const)
    for (const [name, quantity] of Object.entries(container.resources[section] ?? {}))
      put(`${prefix}${name} ${word}`, quantity)
}

function diffEdges(before: readonly TopologyEdge[], after: readonly TopologyEdge[]): TopologyDiff['edges'] {
  const key = (edge: TopologyEdge): string => `${edge.from}\n${edge.to}`
  const old = new Map(before.map(edge => [key(edge), edge]))
  const now = new Map(after.map(edge => [key(edge), edge]))
  const edges: TopologyDiff['edges'][number][] = []
  for (const pair of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const a = old.get(pair)
    const b = now.get(pair)
    const { from, to, protocol } = (b ?? a)!
    if (!a || !b) edges.push({ from, to, protocol, change: a ? 'removed' : 'added' })
    else if (a.protocol !== b.protocol || a.class !== b.class || a.state !== b.state)
      edges.push({ from, to, protocol, change: 'changed' })
  }
  return edges
}
