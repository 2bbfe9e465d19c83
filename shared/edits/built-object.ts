import { isOwn, originAt } from '../environments/kustomize/find-owner.ts'
import { type KustomizeFiles, kustomizeReader } from '../environments/kustomize/kustomization-files.ts'
import { typeOf } from '../environments/kustomize/object-type.ts'
import { type How, lineOf, placeOf } from '../environments/kustomize/origin.ts'
import { folderOfPath, kustomizationNames } from '../environments/kustomize/paths.ts'
import type { TreeText } from '../environments/kustomize/read-tree.ts'
import { type Rendering, renderKustomization } from '../environments/kustomize/render-kustomization.ts'
import { type Tree, textIn, toJson } from '../environments/kustomize/tree.ts'
import { resourcesIn } from '../manifests/locate-resource.ts'
import { readManifestFile } from '../manifests/read-manifests.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import { isYamlMap, type YamlMap, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'
import { nameOf } from './kustomization-file.ts'

/** True for an object that is named by the kustomization that builds it, instead of by the file that declares it. */
export const isBuilt = (resource: ResourceRef): boolean =>
  resource.environment === undefined && kustomizationNames.includes(nameOf(resource.file))

/** An object as its kustomization builds it from these files. */
export type BuiltObject = { readonly rendering: Rendering; readonly index: number; readonly value: YamlMap }

/** What was read of files, by path and text: every edit is tried on files that are all but one the same. */
const read = new Map<string, Map<How, TreeText>>()
const mostKept = 20_000

export function readOf(files: Files, path: string): Map<How, TreeText> | undefined {
  const text = files.get(path)
  if (text === undefined) return undefined
  const key = `${path}\n${text}`
  const known = read.get(key) ?? new Map<How, TreeText>()
  read.delete(key)
  read.set(key, known)
  if (read.size > mostKept) read.delete(read.keys().next().value!)
  return known
}

export function render(files: Files, file: string): Rendering {
  const texts: KustomizeFiles = files
  const reader = kustomizeReader(texts, path => readOf(files, path))
  return renderKustomization(texts, folderOfPath(file), reader)
}
export const plainValue = (tree: Tree): YamlValue => toJson(tree) as YamlValue

export function findBuilt(files: Files, ref: ResourceRef): BuiltObject | undefined {
  if (files.get(ref.file) === undefined) return undefined
  const rendering = render(files, ref.file)
  const index = rendering.objects.findIndex(
    object =>
      typeOf(object).kind === ref.kind &&
      textIn(object, 'metadata', 'name') === ref.name &&
      (textIn(object, 'metadata', 'namespace') ?? '') === (ref.namespace ?? ''),
  )
  const value = index < 0 ? undefined : plainValue(rendering.objects[index]!)
  return isYamlMap(value) ? { rendering, index, value } : undefined
}

/** Line in the kustomization's own files, or in a base, that says the field now. */
export const lineOfBuilt = ({ rendering, index }: BuiltObject, path: YamlPath): number =>
  lineOf(originAt(rendering.objects[index]!, path))

/**
 * The object as the file that declares it has it, where that file belongs to the kustomization itself: then it is
 * edited there. Undefined where it is a base's.
 */
export function writtenRef(files: Files, ref: ResourceRef): ResourceRef | undefined {
  const built = findBuilt(files, ref)
  const object = built?.rendering.objects[built.index]
  if (!built || !object || !isOwn(built.rendering, object.origin)) return undefined
  const { file } = object.origin.source
  const first = built.rendering.names[built.index]?.[0]
  const found = resourcesIn(file, files.get(file) ?? '').filter(
    one => one.ref.kind === ref.kind && one.ref.name === first,
  )
  return found.length === 1 && !isShared(files, built.rendering, file) ? found[0]!.ref : undefined
}

export const errorsIn = (rendering: Rendering): number =>
  rendering.problems.filter(problem => problem.severity === 'error').length

/** Where a field of a built object comes from that cannot be edited through its kustomization. */
export function refuseBuilt(files: Files, ref: ResourceRef, field: string): EditOutcome {
  const { file, kind, name } = ref
  const built = findBuilt(files, ref)
  const object = built?.rendering.objects[built.index]
  if (!object) return { kind: 'refused', reason: { key: 'kustomize.noSuchObject', params: { file, kind, name } }, file }
  const { file: origin, line } = placeOf(object.origin)
  const params = { field: `${kind}/${name} ${field}`, origin, line, file }
  return { kind: 'refused', reason: { key: 'kustomize.notEditable', params }, file: origin, line }
}

/** A file that another kustomization names too, so that a change of it is not one of this environment alone. */
export function isShared(files: Files, rendering: Rendering, file: string): boolean {
  if (file === rendering.file) return false
  for (const [path, text] of files) {
    if (path === rendering.file || !kustomizationNames.includes(nameOf(path))) continue
    const said = readManifestFile(path, text).kustomization
    if (said?.includes.includes(file) || said?.patches.includes(file)) return true
  }
  return false
}
