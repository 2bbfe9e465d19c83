import { type LocatedResource, lineOfField, locateResource } from '../manifests/locate-resource.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import { CannotEdit } from '../yaml/cannot-edit.ts'
import { changeSpan, changeYaml, type Placement, type YamlChange } from '../yaml/change-yaml.ts'
import { indentOf, lineNumber } from '../yaml/text-lines.ts'
import {
  isYamlList,
  isYamlMap,
  sameValue,
  valueAt,
  type YamlMap,
  type YamlPath,
  type YamlValue,
} from '../yaml/yaml-value.ts'
import type { EditOutcome, FieldChange, Files } from './edit-outcome.ts'

/** A change of one field of an object; its path starts at the object. */
export type ResourceChange = Exclude<YamlChange, { op: 'set-all' }>

/**
 * Changes fields of one object and says which. `plan` sees the object as it is and may throw `CannotEdit`; a plan
 * whose changes are all there already leaves the outcome `unchanged`.
 */
export function changeResource(
  files: Files,
  ref: ResourceRef,
  plan: (resource: YamlMap) => readonly ResourceChange[],
): EditOutcome {
  return refusable(files, ref.file, () => {
    const text = textOf(files, ref.file)
    const resource = locateResource(text, ref)
    const changes = plan(resource.value)
    for (const change of changes) refuseNonScalar(text, resource, change)
    const placed = changes.map(change => ({ ...change, path: [...resource.within, ...change.path] }))
    const isItem = resource.within.length < resource.path.length
    const after = isItem ? changeItem(text, resource, placed) : changeYaml(text, resource.document, placed)
    if (after === text) return { kind: 'unchanged' }
    const described = changes.flatMap(change => describe(text, after, resource, change))
    return { kind: 'applied', files: new Map([[ref.file, after]]), changes: described }
  })
}

/**
 * Changes an item of a large List, read alone. It stays one item as long as every line but its first stands further in
 * than its dash.
 */
function changeItem(text: string, { placed: { start, end } }: LocatedResource, changes: readonly YamlChange[]): string {
  const after = changeSpan(text, { start, end }, changes)
  const [first = '', ...lines] = after.slice(start, after.length - (text.length - end)).split('\n')
  const dash = indentOf(first)
  const strays = lines.some(line => line.trim() !== '' && !line.trimStart().startsWith('#') && indentOf(line) <= dash)
  if (strays) throw new CannotEdit('edit.wouldChangeMore', {}, start)
  return after
}

/** Runs what may throw `CannotEdit` and makes a refusal of it, with file and line where they are known. */
export function refusable(files: Files, file: string, run: () => EditOutcome): EditOutcome {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof CannotEdit)) throw error
    const text = files.get(file)
    const line = error.offset !== undefined && text !== undefined ? lineNumber(text, error.offset) : undefined
    return { kind: 'refused', reason: error.reason, file, ...(line !== undefined && { line }) }
  }
}

export function textOf(files: Files, file: string): string {
  const text = files.get(file)
  if (text === undefined) throw new CannotEdit('edit.noSuchFile', { file })
  return text
}

/** A single value never takes the place of a map or list: what stands there is not what the edit was made for. */
function refuseNonScalar(text: string, resource: LocatedResource, change: ResourceChange): void {
  if (change.op !== 'set' || (typeof change.value === 'object' && change.value !== null)) return
  const before = valueAt(resource.value, change.path)
  if (typeof before !== 'object' || before === null) return
  const line = lineOfField(text, resource, change.path)
  throw new CannotEdit('edit.notAScalar', { path: fieldName(resource.value, change.path), line })
}

function describe(
  before: string,
  after: string,
  resource: LocatedResource,
  change: ResourceChange,
): readonly FieldChange[] {
  const { ref, value } = resource
  const path = change.op === 'insert' ? [...change.path, change.index] : change.path
  const was = change.op === 'insert' ? undefined : valueAt(value, path)
  const becomes = change.op === 'delete' ? undefined : change.value
  const next = locateResource(after, { ...ref })
  const where = change.op === 'replace' ? [...path.slice(0, -1), change.key] : path
  const item = firstDifferentItem(was, becomes)
  const line =
    was === undefined
      ? lineOfField(after, next, where.slice(0, firstMissing(value, where)))
      : lineOfField(before, resource, item === undefined ? path : [...path, item])
  if (was !== undefined && becomes !== undefined && fieldText(was) === fieldText(becomes)) return []
  return [
    {
      file: ref.file,
      line,
      field: `${ref.kind}/${ref.name} ${fieldName(was === undefined ? next.value : value, path)}`,
      ...(was !== undefined && { before: fieldText(was) }),
      ...(becomes !== undefined && { after: fieldText(becomes) }),
    },
  ]
}

/** How much of a path is needed to name the first thing on it that is not there. */
function firstMissing(value: YamlValue, path: YamlPath): number {
  let depth = 1
  while (depth < path.length && (valueAt(value, path.slice(0, depth)) ?? null) !== null) depth += 1
  return depth
}

/** Of a list that changes, the line that is told is that of its first item that differs. */
function firstDifferentItem(before: YamlValue | undefined, after: YamlValue | undefined): number | undefined {
  if (!isYamlList(before) || !isYamlList(after)) return undefined
  const index = before.findIndex((item, at) => !sameValue(item, after[at]))
  return index < 0 ? undefined : index
}

/** A field as a person names it: items that have a name are called by it. */
export function fieldName(resource: YamlValue, path: YamlPath): string {
  let name = ''
  path.forEach((step, depth) => {
    if (typeof step === 'string') {
      name += `${name === '' ? '' : '.'}${/[./]/.test(step) ? `[${step}]` : step}`.replace('.[', '[')
      return
    }
    const item = valueAt(resource, path.slice(0, depth + 1))
    const own = isYamlMap(item) ? item['name'] : undefined
    name += `[${typeof own === 'string' ? own : step}]`
  })
  return name
}

/** A value in one line, for people. */
export const fieldText = (value: YamlValue): string =>
  isYamlMap(value) || isYamlList(value)
    ? JSON.stringify(value, (_, item) => (typeof item === 'bigint' ? String(item) : item))
    : String(value)

/** Takes a key out, and every map above it (down from `keep`) that would be left empty by that. */
export function removal(resource: YamlMap, path: YamlPath, keep: number): ResourceChange {
  let depth = path.length
  while (depth - 1 > keep) {
    const parent = valueAt(resource, path.slice(0, depth - 1))
    const size = isYamlList(parent) ? parent.length : isYamlMap(parent) ? Object.keys(parent).length : 0
    if (size > 1 || typeof path[depth - 2] === 'number') break
    depth -= 1
  }
  return { op: 'delete', path: path.slice(0, depth) }
}

export const setField = (path: YamlPath, value: YamlValue, place?: Placement): ResourceChange => ({
  op: 'set',
  path,
  value,
  ...(place && { place }),
})
