import { otherParts } from '../environments/built-environments.ts'
import { kustomizationGraph } from '../environments/kustomize/kustomization-graph.ts'
import { folderOfPath, kustomizationNames } from '../environments/kustomize/paths.ts'
import type { Mapping } from '../environments/kustomize/tree.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import type { Message } from '../messages/index.ts'
import { parseYaml } from '../yaml/parse-yaml.ts'
import { isYamlList, isYamlMap, valueAt, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'
import { fieldName } from './change-resource.ts'
import { differences } from './differences.ts'
import type { Files } from './edit-outcome.ts'
import { readerOfFiles } from './environment-object.ts'
import { nameOf } from './kustomization-file.ts'

/** Fields that lie over what is built from elsewhere; what is below is said by the same name. */
const overlaid = new Set(['images', 'replicas', 'patches', 'patchesStrategicMerge', 'patchesJson6902'])
/** Fields whose content somebody else gives a meaning to: a chart, a substitution. */
const given = new Set(['values', 'valuesObject', 'parameters', 'substitute'])
const mostNamed = 3

/**
 * Where an edit of a built object went and why there: in another place than the file that declares the object.
 * `object` is as it was built of `files` before the edit; undefined for an edit of that file itself.
 */
export function landingOf(
  files: Files,
  changed: ReadonlyMap<string, string>,
  ref: ResourceRef,
  object: Mapping,
): Message | undefined {
  const [first] = changed
  const origin = object.origin.source.file
  if (!first || changed.has(origin)) return undefined
  const [file, after] = first
  const place = placeIn(file, files.get(file) ?? '', after, ref.kind)
  if (place.way === 'file') return { key: 'landing.fileValue', params: { file, origin } }
  const { way, isOverlaid, ...params } = place
  if (way !== 'patch' && !isOverlaid) return { key: `landing.${way}Value`, params: { ...params, file, origin } }
  const others = sharersOf(files, ref, origin)
  const id = ref.environment ?? folderOfPath(ref.file)
  if (others.length === 0) {
    const environment = id === '.' ? ref.file : id
    return { key: `landing.${way}Base`, params: { ...params, file, origin, environment } }
  }
  const names = besides(id, others)
  const named = [...names.slice(0, mostNamed), ...(names.length > mostNamed ? ['…'] : [])].join(', ')
  return { key: `landing.${way}Shared`, params: { ...params, file, origin, others: named } }
}

type Place =
  /** A file of values, of a chart or of a generator. */
  | { readonly way: 'file' }
  | { readonly way: 'patch'; readonly isOverlaid: true }
  /** A field of the kustomization. */
  | { readonly way: 'entry'; readonly isOverlaid: boolean; readonly field: string }
  /** A field of an object that makes a tool build this one. */
  | {
      readonly way: 'owner'
      readonly isOverlaid: boolean
      readonly field: string
      readonly kind: string
      readonly name: string
    }

/** Told by what the change changed, so that it holds for every way an edit may take. */
function placeIn(file: string, before: string, after: string, kind: string): Place {
  const difference = firstDifference(before, after)
  if (!difference) return { way: 'file' }
  const { value, path } = difference
  if (isYamlList(value)) return { way: 'patch', isOverlaid: true }
  const [field = ''] = path
  if (kustomizationNames.includes(nameOf(file))) {
    if (String(field).startsWith('patches')) return { way: 'patch', isOverlaid: true }
    return { way: 'entry', isOverlaid: overlaid.has(String(field)), field: `${field}:` }
  }
  const declared = valueAt(value, ['kind'])
  if (typeof declared !== 'string' || typeof valueAt(value, ['apiVersion']) !== 'string') return { way: 'file' }
  if (declared === kind) return { way: 'patch', isOverlaid: true }
  const section = path.findIndex(step => overlaid.has(String(step)) || given.has(String(step)))
  return {
    way: 'owner',
    isOverlaid: overlaid.has(String(path[section] ?? '')),
    field: fieldName(value, section < 0 ? path : path.slice(0, section + 1)),
    kind: declared,
    name: String(valueAt(value, ['metadata', 'name']) ?? ''),
  }
}

/** The document of the new text that is another one now, and where. */
function firstDifference(
  before: string,
  after: string,
): { readonly value: YamlValue; readonly path: YamlPath } | undefined {
  const old = parseYaml(before)
  for (const [at, { yaml }] of parseYaml(after).entries()) {
    const { value } = yaml
    if (!isYamlMap(value) && !isYamlList(value)) continue
    const was = old[at]?.yaml.value
    const [found] = differences(isYamlMap(value) && !isYamlMap(was) ? {} : was, value, [])
    if (found) return { value, path: found.path }
  }
  return undefined
}

/** Other environments that are built from a file, without those that take in this one and follow it. */
function sharersOf(files: Files, ref: ResourceRef, origin: string): readonly string[] {
  const reader = readerOfFiles(files)
  if (ref.environment !== undefined)
    return otherParts(reader, ref.environment).flatMap(({ id, part }) => (part.files.includes(origin) ? [id] : []))
  const folder = folderOfPath(ref.file)
  const graph = kustomizationGraph(reader)
  return graph.tops.filter(top => {
    const reached = graph.reach(top)
    return top !== folder && reached.has(origin) && !reached.has(folder)
  })
}

/** Environments without the folders that they and this one all lie in. */
function besides(id: string, others: readonly string[]): readonly string[] {
  const foldersOf = (path: string): readonly string[] => path.split('/').slice(0, -1)
  const lead = foldersOf(id)
  const folders = others.map(foldersOf)
  let shared = 0
  while (shared < lead.length && folders.every(folder => folder[shared] === lead[shared])) shared += 1
  return others.map(other => other.split('/').slice(shared).join('/'))
}
