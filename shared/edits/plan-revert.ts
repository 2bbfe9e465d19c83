import { applyPatch, structuredPatch } from 'diff'
import { resourcesIn } from '../manifests/locate-resource.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import { sameResource } from '../manifests/resource-ref.ts'
import { sameValue, valueAt, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'
import { applyEdit } from './apply-edits.ts'
import { fieldName, fieldText } from './change-resource.ts'
import { conflictOf, type EditConflict } from './conflict-of.ts'
import { byName, type Difference, namedDifferences } from './differences.ts'
import type { Edit, EditOf } from './edit.ts'
import type { Files } from './edit-outcome.ts'
import { changedPaths, inverseEdits } from './inverse-edits.ts'
import { isFieldEdit, readField, wantedWords } from './read-field.ts'

export type RevertPlan = {
  /** Edits of today's files that take the change back, where nobody has changed the same field since. */
  readonly edits: readonly Edit[]
  /** Fields that hold something else by now: `base` is what the change made of them, `ours` what was there before it. */
  readonly conflicts: readonly EditConflict[]
}

/**
 * What it takes to revert a change: the inverse of its edits, each held against what its field is today. A field that
 * has the old value already needs nothing; one that was changed since is a conflict and left alone. The result is
 * checked: only fields the change had touched differ from today's, and they hold what they held before.
 *
 * @param before, after the files on both sides of the change, without its record
 * @param today the files the revert is to be made on
 * @param edits the change's own typed edits, where they are known
 */
export function planRevert(before: Files, after: Files, today: Files, edits: readonly Edit[] | null): RevertPlan {
  const then = new Map(after)
  const now = new Map(today)
  const planned: Edit[] = []
  const conflicts: EditConflict[] = []
  for (const inverse of inverseEdits(before, after, edits)) {
    if (isFieldEdit(inverse) && wantedWords(inverse) === null && readField(now, inverse)?.value === undefined) {
      // What it would take out is gone already.
      apply(then, inverse)
      continue
    }
    const edit = inverse.kind === 'set-file' ? onTodaysText(inverse, then, now) : inverse
    const found =
      inverse.kind === 'set-file'
        ? edit
          ? []
          : ofFile(inverse.file, after, before, now)
        : conflictOf(inverse, then, now)
    apply(then, inverse)
    if (found.length > 0 || !edit) {
      conflicts.push(...found)
      continue
    }
    const outcome = applyEdit(now, edit)
    if (outcome.kind === 'unchanged') continue
    if (outcome.kind === 'refused') {
      conflicts.push(gone(edit, before))
      continue
    }
    const next = new Map(now)
    apply(next, edit)
    const stray = straysIn(before, after, now, next)
    if (stray) {
      conflicts.push(stray)
      continue
    }
    apply(now, edit)
    planned.push(edit)
  }
  return { edits: planned, conflicts }
}

function apply(files: Map<string, string>, edit: Edit): void {
  const outcome = applyEdit(files, edit)
  if (outcome.kind !== 'applied') return
  for (const [path, text] of outcome.files) {
    if (text === null) files.delete(path)
    else files.set(path, text)
  }
}

/** The old text of a file, carried over to what the file is today; undefined where the same lines were changed. */
function onTodaysText(edit: EditOf<'set-file'>, then: Files, now: Files): Edit | undefined {
  const [was, is] = [then.get(edit.file), now.get(edit.file)]
  if (was === is || is === edit.text) return edit
  if (was === undefined || is === undefined || edit.text === null) return undefined
  const patch = structuredPatch(edit.file, edit.file, was, edit.text, undefined, undefined, { context: 2 })
  const text = applyPatch(is, patch, { fuzzFactor: 0, autoConvertLineEndings: false })
  return text === false ? undefined : { ...edit, text }
}

/** Fields of a file that are neither what the change made of them nor what they were; the file where no field tells. */
function ofFile(file: string, after: Files, before: Files, now: Files): readonly EditConflict[] {
  const fields = differencesOf(file, after, before).flatMap(({ ref, path, before: was, after: ours }) => {
    const theirs = valueAtPath(now, file, ref, path)
    if (sameOrAbsent(theirs, was) || sameOrAbsent(theirs, ours)) return []
    const field = `${ref.kind}/${ref.name} ${fieldName({}, path)}`.trimEnd()
    return [{ field, file, line: 1, base: words(was), ours: words(ours), theirs: words(theirs) }]
  })
  return fields.length > 0 ? fields : [{ field: file, file, line: 1, base: null, ours: null, theirs: null }]
}

const sameOrAbsent = (a: YamlValue | undefined, b: YamlValue | undefined): boolean =>
  a === undefined || b === undefined ? a === b : sameValue(a, b)

/** A field that an edit would change although the reverted change had not, or to another value than it had before. */
function straysIn(before: Files, after: Files, now: Files, next: Files): EditConflict | null {
  for (const file of changedPaths(now, next)) {
    const meant = differencesOf(file, after, before)
    for (const { ref, path, before: is, after: becomes } of differencesOf(file, now, next)) {
      const same = meant.some(
        item =>
          sameResource(item.ref, ref) &&
          (within(path, item.path) || within(item.path, path)) &&
          sameOrAbsent(becomes, valueAtPath(before, file, ref, path)),
      )
      if (same) continue
      return {
        field: `${ref.kind}/${ref.name} ${fieldName({}, path)}`.trimEnd(),
        file,
        line: 1,
        base: words(valueAtPath(after, file, ref, path)),
        ours: words(valueAtPath(before, file, ref, path)),
        theirs: words(is),
      }
    }
  }
  return null
}

const words = (value: YamlValue | undefined): string | null => (value === undefined ? null : fieldText(value))
const within = (path: YamlPath, outer: YamlPath): boolean => outer.every((step, index) => path[index] === step)

function valueAtPath(files: Files, file: string, ref: ResourceRef, path: YamlPath): YamlValue | undefined {
  const found = resourcesIn(file, files.get(file) ?? '').find(item => sameResource(item.ref, ref))
  return found && valueAt(byName(found.value), path)
}

function differencesOf(file: string, a: Files, b: Files): readonly (Difference & { readonly ref: ResourceRef })[] {
  const [left, right] = [resourcesIn(file, a.get(file) ?? ''), resourcesIn(file, b.get(file) ?? '')]
  const both = [...left, ...right.filter(({ ref }) => !left.some(found => sameResource(found.ref, ref)))]
  return both.flatMap(({ ref }) => {
    const of = (list: typeof left) => list.find(found => sameResource(found.ref, ref))?.value
    return namedDifferences(of(left), of(right)).map(difference => ({ ...difference, ref }))
  })
}

/** What the edit is about is no longer there. */
function gone(edit: Edit, before: Files): EditConflict {
  const file = 'resource' in edit ? edit.resource.file : 'file' in edit ? edit.file : ''
  const name = 'resource' in edit ? `${edit.resource.kind}/${edit.resource.name}` : file
  return { field: name, file, line: 1, base: name, ours: before.has(file) ? name : null, theirs: null }
}
