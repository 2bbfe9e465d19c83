import type { Edit } from '../edits/edit.ts'
import { listAt, textAt } from '../manifests/manifest.ts'
import type { Message } from '../messages/index.ts'
import { newAddress, portFor, protocolTo } from './address.ts'
import type { Offer, WiringPlan } from './offer.ts'
import { permitOffers } from './permit.ts'
import { newRoute, routesOf, ruleFor } from './routes.ts'
import { containersOf, type Scene } from './scene.ts'

/**
 * What it takes that `from` calls `to`: a variable with the address as this caller writes addresses, a route where the
 * caller is a gateway, what policies have to let through; or only to say so in `pilothouse.yaml`.
 */
export function planConnect(scene: Scene, from: string, to: string): WiringPlan {
  const [service] = scene.services(to)
  const port = service && portFor(scene, service, to)
  const wired = [...routeOffers(scene, from, to), ...variableOffers(scene, from, to)]
  const notes: Message[] = []
  const edge = scene.topology.edges.find(one => one.from === from && one.to === to && one.state !== 'rejected')
  if (edge) notes.push({ key: 'wiring.callsAlready', params: { from, to, count: edge.evidence.length } })
  if (wired.length === 0) notes.push(whyNotWired(scene, from, to))
  const permits = wired.length > 0 || edge ? permitOffers(scene, { from, to, ...(port && { port }) }) : []
  return {
    offers: [...wired, ...permits, declareOffer(scene, from, to, wired.length === 0 && !edge)],
    beyond: [],
    notes,
  }
}

function whyNotWired(scene: Scene, from: string, to: string): Message {
  const caller = scene.node(from)
  if (scene.programs(from).length === 0 && caller?.kind !== 'gateway')
    return { key: 'wiring.notHere', params: { name: from } }
  if (scene.services(to).length === 0) return { key: 'wiring.noService', params: { name: to } }
  return { key: 'wiring.noForm', params: { from, to } }
}

/** Only to say it: nothing of what runs changes. */
export function declareOffer(scene: Scene, from: string, to: string, chosen: boolean): Offer {
  const [service] = scene.services(to)
  const protocol = service ? protocolTo(scene, to, portFor(scene, service, to)) : undefined
  return {
    id: 'declare',
    part: 'verdict',
    edits: [{ kind: 'declare-edge', from, to, ...(protocol !== undefined && { protocol }) }],
    what: { key: 'wiring.declareOnly', params: { from, to } },
    notes: [],
    chosen,
  }
}

function variableOffers(scene: Scene, from: string, to: string): readonly Offer[] {
  const [service] = scene.services(to)
  const [caller] = scene.programs(from)
  if (!service || !caller || service.ports.length === 0) return []
  const containers = [...containersOf(caller)].filter(({ init }) => !init)
  const container = containers.find(({ name }) => !sidecar.test(name)) ?? containers[0]
  if (!container) return []
  const env = listAt(caller.manifest.value, ...container.path, 'env')
  const taken = new Set(env.flatMap(item => textAt(item, 'name') ?? []))
  const address = newAddress(scene, caller, from, to, service, taken)
  if (!address) return []
  const { variables, habit } = address
  const notes: Message[] = []
  if (habit.example !== undefined && habit.from === 'caller')
    notes.push({ key: 'wiring.asCaller', params: { name: habit.example, from } })
  if (habit.example !== undefined && habit.from === 'callers' && variables[0]?.name === habit.example)
    notes.push({ key: 'wiring.asCallers', params: { name: habit.example, to } })
  if (habit.example !== undefined && habit.from === 'all')
    notes.push({ key: 'wiring.asAll', params: { name: habit.example } })
  if (habit.from === 'protocol') notes.push({ key: 'wiring.asProtocol', params: { protocol: address.protocol } })
  if (service.ports.length > 1)
    notes.push({
      key: 'wiring.portChosen',
      params: { port: address.port.port, ports: service.ports.map(({ port }) => port).join(', ') },
    })
  for (const { name } of variables) {
    if (taken.has(name)) notes.push({ key: 'wiring.variableThere', params: { name, from } })
  }
  const [first] = variables
  const edits = variables.map(
    ({ name, value }): Edit => ({
      kind: 'set-env',
      resource: caller.manifest.ref,
      container: container.name,
      name,
      value: { value },
    }),
  )
  const told = variables.map(({ name, value }) => `${name}=${value}`).join(', ')
  return [
    {
      id: 'variable',
      part: 'variable',
      edits,
      what: { key: 'wiring.giveVariable', params: { from, variable: told } },
      notes,
      file: caller.manifest.file,
      line: caller.manifest.lineOf([...container.path, 'env']),
      chosen: true,
      ...(variables.length === 1 && {
        variable: { resource: caller.manifest.ref, container: container.name, ...first! },
      }),
    },
  ]
}

/** Containers that are put beside a program to carry its traffic or its logs. */
const sidecar = /^(istio-proxy|linkerd-proxy|envoy|cloud-?sql-proxy|.*-(agent|sidecar|exporter)|fluent.*|filebeat)$/

function routeOffers(scene: Scene, from: string, to: string): readonly Offer[] {
  const node = scene.node(from)
  const [service] = scene.services(to)
  const port = service && portFor(scene, service, to)
  if (node?.kind !== 'gateway' || !service || !port || scene.programs(from).length > 0) return []
  const path = `/${service.name}`
  const routes = routesOf(scene, from)
  for (const route of routes) {
    const rule = ruleFor(route, path, service, port.port)
    if (!rule) continue
    return [
      {
        id: 'route',
        part: 'route',
        edits: [
          {
            kind: 'set-item',
            resource: route.ref,
            at: [...rule.list],
            item: rule.item,
            present: true,
            ...(rule.first && { first: true }),
            services: [to],
          },
        ],
        what: { key: 'wiring.addRoute', params: { route: `${route.kind} ${route.name}`, path, to } },
        notes: [],
        file: route.fileOf?.(rule.list) ?? route.file,
        line: route.lineOf(rule.list),
        chosen: true,
      },
    ]
  }
  const gateway = scene.manifests.find(
    ({ kind, name, namespace }) =>
      kind === node.workload?.kind &&
      name === node.workload.name &&
      (namespace ?? '') === (node.workload.namespace ?? ''),
  )
  const object = gateway && newRoute(gateway, path, service, port.port)
  if (!gateway || !object) return []
  return [
    {
      id: 'route',
      part: 'route',
      edits: [{ kind: 'add-object', beside: service.manifest.ref, object, services: [to] }],
      what: { key: 'wiring.newRoute', params: { route: `${object['kind']} ${service.name}`, path, to } },
      notes: [],
      file: service.manifest.file,
      chosen: true,
    },
  ]
}
