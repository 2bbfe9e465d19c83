import { fileAt, type Json, listAt, type Manifest, type Path, textAt } from '../manifests/manifest.ts'
import { ALONE } from './confidence.ts'
import { factsOfMap, referencesOfFile } from './file-references.ts'
import { referencesOfPair } from './find-references.ts'
import { dataObject, type Objects, type Workload } from './index-objects.ts'
import type { DraftNode, NodeBook } from './name-nodes.ts'
import type { Parts } from './parts.ts'
import { containerPaths } from './read-containers.ts'
import { textsOf } from './read-variables.ts'
import { resolveHost } from './resolve-host.ts'
import type { Evidence } from './topology.ts'

export type MountedMap = {
  readonly object: Manifest
  readonly keys: ReadonlySet<string> | null
  readonly evidence: Evidence
}

/** ConfigMaps and Secrets that some container of the workload mounts, and which of their keys. */
export function mountedMaps(objects: Objects, workload: Workload): MountedMap[] {
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
  /** What a volume, or one source of a projected volume, brings. */
  const add = (source: Json, at: Path, nameOfSecret: 'secretName' | 'name', only: ReadonlySet<string> | null) => {
    for (const [kind, field, named] of [
      ['ConfigMap', 'configMap', 'name'],
      ['Secret', 'secret', nameOfSecret],
    ] as const) {
      const name = textAt(source, field, named)
      const object = name === undefined ? undefined : dataObject(objects, kind, namespace, name)
      if (!object) continue
      const items = listAt(source, field, 'items')
      const place = [...at, field, named]
      maps.push({
        object,
        keys: items.length === 0 ? only : new Set(items.flatMap(item => textAt(item, 'key') ?? [])),
        evidence: {
          kind: 'config',
          file: fileAt(manifest, place),
          line: manifest.lineOf(place),
          detail: `mounts ${kind} ${name}`,
        },
      })
    }
  }
  const volumes: Path = [...template, 'spec', 'volumes']
  for (const [index, volume] of listAt(manifest.value, ...volumes).entries()) {
    const only = mounted.get(textAt(volume, 'name') ?? '')
    if (only === undefined) continue
    const at = [...volumes, index]
    add(volume, at, 'secretName', only)
    for (const [part, source] of listAt(volume, 'projected', 'sources').entries())
      add(source, [...at, 'projected', 'sources', part], 'name', only)
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

export type MapUses = {
  /** Confidence in an address that stands under a key of a map which a node takes whole as environment. */
  readonly ofWhole: (map: Manifest, node: DraftNode, key: string, to: DraftNode | undefined) => number
  /** Confidence in an address in a file of a map that a node mounts. */
  readonly ofFile: (map: Manifest, node: DraftNode, file: string, to: DraftNode | undefined) => number
}

/** Who takes each ConfigMap and Secret, and whom these name: what all take, nobody can be said to use. */
export function mapUses(objects: Objects, book: NodeBook, parts: Parts): MapUses {
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
  /** Who mounts a file of that text, whichever map it is in: a chart may make each its own copy. */
  const readers = new Map<string, Set<DraftNode>>()
  const filesOf = (map: Manifest) => parts.part('files of maps', map, () => textsOf(map))
  for (const [map, users] of mounters)
    for (const text of Object.values(filesOf(map))) {
      const same = readers.get(text)
      if (same) for (const node of users) same.add(node)
      else readers.set(text, new Set(users))
    }
  const nodes = nodesByWords(new Set(objects.workloads.map(book.ofWorkload)))
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
  const callersOf = (users: ReadonlySet<DraftNode> | undefined, named: ReadonlySet<DraftNode>): number => {
    if (!users) return 0
    const [only, other] = named
    return only && !other && users.has(only) ? users.size - 1 : users.size
  }
  /** One image that runs as a server, a worker and a schedule is one program: all of them keep its data. */
  const areOneProgram = (users: ReadonlySet<DraftNode>): boolean => {
    const images = new Set(
      [...users].map(user => user.containers.find(({ init }) => !init)?.image.replace(/[:@][^/]*$/, '')),
    )
    return images.size === 1 && !images.has(undefined) && !images.has('')
  }
  return {
    ofWhole: parts.watch('use of a whole map', (map, node, key, to) => {
      const named = targetsOf(map)
      const users = takers.get(map)
      const callers = callersOf(users, named)
      if (callers <= 1) return ALONE.ownMap
      if (to && to.kind !== 'service' && users && areOneProgram(users)) return ALONE.sharedMapOneTarget
      const owner = ownerOf(wordsOf(key), to, nodes, users)
      if (owner) return owner === node ? ALONE.ownKey : ALONE.othersKey
      if (named.size <= 1) return ALONE.sharedMapOneTarget
      if (begins(wordsOf(map.name), node)) return ALONE.ownKey
      if (named.has(node)) return ALONE.directory
      if (isFront(node) && to?.kind === 'service' && !to.technology) return ALONE.sharedMapByFront
      return callers === 2 ? ALONE.sharedMapByTwo : ALONE.sharedMap
    }),
    ofFile: parts.watch('use of a mounted map', (map, node, file, to) => {
      const named = targetsOf(map)
      // Copies of a list of everybody are one list; copies of what each calls are that of each.
      const alike = readers.get(filesOf(map)[file] ?? '')
      const users = alike && [...alike].some(user => named.has(user)) ? alike : mounters.get(map)
      // `orders.yml` is what `orders` reads, whoever hands it out.
      const owner = ownerOf(wordsOf(file.replace(/\.\w+$/, '')), to, nodes)
      if (owner && owner !== node && users && !users.has(owner) && node.technology?.infra) return ALONE.othersKey
      if (callersOf(users, named) <= 1) return ALONE.ownFile
      if (owner && users?.has(owner)) return owner === node ? ALONE.ownFile : ALONE.othersKey
      // Where all send their traces stands beside the rest.
      return named.size <= 1 || to?.technology?.telemetry ? ALONE.sharedFileOneTarget : ALONE.sharedFile
    }),
  }
}

/**
 * Whose an entry of a shared map is: `ORDERS_DB_URL` is that of `orders`, and `orders-db` is its store, whoever takes
 * the map. The address of `orders` itself is for others.
 */
function ownerOf(
  key: readonly string[],
  to: DraftNode | undefined,
  nodes: NodesByWords,
  users?: ReadonlySet<DraftNode>,
): DraftNode | undefined {
  if (!to) return undefined
  const candidates = new Set([
    ...nodes(key).filter(node => !begins(key, to) && begins(key, node)),
    ...(to.kind === 'service' ? [] : nodes(wordsOf(to.plainName)).filter(node => begins(wordsOf(to.plainName), node))),
  ])
  let owner: DraftNode | undefined
  for (const node of candidates) {
    if (node === to || (users && !users.has(node))) continue
    if (!owner || node.plainName.length > owner.plainName.length) owner = node
    else if (node.plainName.length === owner.plainName.length && node.id < owner.id) owner = node
  }
  return owner
}

/** Nodes that words may begin with the name of; a few of all that there are. */
type NodesByWords = (words: readonly string[]) => readonly DraftNode[]

function nodesByWords(nodes: Iterable<DraftNode>): NodesByWords {
  let byFirst: Map<string, DraftNode[]> | undefined
  return words => {
    byFirst ??= indexByWords(nodes)
    return [words[0] ?? '', words.join('')].flatMap(word => byFirst!.get(word) ?? [])
  }
}

function indexByWords(nodes: Iterable<DraftNode>): Map<string, DraftNode[]> {
  const byFirst = new Map<string, DraftNode[]>()
  for (const node of nodes) {
    const own = ownWordsOf(node)
    for (const key of new Set([own[0] ?? '', own.join('')])) {
      const same = byFirst.get(key)
      if (same) same.push(node)
      else byFirst.set(key, [node])
    }
  }
  return byFirst
}

/** True where the words begin with those of the node's name. */
function begins(words: readonly string[], node: DraftNode): boolean {
  const own = ownWordsOf(node)
  const joined = own.join('')
  return (
    own.length > 0 &&
    (own.every((word, index) => words[index] === word) || words[0] === joined || words.join('') === joined)
  )
}

/** The words of a node's name without an ending that says no more than "a service". */
function ownWordsOf(node: DraftNode): readonly string[] {
  let own = ownWords.get(node)
  if (!own) {
    const name = wordsOf(node.plainName)
    const plain = name.length > 1 && /^(service|svc|server|api|app|deployment)$/.test(name.at(-1)!)
    own = plain ? name.slice(0, -1) : name
    ownWords.set(node, own)
  }
  return own
}
const ownWords = new WeakMap<DraftNode, readonly string[]>()

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(word => word !== '')

/** What stands before all others calls most of them. */
const isFront = (node: DraftNode): boolean =>
  node.kind === 'gateway' || /(^|[-_.])(api-?gateway|gateway|bff|edge-service|api-?proxy)($|[-_.])/.test(node.plainName)

/** Who answers to the addresses in a ConfigMap or Secret. */
function targetsOfMap(objects: Objects, book: NodeBook, map: Manifest): ReadonlySet<DraftNode> {
  const nodes = new Set<DraftNode>()
  for (const [key, text] of Object.entries(textsOf(map)))
    for (const reference of text.includes('\n')
      ? referencesOfFile(key, text, factsOfMap(map, key, text), new Map())
      : referencesOfPair(key, text)) {
      const resolution = resolveHost(objects, reference.host, map.namespace ?? '')
      if (resolution.kind === 'service') for (const node of book.ofService(resolution.service)) nodes.add(node)
    }
  return nodes
}
