import { type Call, classOf, protocolOf } from '../call.ts'
import { combined } from '../confidence.ts'
import { referencesOfPair } from '../find-references.ts'
import type { Objects, Workload } from '../index-objects.ts'
import type { DraftNode, NodeBook } from '../name-nodes.ts'
import { containerPaths } from '../read-containers.ts'
import { readVariables, type Variable } from '../read-variables.ts'
import { kindOfProtocol, protocolOfPort, protocolOfScheme } from '../recognise-technology.ts'
import { redact } from '../redact.ts'
import { resolveHost } from '../resolve-host.ts'
import type { Evidence, TopologyNode } from '../topology.ts'
import type { RoutedHosts } from '../workload-calls.ts'
import { type FindSource, seekerOf } from './find-sources.ts'
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
  openapi: 0.4,
  outside: 0.55,
  compose: 0.45,
} as const

type Seen = { readonly calls: readonly Call[]; readonly sources: ReadonlyMap<DraftNode, NodeSource> }
export type NodeSource = Pick<Required<TopologyNode>, 'source' | 'endpoints'>

/** Who a workload calls, as far as its source says, and what it answers to. */
export function sourceCalls(
  objects: Objects,
  book: NodeBook,
  sources: WorkloadSources,
  routedHosts: RoutedHosts,
): Seen {
  const calls: Call[] = []
  const about = new Map<DraftNode, NodeSource>()
  const names = callableNames(objects, book)
  const known = new Set<string>()
  for (const workload of objects.workloads) {
    const seeker = seekerOf(workload.manifest)
    const found = seeker && sources.find(seeker)
    if (!found) continue
    const from = book.ofWorkload(workload)
    const files = sources.facts(found.folder)
    const variables = variablesOf(objects, workload)
    const endpoints: TopologyNode['endpoints'] & object = []
    for (const [file, facts] of files) {
      for (const endpoint of facts.endpoints) (endpoints as (typeof endpoints)[number][]).push({ ...endpoint, file })
      for (const fact of facts.addresses) follow(workload, from, file, facts, fact, variables)
      for (const client of facts.clients) {
        const to = names(client.name, client.by)
        if (to && to !== from)
          add(
            from,
            to,
            client.by === 'openapi' ? ALONE.openapi : ALONE.client,
            client.by === 'grpc' ? 'grpc' : 'http',
            file,
            client,
            undefined,
          )
      }
    }
    if (!about.has(from))
      about.set(from, {
        source: {
          folder: found.folder || '.',
          how: found.how,
          ...(found.file !== undefined && { file: found.file }),
          ...(found.line !== undefined && { line: found.line }),
        },
        endpoints,
      })
  }
  return { calls, sources: about }

  function follow(
    workload: Workload,
    from: DraftNode,
    file: string,
    facts: FileFacts,
    fact: AddressFact,
    variables: ReadonlyMap<string, Variable>,
  ): void {
    if (isPutOut(facts, fact, variables)) return
    const own = /^\$\{([^}:]+)(?::-[^}]*)?\}$/.exec(fact.template)?.[1]
    // The variable of that name that a framework reads in place of the file's value.
    if (fact.place === 'config' && own === undefined && setBy(variables, fact.key)) return
    const value = filled(fact.template, variables)
    if (value === null) return
    const key = value.variable && own !== undefined ? value.variable.name : fact.key
    for (const reference of referencesOfPair(lastPart(key), value.text)) {
      const bare = reference.scheme === undefined && reference.port === undefined && !reference.host.includes('.')
      if (!value.variable && reference.form === 'named') continue
      const resolution = resolveHost(objects, reference.host, workload.namespace)
      const confidence = value.variable
        ? ALONE.variable
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
        for (const to of book.ofService(service))
          if (to !== from)
            add(from, to, confidence, fact.protocol ?? protocolOf(to, speaking), file, fact, value.variable, key)
        continue
      }
      if (resolution.kind !== 'external' || reference.form !== 'address') continue
      // Web addresses in a program are mostly documentation; one that a variable holds, a store or a queue is not.
      const protocol = fact.protocol ?? protocolOfScheme(reference.scheme) ?? protocolOfPort(reference.port)
      if (!value.variable && kindOfProtocol(protocol) === undefined) continue
      const to = routedHosts(resolution.host) ?? book.external(resolution.host, protocol, reference.port)
      const sure = value.variable ? ALONE.variable : ALONE.outside
      if (to !== from) add(from, to, sure, protocol ?? protocolOf(to, {}), file, fact, value.variable, key)
    }
  }

  function add(
    from: DraftNode,
    to: DraftNode,
    confidence: number,
    protocol: string,
    file: string,
    fact: AddressFact | ClientFact,
    variable: Variable | undefined,
    key = '',
  ): void {
    const said = `${from.id}\n${to.id}\n${file}\n${fact.line}`
    if (known.has(said)) return
    known.add(said)
    const evidence: Evidence = { kind: 'source', file, line: fact.line, detail: redact(fact.shown) }
    calls.push({
      from,
      to,
      confidence: combined([{ kind: 'source', confidence }]),
      protocol,
      evidence: [evidence, ...(variable?.evidence ?? [])],
      class: classOf(from, to, { key }),
    })
  }
}

const lastPart = (key: string): string =>
  key
    .split('.')
    .filter(part => !/^\d+$/.test(part))
    .pop() ?? key

/** Variables of all containers that run, by name in capitals without separators, as frameworks compare them too. */
function variablesOf(objects: Objects, workload: Workload): ReadonlyMap<string, Variable> {
  const variables = new Map<string, Variable>()
  for (const { path, init } of containerPaths(workload)) {
    if (init) continue
    for (const variable of readVariables(objects, workload, path).values())
      if (!variables.has(relaxed(variable.name))) variables.set(relaxed(variable.name), variable)
  }
  return variables
}

const relaxed = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9]/g, '')
const setBy = (variables: ReadonlyMap<string, Variable>, key: string): boolean => variables.has(relaxed(key))

/** A template with the variables the manifest sets, then with what stands there for the rest; null where neither is known. */
function filled(
  template: string,
  variables: ReadonlyMap<string, Variable>,
): { readonly text: string; readonly variable?: Variable } | null {
  let unknown = false
  let used: Variable | undefined
  const text = template.replace(/\$\{([^}:]+)(?::-([^}]*))?\}/g, (_, name: string, otherwise: string | undefined) => {
    const variable = variables.get(relaxed(name))
    const value = variable ? variable.value : otherwise
    if (value === undefined) unknown = true
    if (variable && value !== undefined) used = variable
    return value ?? ''
  })
  return unknown ? null : { text, ...(used && { variable: used }) }
}

/** `spring.zipkin.enabled=false` beside `spring.zipkin.baseUrl`. */
function isPutOut(facts: FileFacts, fact: AddressFact, variables: ReadonlyMap<string, Variable>): boolean {
  return facts.switches.some(
    ({ prefix, template }) =>
      prefix !== '' &&
      fact.key.startsWith(`${prefix}.`) &&
      /^(false|no|off|0)$/i.test(
        (variables.get(relaxed(`${prefix}.enabled`))?.value ?? filled(template, variables)?.text ?? '').trim(),
      ),
  )
}

/** Finds the one node a client is called after; undefined where none or several answer. */
function callableNames(
  objects: Objects,
  book: NodeBook,
): (name: string, by: ClientFact['by']) => DraftNode | undefined {
  const byName = new Map<string, DraftNode | null>()
  const byAppId = new Map<string, DraftNode | null>()
  const put = (map: Map<string, DraftNode | null>, name: string, node: DraftNode) => {
    const known = map.get(name)
    map.set(name, known === undefined || known === node ? node : null)
  }
  for (const node of book.nodes) {
    if (node.workloads.length === 0) continue
    for (const name of new Set([node.plainName, node.id, ...node.services.map(service => service.name)].map(bare)))
      put(byName, name, node)
    for (const { manifest, template } of node.workloads) {
      const id = appIdOf(manifest.value, template)
      if (id !== undefined) put(byAppId, id, node)
    }
  }
  return (name, by) => {
    if (by === 'dapr' && byAppId.size > 0) return byAppId.get(name) ?? undefined
    if (by === 'feign' || by === 'dapr') {
      const resolution = resolveHost(objects, name, '')
      if (resolution.kind === 'service') return book.ofService(resolution.service)[0]
    }
    return byName.get(bare(name)) ?? undefined
  }
}

const bare = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/(service|svc|server|api)$/, '')

function appIdOf(value: object, template: readonly (string | number)[]): string | undefined {
  let at: unknown = value
  for (const step of [...template, 'metadata', 'annotations', 'dapr.io/app-id'])
    at = typeof at === 'object' && at !== null ? (at as { readonly [key: string]: unknown })[step] : undefined
  return typeof at === 'string' ? at : undefined
}
