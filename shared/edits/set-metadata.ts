import { CannotEdit } from '../yaml/cannot-edit.ts'
import { isYamlMap, valueAt, type YamlMap, type YamlPath } from '../yaml/yaml-value.ts'
import { changeResource, removal, setField } from './change-resource.ts'
import type { EditOf } from './edit.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'
import { templateOf } from './find-container.ts'

/** A label or annotation of the object or its Pods. */
export const setMetadata = (files: Files, edit: EditOf<'set-metadata'>): EditOutcome =>
  changeResource(files, edit.resource, resource => {
    const metadata = metadataPath(resource, edit)
    const path = [...metadata, edit.field, edit.key]
    const before = valueAt(resource, path)
    const same = before !== undefined && typeof before !== 'object' && String(before) === edit.value
    if (same || (edit.value === null && before === undefined)) return []
    if (edit.at === 'template' && edit.field === 'labels') refuseSelected(resource, edit.key)
    if (edit.value === null) return [removal(resource, path, metadata.length)]
    if (isYamlMap(valueAt(resource, [...metadata, edit.field]))) return [setField(path, edit.value, { sorted: true })]
    if (isYamlMap(valueAt(resource, metadata)))
      return [
        setField(path, edit.value, {
          after: edit.field === 'labels' ? ['namespace', 'name'] : ['labels', 'namespace', 'name'],
        }),
      ]
    return [setField(path, edit.value, { before: ['spec'] })]
  })

export const metadataPath = (resource: YamlMap, edit: EditOf<'set-metadata'>): YamlPath =>
  edit.at === 'object' ? ['metadata'] : [...templateOf(resource), 'metadata']

/** The selector of a workload must match its Pods and cannot be changed later: such a label is renamed, not set. */
function refuseSelected(resource: YamlMap, key: string): void {
  const selector = valueAt(resource, ['spec', 'selector'])
  const labels = isYamlMap(selector) && isYamlMap(selector['matchLabels']) ? selector['matchLabels'] : selector
  if (isYamlMap(labels) && Object.hasOwn(labels, key)) throw new CannotEdit('edit.labelIsSelected', { key })
}
