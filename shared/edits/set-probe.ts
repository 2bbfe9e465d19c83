import { isYamlList, valueAt, type YamlMap, type YamlPath } from '../yaml/yaml-value.ts'
import { changeResource, removal, setField } from './change-resource.ts'
import type { EditOf } from './edit.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'
import { containerPath } from './find-container.ts'

/** One field of a probe; null takes it out, and the probe with its last field. */
export const setProbe = (files: Files, edit: EditOf<'set-probe'>): EditOutcome =>
  changeResource(files, edit.resource, resource => {
    const container = containerPath(resource, edit.container)
    const path = probePath(resource, edit)
    const before = valueAt(resource, path)
    if (edit.value === null) return before === undefined ? [] : [removal(resource, path, container.length)]
    if (valueAt(resource, [...container, edit.probe]) !== undefined) return [setField(path, edit.value)]
    return [setField(path, edit.value, { after: ['readinessProbe', 'livenessProbe', 'resources', 'env', 'ports'] })]
  })

/** Numbers in the field name items where a list stands: `httpHeaders`, `0`, `value`. */
export function probePath(resource: YamlMap, edit: EditOf<'set-probe'>): YamlPath {
  const path = [...containerPath(resource, edit.container), edit.probe]
  for (const step of edit.field)
    path.push(/^\d+$/.test(step) && isYamlList(valueAt(resource, path)) ? Number(step) : step)
  return path
}
