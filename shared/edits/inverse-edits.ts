import { resourcesIn } from '../manifests/locate-resource.ts'
import { sameResource } from '../manifests/resource-ref.ts'
import type { YamlValue } from '../yaml/yaml-value.ts'
import { applyEdit, applyEdits } from './apply-edits.ts'
import { namedDifferences } from './differences.ts'
import type { Edit } from './edit.ts'
import { editKey } from './edit-key.ts'
import type { Files } from './edit-outcome.ts'
import { inverseOf, invertEdit } from './invert-edit.ts'
import { isFieldEdit } from './read-field.ts'

/**
 * The edits that take back what led from `before` to `after`, made on `after`, in the order in which to make them.
 * `edits` are those the change is known to consist of; where they do not give `after` (or there are none: the commit
 * was made elsewhere) they are worked out from the difference of each object. What no typed edit gives back to the byte
 * (comments, whole files, text that is no YAML) is the file's old text.
 */
export function inverseEdits(before: Files, after: Files, edits: readonly Edit[] | null): readonly Edit[] {
  const known = edits && edits.length > 0 && leadsTo(before, after, edits) ? edits : null
  return known
    ? invertAll(before, known)
    : changedPaths(before, after).flatMap(path => inverseOfFile(path, before, after))
}

export const changedPaths = (before: Files, after: Files): readonly string[] =>
  [...new Set([...before.keys(), ...after.keys()])].filter(path => before.get(path) !== after.get(path)).sort()

const leadsTo = (before: Files, after: Files, edits: readonly Edit[]): boolean =>
  changedPaths(applyEdits(before, edits).files, after).length === 0

function invertAll(before: Files, edits: readonly Edit[]): readonly Edit[] {
  const now = new Map(before)
  const inverses: (readonly Edit[])[] = []
  for (const edit of edits) {
    const exact = invertEdit(now, edit)
    // A field is given back by its value even where that is not to the byte: the file may have moved on since.
    const typed = isFieldEdit(edit) && exact.some(({ kind }) => kind === 'set-file') ? inverseOf(now, edit) : undefined
    inverses.push(typed ? [typed] : exact)
    advance(now, edit)
  }
  // Of two edits of one field the older inverse says what was there before both.
  const last = new Map<string, Edit>()
  for (const edit of inverses.reverse().flat()) last.set(editKey(edit), edit)
  return [...last.values()]
}

function advance(files: Map<string, string>, edit: Edit): void {
  const outcome = applyEdit(files, edit)
  if (outcome.kind !== 'applied') return
  for (const [path, text] of outcome.files) {
    if (text === null) files.delete(path)
    else files.set(path, text)
  }
}

function inverseOfFile(path: string, before: Files, after: Files): readonly Edit[] {
  const [was, is] = [before.get(path), after.get(path)]
  const whole: Edit = { kind: 'set-file', file: path, text: was ?? null }
  if (was === undefined || is === undefined) return [whole]
  const then = resourcesIn(path, was)
  const now = resourcesIn(path, is)
  if (now.length === 0 || now.length !== then.length) return [whole]
  const edits: Edit[] = []
  for (const { ref, value } of now) {
    const old = then.find(found => sameResource(found.ref, ref))
    if (!old) return [whole]
    for (const difference of namedDifferences(value, old.value)) {
      const edit = editOf(ref, difference.path, difference.after)
      if (!edit) return [whole]
      edits.push(edit)
    }
  }
  const given = applyEdits(after, edits)
  return given.outcomes.every(({ kind }) => kind === 'applied') && given.files.get(path) === was ? edits : [whole]
}

/** The most telling edit that gives a field a value. */
export function editOf(
  resource: Extract<Edit, { kind: 'set-field' }>['resource'],
  path: readonly (string | number)[],
  value: YamlValue | undefined,
): Edit | undefined {
  if (path.join('.') === 'spec.replicas' && typeof value === 'number')
    return { kind: 'set-replicas', resource, replicas: value }
  const list = path.findIndex(step => step === 'containers' || step === 'initContainers')
  if (list >= 0 && path.length === list + 3 && path[list + 2] === 'image' && typeof value === 'string') {
    const name = path[list + 1]
    if (typeof name === 'string') return { kind: 'set-image', resource, container: name, image: value }
  }
  if (value !== undefined && !isJson(value)) return undefined
  return { kind: 'set-field', resource, at: [...path], value: value ?? null }
}

type Json = Extract<Edit, { kind: 'set-field' }>['value']

const isJson = (value: YamlValue): value is Exclude<Json, undefined> & YamlValue =>
  typeof value !== 'bigint' && (typeof value !== 'object' || value === null || Object.values(value).every(isJson))
