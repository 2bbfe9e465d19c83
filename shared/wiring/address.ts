import { protocolOfPort, protocolOfPortName } from '../topology/recognise-technology.ts'
import { type Place, referencePlaces } from './places.ts'
import { type Program, type Scene, type ScenePort, type SceneService, together } from './scene.ts'

/** How an address is written: the variable's ending, its form, and how much of the DNS name stands in it. */
type Habit = {
  /** `_ADDR`, `_SERVICE_ADDR`, `_URL`: what follows the service's own name. */
  readonly ending: string
  readonly form: 'url' | 'host-port' | 'host'
  /** Ending of the variable that holds the port alone, beside `host`. */
  readonly portEnding?: string
  readonly path: string
  /** The port is left out where its scheme means it. */
  readonly plain: boolean
  readonly domain: Domain
  /** Who taught it: the caller itself, others that call the same service, or everyone here. */
  readonly from: 'caller' | 'callers' | 'all' | 'protocol'
  readonly example?: string
}
/** `''`, `.ns`, `.ns.svc`, `.ns.svc.cluster.local`: what follows the Service's name, its namespace as `*`. */
type Domain = string

export type NewAddress = {
  readonly variables: readonly { readonly name: string; readonly value: string }[]
  readonly port: ScenePort
  readonly protocol: string
  readonly habit: Habit
}

const family = (protocol: string): string =>
  ['http', 'https', 'grpc', 'tcp', ''].includes(protocol) ? 'app' : protocol

/** What the other end speaks: what its callers say, its port's name, what it is, a well-known number; else http. */
export function protocolTo(scene: Scene, id: string, port: ScenePort | undefined): string {
  const calls = scene.topology.edges.filter(edge => edge.to === id && !['tcp', ''].includes(edge.protocol))
  const byCallers = calls.sort((a, b) => b.confidence - a.confidence)[0]?.protocol
  const known = protocolOfPortName(port?.name) ?? byCallers ?? protocolOfPort(port?.port)
  if (known !== undefined) return known
  const { technology, kind } = scene.node(id) ?? {}
  return kind === 'datastore' || kind === 'queue' ? (technology ?? 'tcp') : 'http'
}

/** The port a caller would use: the one other callers use, the one of that protocol, else the first. */
export function portFor(scene: Scene, service: SceneService, id: string): ScenePort | undefined {
  const { ports } = service
  if (ports.length < 2) return ports[0]
  const used = scene.topology.edges
    .filter(edge => edge.to === id && edge.class === 'app')
    .flatMap(edge => referencePlaces(scene, edge.from))
    .filter(place => scene.serviceAt(place.host, place.program.namespace) === service)
    .flatMap(place => ports.filter(({ port }) => port === place.port))
  const notForPeople = /metric|admin|health|prom|debug|status/
  return used[0] ?? ports.find(({ name }) => !notForPeople.test(name ?? '')) ?? ports[0]
}

/** The variable, or two, by which a program would best be told of a Service: as the ones it has are named and written. */
export function newAddress(
  scene: Scene,
  caller: Program,
  from: string,
  to: string,
  service: SceneService,
  /** Variables the caller has: none of them may come to mean another service. */
  taken: ReadonlySet<string>,
): NewAddress | null {
  const port = portFor(scene, service, to)
  if (!port) return null
  const protocol = protocolTo(scene, to, port)
  const habit = habitFor(scene, from, to, protocol)
  const host = hostFor(caller, service, habit.domain)
  const stem = stemsOf(service.name).at(-1)!
  const key = (ending: string) => `${stem.toUpperCase().replace(/[-.]/g, '_')}${ending}`
  const usualOf = byProtocol[protocol] ?? byProtocol['http']!
  const names = [
    ...(habit.from === 'callers' && habit.example !== undefined ? [habit.example] : []),
    key(habit.ending),
    key(usualOf.ending),
    key(`_TARGET${usualOf.ending}`),
  ].filter(one => one !== key(''))
  const name = names.find(one => !taken.has(one)) ?? names[0]!
  const variables =
    habit.form === 'url'
      ? [{ name, value: urlOf(schemes[protocol] ?? 'http', host, port.port, habit) }]
      : habit.form === 'host-port'
        ? [{ name, value: `${host}:${port.port}` }]
        : [
            { name, value: host },
            ...(habit.portEnding === undefined ? [] : [{ name: key(habit.portEnding), value: String(port.port) }]),
          ]
  return { variables, port, protocol, habit }
}

const meant: { readonly [scheme: string]: number } = { http: 80, https: 443 }
const urlOf = (scheme: string, host: string, port: number, { path, plain }: Habit): string =>
  `${scheme}://${host}${plain && meant[scheme] === port ? '' : `:${port}`}${path}`

/** The Service's DNS name as this caller should write it: short in its own namespace, unless it has the habit of more. */
export function hostFor(
  caller: { readonly namespace: string },
  service: SceneService,
  domain: Domain,
  otherwise = '',
): string {
  const isHere = together(caller.namespace, service.namespace)
  const namespace = service.namespace || caller.namespace || otherwise
  if (namespace === '') return service.name
  const written = isHere ? domain : domain === '' ? '.*' : domain
  return `${service.name}${written.replace('*', namespace)}`
}

/** How much of the DNS name a host that leads to a Service says. */
export function domainOf(host: string, service: SceneService): Domain {
  const rest = host.slice(service.name.length)
  const [, namespace = '', ...more] = rest.split('.')
  return rest === '' ? '' : namespace === 'svc' ? '' : ['.*', ...more].join('.')
}

function habitFor(scene: Scene, from: string, to: string, protocol: string): Habit {
  const own = habitsOf(scene, from)
  const domain = usual(own.map(habit => habit.domain)) ?? ''
  const callers = scene.topology.edges.filter(edge => edge.to === to && edge.from !== from).map(edge => edge.from)
  const ofCallers = callers.flatMap(id => habitsOf(scene, id, place => leads(scene, place, to)))
  const alike = (habits: readonly Learnt[]) =>
    habits.flatMap(habit => (habit.family === family(protocol) ? named(habit) : []))
  const byCallers = (): Habit | null => {
    const habit = most(ofCallers)
    return habit ? { ending: '', ...habit, domain, from: 'callers' } : null
  }
  const byOthers = (habits: readonly (Learnt & Named)[], who: 'caller' | 'all'): Habit | null => {
    const habit = most(habits)
    return habit ? { ...habit, domain, from: who } : null
  }
  // A store is known by one name to all who use it; a service by the caller's way of naming services.
  const isStore = family(protocol) !== 'app'
  return (
    (isStore ? byCallers() : null) ??
    byOthers(alike(own), 'caller') ??
    byCallers() ??
    byOthers(alike(scene.topology.nodes.flatMap(({ id }) => habitsOf(scene, id))), 'all') ?? {
      ...(byProtocol[protocol] ?? byProtocol['http']!),
      path: '',
      plain: false,
      domain,
      from: 'protocol',
    }
  )
}

type Named = { readonly ending: string }
const named = (habit: Learnt): (Learnt & Named)[] =>
  habit.ending === undefined ? [] : [{ ...habit, ending: habit.ending }]

const leads = (scene: Scene, place: Place, id: string): boolean =>
  scene.serviceAt(place.host, place.program.namespace)?.nodes.includes(id) ?? false

/** Without an ending: a variable that is not named after the Service. */
type Learnt = Omit<Habit, 'from' | 'ending'> & { readonly ending?: string; readonly family: string }

/** What the plain variables of a node teach about how it is told of others. */
function habitsOf(scene: Scene, id: string, only: (place: Place) => boolean = () => true): readonly Learnt[] {
  return referencePlaces(scene, id).flatMap(place => {
    const service = scene.serviceAt(place.host, place.program.namespace)
    if (place.variable === undefined || !service || service.nodes.includes(id) || !only(place)) return []
    const ending = endingOf(place.variable, service.name)
    const url = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*(\/?)[^\s]*$/i.exec(place.text)
    const form = url ? 'url' : /:\d+$/.test(place.text) ? 'host-port' : 'host'
    if (place.text.includes('\n') || (form === 'host' && place.text.trim() !== place.host)) return []
    const port = place.portVariable && endingOf(place.portVariable.name, service.name)
    const toId = service.nodes[0]
    const used = service.ports.find(({ port: number }) => number === place.port) ?? service.ports[0]
    return [
      {
        ...(ending !== undefined && { ending }),
        form,
        ...(port !== undefined && { portEnding: port }),
        plain: url !== null && place.port === undefined,
        path: url?.[1] === '/' && place.text.endsWith('/') ? '/' : '',
        domain: domainOf(place.host, service),
        family: family(toId === undefined ? '' : protocolTo(scene, toId, used)),
        example: place.variable,
      },
    ]
  })
}

/** What of a variable's name follows the service's own; undefined where it is not named after it, or not in capitals. */
function endingOf(variable: string, service: string): string | undefined {
  if (!/^[A-Z][A-Z0-9_]*$/.test(variable)) return undefined
  for (const stem of [...stemsOf(service)].reverse()) {
    const name = stem.toUpperCase().replace(/[-.]/g, '_')
    const joined = name.replaceAll('_', '')
    for (const start of [name, joined]) if (variable.startsWith(`${start}_`)) return variable.slice(start.length)
  }
  return undefined
}

/** A service's name, and without what only says that it is one: `cart-service`, `cart`. */
const stemsOf = (name: string): readonly string[] => {
  const plain = name.replace(/[-_]?(service|svc)$/, '')
  return plain === '' || plain === name ? [name] : [name, plain]
}

const usual = <T>(items: readonly T[]): T | undefined => {
  const counts = new Map<T, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
}

/** The way most of them have. */
function most<H extends Learnt>(habits: readonly H[]): H | undefined {
  const way = usual(habits.map(({ ending, form }) => `${ending} ${form}`))
  return habits.find(({ ending, form }) => `${ending} ${form}` === way)
}

const schemes: { readonly [protocol: string]: string } = {
  http: 'http',
  https: 'https',
  grpc: 'grpc',
  postgresql: 'postgres',
  mysql: 'mysql',
  redis: 'redis',
  mongodb: 'mongodb',
  amqp: 'amqp',
  nats: 'nats',
  kafka: 'kafka',
  memcached: 'memcached',
  elasticsearch: 'http',
}
type Form = Pick<Habit, 'ending' | 'form' | 'portEnding'>
/** Where nothing here says how: what libraries of that protocol take most often. */
const byProtocol: { readonly [protocol: string]: Form } = {
  http: { ending: '_URL', form: 'url' },
  https: { ending: '_URL', form: 'url' },
  grpc: { ending: '_ADDR', form: 'host-port' },
  postgresql: { ending: '_HOST', form: 'host', portEnding: '_PORT' },
  mysql: { ending: '_HOST', form: 'host', portEnding: '_PORT' },
  redis: { ending: '_URL', form: 'url' },
  mongodb: { ending: '_URL', form: 'url' },
  amqp: { ending: '_URL', form: 'url' },
  nats: { ending: '_URL', form: 'url' },
  kafka: { ending: '_BOOTSTRAP_SERVERS', form: 'host-port' },
  memcached: { ending: '_SERVERS', form: 'host-port' },
  elasticsearch: { ending: '_URL', form: 'url' },
  tcp: { ending: '_ADDR', form: 'host-port' },
}
