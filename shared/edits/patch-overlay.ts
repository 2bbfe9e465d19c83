import { stringify } from 'yaml'
import { isOwn } from '../environments/kustomize/find-owner.ts'
import { type MergeShape, mergeShapeOf } from '../environments/kustomize/merge-keys.ts'
import type { Origin } from '../environments/kustomize/origin.ts'
import type { Rendering } from '../environments/kustomize/render-kustomization.ts'
import { type Tree, textIn } from '../environments/kustomize/tree.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import { parseYaml } from '../yaml/parse-yaml.ts'
import { isYamlList, isYamlMap, sameValue, type YamlMap, type YamlValue } from '../yaml/yaml-value.ts'
import { type BuiltObject, errorsIn, findBuilt, isShared, plainValue, refuseBuilt, render } from './built-object.ts'
import { type Attempt, addToList, type Changed, firstDifferentLine, setAt, tried } from './change-overlay.ts'
import type { EditOutcome, FieldChange, Files } from './edit-outcome.ts'
import { jsonPatchFor, type PatchOperation } from './json-patch-for.ts'
import { landingOf } from './landing.ts'
import { patchFor, sameMerged } from './patch-for.ts'

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
  // Lists of a type that nothing is known of are replaced as a whole by a merge: operations say no more than what differs.
  const operations = shape ? [] : jsonPatchFor(built.value, wanted)
  const names = rendering.names[index] ?? []
  for (const attempt of patchAttempts(
    files,
    rendering,
    names,
    built,
    isYamlMap(patch) ? patch : {},
    operations,
    outcome.changes,
  )) {
    const changed = tried(files, attempt)
    if (!changed || !buildsOnly(files, changed, built, wanted, shape)) continue
    const line = firstDifferentLine(files.get(changed.file) ?? '', changed.text)
    const written = new Map([[changed.file, changed.text]])
    const landing = landingOf(files, written, ref, rendering.objects[index]!)
    return {
      kind: 'applied',
      files: written,
      changes: outcome.changes.map(change => ({ ...change, file: changed.file, line })),
      ...(landing && { landing }),
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
  operations: readonly PatchOperation[],
  changes: readonly FieldChange[],
): Generator<Attempt> {
  const object = rendering.objects[built.index]!
  const scalar = changes.length === 1 ? scalarIn(patch, object) : undefined
  if (scalar && isOwn(rendering, scalar.origin) && !isShared(files, rendering, scalar.origin.source.file))
    yield () => setAt(files, scalar.origin, scalar.value)
  const { kind } = built.value
  if (operations.some(({ path }) => /\/\d+(\/|$)|\/-$/.test(path)))
    for (const name of names)
      yield () =>
        addToList(files, rendering, 'patches', { target: { kind: kind!, name }, patch: stringify(operations) })
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
