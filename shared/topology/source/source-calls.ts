import { type Call, classOf, protocolOf } from '../call.ts'
import { combined } from '../confidence.ts'
import { appIdOf, kindOfComponent } from '../dapr-calls.ts'
import { isDiscovered, isOwnSide, isOwnSite, referencesOfPair } from '../find-references.ts'
import type { Objects, Workload } from '../index-objects.ts'
import type { DraftNode, NodeBook } from '../name-nodes.ts'
import type { Parts } from '../parts.ts'
import { type Variable, valueOfLink } from '../read-variables.ts'
import { kindOfProtocol, protocolOfPort, protocolOfScheme } from '../recognise-technology.ts'
import { redact } from '../redact.ts'
import { resolveHost } from '../resolve-host.ts'
import type { Routing } from '../route-calls.ts'
import type { Evidence, TopologyNode } from '../topology.ts'
import { isForBrowsers } from './called-with.ts'
import { filled, isPutOut, lastPart, namingPart, relaxed, setBy, variablesOf } from './fill-template.ts'
import { type FindSource, seekerOf } from './find-sources.ts'
import { takesBareHost } from './read-code.ts'
import type { AddressFact, ClientFact, FileFacts } from './source-facts.ts'

/** The source of an environment's workloads, as far as it is at hand. */
export type WorkloadSources = {
  readonly find: FindSource
  /** Facts of the files in a source folder, by path. */
  readonly facts: (folder: string) => ReadonlyMap<string, FileFacts>
}

/**
 * How likely one fact of the source alone is to mean a call. What a manifest says is surer than a text in the code,
 * and surest is both: a variable that the code reads and the manifest sets.
 */
const ALONE = {
  variable: 0.85,
  handed: 0.8,
  config: 0.75,
  url: 0.7,
  named: 0.65,
  client: 0.6,
  component: 0.65,
  composed: 0.6,
  depends: 0.4,
  shared: 0.4,
  openapi: 0.4,
  outside: 0.55,
  site: 0.3,
  compose: 0.45,
} as const

const confidenceBy = { openapi: ALONE.openapi, component: ALONE.component, compose: ALONE.depends } as const

type Seen = { readonly calls: readonly Call[]; readonly sources: ReadonlyMap<DraftNode, NodeSource> }
export type NodeSource = Pick<Required<TopologyNode>, 'source' | 'endpoints'>

/** Who workloads call, as far as their source says, and what they answer to. */
export function sourceCalls(
  objects: Objects,
  book: NodeBook,
  sources: WorkloadSources,
  routes: Routing,
  parts: Parts,
): Seen {
  const around: Around = {
    objects,
    book,
    routes,
    find: parts.watch('source of a workload', sources.find),
    facts: parts.watch('facts of a folder', sources.facts),
    called: parts.watch('called by a client', callableNames(objects, book, sources)),
  }
  const calls: Call[] = []
  const about = new Map<DraftNode, NodeSource>()
  for (const workload of objects.workloads) {
    const found = parts.part('calls in source', workload, () => callsInSource(around, workload))
    if (!found) continue
    calls.push(...found.calls)
    const node = book.ofWorkload(workload)
    if (!about.has(node)) about.set(node, found.about)
  }
  return { calls, sources: about }
}

type Around = WorkloadSources & {
  readonly objects: Objects
  readonly book: NodeBook
  readonly routes: Routing
  /** The one node a client is called after; undefined where none or several answer. */
  readonly called: (name: string, by: ClientFact['by']) => DraftNode | undefined
}

function callsInSource(around: Around, workload: Workload): { calls: readonly Call[]; about: NodeSource } | null {
  const { objects, book, routes } = around
  const calls: Call[] = []
  const known = new Set<string>()
  const seeker = seekerOf(workload.manifest)
  const found = seeker && around.find(seeker)
  if (!found) return null
  const from = book.ofWorkload(workload)
  const variables = variablesOf(objects, workload)
  const endpoints: TopologyNode['endpoints'] & object = []
  const files = around.facts(found.folder)
  const composed = composedVariables(files)
  const properties = ownProperties(files)
  const dialled = new Set([...files.values()].flatMap(({ dialled = [] }) => dialled.map(relaxed)))
  for (const [file, facts] of files) {
    for (const endpoint of facts.shared ? [] : facts.endpoints)
      (endpoints as (typeof endpoints)[number][]).push({ ...endpoint, file })
    for (const fact of facts.addresses) follow(file, facts, fact)
    for (const client of facts.clients) {
      const to = around.called(client.name, client.by)
      if (!to || to === from) continue
      const protocol = client.by === 'grpc' ? 'grpc' : client.by === 'compose' ? protocolOf(to, {}) : 'http'
      const confidence = client.by in confidenceBy ? confidenceBy[client.by as keyof typeof confidenceBy] : ALONE.client
      add(to, facts.shared ? Math.min(confidence, ALONE.shared) : confidence, protocol, file, client, undefined)
    }
  }
  const source = {
    folder: found.folder || '.',
    how: found.how,
    ...(found.file !== undefined && { file: found.file }),
    ...(found.line !== undefined && { line: found.line }),
  }
  return { calls, about: { source, endpoints } }

  function follow(file: string, facts: FileFacts, fact: AddressFact): void {
    if (isOwnSide(fact.key) || isPutOut(facts, fact, variables)) return
    const own = /^\$\{([^}:]+)(?::-[^}]*)?\}$/.exec(fact.template)?.[1]
    // The variable of that name that a framework reads in place of the file's value.
    if (fact.place === 'config' && own === undefined && setBy(variables, fact.key)) return
    const known = filled(fact.template, variables)
    // What the code reads and this manifest does not set: the kubelet does, or a compose file of the same program.
    const elsewhere =
      known === null && fact.place === 'code' && own !== undefined
        ? (valueOfLink(objects, workload, own) ?? composed.get(relaxed(own)) ?? properties.get(own))
        : undefined
    const value: typeof known = elsewhere === undefined ? known : { text: elsewhere }
    if (value === null) return
    const key = value.variable && own !== undefined ? value.variable.name : fact.key
    for (const reference of referencesOfPair(isDiscovered(key) ? key : lastPart(key), value.text)) {
      const bare = reference.scheme === undefined && reference.port === undefined && !reference.host.includes('.')
      if (!value.variable && reference.form === 'named') continue
      // A word alone is a host only where the key says so.
      if (
        value.text.trim().toLowerCase() === reference.host &&
        bare &&
        !value.variable &&
        fact.protocol === undefined &&
        !takesBareHost(namingPart(key)) &&
        !isDiscovered(key)
      )
        continue
      const resolution = resolveHost(objects, reference.host, workload.namespace)
      const mapped = value.variable?.source === 'whole'
      const confidence = value.variable
        ? facts.shared && mapped
          ? ALONE.shared
          : ALONE.variable
        : facts.shared
          ? ALONE.shared
          : elsewhere !== undefined
            ? ALONE.composed
            : fact.protocol !== undefined
              ? ALONE.handed
              : fact.place === 'config'
                ? ALONE.config
                : fact.place === 'compose'
                  ? ALONE.compose
                  : bare || reference.form === 'loose'
                    ? ALONE.named
                    : ALONE.url
      if (resolution.kind === 'service') {
        const { service } = resolution
        const offered =
          reference.port === undefined ||
          service.ports.length === 0 ||
          service.ports.some(port => port.port === reference.port)
        if (!offered && reference.form === 'loose') continue
        const speaking = {
          ...(reference.scheme !== undefined && { scheme: reference.scheme }),
          ...(reference.port !== undefined && { port: reference.port }),
          service,
          key,
        }
        const spoken = fact.protocol ?? (dialled.has(relaxed(own ?? lastPart(fact.key))) ? 'grpc' : undefined)
        for (const to of book.ofService(service))
          if (to !== from) add(to, confidence, spoken ?? protocolOf(to, speaking), file, fact, value.variable, key)
        continue
      }
      // Discovery knows programs by the names they give themselves: `lb://CUSTOMERS`.
      const registered =
        resolution.kind === 'dangling' && reference.form === 'address'
          ? around.called(reference.host, 'feign')
          : undefined
      if (registered && registered !== from)
        add(registered, Math.min(confidence, ALONE.client), 'http', file, fact, value.variable, key)
      if (resolution.kind !== 'external' || reference.form !== 'address') continue
      // Web addresses in a program are mostly documentation; one that a variable holds, a store or a queue is not.
      const protocol =
        protocolOfScheme(reference.scheme) ??
        fact.protocol ??
        protocolOfPort(reference.port) ??
        (ofMail.test(fact.key) ? 'smtp' : undefined)
      if (!value.variable && kindOfProtocol(protocol) === undefined && !isAsked(fact, own, file)) continue
      // One that nothing sets is named by a URL, or under a word for hosts.
      const plain = reference.scheme === undefined && reference.port === undefined
      if (!value.variable && plain && !/host|server|broker|addr|bootstrap|dsn/i.test(key)) continue
      const gateway = routes.routedHost(resolution.host)
      const to = gateway ?? book.external(resolution.host, protocol, reference.port)
      const site =
        isOwnSite(key.split(/[.:]/).slice(-2).join('_').replaceAll('-', '_')) ||
        (gateway !== undefined && routes.leadsTo(gateway, from))
      const sure = site ? ALONE.site : value.variable ? ALONE.variable : ALONE.outside
      if (to !== from) add(to, sure, protocol ?? protocolOf(to, {}), file, fact, value.variable, key)
    }
  }

  function add(
    to: DraftNode,
    confidence: number,
    protocol: string,
    file: string,
    fact: AddressFact | ClientFact,
    variable: Variable | undefined,
    key = '',
  ): void {
    const said = `${to.id}\n${file}\n${fact.line}`
    if (known.has(said)) return
    known.add(said)
    const composed = 'by' in fact ? fact.by === 'compose' : fact.place === 'compose'
    const evidence: Evidence = {
      kind: composed ? 'config' : 'source',
      file,
      line: fact.line,
      detail: redact(fact.shown),
    }
    calls.push({
      from,
      to,
      confidence: combined([{ kind: evidence.kind, confidence }]),
      protocol,
      evidence: [evidence, ...(variable?.evidence ?? [])],
      class: classOf(from, to, { key }),
    })
  }
}

/** An address outside that is meant to be called: a client is given it, or a variable may hold another. */
const isAsked = (
  { protocol, place, key, template }: AddressFact,
  variable: string | undefined,
  file: string,
): boolean =>
  protocol !== undefined ||
  (variable !== undefined && place !== 'compose') ||
  (place === 'code' && !isForBrowsers(file) && ofApi.test(template) && !ofPages.test(template)) ||
  (place === 'config' && (ofClient.test(key) || ofMail.test(key)))
/** Addresses of programs, by the name of their host or by their path: `api.pay.io`, `pay.io/v2`. */
const ofApi =
  /^https?:\/\/(?:(?:[\w-]+\.)*(?:[\w-]+-)?(?:api|hooks)\d?(?:-[\w-]+)?\.[^/]+|[^/]+\/(?:api|v\d+(?:\.\d+)*|graphql)(?=\/|$))/i
const ofPages =
  /^https?:\/\/(docs?|help|support|developers?|wiki)\.|\.(html?|md|json|xsd|dtd|ya?ml|png|svg|js|css)$|\/docs?(\/|$)/i
/** Where frameworks configure the clients of a program: Quarkus, MicroProfile, Micronaut, Spring. */
const ofClient =
  /(rest-client|mp-rest|http\.(services|client)|feign|(^|[.:_-])clients?)\b.*ur[il]s?$|\w[.:_-](base[-_]?(ur[il]|address)|api[-_]?(ur[il]|base|host|endpoint))$/i
const ofMail = /\b(mail|smtp)[-_.]?(host|server)$/i

/** Values of the program's own configuration, by all the keys they stand under: code asks for `${rates.url}`. */
function ownProperties(files: ReadonlyMap<string, FileFacts>): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const facts of files.values())
    for (const { place, key, template } of facts.addresses)
      if (place === 'config' && key.includes('.') && !template.includes('${')) values.set(key, template)
  return values
}

/** What compose files set for the program, by name in capitals without separators. */
function composedVariables(files: ReadonlyMap<string, FileFacts>): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  for (const facts of files.values())
    for (const fact of facts.addresses) {
      const value = fact.place === 'compose' ? /^\$\{[^}:]+:-(.*)\}$/s.exec(fact.template)?.[1] : undefined
      if (value !== undefined) values.set(relaxed(fact.key), value)
    }
  return values
}

/** Finds the one node a client is called after; undefined where none or several answer. */
function callableNames(
  objects: Objects,
  book: NodeBook,
  sources: WorkloadSources,
): (name: string, by: ClientFact['by']) => DraftNode | undefined {
  const byName = new Map<string, DraftNode | null>()
  const byAppId = new Map<string, DraftNode | null>()
  const byServed = new Map<string, DraftNode | null>()
  const byRegistered = new Map<string, DraftNode | null>()
  const put = (map: Map<string, DraftNode | null>, name: string, node: DraftNode) => {
    const known = map.get(name)
    map.set(name, known === undefined || known === node ? node : null)
  }
  for (const node of book.nodes) {
    for (const workload of node.workloads) {
      const id = appIdOf(workload)
      if (id !== undefined) put(byAppId, id, node)
      const seeker = seekerOf(workload.manifest)
      const found = seeker && sources.find(seeker)
      for (const facts of found ? sources.facts(found.folder).values() : []) {
        if (facts.shared) continue
        for (const { method, path } of facts.endpoints) if (method === 'GRPC') put(byServed, bare(path), node)
        for (const name of facts.names ?? []) put(byRegistered, bare(name), node)
      }
    }
    if (node.workloads.length === 0) continue
    for (const name of new Set([node.plainName, node.id, ...node.services.map(service => service.name)].map(bare)))
      put(byName, name, node)
  }
  const components = new Map(
    objects.all.flatMap(object =>
      object.group === 'dapr.io' && object.kind === 'Component' ? [[object.name, object] as const] : [],
    ),
  )
  return (name, by) => {
    if (by === 'component') {
      const object = components.get(name)
      const kind = object && kindOfComponent(object)
      return object && kind && book.middleman(object, kind)
    }
    if (by === 'dapr' && byAppId.size > 0) return byAppId.get(name) ?? undefined
    // Who serves it says so; else whoever is called like it.
    if (by === 'grpc' && byServed.has(bare(name))) return byServed.get(bare(name)) ?? undefined
    if (by === 'feign' || by === 'dapr' || by === 'compose') {
      const resolution = resolveHost(objects, name.toLowerCase(), '')
      if (resolution.kind === 'service') return book.ofService(resolution.service)[0]
      if (byRegistered.get(bare(name))) return byRegistered.get(bare(name))!
    }
    return byName.get(bare(name)) ?? undefined
  }
}

const bare = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/(service|svc|server|api|grpc)$/, '')
