import type { FieldConflict } from '../draft/draft.ts'
import { findResource, resourcesIn } from '../manifests/locate-resource.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import { workspacePath } from '../workspace-file/workspace-schema.ts'
import { valueAt, type YamlValue } from '../yaml/yaml-value.ts'
import { fieldName, fieldText } from './change-resource.ts'
import { differences } from './differences.ts'
import type { Edit } from './edit.ts'
import type { Files } from './edit-outcome.ts'
import { fieldWords, isFieldEdit, readField, wantedWords } from './read-field.ts'
import { type EdgeEdit, setEdgeVerdict, verdictOf, verdictWords } from './set-edge-verdict.ts'

/** Both sides of one field; the draft that holds the edit knows its id. */
export type EditConflict = Omit<FieldConflict, 'editId'>

/**
 * Where an edit made on `base` and what happened to `theirs` since want different things of the same field. Empty:
 * the edit can be replayed. The same value on both sides is no conflict, and a node's place on the canvas never is.
 */
export function conflictOf(edit: Edit, base: Files, theirs: Files): readonly EditConflict[] {
  if (isFieldEdit(edit)) return fieldConflict(edit, base, theirs)
  switch (edit.kind) {
    case 'set-position':
      return []
    case 'confirm-edge':
    case 'reject-edge':
    case 'declare-edge':
    case 'forget-edge':
      return verdictConflict(edit, base, theirs)
    case 'set-file': {
      const [was, is] = [base.get(edit.file) ?? null, theirs.get(edit.file) ?? null]
      if (was === is || is === edit.text) return []
      return [
        { field: edit.file, file: edit.file, line: firstDifference(was, is), base: was, ours: edit.text, theirs: is },
      ]
    }
    case 'add-service':
      return addedToo(edit.name, edit.like, base, theirs)
    case 'add-object':
      return addedToo(nameIn(edit.object), { ...edit.beside, kind: String(edit.object['kind']) }, base, theirs)
    case 'remove-service':
      return removedConflict(edit.resource, base, theirs)
    case 'rename-service': {
      const gone = goneConflict(edit.resource, base, theirs, edit.to)
      return gone.length > 0 ? gone : addedToo(edit.to, edit.resource, base, theirs)
    }
  }
}

function fieldConflict(
  edit: Extract<Edit, { resource: ResourceRef }> & Parameters<typeof readField>[1],
  base: Files,
  theirs: Files,
): EditConflict[] {
  const was = readField(base, edit)
  const is = readField(theirs, edit)
  const ours = wantedWords(edit)
  const wasText = was ? fieldWords(edit, was.value) : null
  const isText = is ? fieldWords(edit, is.value) : null
  // What is not there on either side cannot differ; applying the edit says what is missing.
  if (wasText === isText && (is !== undefined) === (was !== undefined)) return []
  if (is && isText === ours) return []
  const at = is ?? was
  if (!at) return []
  return [{ field: at.field, file: edit.resource.file, line: at.line, base: wasText, ours, theirs: isText }]
}

/** Somebody else said something else of the same edge in the meantime. */
function verdictConflict(edit: EdgeEdit, base: Files, theirs: Files): EditConflict[] {
  const words = (files: Files): string | null => {
    const verdict = verdictOf(files, edit)
    return verdict ? verdictWords(verdict) : null
  }
  const [was, is] = [words(base), words(theirs)]
  const outcome = setEdgeVerdict(theirs, edit)
  if (was === is || outcome.kind !== 'applied') return []
  const [change] = outcome.changes
  return [
    {
      field: change!.field,
      file: workspacePath,
      line: verdictOf(theirs, edit)?.line ?? 1,
      base: was,
      ours: change!.after ?? null,
      theirs: is,
    },
  ]
}

const nameIn = (object: YamlValue): string => String(valueAt(object, ['metadata', 'name']))

/** Somebody else made an object of that name and kind in the meantime. */
function addedToo(name: string, like: ResourceRef, base: Files, theirs: Files): EditConflict[] {
  const kinds = new Set([like.kind, 'Service'])
  const folder = like.file.slice(0, like.file.lastIndexOf('/') + 1)
  for (const [file, text] of theirs) {
    if (!file.startsWith(folder) || base.get(file) === text || !text.includes(name)) continue
    for (const { ref, placed } of resourcesIn(file, text)) {
      if (ref.name !== name || !kinds.has(ref.kind) || (ref.namespace ?? '') !== (like.namespace ?? '')) continue
      if (findResource(base.get(file) ?? '', ref)) continue
      const line = text.slice(0, placed.start).split('\n').length
      return [{ field: `${ref.kind}/${name}`, file, line, base: null, ours: name, theirs: name }]
    }
  }
  return []
}

function goneConflict(ref: ResourceRef, base: Files, theirs: Files, ours: string | null): EditConflict[] {
  const was = findResource(base.get(ref.file) ?? '', ref)
  if (!was || findResource(theirs.get(ref.file) ?? '', ref)) return []
  return [{ field: `${ref.kind}/${ref.name}`, file: ref.file, line: 1, base: ref.name, ours, theirs: null }]
}

/** What we take away they have changed: each field that differs is shown. Taken away by both is no conflict. */
function removedConflict(ref: ResourceRef, base: Files, theirs: Files): EditConflict[] {
  const was = findResource(base.get(ref.file) ?? '', ref)
  const text = theirs.get(ref.file) ?? ''
  const is = findResource(text, ref)
  if (!was || !is) return []
  return differences(was.value, is.value, []).map(({ path, before, after }) => ({
    field: `${ref.kind}/${ref.name} ${fieldName(is.value, path)}`,
    file: ref.file,
    line: text.slice(0, is.placed.start).split('\n').length,
    base: before === undefined ? null : fieldText(before),
    ours: null,
    theirs: after === undefined ? null : fieldText(after),
  }))
}

function firstDifference(a: string | null, b: string | null): number {
  const [x, y] = [(a ?? '').split('\n'), (b ?? '').split('\n')]
  let line = 0
  while (line < x.length && line < y.length && x[line] === y[line]) line += 1
  return line + 1
}
