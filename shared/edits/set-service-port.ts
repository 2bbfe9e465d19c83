import { CannotEdit } from '../yaml/cannot-edit.ts'
import { isYamlList, isYamlMap, valueAt, type YamlMap, type YamlPath } from '../yaml/yaml-value.ts'
import { changeResource, setField } from './change-resource.ts'
import type { EditOf } from './edit.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'

const place = {
  port: { after: ['name'] },
  targetPort: { after: ['port'] },
  nodePort: { after: ['targetPort', 'port'] },
}

/** A number (or for targetPort a name) of a Service's port; the same port over TCP and UDP changes for both. */
export const setServicePort = (files: Files, edit: EditOf<'set-service-port'>): EditOutcome =>
  changeResource(files, edit.resource, resource => {
    const paths = portPaths(resource, edit)
    if (paths.length === 0)
      throw new CannotEdit('edit.noSuchPort', {
        port: edit.port,
        resource: `${edit.resource.kind}/${edit.resource.name}`,
      })
    if (edit.field !== 'targetPort' && typeof edit.value === 'string')
      throw new CannotEdit('edit.portIsNumber', { field: edit.field })
    if (edit.value === null) {
      if (edit.field === 'port') throw new CannotEdit('edit.portIsNeeded', { port: edit.port })
      return paths.flatMap(path => {
        const field = [...path, edit.field]
        return valueAt(resource, field) === undefined ? [] : [{ op: 'delete' as const, path: field }]
      })
    }
    if (edit.field === 'nodePort') {
      if (paths.length > 1) throw new CannotEdit('edit.portTwice', { port: edit.port })
      const type = String(valueAt(resource, ['spec', 'type']) ?? 'ClusterIP')
      if (!['NodePort', 'LoadBalancer'].includes(type)) throw new CannotEdit('edit.noNodePort', { type })
    }
    const { value } = edit
    return paths.map(path => setField([...path, edit.field], value, place[edit.field]))
  })

/** Paths of the port entries that have the number now. */
export function portPaths(resource: YamlMap, edit: EditOf<'set-service-port'>): readonly YamlPath[] {
  const ports = valueAt(resource, ['spec', 'ports'])
  if (!isYamlList(ports)) return []
  return ports.flatMap((item, index) =>
    isYamlMap(item) && Number(item['port']) === edit.port ? [['spec', 'ports', index]] : [],
  )
}
