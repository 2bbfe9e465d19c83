import { fileAt, fileInText, listAt, type Path, textAt } from '../manifests/manifest.ts'
import { type Call, classOf, protocolOf } from './call.ts'
import { ALONE } from './confidence.ts'
import { factsOfFile, factsOfMap, referencesOfFile } from './file-references.ts'
import type { Place } from './find-fix.ts'
import { isOwnSite, portKeyOf, type Reference, referencesOfCommand, referencesOfPair } from './find-references.ts'
import type { Objects, ServiceObject, Workload } from './index-objects.ts'
import { type MapUses, mapUses, mountedMaps } from './map-uses.ts'
import type { DraftNode, NodeBook } from './name-nodes.ts'
import type { Parts } from './parts.ts'
import { containerPaths } from './read-containers.ts'
import { evidenceOf, expand, expandInShell, placesIn, readVariables, textsOf, type Variable } from './read-variables.ts'
import { imageName, kindOfProtocol, protocolOfPort, protocolOfScheme } from './recognise-technology.ts'
import { redact } from './redact.ts'
import { type Resolution, resolveHost } from './resolve-host.ts'
import type { Routing } from './route-calls.ts'
import { variablesOf } from './source/fill-template.ts'
import type { WorkloadSources } from './source/source-calls.ts'
import { type LeavesOut, variablesLeftOut } from './source/variables-left-out.ts'
import type { Evidence } from './topology.ts'

/** A name that nothing answers to, or a port that its Service does not offer. */
export type Problem =
  | {
      readonly kind: 'dangling'
      readonly from: DraftNode
      readonly resolution: Extract<Resolution, { kind: 'dangling' }>
      readonly where: string
      readonly evidence: Evidence
      readonly places: readonly Place[]
    }
  | {
      readonly kind: 'port'
      readonly from: DraftNode
      readonly service: ServiceObject
      readonly host: string
      readonly port: number
      readonly evidence: Evidence
      readonly places: readonly Place[]
    }

/** A value that may name others, and how much that is worth. */
type Clue = {
  readonly references: readonly Reference[]
  readonly key?: string
  /** Given per reference, as scripts and files say it on several lines. */
  readonly evidence: (reference: Reference) => readonly Evidence[]
  /** `to` is who answers to it here; absent for what is outside, or nowhere. */
  readonly confidence: (reference: Reference, to?: DraftNode) => number
  /** Where the text stands, and what it takes from elsewhere; nothing of Secrets, which are not edited. */
  readonly places: readonly Place[]
  /** False where web addresses are mostly documentation: a mounted file. */
  readonly external: boolean
  readonly where: string
  readonly health?: true
}

/** Addresses that only ask how someone is: `http://cart/hc`. */
const asksHealth =
  /:\/\/[^\s/]+\/(?:[\w-]+\/)*(hc|health\w*|ready|readyz|livez|liveness|readiness|ping)\/?(?:[?\s,;]|$)/

/** Who a workload calls, as far as its manifest and the ConfigMaps and Secrets it takes say. */
export function workloadCalls(
  objects: Objects,
  book: NodeBook,
  routes: Routing,
  parts: Parts,
  sources?: WorkloadSources,
): Found {
  const uses = mapUses(objects, book, parts)
  const leavesOut = sources && parts.watch('variables left out by code', variablesLeftOut(sources))
  // Nothing is asked of sources that are not there, so that what is made without them is told apart.
  const step = leavesOut ? 'calls of workloads by their source' : 'calls of workloads'
  const calls: Call[] = []
  const problems: Problem[] = []
  for (const workload of objects.workloads) {
    const make = () => callsOf({ objects, book, routes, uses, leavesOut }, workload)
    const found = parts.part(step, workload, make)
    for (const call of found.calls) calls.push(call)
    for (const problem of found.problems) problems.push(problem)
  }
  return { calls, problems }
}

type Found = { readonly calls: readonly Call[]; readonly problems: readonly Problem[] }

type Around = {
  readonly objects: Objects
  readonly book: NodeBook
  readonly routes: Routing
  readonly uses: MapUses
  readonly leavesOut: LeavesOut | undefined
}

function callsOf(around: Around, workload: Workload): Found {
  const { objects, book, routes } = around
  const calls: Call[] = []
  const problems: Problem[] = []
  const from = book.ofWorkload(workload)
  for (const clue of cluesOf(around, workload)) for (const reference of clue.references) follow(clue, reference)
  return { calls, problems }

  function follow(clue: Clue, reference: Reference): void {
    const resolution = resolveHost(objects, reference.host, workload.namespace)
    const evidence = clue.evidence(reference)
    const speaking = {
      ...(reference.scheme !== undefined && { scheme: reference.scheme }),
      ...(reference.port !== undefined && { port: reference.port }),
      ...(clue.key !== undefined && { key: clue.key }),
    }
    if (resolution.kind === 'service') {
      const { service } = resolution
      const offered =
        reference.port === undefined ||
        service.ports.length === 0 ||
        service.ports.some(port => port.port === reference.port)
      // In running text `name:port` is an address only where both are right.
      if (reference.form === 'loose' && !offered) return
      for (const to of book.ofService(service)) {
        if (to === from) continue
        if (!offered && service.type !== 'Headless' && reference.port !== undefined)
          problems.push({
            kind: 'port',
            from,
            service,
            host: reference.host,
            port: reference.port,
            evidence: evidence[0]!,
            places: clue.places,
          })
        calls.push({
          from,
          to,
          confidence: clue.confidence(reference, to),
          protocol: protocolOf(to, { ...speaking, service }),
          evidence,
          class: clue.health ? 'health' : classOf(from, to, speaking),
        })
      }
      return
    }
    if (reference.form !== 'address') return
    const confidence = clue.confidence(reference)
    if (resolution.kind === 'dangling') {
      if (reference.expected && confidence >= 0.5)
        problems.push({
          kind: 'dangling',
          from,
          resolution,
          where: clue.where,
          evidence: evidence[0]!,
          places: clue.places,
        })
      return
    }
    if (resolution.kind !== 'external') return
    const gateway = routes.routedHost(resolution.host)
    // What leads back to the workload is its own address, as people see it.
    const site = isOwnSite(clue.key ?? '') || (gateway !== undefined && routes.leadsTo(gateway, from))
    // A bare name in the own domain (`PHX_HOST`, a list of allowed hosts) is what the site is called.
    if (!gateway && reference.scheme === undefined && reference.port === undefined && routes.isOwnName(resolution.host))
      return
    const protocol = protocolOfScheme(reference.scheme) ?? protocolOfPort(reference.port)
    if (!gateway && !clue.external && kindOfProtocol(protocol) === undefined) return
    const to = gateway ?? book.external(resolution.host, protocol, reference.port)
    calls.push({
      from,
      to,
      confidence: site ? Math.min(confidence, ALONE.site) : confidence,
      protocol: protocolOf(to, speaking),
      evidence,
      class: clue.health ? 'health' : classOf(from, to, speaking),
    })
  }
}

function* cluesOf({ objects, book, uses, leavesOut }: Around, workload: Workload): Generator<Clue> {
  const from = book.ofWorkload(workload)
  for (const { path, init } of containerPaths(workload)) {
    const variables = readVariables(objects, workload, path)
    // Command lines first: a variable they name is one this container uses, whatever map it came in.
    yield* commandClues(objects, workload, path, init, variables)
    for (const variable of variables.values()) {
      const { from: map } = variable
      const unread =
        variable.source === 'whole' && !variable.used && map !== undefined && leavesOut?.(workload, map, variable.name)
      const clue = variableClue(variable, variables, from, init, unread ? undefined : uses)
      if (clue) yield clue
    }
    yield* probeClues(objects, workload, path, variables)
  }
  yield* upstreamClues(workload)
  yield* fileClues(objects, workload, from, uses)
}

function* fileClues(objects: Objects, workload: Workload, from: DraftNode, uses: MapUses): Generator<Clue> {
  const maps = mountedMaps(objects, workload)
  if (maps.length === 0) return
  const variables = variablesOf(objects, workload)
  for (const { object, keys, evidence } of maps)
    for (const [key, text] of Object.entries(textsOf(object))) {
      if (keys && !keys.has(key)) continue
      const file = text.includes('\n')
      yield {
        references: file
          ? referencesOfFile(key, text, factsOfMap(object, key, text), variables)
          : referencesOfPair(key, text),
        external: false,
        where: `${object.kind} ${object.name} ${key}`,
        places: object.kind === 'Secret' ? [] : [{ object, at: ['data', key] }],
        evidence: reference => [
          object.kind === 'Secret'
            ? evidenceOf(object, key, text)
            : {
                kind: 'config',
                file: file ? fileInText(object, ['data', key], reference.line) : fileAt(object, ['data', key]),
                line: file ? object.lineInText(['data', key], reference.line) : object.lineOf(['data', key]),
                detail: `${key}: ${redact(reference.text)}`,
              },
          evidence,
        ],
        confidence: (_, to) => uses.ofFile(object, from, key, to),
      }
    }
}

function variableClue(
  variable: Variable,
  variables: ReadonlyMap<string, Variable>,
  from: DraftNode,
  init: boolean,
  uses: MapUses | undefined,
): Clue | null {
  const { value } = variable
  if (value === undefined || value === '') return null
  // `COLLECTOR_NAME` with a `COLLECTOR_PORT` beside it is a host.
  const stem = /^(.*_)NAME$/.exec(variable.name)?.[1]
  const name = stem !== undefined && variables.has(`${stem}PORT`) ? `${stem}HOST` : variable.name
  const port = portKeyOf(name)
    .map(key => Number(variables.get(key)?.value))
    .find(number => Number.isInteger(number) && number > 0)
  // A whole file may stand in a variable: `SPRING_APPLICATION_JSON`.
  const many = /\n|^\s*[{[]\s*["{]/.test(value)
  const references = (
    many ? referencesOfFile(name, value, factsOfFile(name, value), new Map()) : referencesOfPair(name, value)
  ).map(reference => (reference.port === undefined && port !== undefined && !many ? { ...reference, port } : reference))
  if (references.length === 0) return null
  return {
    references,
    key: name,
    external: true,
    where: name,
    ...(!init && asksHealth.test(value) && { health: true as const }),
    evidence: () => (init ? variable.evidence.map(item => ({ ...item, kind: 'init' as const })) : variable.evidence),
    places: variable.places,
    confidence: (reference, to) => {
      const shared =
        variable.source !== 'whole' || variable.used || !variable.from
          ? 1
          : (uses?.ofWhole(variable.from, from, name, to) ?? ALONE.othersKey)
      return Math.min(shared, init ? ALONE.init : formConfidence(reference))
    },
  }
}

const formConfidence = (reference: Reference): number =>
  reference.form === 'named'
    ? ALONE.named
    : reference.port === undefined && reference.scheme === undefined && !reference.host.includes('.')
      ? ALONE.hinted
      : ALONE.value

function* commandClues(
  objects: Objects,
  workload: Workload,
  path: Path,
  init: boolean,
  variables: ReadonlyMap<string, Variable>,
): Generator<Clue> {
  const { manifest } = workload
  const places: Path[] = []
  const items: string[] = []
  for (const field of ['command', 'args'])
    for (const [index, item] of listAt(manifest.value, ...path, field).entries()) {
      places.push([...path, field, index])
      items.push(typeof item === 'string' ? item : String(item))
    }
  if (items.length === 0) return
  const shell = /(^|\/)(ba|da|a|k|z|fi)?sh$/.test(items[0]!)
  const expanded = items.map(item => (shell ? expandInShell : expand)(objects, workload, item, variables))
  // Arguments alone are those of what the image runs: `args: [-s, cart/ping]` of an image of curl.
  const runs = listAt(manifest.value, ...path, 'command').length === 0 ? imageName(imageOf(workload, path)) : ''
  for (const reference of [...referencesOfCommand(expanded, runs), ...waitedFor(imageOf(workload, path), expanded)]) {
    const place = places[reference.item]!
    yield {
      references: [reference],
      key: /^--?([A-Za-z][\w.-]*)/.exec(reference.text)?.[1] ?? '',
      external: true,
      where: String(place.at(-2)),
      places: [{ object: manifest, at: place }, ...placesIn(items[reference.item] ?? '', variables)],
      evidence: () => [
        {
          kind: init ? 'init' : 'argument',
          file: fileAt(manifest, place),
          line: manifest.lineInText(place, reference.line),
          detail: redact(short(reference.text)),
        },
      ],
      confidence: () => (init ? ALONE.init : reference.form === 'address' ? ALONE.argument : ALONE.script),
    }
  }
}

const imageOf = ({ manifest }: Workload, path: Path): string => textAt(manifest.value, ...path, 'image') ?? ''

/** `k8s-wait-for service cart`: an image made for waiting is told what for. */
function waitedFor(image: string, items: readonly string[]): (Reference & { readonly item: number })[] {
  const host = items[1]
  if (!/wait-?for/.test(image) || !/^(service|svc)$/.test(items[0] ?? '') || host === undefined) return []
  return [{ host, form: 'address', expected: true, line: 0, text: host, item: 1 }]
}

const short = (text: string): string => (text.length > 200 ? `${text.slice(0, 199)}…` : text)

function* probeClues(
  objects: Objects,
  workload: Workload,
  path: Path,
  variables: ReadonlyMap<string, Variable>,
): Generator<Clue> {
  const { manifest } = workload
  for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const at = [...path, probe, 'exec', 'command']
    const items = listAt(manifest.value, ...at).map(item =>
      expandInShell(objects, workload, typeof item === 'string' ? item : String(item), variables),
    )
    if (items.length === 0) continue
    yield {
      references: referencesOfCommand(items),
      external: false,
      where: probe,
      places: [],
      health: true,
      evidence: reference => [
        { kind: 'probe', file: fileAt(manifest, at), line: manifest.lineOf(at), detail: redact(short(reference.text)) },
      ],
      confidence: () => ALONE.probe,
    }
  }
}

/** Services that Consul's sidecar opens local ports for: `cart:9090, orders.svc:9091`. */
function* upstreamClues({ manifest, template }: Workload): Generator<Clue> {
  const key = 'consul.hashicorp.com/connect-service-upstreams'
  const at: Path = [...template, 'metadata', 'annotations', key]
  const text = textAt(manifest.value, ...at)
  if (text === undefined) return
  const references = text.split(',').flatMap((item): Reference[] => {
    const host = /^\s*([a-z0-9-]+)/.exec(item)?.[1]
    return host === undefined ? [] : [{ host, form: 'address', expected: true, line: 0, text: item.trim() }]
  })
  yield {
    references,
    key: 'upstreams',
    external: false,
    where: key,
    places: [{ object: manifest, at }],
    evidence: ({ text: detail }) => [
      { kind: 'config', file: fileAt(manifest, at), line: manifest.lineOf(at), detail: `upstream ${detail}` },
    ],
    confidence: () => ALONE.value,
  }
}
