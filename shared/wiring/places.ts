import { addressesInText } from '../edits/address-in-text.ts'
import type { FieldPath } from '../edits/field-path.ts'
import { fileAt, listAt, type Manifest, objectAt, type Path, textAt, textsAt } from '../manifests/manifest.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import type { Message } from '../messages/index.ts'
import {
  portKeyOf,
  type Reference,
  referencesOfCommand,
  referencesOfPair,
  referencesOfText,
} from '../topology/find-references.ts'
import { containersOf, leadsTo, namedPath, type Program, type Scene } from './scene.ts'

/** Where an address stands in what makes up a node. */
export type Place = {
  readonly kind: 'variable' | 'argument' | 'config'
  readonly manifest: Manifest
  readonly resource: ResourceRef
  readonly path: Path
  readonly at: FieldPath
  /** As it stands there, lower case. */
  readonly host: string
  readonly port?: number
  readonly scheme?: string
  /** The whole text it stands in: never shown, as it may hold a credential. */
  readonly text: string
  readonly file: string
  readonly line: number
  readonly program: Program
  readonly container?: string
  /** The variable it reaches the program by. */
  readonly variable?: string
  /** The variable that holds its port alone, where that is written as plainly. */
  readonly portVariable?: { readonly name: string; readonly value: string }
}

/** Every place in a node's manifests, and the ConfigMaps and Secrets it takes, where an address of `id` stands. */
export const placesOf = (scene: Scene, from: string, id: string): readonly Place[] =>
  referencePlaces(scene, from).filter(place => leadsTo(scene, place.host, place.program.namespace, id))

/** Every address in what makes up a node, whoever it leads to. */
export function referencePlaces(scene: Scene, from: string): readonly Place[] {
  const found = new Map<string, Place>()
  for (const program of scene.programs(from))
    for (const place of [...inContainers(scene, program), ...inMounts(scene, program)]) {
      const key = JSON.stringify([place.resource, place.at, place.host])
      if (!found.has(key)) found.set(key, place)
    }
  return [...found.values()]
}

const referencesIn = (key: string, text: string): readonly Reference[] =>
  text.includes('\n') ? referencesOfText(text) : referencesOfPair(key, text)

function* inContainers(scene: Scene, program: Program): Generator<Place> {
  const { manifest, namespace } = program
  for (const { path, name: container } of containersOf(program)) {
    const base = { program, container }
    const env = listAt(manifest.value, ...path, 'env')
    for (const [index, item] of env.entries()) {
      const variable = textAt(item, 'name')
      if (variable === undefined) continue
      const text = textAt(item, 'value')
      if (text !== undefined) {
        const port = portKeyOf(variable).flatMap(key => {
          const value = textAt(
            env.find(other => textAt(other, 'name') === key),
            'value',
          )
          return value !== undefined && /^\d+$/.test(value) ? [{ name: key, value }] : []
        })[0]
        const at = [...path, 'env', index, 'value']
        for (const reference of referencesOfPair(variable, text))
          yield* place('variable', manifest, at, text, reference, {
            ...base,
            variable,
            ...(port && { portVariable: port }),
          })
      }
      for (const [field, kind] of [
        ['configMapKeyRef', 'ConfigMap'],
        ['secretKeyRef', 'Secret'],
      ] as const) {
        const [name, key] = [textAt(item, 'valueFrom', field, 'name'), textAt(item, 'valueFrom', field, 'key')]
        const map = name === undefined ? undefined : scene.data(kind, namespace, name)
        if (map && key !== undefined) yield* inMap(map, key, variable, { ...base, variable })
      }
    }
    for (const source of listAt(manifest.value, ...path, 'envFrom'))
      for (const [field, kind] of [
        ['configMapRef', 'ConfigMap'],
        ['secretRef', 'Secret'],
      ] as const) {
        const name = textAt(source, field, 'name')
        const map = name === undefined ? undefined : scene.data(kind, namespace, name)
        if (!map) continue
        for (const key of keysOf(map)) {
          const variable = `${textAt(source, 'prefix') ?? ''}${key}`
          yield* inMap(map, key, variable, { ...base, variable })
        }
      }
    const items: Path[] = ['command', 'args'].flatMap(field =>
      listAt(manifest.value, ...path, field).map((_, index): Path => [...path, field, index]),
    )
    const words = items.map(at => textAt(manifest.value, ...at) ?? '')
    for (const reference of referencesOfCommand(words))
      yield* place('argument', manifest, items[reference.item]!, words[reference.item]!, reference, base)
  }
}

/** Files a workload mounts from ConfigMaps and Secrets. */
function* inMounts(scene: Scene, program: Program): Generator<Place> {
  const { manifest, template, namespace } = program
  const sources = listAt(manifest.value, ...template, 'spec', 'volumes').flatMap(volume => [
    volume,
    ...listAt(volume, 'projected', 'sources'),
  ])
  for (const source of sources)
    for (const [kind, name] of [
      ['ConfigMap', textAt(source, 'configMap', 'name')],
      ['Secret', textAt(source, 'secret', 'secretName') ?? textAt(source, 'secret', 'name')],
    ] as const) {
      const map = name === undefined ? undefined : scene.data(kind, namespace, name)
      for (const key of map ? keysOf(map) : []) yield* inMap(map!, key, key, { program })
    }
}

type Base = Pick<Place, 'program' | 'container' | 'variable' | 'portVariable'>

/** Texts of a Secret in base64 are no places: they cannot be edited as text. */
const keysOf = (map: Manifest): string[] => Object.keys(textsAt(map.value, fieldOf(map)))
const fieldOf = (map: Manifest): string => (map.kind === 'Secret' ? 'stringData' : 'data')

function* inMap(map: Manifest, key: string, name: string, base: Base): Generator<Place> {
  const path = [fieldOf(map), key]
  const text = textAt(map.value, ...path)
  if (text === undefined) return
  for (const reference of referencesIn(name, text)) {
    if (addressesInText(text, reference.host).length === 0) continue
    const line = text.includes('\n') ? map.lineInText(path, reference.line) : map.lineOf(path)
    for (const one of place('config', map, path, text, reference, base)) yield { ...one, line }
  }
}

function* place(
  kind: Place['kind'],
  manifest: Manifest,
  path: Path,
  text: string,
  { host, port, scheme }: Reference,
  base: Base,
): Generator<Place> {
  if (addressesInText(text, host).length === 0) return
  yield {
    kind,
    manifest,
    resource: manifest.ref,
    path,
    at: namedPath(manifest, path),
    host,
    ...(port !== undefined && { port }),
    ...(scheme !== undefined && { scheme }),
    text,
    file: fileAt(manifest, path),
    line: manifest.lineOf(path),
    ...base,
  }
}

/** What is to be said where other nodes take the ConfigMap or Secret a place is in: a change of it is one for them too. */
export function alsoRead(scene: Scene, place: Place, from: string): readonly Message[] {
  if (place.kind !== 'config') return []
  const { manifest } = place
  const name = JSON.stringify(manifest.name)
  const others = scene.topology.nodes
    .filter(
      ({ id }) =>
        id !== from &&
        scene.programs(id).some(({ manifest: other, template, namespace }) => {
          if (!JSON.stringify(objectAt(other.value, ...template, 'spec')).includes(name)) return false
          return scene.data(manifest.kind === 'Secret' ? 'Secret' : 'ConfigMap', namespace, manifest.name) === manifest
        }),
    )
    .map(({ id }) => id)
  return others.length === 0
    ? []
    : [{ key: 'wiring.alsoRead', params: { others: others.join(', '), count: others.length } }]
}
