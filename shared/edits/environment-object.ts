import { environmentPart, otherParts } from '../environments/built-environments.ts'
import type { KustomizeReader } from '../environments/kustomize/kustomization-files.ts'
import { kustomizeReader } from '../environments/kustomize/kustomization-files.ts'
import { typeOf } from '../environments/kustomize/object-type.ts'
import { nameIn, namespaceIn } from '../environments/kustomize/resource.ts'
import { type Mapping, toJson } from '../environments/kustomize/tree.ts'
import type { BuiltObject, Part } from '../environments/part.ts'
import { resourcesIn } from '../manifests/locate-resource.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import { isYamlMap, sameValue, type YamlMap, type YamlValue } from '../yaml/yaml-value.ts'
import { readOf } from './built-object.ts'
import type { Files } from './edit-outcome.ts'

/** An object as an environment builds it. */
export type EnvironmentObject = {
  readonly part: Part
  readonly index: number
  readonly object: BuiltObject
  readonly value: YamlMap
}

/** What was built of sets of files asked about last: an edit is tried on files that are all but one the same. */
const recent: { readonly texts: ReadonlyMap<string, string>; readonly reader: KustomizeReader }[] = []
const mostRecent = 6

/** `base` are the files these differ little from: what was built of them is used again. */
export function readerOfFiles(files: Files, base = recent[0]?.reader): KustomizeReader {
  const at = recent.findIndex(({ texts }) => texts.size === files.size && sameTexts(texts, files))
  const [known] = at < 0 ? [] : recent.splice(at, 1)
  // The files may be changed later; what was built of them was built of these texts.
  const texts = known?.texts ?? new Map(files)
  const reader = known?.reader ?? kustomizeReader(texts, path => readOf(texts, path), base)
  recent.unshift({ texts, reader })
  recent.length = Math.min(recent.length, mostRecent)
  return reader
}

function sameTexts(a: Files, b: Files): boolean {
  for (const [path, text] of a) if (b.get(path) !== text) return false
  return true
}

export function findInEnvironment(files: Files, ref: ResourceRef): EnvironmentObject | undefined {
  const part = environmentPart(readerOfFiles(files), ref.environment ?? '')
  const index = part?.objects.findIndex(({ tree }) => isNamed(tree, ref)) ?? -1
  const object = part?.objects[index]
  const value = object && toJson(object.tree)
  return part && object && isYamlMap(value as YamlValue) ? { part, index, object, value: value as YamlMap } : undefined
}

const isNamed = (tree: Mapping, ref: ResourceRef): boolean =>
  typeOf(tree).kind === ref.kind && nameIn(tree) === ref.name && namespaceIn(tree) === (ref.namespace ?? '')

/** The object where its file has it, when no other environment is built from that file. */
export function writtenInEnvironment(files: Files, ref: ResourceRef): ResourceRef | undefined {
  const found = findInEnvironment(files, ref)
  const origin = found?.object.tree.origin
  if (!found || origin?.how !== 'resource') return undefined
  const { file } = origin.source
  const isElsewhere = otherParts(readerOfFiles(files), ref.environment ?? '').some(({ part }) =>
    part.files.includes(file),
  )
  if (isElsewhere || !found.part.own.includes(file)) return undefined
  const [name] = found.object.names
  const written = resourcesIn(file, files.get(file) ?? '').filter(
    one => one.ref.kind === ref.kind && one.ref.name === name,
  )
  return written.length === 1 ? written[0]!.ref : undefined
}

/**
 * True when after the change the environment builds `wanted` in place of the object and the same of everything else,
 * and no other environment that a changed file is a part of is changed.
 */
export function changesOnlyThis(
  files: Files,
  changed: ReadonlyMap<string, string>,
  { part, index }: EnvironmentObject,
  environment: string,
  isWanted: (now: YamlValue) => boolean,
): boolean {
  const reader = readerOfFiles(new Map([...files, ...changed]), readerOfFiles(files))
  const after = environmentPart(reader, environment)
  if (!after || after.objects.length !== part.objects.length || errorsOf(after) > errorsOf(part)) return false
  const target = part.objects[index]!.tree
  const isSame = part.objects.every(({ tree }, at) => {
    const now = after.objects[at]!.tree
    if (at === index) return isWanted(toJson(now) as YamlValue)
    // One object that is deployed to several places is one thing to edit.
    if (isTwin(tree, target)) return sameBody(now, after.objects[index]!.tree)
    return now === tree || sameValue(toJson(tree) as YamlValue, toJson(now) as YamlValue)
  })
  if (!isSame) return false
  return othersStay(files, reader, [...changed.keys()], environment)
}

/** True when the environment builds exactly these objects from the new files, and no other one is changed. */
export function buildsTheRest(files: Files, now: Files, environment: string, wanted: readonly YamlValue[]): boolean {
  const reader = readerOfFiles(now, readerOfFiles(files))
  const left = environmentPart(reader, environment)?.objects ?? []
  const isSame =
    left.length === wanted.length && left.every(({ tree }, at) => sameValue(toJson(tree) as YamlValue, wanted[at]!))
  const changed = [...now].filter(([path, text]) => files.get(path) !== text).map(([path]) => path)
  return isSame && othersStay(files, reader, changed, environment)
}

function othersStay(files: Files, reader: KustomizeReader, changed: readonly string[], environment: string): boolean {
  // What a template says it says for all.
  const isTemplate = changed.some(file => /(^|\/)templates\//.test(file))
  return otherParts(readerOfFiles(files), environment, isTemplate)
    .filter(other => changed.some(file => other.part.files.includes(file)))
    .every(other => {
      const now = environmentPart(reader, other.id)
      return (
        now !== null &&
        now.objects.length === other.part.objects.length &&
        other.part.objects.every(({ tree }, at) => {
          const next = now.objects[at]!.tree
          return next === tree || sameValue(toJson(tree) as YamlValue, toJson(next) as YamlValue)
        })
      )
    })
}

const isTwin = (a: Mapping, b: Mapping): boolean =>
  a !== b && a.origin.how === 'resource' && a.origin.source.file === b.origin.source.file && a.origin.at === b.origin.at

/** The same but for what it is called and where it is. */
function sameBody(a: Mapping, b: Mapping): boolean {
  const body = (tree: Mapping): YamlValue => {
    const { metadata: _, ...fields } = toJson(tree) as YamlMap
    return fields
  }
  return sameValue(body(a), body(b))
}

const errorsOf = (part: Part): number => part.findings.filter(finding => finding.severity === 'error').length
