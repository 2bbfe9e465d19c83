import { stringify } from 'yaml'
import { textIn } from '../environments/kustomize/tree.ts'
import { locateResource, resourcesIn } from '../manifests/locate-resource.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import { CannotEdit } from '../yaml/cannot-edit.ts'
import { changeYaml } from '../yaml/change-yaml.ts'
import { lineNumber } from '../yaml/text-lines.ts'
import { isYamlList, isYamlMap, sameValue, valueAt, type YamlMap } from '../yaml/yaml-value.ts'
import { appended, intoList } from './append-objects.ts'
import { errorsIn, isBuilt, plainValue, render, writtenRef } from './built-object.ts'
import { refusable, textOf } from './change-resource.ts'
import type { EditOf } from './edit.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'
import { folderOf, kustomizationIn } from './kustomization-file.ts'

type Identity = { readonly kind: string; readonly name: string; readonly namespace?: string }

/**
 * Adds an object to the file of a neighbour. Beside an object that a kustomization builds from a base, it goes into a
 * file of its own that the kustomization lists, so that no other environment has it.
 */
export const addObject = (files: Files, edit: EditOf<'add-object'>): EditOutcome =>
  refusable(files, edit.beside.file, () => {
    const object = edit.object as YamlMap
    const identity = identityOf(object)
    if (!isBuilt(edit.beside)) return beside(files, edit.beside, object, identity)
    const written = writtenRef(files, edit.beside)
    return written ? beside(files, written, object, identity) : listed(files, edit.beside.file, object, identity)
  })

/** Kind and name; an edit without them was not made here. */
function identityOf(object: YamlMap): Identity {
  const [kind, name, namespace] = [
    object['kind'],
    valueAt(object, ['metadata', 'name']),
    valueAt(object, ['metadata', 'namespace']),
  ]
  if (typeof kind !== 'string' || typeof name !== 'string') throw new CannotEdit('edit.noSuchItem', { path: 'kind' })
  return { kind, name, ...(typeof namespace === 'string' && { namespace }) }
}

function beside(files: Files, neighbour: ResourceRef, object: YamlMap, identity: Identity): EditOutcome {
  const { file } = neighbour
  const text = textOf(files, file)
  const like = locateResource(text, neighbour)
  const taken = resourcesIn(file, text).find(({ ref }) => isSame(ref, identity))
  if (taken) {
    if (sameValue(taken.value, object)) return { kind: 'unchanged' }
    throw new CannotEdit('edit.nameTaken', { resource: `${identity.kind}/${identity.name}`, file })
  }
  const additions = [{ object, like }]
  const after = like.path.length > 0 ? intoList(text, additions) : appended(text, additions)
  return applied(new Map([[file, after]]), file, after, identity)
}

function listed(files: Files, kustomization: string, object: YamlMap, identity: Identity): EditOutcome {
  const text = textOf(files, kustomization)
  const folder = folderOf(kustomization)
  const name = `${identity.name}-${identity.kind.toLowerCase()}.yaml`
  const file = folder === '' ? name : `${folder}/${name}`
  if (files.has(file)) throw new CannotEdit('edit.fileTaken', { file })
  const items = kustomizationIn(text)?.['resources']
  const next = isYamlList(items)
    ? changeYaml(text, 0, [{ op: 'insert', path: ['resources'], index: items.length, value: name }])
    : changeYaml(text, 0, [{ op: 'set', path: ['resources'], value: [name] }])
  const own = stringify(object)
  const changed = new Map([
    [kustomization, next],
    [file, own],
  ])
  const before = render(files, kustomization)
  const after = render(new Map([...files, ...changed]), kustomization)
  const built = after.objects.find(
    one => textIn(one, 'kind') === identity.kind && textIn(one, 'metadata', 'name') === identity.name,
  )
  const value = built && plainValue(built)
  // Prefixes and labels the kustomization puts on everything would make another object of it.
  const isMeant = isYamlMap(value) && sameValue(value['spec'], object['spec'])
  if (!isMeant || after.objects.length !== before.objects.length + 1 || errorsIn(after) > errorsIn(before))
    throw new CannotEdit('edit.wouldChangeMore')
  return applied(changed, file, own, identity)
}

const isSame = (ref: ResourceRef, { kind, name, namespace }: Identity): boolean =>
  ref.kind === kind && ref.name === name && (ref.namespace ?? '') === (namespace ?? '')

function applied(files: ReadonlyMap<string, string>, file: string, text: string, identity: Identity): EditOutcome {
  const made = resourcesIn(file, text).find(({ ref }) => isSame(ref, identity))
  const field = `${identity.kind}/${identity.name}`
  const line = made ? lineNumber(text, made.placed.start) : 1
  return { kind: 'applied', files, changes: [{ file, line, field, after: field }] }
}
