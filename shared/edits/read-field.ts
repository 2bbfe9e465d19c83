import { originAt } from '../environments/kustomize/find-owner.ts'
import { lineOf } from '../environments/kustomize/origin.ts'
import { findResource, type LocatedResource, lineOfField } from '../manifests/locate-resource.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import { CannotEdit } from '../yaml/cannot-edit.ts'
import {
  isYamlList,
  isYamlMap,
  sameValue,
  valueAt,
  type YamlMap,
  type YamlPath,
  type YamlValue,
} from '../yaml/yaml-value.ts'
import { addressesInText } from './address-in-text.ts'
import { findBuilt, isBuilt, lineOfBuilt } from './built-object.ts'
import { fieldName, fieldText } from './change-resource.ts'
import type { Edit, EnvValue } from './edit.ts'
import type { Files } from './edit-outcome.ts'
import { findInEnvironment } from './environment-object.ts'
import { pathIn } from './field-path.ts'
import { containerPath, imagePath } from './find-container.ts'
import { autoscalingField } from './set-autoscaling.ts'
import { readEnvVar } from './set-env.ts'
import { metadataPath } from './set-metadata.ts'
import { probePath } from './set-probe.ts'
import { portPaths } from './set-service-port.ts'
import { weightWords, wordsOf } from './set-weight.ts'

const ofMore = [
  'add-service',
  'remove-service',
  'rename-service',
  'set-file',
  'set-position',
  'add-object',
  'confirm-edge',
  'reject-edge',
  'declare-edge',
  'forget-edge',
] as const
/** Edits of one field of one object. */
export type FieldEdit = Exclude<Edit, { kind: (typeof ofMore)[number] }>
export const isFieldEdit = (edit: Edit): edit is FieldEdit => !ofMore.some(kind => kind === edit.kind)

export type FieldReading = {
  readonly field: string
  readonly line: number
  /** What stands there; undefined where nothing does. */
  readonly value: YamlValue | undefined
}

/** The field an edit changes, as the files hold it now; undefined when its object or container is not there. */
export function readField(files: Files, edit: FieldEdit): FieldReading | undefined {
  if (edit.resource.environment !== undefined || isBuilt(edit.resource)) return readBuiltField(files, edit)
  const text = files.get(edit.resource.file)
  const resource = text === undefined ? undefined : findResource(text, edit.resource)
  if (!resource || text === undefined) return undefined
  try {
    const path = pathOfField(resource, edit)
    if (!path) return undefined
    return {
      field: `${edit.resource.kind}/${edit.resource.name} ${fieldName(resource.value, path)}`,
      line: lineOfField(text, resource, path),
      value: valueAt(resource.value, path),
    }
  } catch (error) {
    // The container or port the edit names is not there.
    if (error instanceof CannotEdit) return undefined
    throw error
  }
}

/** An object as it is built, with the line of each of its values. */
function builtObject(
  files: Files,
  ref: ResourceRef,
): { readonly value: YamlMap; readonly lineOf: (path: YamlPath) => number } | undefined {
  if (ref.environment === undefined) {
    const built = findBuilt(files, ref)
    return built && { value: built.value, lineOf: path => lineOfBuilt(built, path) }
  }
  const found = findInEnvironment(files, ref)
  return found && { value: found.value, lineOf: path => lineOf(originAt(found.object.tree, path)) }
}

/** The same of an object that an environment builds. */
function readBuiltField(files: Files, edit: FieldEdit): FieldReading | undefined {
  const built = builtObject(files, edit.resource)
  if (!built) return undefined
  try {
    const path = pathOfField(built, edit)
    if (!path) return undefined
    return {
      field: `${edit.resource.kind}/${edit.resource.name} ${fieldName(built.value, path)}`,
      line: built.lineOf(path),
      value: valueAt(built.value, path),
    }
  } catch (error) {
    if (error instanceof CannotEdit) return undefined
    throw error
  }
}

/** Path of the field in its object; it need not exist yet. */
function pathOfField({ value }: Pick<LocatedResource, 'value'>, edit: FieldEdit): YamlPath | undefined {
  switch (edit.kind) {
    case 'set-replicas':
      return ['spec', 'replicas']
    case 'set-image':
      return imagePath(value, edit.container)
    case 'set-arguments':
      return [...containerPath(value, edit.container), edit.field]
    case 'set-env': {
      const path = [...containerPath(value, edit.container), 'env']
      const list = valueAt(value, path)
      const items = isYamlList(list) ? list : []
      const index = items.findLastIndex(item => isYamlMap(item) && String(item['name']) === edit.name)
      return [...path, index < 0 ? items.length : index]
    }
    case 'set-resources':
      return [...containerPath(value, edit.container), 'resources', edit.section, edit.resourceName]
    case 'set-probe':
      return probePath(value, edit)
    case 'set-metadata':
      return [...metadataPath(value, edit), edit.field, edit.key]
    case 'set-autoscaling': {
      const field = autoscalingField(edit)
      return field === undefined ? undefined : ['spec', field]
    }
    case 'set-field':
    case 'set-item':
    case 'set-address':
    case 'set-weight':
      return pathIn(value, edit.at)
    case 'set-service-port': {
      const [path] = portPaths(value, edit)
      return path && [...path, edit.field]
    }
  }
}

/** What an edit wants its field to hold, in the words of `fieldWords`; null when it takes the field out. */
export function wantedWords(edit: FieldEdit): string | null {
  switch (edit.kind) {
    case 'set-replicas':
      return String(edit.replicas)
    case 'set-image':
      return edit.image
    case 'set-arguments':
      return edit.values && fieldText(edit.values)
    case 'set-env':
      return edit.value && envWords(edit.value)
    case 'set-resources':
      return edit.quantity
    case 'set-probe':
    case 'set-metadata':
    case 'set-service-port':
      return edit.value === null ? null : String(edit.value)
    case 'set-autoscaling':
      return String(edit.value)
    case 'set-field':
      return edit.value === null ? null : fieldText(edit.value)
    case 'set-item':
      return edit.present ? fieldText(edit.item) : null
    case 'set-address':
      return edit.to
    case 'set-weight':
      return wordsOf(edit.weights)
  }
}

/** A field's value as one text, so that two sides can be compared and shown; null where it does not exist. */
export function fieldWords(edit: FieldEdit, value: YamlValue | undefined): string | null {
  if (value === undefined) return null
  if (edit.kind === 'set-arguments' && isYamlList(value))
    return fieldText(value.map(item => (typeof item === 'object' ? item : String(item))))
  // Of a list and of a text only what the edit is about is compared: the rest may change, and may be a secret.
  if (edit.kind === 'set-item')
    return isYamlList(value) && value.some(item => sameValue(item, edit.item)) ? fieldText(edit.item) : null
  if (edit.kind === 'set-weight') return weightWords(edit, value)
  if (edit.kind === 'set-address')
    return [edit.to, edit.host].find(host => addressesInText(String(value), host).length > 0) ?? null
  if (edit.kind !== 'set-env' || !isYamlMap(value)) return fieldText(value)
  const variable = readEnvVar(value)
  return variable ? envWords(variable) : fieldText(value['valueFrom'] ?? null)
}

function envWords(value: EnvValue): string {
  if ('value' in value) return value.value
  if ('configMap' in value) return `configMap ${value.configMap.name}/${value.configMap.key}`
  if ('secret' in value) return `secret ${value.secret.name}/${value.secret.key}`
  return `field ${value.fieldPath}`
}
