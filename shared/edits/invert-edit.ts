import type { Json } from '../manifests/manifest.ts'
import { isYamlList, isYamlMap, type YamlValue } from '../yaml/yaml-value.ts'
import { applyEdit } from './apply-edits.ts'
import { isBuilt } from './built-object.ts'
import type { Edit } from './edit.ts'
import type { Files } from './edit-outcome.ts'
import { layoutPath, readLayout } from './layout-file.ts'
import { type FieldEdit, isFieldEdit, readField } from './read-field.ts'
import { editOfVerdict, isEdgeEdit, verdictOf } from './set-edge-verdict.ts'
import { readEnvVar } from './set-env.ts'
import { weightsBefore } from './set-weight.ts'

/**
 * Edits that undo an edit made on `files` and give back the very bytes: the same kind of edit with the old value where
 * that does it, else the old text of each file it touched. Empty when the edit changes nothing.
 */
export function invertEdit(files: Files, edit: Edit): readonly Edit[] {
  const outcome = applyEdit(files, edit)
  if (outcome.kind !== 'applied') return []
  const after = new Map(files)
  for (const [path, text] of outcome.files) {
    if (text === null) after.delete(path)
    else after.set(path, text)
  }
  const typed = inverseOf(files, edit)
  if (typed && restores(typed, after, files, outcome.files)) return [typed]
  return [...outcome.files.keys()].map(file => ({ kind: 'set-file', file, text: files.get(file) ?? null }))
}

function restores(edit: Edit, after: Files, before: Files, touched: ReadonlyMap<string, string | null>): boolean {
  const undone = applyEdit(after, edit)
  if (undone.kind !== 'applied') return false
  const paths = new Set([...touched.keys(), ...undone.files.keys()])
  return [...paths].every(path => {
    const text = undone.files.has(path) ? undone.files.get(path) : after.get(path)
    return (text ?? undefined) === before.get(path)
  })
}

/**
 * The same edit with what stands in `files` now, before it is made; undefined where the old state has no such edit. It
 * gives back the value, and perhaps not the bytes.
 */
export function inverseOf(files: Files, edit: Edit): Edit | undefined {
  if (isFieldEdit(edit)) return inverseOfField(files, edit)
  if (edit.kind === 'rename-service')
    return { ...edit, resource: { ...edit.resource, name: edit.to }, to: edit.resource.name }
  if (isEdgeEdit(edit)) return editOfVerdict(edit, verdictOf(files, edit))
  if (edit.kind === 'set-position')
    return { ...edit, position: readLayout(files.get(layoutPath(edit.environment)) ?? '')[edit.node] ?? null }
  return undefined
}

function inverseOfField(files: Files, edit: FieldEdit): Edit | undefined {
  const value = readField(files, edit)?.value
  switch (edit.kind) {
    case 'set-replicas':
      if (typeof value === 'number') return { ...edit, replicas: value }
      // It was not there; what an overlay adds is taken out of the overlay's own file.
      if (value !== undefined || isBuilt(edit.resource)) return undefined
      return { kind: 'set-field', resource: edit.resource, at: ['spec', 'replicas'], value: null }
    case 'set-autoscaling':
      return typeof value === 'number' ? { ...edit, value } : undefined
    case 'set-image':
      return typeof value === 'string' ? { ...edit, image: value } : undefined
    case 'set-arguments':
      if (value === undefined) return { ...edit, values: null }
      return isYamlList(value) && value.every(isSingle) ? { ...edit, values: value.map(String) } : undefined
    case 'set-env': {
      if (value === undefined) return { ...edit, value: null }
      const variable = isYamlMap(value) ? readEnvVar(value) : undefined
      return variable && { ...edit, value: variable }
    }
    case 'set-resources':
      return value === undefined || isSingle(value)
        ? { ...edit, quantity: value === undefined ? null : String(value) }
        : undefined
    case 'set-metadata':
      return value === undefined || typeof value === 'string' ? { ...edit, value: value ?? null } : undefined
    case 'set-field':
      return isJson(value) ? { ...edit, value: value ?? null } : undefined
    case 'set-item':
      return { ...edit, present: !edit.present }
    case 'set-weight':
      return value === undefined ? undefined : weightsBefore(edit, value)
    case 'set-address':
      return { ...edit, host: edit.to, to: edit.host }
    case 'set-probe':
      return value === undefined || typeof value === 'string' || typeof value === 'number'
        ? { ...edit, value: value ?? null }
        : undefined
    case 'set-service-port': {
      if (value !== undefined && typeof value !== 'string' && typeof value !== 'number') return undefined
      // The port is found by its number, which is another one by now.
      const port = edit.field === 'port' ? Number(edit.value) : edit.port
      return { ...edit, port, value: value ?? null }
    }
  }
}

const isSingle = (value: YamlValue): boolean => typeof value !== 'object' && value !== undefined

/** All that YAML holds but integers beyond 2^53, which JSON would round. */
const isJson = (value: YamlValue | undefined): value is Json | undefined =>
  typeof value !== 'bigint' && (typeof value !== 'object' || value === null || Object.values(value).every(isJson))
