import { CannotEdit } from '../yaml/cannot-edit.ts'
import { isYamlList, isYamlMap, valueAt, type YamlMap, type YamlPath } from '../yaml/yaml-value.ts'
import { changeResource, type ResourceChange, removal, setField } from './change-resource.ts'
import type { EditOf, EnvValue } from './edit.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'
import { containerPath } from './find-container.ts'

const placeOfEnv = { after: ['ports', 'args', 'command', 'imagePullPolicy', 'image', 'name'] }

export const setEnv = (files: Files, edit: EditOf<'set-env'>): EditOutcome =>
  changeResource(files, edit.resource, resource => {
    const container = containerPath(resource, edit.container)
    const path = [...container, 'env']
    const list = valueAt(resource, path)
    const items = isYamlList(list) ? list : []
    const found = items.flatMap((item, index) =>
      isYamlMap(item) && String(item['name']) === edit.name ? [{ item, index }] : [],
    )
    // Kubernetes takes the last of several; a person who reads the first would be misled by either change.
    if (found.length > 1) throw new CannotEdit('edit.variableTwice', { name: edit.name, container: edit.container })
    const [one] = found
    if (edit.value === null) return one ? [removal(resource, [...path, one.index], container.length)] : []
    if (one) return changeVariable([...path, one.index], one.item, edit.value)
    const variable = { name: edit.name, ...asEnvVar(edit.value) }
    if (items.length === 0) return [setField(path, [variable], placeOfEnv)]
    return [{ op: 'insert', path, index: items.length, value: variable }]
  })

function changeVariable(path: YamlPath, item: YamlMap, value: EnvValue): readonly ResourceChange[] {
  const hasSource = Object.hasOwn(item, 'valueFrom')
  if ('value' in value) {
    const was = item['value']
    if (hasSource) return [{ op: 'replace', path: [...path, 'valueFrom'], key: 'value', value: value.value }]
    if (was !== undefined && typeof was !== 'object' && String(was) === value.value) return []
    if (was === undefined && value.value === '') return []
    return [setField([...path, 'value'], value.value, { after: ['name'] })]
  }
  const { valueFrom } = asEnvVar(value) as { valueFrom: YamlMap }
  if (hasSource) {
    const source = Object.keys(valueFrom)[0]!
    const was = valueAt(item, ['valueFrom', source])
    // The same kind of source keeps what else was said of it (`optional`).
    return [
      setField(
        [...path, 'valueFrom'],
        isYamlMap(was) ? { [source]: { ...was, ...(valueFrom[source] as YamlMap) } } : valueFrom,
      ),
    ]
  }
  return Object.hasOwn(item, 'value')
    ? [{ op: 'replace', path: [...path, 'value'], key: 'valueFrom', value: valueFrom }]
    : [setField([...path, 'valueFrom'], valueFrom, { after: ['name'] })]
}

/** The part of a core/v1 EnvVar that says where its value is from. */
function asEnvVar(value: EnvValue): YamlMap {
  if ('value' in value) return { value: value.value }
  if ('configMap' in value) return { valueFrom: { configMapKeyRef: { ...value.configMap } } }
  if ('secret' in value) return { valueFrom: { secretKeyRef: { ...value.secret } } }
  return { valueFrom: { fieldRef: { fieldPath: value.fieldPath } } }
}

/** The typed value of a core/v1 EnvVar; undefined for a source that edits cannot say (resourceFieldRef, fileKeyRef). */
export function readEnvVar(item: YamlMap): EnvValue | undefined {
  const from = item['valueFrom']
  if (from === undefined) return { value: item['value'] === undefined ? '' : String(item['value']) }
  const text = (...path: string[]) => {
    const found = valueAt(from, path)
    return found === undefined || typeof found === 'object' ? undefined : String(found)
  }
  for (const [source, field] of [
    ['configMapKeyRef', 'configMap'],
    ['secretKeyRef', 'secret'],
  ] as const) {
    const name = text(source, 'name')
    const key = text(source, 'key')
    if (name === undefined || key === undefined) continue
    return field === 'configMap' ? { configMap: { name, key } } : { secret: { name, key } }
  }
  const fieldPath = text('fieldRef', 'fieldPath')
  return fieldPath === undefined ? undefined : { fieldPath }
}
