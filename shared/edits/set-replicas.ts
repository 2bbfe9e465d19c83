import { podTemplatePath } from '../manifests/pod-template.ts'
import { CannotEdit } from '../yaml/cannot-edit.ts'
import { isYamlMap, valueAt, type YamlMap } from '../yaml/yaml-value.ts'
import { changeResource, setField } from './change-resource.ts'
import type { EditOf } from './edit.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'

/** Kinds that run as many Pods as nodes, completions or themselves say. */
export const withoutReplicas = new Set(['DaemonSet', 'Job', 'CronJob', 'Pod', 'PodTemplate'])

export const setReplicas = (files: Files, edit: EditOf<'set-replicas'>): EditOutcome =>
  changeResource(files, edit.resource, resource => {
    const path = ['spec', 'replicas']
    const scales = podTemplatePath(resource) !== undefined || typeof valueAt(resource, path) === 'number'
    if (!scales || withoutReplicas.has(edit.resource.kind))
      throw new CannotEdit('edit.noReplicas', { kind: edit.resource.kind })
    return [setField(path, edit.replicas, isSorted(resource) ? { sorted: true } : { first: true })]
  })

/** Manifests printed by tools have their keys sorted; people put `replicas` first. */
function isSorted(resource: YamlMap): boolean {
  const spec = resource['spec']
  const keys = isYamlMap(spec) ? Object.keys(spec) : []
  return keys.length > 2 && keys.every((key, index) => index === 0 || keys[index - 1]! < key)
}
