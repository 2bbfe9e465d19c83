import { fileAt, type Json, listAt, type Manifest, type Path, textAt } from '../manifests/manifest.ts'
import { type Call, classOf, protocolOf } from './call.ts'
import { ALONE } from './confidence.ts'
import {
  portKeyOf,
  type Reference,
  referencesOfCommand,
  referencesOfPair,
  referencesOfText,
} from './find-references.ts'
import { dataObject, type Objects, type ServiceObject, type Workload } from './index-objects.ts'
import type { DraftNode, NodeBook } from './name-nodes.ts'
import type { Parts } from './parts.ts'
import { containerPaths } from './read-containers.ts'
import { evidenceOf, expand, expandInShell, readVariables, textsOf, type Variable } from './read-variables.ts'
import { kindOfProtocol, protocolOfPort, protocolOfScheme } from './recognise-technology.ts'
import { redact } from './redact.ts'
import { type Resolution, resolveHost } from './resolve-host.ts'
import type { RoutedHost } from './route-calls.ts'
import type { Evidence } from './topology.ts'

/** A name that nothing answers to, or a port that its Service does not offer. */
export type Problem =
  | {
      readonly kind: 'dangling'
      readonly from: DraftNode
      readonly resolution: Extract<Resolution, { kind: 'dangling' }>
      readonly where: string
      readonly evidence: Evidence
    }
  | {
      readonly kind: 'port'
      readonly from: DraftNode
      readonly service: ServiceObject
      readonly host: string
      readonly port: number
      readonly evidence: Evidence
    }

/** A value that may name others, and how much that is worth. */
type Clue = {
  readonly references: readonly Reference[]
  readonly key?: string
  /** Given per reference, as scripts and files say it on several lines. */
  readonly evidence: (reference: Reference) => readonly Evidence[]
  readonly confidence: (reference: Reference) => number
  /** False where web addresses are mostly documentation: a mounted file. */
  readonly external: boolean
  readonly where: string
  readonly health?: true
}

/** Who a workload calls, as far as its manifest and the ConfigMaps and Secrets it takes say. */
export function workloadCalls(objects: Objects, book: NodeBook, routedHost: RoutedHost, parts: Parts): Found {
  const uses = mapUses(objects, book, parts)
  const found = objects.workloads.map(workload =>
    parts.part('calls of workloads', workload, () => callsOf(objects, book, routedHost, workload, uses)),
  )
  return { calls: found.flatMap(each => each.calls), problems: found.flatMap(each => each.problems) }
}

type Found = { readonly calls: readonly Call[]; readonly problems: readonly Problem[] }

function callsOf(objects: Objects, book: NodeBook, routedHost: RoutedHost, workload: Workload, uses: MapUses): Found {
  const calls: Call[] = []
  const problems: Problem[] = []
  const from = book.ofWorkload(workload)
  for (const clue of cluesOf(objects, book, workload, uses))
    for (const reference of clue.references) follow(clue, reference)
  return { calls, problems }

  function follow(clue: Clue, reference: Reference): void {
    const resolution = resolveHost(objects, reference.host, workload.namespace)
    const evidence = clue.evidence(reference)
    const confidence = clue.confidence(reference)
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
          })
        calls.push({
          from,
          to,
          confidence,
          protocol: protocolOf(to, { ...speaking, service }),
          evidence,
          class: clue.health ? 'health' : classOf(from, to, speaking),
        })
      }
      return
    }
    if (reference.form !== 'address') return
    if (resolution.kind === 'dangling') {
      if (reference.expected && confidence >= 0.5)
        problems.push({ kind: 'dangling', from, resolution, where: clue.where, evidence: evidence[0]! })
      return
    }
    if (resolution.kind !== 'external') return
    const gateway = routedHost(resolution.host)
    const protocol = protocolOfScheme(reference.scheme) ?? protocolOfPort(reference.port)
    if (!gateway && !clue.external && kindOfProtocol(protocol) === undefined) return
    const to = gateway ?? book.external(resolution.host, protocol, reference.port)
    calls.push({
      from,
      to,
      confidence,
      protocol: protocolOf(to, speaking),
      evidence,
      class: clue.health ? 'health' : classOf(from, to, speaking),
    })
  }
}

function* cluesOf(objects: Objects, book: NodeBook, workload: Workload, uses: MapUses): Generator<Clue> {
  const from = book.ofWorkload(workload)
  for (const { path, init } of containerPaths(workload)) {
    const variables = readVariables(objects, workload, path)
    // Command lines first: a variable they name is one this container uses, whatever map it came in.
    yield* commandClues(objects, workload, path, init, variables)
    for (const variable of variables.values()) {
      const clue = variableClue(variable, variables, from, init, uses)
      if (clue) yield clue
    }
    yield* probeClues(objects, workload, path, variables)
  }
  yield* fileClues(objects, workload, from, uses)
}

function* fileClues(objects: Objects, workload: Workload, from: DraftNode, uses: MapUses): Generator<Clue> {
  for (const { object, keys, evidence } of mountedMaps(objects, workload))
    for (const [key, text] of Object.entries(textsOf(object))) {
      if (keys && !keys.has(key)) continue
      const references = text.includes('\n') ? referencesOfText(text) : referencesOfPair(key, text)
      yield {
        references,
        external: false,
        where: `${object.kind} ${object.name} ${key}`,
        evidence: reference => [
          object.kind === 'Secret'
            ? evidenceOf(object, key, text)
            : {
                kind: 'config',
                file: fileAt(object, ['data', key]),
                line: text.includes('\n')
                  ? object.lineInText(['data', key], reference.line)
                  : object.lineOf(['data', key]),
                detail: `${key}: ${redact(reference.text)}`,
              },
          evidence,
        ],
        confidence: () => uses.ofFile(object, from),
      }
    }
}

function variableClue(
  variable: Variable,
  variables: ReadonlyMap<string, Variable>,
  from: DraftNode,
  init: boolean,
  uses: MapUses,
): Clue | null {
  const { name, value } = variable
  if (value === undefined || value === '') return null
  const port = portKeyOf(name)
    .map(key => Number(variables.get(key)?.value))
    .find(number => Number.isInteger(number) && number > 0)
  const many = value.includes('\n')
  const references = (many ? referencesOfText(value) : referencesOfPair(name, value)).map(reference =>
    reference.port === undefined && port !== undefined && !many ? { ...reference, port } : reference,
  )
  if (references.length === 0) return null
  return {
    references,
    key: name,
    external: true,
    where: name,
    evidence: () => (init ? variable.evidence.map(item => ({ ...item, kind: 'init' as const })) : variable.evidence),
    confidence: reference => {
      const shared =
        variable.source === 'whole' && !variable.used && variable.from ? uses.ofWhole(variable.from, from) : 1
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
  for (const reference of referencesOfCommand(expanded)) {
    const place = places[reference.item]!
    yield {
      references: [reference],
      key: /^--?([A-Za-z][\w.-]*)/.exec(reference.text)?.[1] ?? '',
      external: true,
      where: String(place.at(-2)),
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
      health: true,
      evidence: reference => [
        { kind: 'probe', file: fileAt(manifest, at), line: manifest.lineOf(at), detail: redact(short(reference.text)) },
      ],
      confidence: () => ALONE.probe,
    }
  }
}

type MountedMap = { readonly object: Manifest; readonly keys: ReadonlySet<string> | null; readonly evidence: Evidence }

/** ConfigMaps and Secrets that some container of the workload mounts, and which of their keys. */
function mountedMaps(objects: Objects, workload: Workload): MountedMap[] {
  const { manifest, template, namespace } = workload
  const mounted = new Map<string, Set<string> | null>()
  for (const { path } of containerPaths(workload))
    for (const mount of listAt(manifest.value, ...path, 'volumeMounts')) {
      const name = textAt(mount, 'name')
      if (name === undefined) continue
      const subPath = textAt(mount, 'subPath')
      const known = mounted.get(name)
      if (subPath === undefined) mounted.set(name, null)
      else if (known !== null) mounted.set(name, new Set([...(known ?? []), subPath]))
    }
  const maps: MountedMap[] = []
  const add = (
    kind: 'ConfigMap' | 'Secret',
    name: string | undefined,
    items: readonly Json[],
    at: Path,
    only: Set<string> | null,
  ) => {
    const object = name === undefined ? undefined : dataObject(objects, kind, namespace, name)
    if (!object) return
    const chosen = items.length === 0 ? null : new Set(items.flatMap(item => textAt(item, 'key') ?? []))
    const keys = items.length === 0 ? only : chosen
    maps.push({
      object,
      keys,
      evidence: {
        kind: 'config',
        file: fileAt(manifest, at),
        line: manifest.lineOf(at),
        detail: `mounts ${kind} ${name}`,
      },
    })
  }
  const volumes: Path = [...template, 'spec', 'volumes']
  for (const [index, volume] of listAt(manifest.value, ...volumes).entries()) {
    const only = mounted.get(textAt(volume, 'name') ?? '')
    if (only === undefined) continue
    const at = [...volumes, index]
    add(
      'ConfigMap',
      textAt(volume, 'configMap', 'name'),
      listAt(volume, 'configMap', 'items'),
      [...at, 'configMap', 'name'],
      only,
    )
    add(
      'Secret',
      textAt(volume, 'secret', 'secretName'),
      listAt(volume, 'secret', 'items'),
      [...at, 'secret', 'secretName'],
      only,
    )
    for (const [part, source] of listAt(volume, 'projected', 'sources').entries()) {
      const inner = [...at, 'projected', 'sources', part]
      add(
        'ConfigMap',
        textAt(source, 'configMap', 'name'),
        listAt(source, 'configMap', 'items'),
        [...inner, 'configMap', 'name'],
        only,
      )
      add(
        'Secret',
        textAt(source, 'secret', 'name'),
        listAt(source, 'secret', 'items'),
        [...inner, 'secret', 'name'],
        only,
      )
    }
  }
  return maps
}

/** ConfigMaps and Secrets that some container of the workload takes whole as its environment. */
function takenMaps(objects: Objects, workload: Workload): Manifest[] {
  const maps: Manifest[] = []
  for (const { path } of containerPaths(workload))
    for (const source of listAt(workload.manifest.value, ...path, 'envFrom'))
      for (const [ref, kind] of [
        ['configMapRef', 'ConfigMap'],
        ['secretRef', 'Secret'],
      ] as const) {
        const name = textAt(source, ref, 'name')
        const object = name === undefined ? undefined : dataObject(objects, kind, workload.namespace, name)
        if (object) maps.push(object)
      }
  return maps
}

type MapUses = {
  /** Confidence in an address of a map that a node takes whole as environment. */
  readonly ofWhole: (map: Manifest, node: DraftNode) => number
  /** Confidence in an address of a map that a node mounts. */
  readonly ofFile: (map: Manifest, node: DraftNode) => number
}

/** Who takes each ConfigMap and Secret, and whom these name: what all take, nobody can be said to use. */
function mapUses(objects: Objects, book: NodeBook, parts: Parts): MapUses {
  const takers = new Map<Manifest, Set<DraftNode>>()
  const mounters = new Map<Manifest, Set<DraftNode>>()
  const add = (map: Map<Manifest, Set<DraftNode>>, object: Manifest, node: DraftNode) => {
    const nodes = map.get(object)
    if (nodes) nodes.add(node)
    else map.set(object, new Set([node]))
  }
  for (const workload of objects.workloads) {
    const node = book.ofWorkload(workload)
    const maps = parts.part('maps of workloads', workload, () => ({
      taken: takenMaps(objects, workload),
      mounted: mountedMaps(objects, workload).map(({ object }) => object),
    }))
    for (const object of maps.taken) add(takers, object, node)
    for (const object of maps.mounted) add(mounters, object, node)
  }
  const targets = new Map<Manifest, ReadonlySet<DraftNode>>()
  const targetsOf = (map: Manifest): ReadonlySet<DraftNode> => {
    let found = targets.get(map)
    if (!found) {
      found = parts.part('targets of maps', map, () => targetsOfMap(objects, book, map))
      targets.set(map, found)
    }
    return found
  }
  /** Whoever is itself a target reads the map too, but does not count as one more caller. */
  const callersOf = (users: ReadonlySet<DraftNode> | undefined, named: ReadonlySet<DraftNode>): number =>
    [...(users ?? [])].filter(user => named.size !== 1 || !named.has(user)).length
  return {
    ofWhole: parts.watch('use of a whole map', (map, node) => {
      const named = targetsOf(map)
      const callers = callersOf(takers.get(map), named)
      if (callers <= 1) return ALONE.ownMap
      if (named.size <= 1) return ALONE.sharedMapOneTarget
      if (named.has(node)) return ALONE.directory
      return callers === 2 ? ALONE.sharedMapByTwo : ALONE.sharedMap
    }),
    ofFile: parts.watch('use of a mounted map', map => {
      const named = targetsOf(map)
      if (callersOf(mounters.get(map), named) <= 1) return ALONE.ownFile
      return named.size <= 1 ? ALONE.sharedFileOneTarget : ALONE.sharedFile
    }),
  }
}

/** Who answers to the addresses in a ConfigMap or Secret. */
function targetsOfMap(objects: Objects, book: NodeBook, map: Manifest): ReadonlySet<DraftNode> {
  const nodes = new Set<DraftNode>()
  for (const [key, text] of Object.entries(textsOf(map)))
    for (const reference of text.includes('\n') ? referencesOfText(text) : referencesOfPair(key, text)) {
      const resolution = resolveHost(objects, reference.host, map.namespace ?? '')
      if (resolution.kind === 'service') for (const node of book.ofService(resolution.service)) nodes.add(node)
    }
  return nodes
}
