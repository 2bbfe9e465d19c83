import type { Edit } from '../edits/edit.ts'
import { textAt } from '../manifests/manifest.ts'
import { domainOf, hostFor, portFor } from './address.ts'
import { declareOffer } from './connect.ts'
import { placeWords } from './disconnect.ts'
import type { Beyond, Offer, WiringPlan } from './offer.ts'
import { permitOffers } from './permit.ts'
import { alsoRead, type Place, placesOf } from './places.ts'
import { backendsTo, type RouteBackend } from './routes.ts'
import type { Scene, ScenePort, SceneService } from './scene.ts'
import { takePermissions } from './take-permissions.ts'

/**
 * What it takes that `from` calls `next` where it calls `to` now, which may be a name that nothing answers to: the host
 * changes wherever it stands, in the form it stands in; the port follows, and routes and policies with it.
 */
export function planRepoint(scene: Scene, from: string, to: string, next: string): WiringPlan {
  const [service] = scene.services(next)
  if (!service) {
    return {
      offers: [declareOffer(scene, from, next, true)],
      beyond: [],
      notes: [{ key: 'wiring.noService', params: { name: next } }],
    }
  }
  const offers: Offer[] = []
  const beyond: Beyond[] = []
  for (const place of placesOf(scene, from, to)) {
    const notes = [...alsoRead(scene, place, from)]
    const { edits, host, port } = led(scene, place, service, next)
    if (port !== undefined && place.port !== undefined && port !== place.port)
      notes.push({ key: 'wiring.portFollows', params: { before: place.port, after: port } })
    offers.push({
      id: `${place.kind} ${offers.length}`,
      part: place.kind,
      edits,
      what: { key: 'wiring.lead', params: { place: placeWords(place), host: place.host, to: host } },
      notes,
      file: place.file,
      line: place.line,
      chosen: true,
    })
  }
  for (const backend of backendsTo(scene, from, to))
    offers.push({
      id: `route ${offers.length}`,
      part: 'route',
      edits: ledRoute(scene, backend, service, next),
      what: {
        key: 'wiring.lead',
        params: { place: `${backend.manifest.kind} ${backend.manifest.name}`, host: backend.name, to: service.name },
      },
      notes: [],
      file: backend.file,
      line: backend.line,
      chosen: true,
    })
  const port = portFor(scene, service, next)
  if (offers.length > 0) {
    offers.push(...permitOffers(scene, { from, to: next, ...(port && { port }) }))
    offers.push(...takePermissions(scene, from, to, offers.length))
  }
  const edges = scene.topology.edges.filter(edge => edge.from === from && edge.to === to)
  const verdict = edges.find(edge => edge.state === 'declared' || edge.state === 'confirmed')
  if (verdict)
    offers.push({
      id: 'verdict',
      part: 'verdict',
      edits: [
        { kind: 'forget-edge', from, to },
        { kind: 'declare-edge', from, to: next, protocol: verdict.protocol },
      ],
      what: { key: 'wiring.moveVerdict', params: { from, to, next } },
      notes: [],
      chosen: true,
    })
  for (const { kind, file, line, detail } of edges.flatMap(edge => edge.evidence))
    if (kind === 'source' || kind === 'metric')
      beyond.push({
        what: { key: kind === 'metric' ? 'wiring.measured' : 'wiring.inSource', params: { detail } },
        ...(file !== undefined && { file }),
        ...(line !== undefined && { line }),
      })
  return {
    offers: offers.length > 0 ? offers : [declareOffer(scene, from, next, false)],
    beyond,
    notes: offers.length > 0 ? [] : [{ key: 'wiring.nothingToLead', params: { from, to } }],
  }
}

function led(
  scene: Scene,
  place: Place,
  service: SceneService,
  next: string,
): { edits: readonly Edit[]; host: string; port: number | undefined } {
  const { host, resource, program, portVariable, container } = place
  const before = scene.serviceAt(host, program.namespace)
  const domain = before ? domainOf(host, before) : domainLike(host)
  const to = hostFor(program, service, domain, host.split('.')[1])
  const old = place.port ?? (portVariable && Number(portVariable.value))
  const port = portLike(scene, service, next, before, old)?.port
  const moves = port !== undefined && port !== place.port && (place.port !== undefined || !isDefault(place, port))
  const services = [
    ...new Set(program.manifest === place.manifest ? [program.manifest.name, service.name] : [service.name]),
  ]
  const edits: Edit[] = [
    {
      kind: 'set-address',
      resource,
      at: [...place.at],
      host,
      to,
      ...(moves && !portVariable && { port }),
      services,
    },
  ]
  if (portVariable && container !== undefined && port !== undefined && portVariable.value !== String(port))
    edits.push({ kind: 'set-env', resource, container, name: portVariable.name, value: { value: String(port) } })
  return { edits, host: to, port }
}

/** A host without a port needs none where the new Service answers on what its scheme means, or no port stood there. */
const isDefault = ({ scheme }: Place, port: number): boolean =>
  scheme === undefined ||
  (scheme === 'http' && port === 80) ||
  (scheme === 'https' && port === 443) ||
  !/^https?$/.test(scheme)

/** Of a name that nothing answers to, all after the first dot is its domain. */
const domainLike = (host: string): string => {
  const [, namespace, ...more] = host.split('.')
  return namespace === undefined || namespace === 'svc' ? '' : ['.*', ...more].join('.')
}

/** The port that stands for the old one: the same number, else the same name, else what callers use. */
function portLike(
  scene: Scene,
  service: SceneService,
  id: string,
  before: SceneService | undefined,
  old: number | undefined,
): ScenePort | undefined {
  const name = before?.ports.find(({ port }) => port === old)?.name
  return (
    service.ports.find(({ port }) => port === old) ??
    service.ports.find(port => name !== undefined && port.name === name) ??
    portFor(scene, service, id)
  )
}

function ledRoute(
  scene: Scene,
  { manifest, name, nameAt, portAt, port }: RouteBackend,
  service: SceneService,
  next: string,
): readonly Edit[] {
  const own = manifest.namespace ?? ''
  const other = service.namespace !== '' && own !== '' && service.namespace !== own
  const services = [service.name]
  const host = textAt(manifest.value, ...nameAt) ?? name
  // A backend is named by its Service; an Istio destination is a host.
  const to = nameAt.at(-1) === 'host' ? hostFor({ namespace: own }, service, domainLike(host)) : service.name
  const edits: Edit[] = [{ kind: 'set-address', resource: manifest.ref, at: [...nameAt], host, to, services }]
  const target = portLike(scene, service, next, scene.serviceAt(name, own), port)
  if (portAt && target && target.port !== port)
    edits.push({ kind: 'set-field', resource: manifest.ref, at: [...portAt], value: target.port, services })
  if (other && nameAt.at(-1) === 'name')
    edits.push({
      kind: 'set-field',
      resource: manifest.ref,
      at: [...nameAt.slice(0, -1), 'namespace'],
      value: service.namespace,
      services,
    })
  return edits
}
