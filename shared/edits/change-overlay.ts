import { type Origin, placeOf } from '../environments/kustomize/origin.ts'
import type { Rendering } from '../environments/kustomize/render-kustomization.ts'
import { CannotEdit } from '../yaml/cannot-edit.ts'
import { changeYaml, type YamlChange } from '../yaml/change-yaml.ts'
import { parseYaml } from '../yaml/parse-yaml.ts'
import { splitDocuments } from '../yaml/split-documents.ts'
import { isYamlList, valueAt, type YamlMap, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'
import type { Files } from './edit-outcome.ts'
import { kustomizationIn } from './kustomization-file.ts'

export type Changed = { readonly file: string; readonly text: string }
export type Attempt = () => Changed | null

export function tried(files: Files, attempt: Attempt): Changed | null {
  try {
    const changed = attempt()
    return changed && changed.text !== files.get(changed.file) ? changed : null
  } catch (error) {
    // This way is not open; another one may be.
    if (error instanceof CannotEdit) return null
    throw error
  }
}

/** Sets the scalar that stands at an origin, also within a text. */
export function setAt(files: Files, origin: Origin, value: YamlValue): Changed {
  return changeAt(files, origin, path => [{ op: 'set', path, value }])
}

export function changeAt(files: Files, origin: Origin, changes: (path: YamlPath) => readonly YamlChange[]): Changed {
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

export function documentAt(text: string, offset: number): number {
  const index = splitDocuments(text).findIndex(({ start, end }) => offset >= start && offset < end)
  return Math.max(0, index)
}

export type EntryList = 'images' | 'replicas' | 'patches'
export function addToList(files: Files, rendering: Rendering, list: EntryList, entry: YamlMap): Changed {
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

export function firstDifferentLine(before: string, after: string): number {
  const [a, b] = [before.split('\n'), after.split('\n')]
  let line = 0
  while (line < a.length && line < b.length && a[line] === b[line]) line += 1
  return line + 1
}
