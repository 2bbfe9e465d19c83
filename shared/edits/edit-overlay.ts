import { stringify } from 'yaml'
import { isOwn, originAt } from '../environments/kustomize/find-owner.ts'
import { type KustomizeFiles, kustomizeReader } from '../environments/kustomize/kustomization-files.ts'
import { type MergeShape, mergeShapeOf } from '../environments/kustomize/merge-keys.ts'
import { typeOf } from '../environments/kustomize/object-type.ts'
import { type How, lineOf, type Origin, placeOf } from '../environments/kustomize/origin.ts'
import { folderOfPath, kustomizationNames } from '../environments/kustomize/paths.ts'
import type { TreeText } from '../environments/kustomize/read-tree.ts'
import { type Rendering, renderKustomization } from '../environments/kustomize/render-kustomization.ts'
import { splitImage } from '../environments/kustomize/set-images.ts'
import { type Mapping, type Tree, textIn, toJson, treeAt } from '../environments/kustomize/tree.ts'
import { resourcesIn } from '../manifests/locate-resource.ts'
import { readManifestFile } from '../manifests/read-manifests.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import { CannotEdit } from '../yaml/cannot-edit.ts'
import { changeYaml, type YamlChange } from '../yaml/change-yaml.ts'
import { parseYaml } from '../yaml/parse-yaml.ts'
import { splitDocuments } from '../yaml/split-documents.ts'
import {
  isYamlList,
  isYamlMap,
  sameValue,
  valueAt,
  type YamlMap,
  type YamlPath,
  type YamlValue,
} from '../yaml/yaml-value.ts'
import { fieldName, fieldText, refusable } from './change-resource.ts'
import type { EditOf } from './edit.ts'
import type { EditOutcome, FieldChange, Files } from './edit-outcome.ts'
import { containerPath } from './find-container.ts'
import { kustomizationIn, nameOf } from './kustomization-file.ts'
import { patchFor, sameMerged } from './patch-for.ts'
import { withoutReplicas } from './set-replicas.ts'

/** True for an object that is named by the kustomization that builds it, instead of by the file that declares it. */
export const isBuilt = (resource: ResourceRef): boolean => kustomizationNames.includes(nameOf(resource.file))

/** An object as its kustomization builds it from these files. */
export type BuiltObject = { readonly rendering: Rendering; readonly index: number; readonly value: YamlMap }

/** What was read of files, by path and text: every edit is tried on files that are all but one the same. */
const read = new Map<string, Map<How, TreeText>>()
const mostKept = 4_000

function readOf(files: Files, path: string): Map<How, TreeText> | undefined {
  const text = files.get(path)
  if (text === undefined) return undefined
  const key = `${path}\n${text}`
  const known = read.get(key) ?? new Map<How, TreeText>()
  read.delete(key)
  read.set(key, known)
  if (read.size > mostKept) read.delete(read.keys().next().value!)
  return known
}

function render(files: Files, file: string): Rendering {
  const texts: KustomizeFiles = { get: path => files.get(path) }
  const reader = kustomizeReader(texts, path => readOf(files, path))
  return renderKustomization(texts, folderOfPath(file), reader)
}
const plainValue = (tree: Tree): YamlValue => toJson(tree) as YamlValue

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

/**
 * Any other edit of a field of an object that a base declares: made on the object as it is built, and what differs then
 * is written into the kustomization, where it stands there already, into a patch of it, or a new one. Refused where
 * that would change anything else.
 */
export function patchOverlay(
  files: Files,
  ref: ResourceRef,
  edited: (files: Files, ref: ResourceRef) => EditOutcome,
): EditOutcome {
  const { file, kind, name } = ref
  const built = findBuilt(files, ref)
  if (!built) return { kind: 'refused', reason: { key: 'kustomize.noSuchObject', params: { file, kind, name } }, file }
  const alone = 'object.yaml'
  const outcome = edited(new Map([[alone, JSON.stringify(built.value, null, 2)]]), { ...ref, file: alone })
  const text = outcome.kind === 'applied' ? outcome.files.get(alone) : undefined
  const wanted = text && parseYaml(text)[0]?.yaml.value
  if (outcome.kind !== 'applied' || !isYamlMap(wanted))
    return outcome.kind === 'refused' ? { ...outcome, file } : outcome
  const { rendering, index } = built
  const shape = mergeShapeOf(String(built.value['apiVersion']), kind)
  const patch = patchFor(built.value, wanted, shape)
  const names = rendering.names[index] ?? []
  for (const attempt of patchAttempts(files, rendering, names, built, isYamlMap(patch) ? patch : {}, outcome.changes)) {
    const changed = tried(files, attempt)
    if (!changed || !buildsOnly(files, changed, built, wanted, shape)) continue
    const line = firstDifferentLine(files.get(changed.file) ?? '', changed.text)
    return {
      kind: 'applied',
      files: new Map([[changed.file, changed.text]]),
      changes: outcome.changes.map(change => ({ ...change, file: changed.file, line })),
    }
  }
  return refuseBuilt(files, ref, outcome.changes[0]?.field.split(' ')[1] ?? '')
}

function* patchAttempts(
  files: Files,
  rendering: Rendering,
  names: readonly string[],
  built: BuiltObject,
  patch: YamlMap,
  changes: readonly FieldChange[],
): Generator<Attempt> {
  const object = rendering.objects[built.index]!
  const scalar = changes.length === 1 ? scalarIn(patch, object) : undefined
  if (scalar && isOwn(rendering, scalar.origin) && !isShared(files, rendering, scalar.origin.source.file))
    yield () => setAt(files, scalar.origin, scalar.value)
  for (const name of names) {
    const head = { apiVersion: built.value['apiVersion']!, kind: built.value['kind']!, metadata: { name } }
    const metadata = isYamlMap(patch['metadata']) ? { ...head.metadata, ...patch['metadata'] } : head.metadata
    const text = stringify({ ...head, ...patch, metadata })
    yield () => addToList(files, rendering, 'patches', { patch: text })
    yield () => addToList(files, rendering, 'patches', { patch: text, target: { kind: built.value['kind']!, name } })
  }
}

/** The one scalar a patch sets, where the object has that field now. */
function scalarIn(patch: YamlValue, object: Tree): { readonly origin: Origin; readonly value: YamlValue } | undefined {
  if (isYamlList(patch)) {
    const [item, ...more] = patch
    if (more.length > 0 || !isYamlMap(item) || object.type !== 'list' || item['$patch'] !== undefined) return undefined
    const keys = Object.entries(item).filter(([, value]) => typeof value !== 'object')
    const found = object.items.find(other =>
      keys.slice(0, -1).every(([key, value]) => textIn(other, key) === String(value)),
    )
    return found && scalarIn(item, found)
  }
  if (!isYamlMap(patch) || object.type !== 'map') return undefined
  const differing = Object.entries(patch).filter(([key, value]) => {
    const now = object.entries.get(key)
    return now === undefined || !sameValue(plainValue(now), value)
  })
  const [only] = differing
  const now = only && object.entries.get(only[0])
  if (!only || differing.length > 1 || !now) return undefined
  if (now.type !== 'scalar') return scalarIn(only[1], now)
  return typeof only[1] === 'object' ? undefined : { origin: now.origin, value: only[1] }
}

/** After the change the kustomization builds the wanted object, and the same of everything else. */
function buildsOnly(
  files: Files,
  { file, text }: Changed,
  { rendering, index }: BuiltObject,
  wanted: YamlMap,
  shape: MergeShape | undefined,
): boolean {
  const after = render(new Map([...files, [file, text]]), rendering.file)
  if (after.objects.length !== rendering.objects.length || errorsIn(after) > errorsIn(rendering)) return false
  return rendering.objects.every((object, at) => {
    const now = plainValue(after.objects[at]!)
    return at === index ? sameMerged(wanted, now, shape) : sameValue(plainValue(object), now)
  })
}

const errorsIn = (rendering: Rendering): number =>
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

/**
 * Sets an image or a number of replicas of an object that a kustomization builds, in the files of that kustomization
 * alone: where it says the value already, else in `images` or `replicas`, else in a patch. Each way is tried on the
 * files and built again; the first one that changes this field and nothing else is taken.
 */
export const editOverlay = (files: Files, edit: EditOf<'set-image'> | EditOf<'set-replicas'>): EditOutcome =>
  refusable(files, edit.resource.file, () => editBuilt(files, edit))

function editBuilt(files: Files, edit: EditOf<'set-image'> | EditOf<'set-replicas'>): EditOutcome {
  const { resource } = edit
  if (edit.kind === 'set-replicas' && withoutReplicas.has(resource.kind))
    throw new CannotEdit('edit.noReplicas', { kind: resource.kind })
  const built = findBuilt(files, resource)
  if (!built) {
    const { file, kind, name } = resource
    return { kind: 'refused', reason: { key: 'kustomize.noSuchObject', params: { file, kind, name } }, file }
  }
  const { rendering, index, value } = built
  const path = edit.kind === 'set-image' ? [...containerPath(value, edit.container), 'image'] : ['spec', 'replicas']
  const wanted = edit.kind === 'set-image' ? edit.image : edit.replicas
  const before = valueAt(value, path)
  if (before === wanted) return { kind: 'unchanged' }
  const field = `${resource.kind}/${resource.name} ${fieldName(value, path)}`
  const plan: Plan = {
    files,
    rendering,
    object: rendering.objects[index]!,
    names: rendering.names[index] ?? [],
    path,
    wanted,
    value,
  }
  for (const attempt of attempts(plan)) {
    const changed = tried(files, attempt)
    if (!changed || !changesOnly(files, changed, built, path, wanted)) continue
    const { file, text } = changed
    return {
      kind: 'applied',
      files: new Map([[file, text]]),
      changes: [
        {
          file,
          line: firstDifferentLine(files.get(file) ?? '', text),
          field,
          ...(before !== undefined && { before: fieldText(before) }),
          after: String(wanted),
        },
      ],
    }
  }
  return {
    kind: 'refused',
    reason: { key: 'kustomize.notOnlyThis', params: { field, file: resource.file } },
    file: resource.file,
  }
}

type Plan = {
  readonly files: Files
  readonly rendering: Rendering
  readonly object: Mapping
  readonly names: readonly string[]
  readonly path: YamlPath
  readonly wanted: string | number
  readonly value: YamlMap
}
type Changed = { readonly file: string; readonly text: string }
type Attempt = () => Changed | null

function tried(files: Files, attempt: Attempt): Changed | null {
  try {
    const changed = attempt()
    return changed && changed.text !== files.get(changed.file) ? changed : null
  } catch (error) {
    // This way is not open; another one may be.
    if (error instanceof CannotEdit) return null
    throw error
  }
}

function* attempts(plan: Plan): Generator<Attempt> {
  const { rendering, object, path, wanted, names } = plan
  const origin = treeAt(object, path)?.origin
  if (origin && isOwn(rendering, origin) && !isShared(plan.files, rendering, origin.source.file)) {
    if (origin.how === 'images') yield () => inImages(plan, origin)
    else if (origin.how === 'patch' || origin.how === 'resource' || origin.how === 'replicas')
      yield () => setAt(plan.files, origin, wanted)
  }
  if (path.at(-1) === 'image')
    yield () => addTo(plan, 'images', imageEntry(String(valueAt(plan.value, path) ?? ''), String(wanted)))
  else for (const name of names) yield () => addTo(plan, 'replicas', { name, count: wanted })
  for (const patch of ownPatches(plan)) yield () => setInPatch(plan, patch)
  for (const name of names) {
    yield () => addTo(plan, 'patches', { patch: patchText(plan, name) })
    yield () =>
      addTo(plan, 'patches', { patch: patchText(plan, name), target: { kind: String(plan.value['kind']), name } })
  }
}

/** Sets the scalar that stands at an origin, also within a text. */
function setAt(files: Files, origin: Origin, value: YamlValue): Changed {
  return changeAt(files, origin, path => [{ op: 'set', path, value }])
}

function changeAt(files: Files, origin: Origin, changes: (path: YamlPath) => readonly YamlChange[]): Changed {
  const place = placeOf(origin)
  const { within } = origin.source
  const text = files.get(place.file) ?? ''
  if (!within) return { file: place.file, text: changeYaml(text, documentAt(text, origin.at), changes(place.path)) }
  const document = documentAt(text, within.at)
  const inner = valueAt(parseYaml(text)[document]?.yaml.value, place.path)
  if (typeof inner !== 'string') throw new CannotEdit('edit.noSuchItem', { path: place.path.join('.') })
  const changed = changeYaml(inner, documentAt(inner, origin.at), changes(place.inner ?? []))
  return { file: place.file, text: changeYaml(text, document, [{ op: 'set', path: place.path, value: changed }]) }
}

function documentAt(text: string, offset: number): number {
  const index = splitDocuments(text).findIndex(({ start, end }) => offset >= start && offset < end)
  return Math.max(0, index)
}

/** The entry that gave the image now, so that it gives the wanted one. */
function inImages({ files, wanted }: Plan, origin: Origin): Changed {
  const entry = origin.parent!
  const place = placeOf(entry)
  const text = files.get(place.file) ?? ''
  const now = valueAt(kustomizationIn(text), place.path)
  const name = isYamlMap(now) ? String(now['name'] ?? '') : ''
  const { name: newName, tag, digest } = splitImage(String(wanted))
  const fields = { newName: newName === name ? '' : newName, newTag: tag, digest, tagSuffix: '' }
  return changeAt(files, entry, path =>
    Object.entries(fields).flatMap(([field, value]): YamlChange[] => {
      if (value !== '') return [{ op: 'set', path: [...path, field], value }]
      return isYamlMap(now) && now[field] !== undefined ? [{ op: 'delete', path: [...path, field] }] : []
    }),
  )
}

function imageEntry(before: string, wanted: string): YamlMap {
  const { name } = splitImage(before)
  const { name: newName, tag, digest } = splitImage(wanted)
  return {
    name,
    ...(newName !== name && { newName }),
    ...(tag !== '' && { newTag: tag }),
    ...(digest !== '' && { digest }),
  }
}

/** One more entry at the end of a list of the kustomization. */
const addTo = ({ files, rendering }: Plan, list: EntryList, entry: YamlMap): Changed =>
  addToList(files, rendering, list, entry)

type EntryList = 'images' | 'replicas' | 'patches'
function addToList(files: Files, rendering: Rendering, list: EntryList, entry: YamlMap): Changed {
  const { file } = rendering
  const text = files.get(file) ?? ''
  const now = kustomizationIn(text)
  const items = now?.[list]
  if (isYamlList(items))
    return { file, text: changeYaml(text, 0, [{ op: 'insert', path: [list], index: items.length, value: entry }]) }
  // Below a key without a value its items are mostly commented out: nothing comes between them.
  const last = Object.keys(now ?? {}).at(-1)
  const place = last !== undefined && last !== list && now?.[last] === null ? { before: [last] } : undefined
  const change: YamlChange = { op: 'set', path: [list], value: [entry], ...(place && { place }) }
  return { file, text: changeYaml(text, 0, [change]) }
}

/** Roots of the strategic merges of this kustomization that touched the object. */
function ownPatches({ files, rendering, object }: Plan): readonly Origin[] {
  const roots = new Map<string, Origin>()
  const visit = (tree: Tree): void => {
    for (let at: Origin | undefined = tree.origin; at; at = at.before) {
      if (at.how !== 'patch' || !isOwn(rendering, at) || isShared(files, rendering, at.source.file)) continue
      let root = at
      while (root.parent) root = root.parent
      roots.set(`${root.source.file} ${root.source.within?.at ?? ''} ${root.at}`, root)
    }
    if (tree.type === 'list') tree.items.forEach(visit)
    if (tree.type === 'map') for (const item of tree.entries.values()) visit(item)
  }
  visit(object)
  return [...roots.values()]
}

function setInPatch({ files, path, wanted, value }: Plan, root: Origin): Changed | null {
  const place = placeOf(root)
  const text = files.get(place.file) ?? ''
  const outer = root.source.within
    ? valueAt(parseYaml(text)[documentAt(text, root.source.within.at)]?.yaml.value, place.path)
    : text
  if (typeof outer !== 'string') return null
  const patch = parseYaml(outer)[documentAt(outer, root.at)]?.yaml.value
  if (!isYamlMap(patch) || patch['kind'] !== value['kind']) return null
  if (path.at(-1) !== 'image') return changeAt(files, root, () => [{ op: 'set', path, value: wanted }])
  const list = path.slice(0, -2)
  const name = valueAt(value, [...path.slice(0, -1), 'name'])!
  const items = valueAt(patch, list)
  if (!isYamlList(items))
    return changeAt(files, root, () => [{ op: 'set', path: list, value: [{ name, image: wanted }] }])
  const index = items.findIndex(item => isYamlMap(item) && sameValue(item['name'], name))
  return changeAt(files, root, () => [
    index < 0
      ? { op: 'insert', path: list, index: items.length, value: { name, image: wanted } }
      : { op: 'set', path: [...list, index, 'image'], value: wanted, place: { after: ['name'] } },
  ])
}

/** A strategic merge that says the one field. */
function patchText({ path, wanted, value }: Plan, name: string): string {
  const head = `apiVersion: ${value['apiVersion']}\nkind: ${value['kind']}\nmetadata:\n  name: ${name}\n`
  const isImage = path.at(-1) === 'image'
  const keys = (isImage ? path.slice(0, -2) : path.slice(0, -1)).map(String)
  const open = keys.map((key, depth) => `${'  '.repeat(depth)}${key}:\n`).join('')
  const indent = '  '.repeat(keys.length)
  if (!isImage) return `${head}${open}${indent}replicas: ${wanted}\n`
  const container = valueAt(value, [...path.slice(0, -1), 'name'])
  return `${head}${open}${indent}- name: ${container}\n${indent}  image: ${wanted}\n`
}

/** After the change the kustomization builds the same but for this one field. */
function changesOnly(
  files: Files,
  { file, text }: Changed,
  built: BuiltObject,
  path: YamlPath,
  wanted: string | number,
): boolean {
  const { rendering, index } = built
  const after = render(new Map([...files, [file, text]]), rendering.file)
  if (after.objects.length !== rendering.objects.length || errorsIn(after) > errorsIn(rendering)) return false
  return rendering.objects.every((object, at) => {
    const now = plainValue(after.objects[at]!)
    if (at !== index) return sameValue(plainValue(object), now)
    return valueAt(now, path) === wanted && sameValue(without(built.value, path), without(now, path))
  })
}

function without(value: YamlValue, path: YamlPath): YamlValue {
  const [step, ...rest] = path
  if (step === undefined) return null
  if (isYamlList(value)) return value.map((item, index) => (index === step ? without(item, rest) : item))
  if (!isYamlMap(value)) return value
  const { [String(step)]: inner, ...others } = value
  return rest.length === 0 || inner === undefined ? others : { ...others, [String(step)]: without(inner, rest) }
}

/** A file that another kustomization names too, so that a change of it is not one of this environment alone. */
function isShared(files: Files, rendering: Rendering, file: string): boolean {
  if (file === rendering.file) return false
  for (const [path, text] of files) {
    if (path === rendering.file || !kustomizationNames.includes(nameOf(path))) continue
    const said = readManifestFile(path, text).kustomization
    if (said?.includes.includes(file) || said?.patches.includes(file)) return true
  }
  return false
}

function firstDifferentLine(before: string, after: string): number {
  const [a, b] = [before.split('\n'), after.split('\n')]
  let line = 0
  while (line < a.length && line < b.length && a[line] === b[line]) line += 1
  return line + 1
}
