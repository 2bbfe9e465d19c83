import { applyJsonPatch, PatchFails } from './json-patch.ts'
import type { Origin } from './origin.ts'
import type { Problems } from './problem.ts'
import { readInnerTrees, type TreeText } from './read-tree.ts'
import {
  anyIds,
  currentId,
  nameIn,
  namespaceIn,
  newResource,
  type Resource,
  rememberId,
  sameId,
  setMetadata,
  spokenId,
} from './resource.ts'
import type { ShapeOf } from './schema-shapes.ts'
import { BadSelector, selectResources } from './select-resources.ts'
import { MergeConflict, strategicMerge } from './strategic-merge.ts'
import {
  copyTree,
  isList,
  isMapping,
  isTrue,
  itemsIn,
  type Mapping,
  type Tree,
  textIn,
  textScalar,
  treeAt,
} from './tree.ts'

export type PatchNeeds = {
  /** Documents of a patch file; undefined after a problem was noted. */
  readonly load: (entry: string, at: Origin) => readonly Tree[] | undefined
  readonly problems: Problems
  /** How lists of a type are merged, where the kustomization brings its own schema. */
  readonly shapeOf?: ShapeOf | undefined
}

/** An entry of `patches`: a file or a text, a strategic merge or JSON operations, with or without a target. */
export function applyPatch(resources: Resource[], entry: Tree, needs: PatchNeeds): void {
  const { problems } = needs
  const documents = patchDocuments(entry, needs)
  if (!documents) return
  if (documents.length === 0) {
    problems.add('patch-fails', entry.origin, 'patch')
    return
  }
  const target = treeAt(entry, ['target'])
  const [first] = documents
  try {
    if (isList(first)) {
      if (target) patchEach(selectResources(resources, target), first, problems, true)
      else problems.add('no-target', entry.origin, 'target')
      return
    }
    const patches = unpacked(documents)
    const may = {
      rename: isTrue(treeAt(entry, ['options', 'allowNameChange'])),
      retype: isTrue(treeAt(entry, ['options', 'allowKindChange'])),
    }
    if (!target) {
      for (const patch of patches) mergeByName(resources, patch, may, needs)
      return
    }
    const [patch, ...more] = patches
    if (!patch) return
    if (more.length > 0) problems.add('patch-fails', entry.origin, 'target')
    const selected = selectResources(resources, target)
    if (selected.length === 0) problems.add('no-target', target.origin, spokenTarget(target), 'warning')
    for (const resource of selected) merge(resource, fittedTo(resource, copyTree(patch)), may, needs)
  } catch (error) {
    if (!(error instanceof BadSelector)) throw error
    problems.add('selector', target?.origin ?? entry.origin, error.message)
  }
}

/** An entry of the old `patchesStrategicMerge`: a file or a text. */
export function applyStrategicPatch(resources: Resource[], entry: Tree, needs: PatchNeeds): void {
  const text = textIn(entry) ?? ''
  // A path can be read as YAML too, but as no object.
  const inner = text.includes('\n') || text.includes(':') ? inlineDocuments(entry, needs.problems) : undefined
  const documents = inner?.some(isMapping) ? inner : needs.load(text, entry.origin)
  for (const patch of unpacked(documents ?? [])) mergeByName(resources, patch, { rename: false, retype: false }, needs)
}

/** An entry of the old `patchesJson6902`. */
export function applyJsonPatchEntry(resources: Resource[], entry: Tree, needs: PatchNeeds): void {
  const operations = patchDocuments(entry, needs)?.[0]
  const target = treeAt(entry, ['target'])
  if (!target || (textIn(target, 'name') ?? '') === '') {
    needs.problems.add('no-target', entry.origin, 'target')
    return
  }
  if (operations) patchEach(selectResources(resources, target), operations, needs.problems, false)
}

const spokenTarget = (target: Tree): string =>
  ['kind', 'name', 'labelSelector', 'annotationSelector']
    .map(field => textIn(target, field) ?? '')
    .join(' ')
    .trim()

function patchDocuments(entry: Tree, needs: PatchNeeds): readonly Tree[] | undefined {
  const path = treeAt(entry, ['path'])
  const text = treeAt(entry, ['patch']) ?? treeAt(entry, ['jsonOp'])
  if (path?.type === 'scalar' && path.text !== '') return needs.load(path.text, path.origin)
  if (text?.type === 'scalar' && text.text.trim() !== '') return inlineDocuments(text, needs.problems)
  needs.problems.add('patch-fails', entry.origin, 'patch')
  return undefined
}

function inlineDocuments(scalar: Tree, problems: Problems): readonly Tree[] | undefined {
  if (scalar.type !== 'scalar') return undefined
  const read: TreeText = readInnerTrees(scalar.text, scalar.origin, scalar.block === true, 'patch')
  if ('documents' in read) return read.documents
  problems.add('unreadable', scalar.origin, read.unreadable.reason)
  return undefined
}

/** Each object of the documents; the items of a list instead of the list. */
const unpacked = (documents: readonly Tree[]): Mapping[] =>
  documents.flatMap(document => {
    if (!isMapping(document)) return []
    if (textIn(document, 'kind')?.endsWith('List') && isList(treeAt(document, ['items'])))
      return unpacked(itemsIn(document, 'items'))
    return [document]
  })

type May = { readonly rename: boolean; readonly retype: boolean }

function mergeByName(resources: readonly Resource[], patch: Mapping, may: May, needs: PatchNeeds): void {
  const id = currentId(newResource(patch))
  const found = resources.filter(resource => resource.root && anyIds(resource).some(own => sameId(own, id)))
  if (found.length !== 1) {
    needs.problems.add(found.length === 0 ? 'no-target' : 'several-targets', patch.origin, spokenId(id))
    return
  }
  merge(found[0]!, copyTree(patch), may, needs)
}

/** The patch as one of the object it was selected for: of its version, whatever the patch says. */
function fittedTo(resource: Resource, patch: Mapping): Mapping {
  const apiVersion = treeAt(resource.root, ['apiVersion'])
  if (apiVersion) patch.entries.set('apiVersion', copyTree(apiVersion))
  return patch
}

function merge(resource: Resource, patch: Mapping, may: May, { problems, shapeOf }: PatchNeeds): void {
  const { root } = resource
  if (!root) return
  const name = treeAt(root, ['metadata', 'name'])
  const namespace = treeAt(root, ['metadata', 'namespace'])
  const kind = root.entries.get('kind')
  const id = currentId(resource)
  if (may.rename || may.retype) rememberId(resource)
  const { origin } = patch
  try {
    resource.root = strategicMerge(copyTree(root), patch, shapeOf)
  } catch (error) {
    if (!(error instanceof MergeConflict)) throw error
    problems.add('patch-fails', origin, spokenId(id))
    return
  }
  const after = resource.root
  if (!after) return
  if (after.entries.size === 0) {
    resource.root = null
    return
  }
  if (kind && !may.retype) after.entries.set('kind', kind)
  if (!may.rename && nameIn(after) !== id.name && name) setMetadata(after, 'name', id.name, name.origin)
  const metadata = after.entries.get('metadata')
  if (!isMapping(metadata)) return
  if (!may.rename && name) metadata.entries.set('name', name)
  if (namespaceIn(after) !== id.namespace && !namespace) metadata.entries.delete('namespace')
  else if (namespace?.type === 'scalar') metadata.entries.set('namespace', textScalar(namespace.text, namespace.origin))
}

function patchEach(selected: readonly Resource[], operations: Tree, problems: Problems, remember: boolean): void {
  for (const resource of selected) {
    if (!resource.root) continue
    if (remember) rememberId(resource)
    const changed = copyTree(resource.root)
    try {
      applyJsonPatch(changed, operations)
      resource.root = changed
    } catch (error) {
      if (!(error instanceof PatchFails)) throw error
      const operation = itemsIn(operations)[error.operation]
      problems.add('patch-fails', operation?.origin ?? operations.origin, spokenId(currentId(resource)))
    }
  }
}
