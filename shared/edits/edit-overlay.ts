import { stringify } from 'yaml'
import { isOwn } from '../environments/kustomize/find-owner.ts'
import { mergeShapeOf } from '../environments/kustomize/merge-keys.ts'
import { type Origin, placeOf } from '../environments/kustomize/origin.ts'
import type { Rendering } from '../environments/kustomize/render-kustomization.ts'
import { splitImage } from '../environments/kustomize/set-images.ts'
import { type Mapping, type Tree, treeAt } from '../environments/kustomize/tree.ts'
import { CannotEdit } from '../yaml/cannot-edit.ts'
import type { YamlChange } from '../yaml/change-yaml.ts'
import { parseYaml } from '../yaml/parse-yaml.ts'
import {
  isYamlList,
  isYamlMap,
  sameValue,
  valueAt,
  type YamlMap,
  type YamlPath,
  type YamlValue,
} from '../yaml/yaml-value.ts'
import { type BuiltObject, errorsIn, findBuilt, isShared, plainValue, render } from './built-object.ts'
import {
  type Attempt,
  addToList,
  type Changed,
  changeAt,
  documentAt,
  type EntryList,
  firstDifferentLine,
  setAt,
  tried,
} from './change-overlay.ts'
import { fieldName, fieldText, refusable } from './change-resource.ts'
import type { EditOf } from './edit.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'
import { containerPath } from './find-container.ts'
import { jsonPatchFor } from './json-patch-for.ts'
import { kustomizationIn } from './kustomization-file.ts'
import { landingOf } from './landing.ts'
import { withoutReplicas } from './set-replicas.ts'

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
  for (const attempt of overlayAttempts(plan)) {
    const changed = tried(files, attempt)
    if (!changed || !changesOnly(files, changed, built, path, wanted)) continue
    const { file, text } = changed
    const written = new Map([[file, text]])
    const landing = landingOf(files, written, resource, plan.object)
    return {
      kind: 'applied',
      files: written,
      changes: [
        {
          file,
          line: firstDifferentLine(files.get(file) ?? '', text),
          field,
          ...(before !== undefined && { before: fieldText(before) }),
          after: String(wanted),
        },
      ],
      ...(landing && { landing }),
    }
  }
  return {
    kind: 'refused',
    reason: { key: 'kustomize.notOnlyThis', params: { field, file: resource.file } },
    file: resource.file,
  }
}

export type Plan = {
  readonly files: Files
  readonly rendering: Rendering
  readonly object: Mapping
  readonly names: readonly string[]
  readonly path: YamlPath
  readonly wanted: string | number
  readonly value: YamlMap
}
export function* overlayAttempts(plan: Plan): Generator<Attempt> {
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
  // A merge would replace the lists of a custom resource as a whole, with all that a base says there later.
  const merges = mergeShapeOf(String(plan.value['apiVersion']), String(plan.value['kind'])) !== undefined
  if (!merges && path.some(step => typeof step === 'number')) {
    const operations = stringify(jsonPatchFor(plan.value, withValue(plan.value, path, wanted)))
    for (const name of names)
      yield () => addTo(plan, 'patches', { target: { kind: String(plan.value['kind']), name }, patch: operations })
  }
  for (const name of names) {
    yield () => addTo(plan, 'patches', { patch: patchText(plan, name) })
    yield () =>
      addTo(plan, 'patches', { patch: patchText(plan, name), target: { kind: String(plan.value['kind']), name } })
  }
}

/** The entry that gave the image now, so that it gives the wanted one. */
export function inImages({ files, wanted }: Pick<Plan, 'files' | 'wanted'>, origin: Origin): Changed {
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

export function imageEntry(before: string, wanted: string): YamlMap {
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

/** Roots of the strategic merges of this kustomization that touched the object. */
export function ownPatches({
  files,
  rendering,
  object,
}: Pick<Plan, 'files' | 'rendering' | 'object'>): readonly Origin[] {
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

function withValue(value: YamlValue, path: YamlPath, wanted: YamlValue): YamlValue {
  const [step, ...rest] = path
  if (step === undefined) return wanted
  if (isYamlList(value)) return value.map((item, index) => (index === step ? withValue(item, rest, wanted) : item))
  const map = isYamlMap(value) ? value : {}
  return { ...map, [String(step)]: withValue(map[String(step)] ?? null, rest, wanted) }
}

function without(value: YamlValue, path: YamlPath): YamlValue {
  const [step, ...rest] = path
  if (step === undefined) return null
  if (isYamlList(value)) return value.map((item, index) => (index === step ? without(item, rest) : item))
  if (!isYamlMap(value)) return value
  const { [String(step)]: inner, ...others } = value
  return rest.length === 0 || inner === undefined ? others : { ...others, [String(step)]: without(inner, rest) }
}
