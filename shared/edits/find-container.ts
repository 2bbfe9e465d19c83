import { podTemplatePath } from '../manifests/pod-template.ts'
import { CannotEdit } from '../yaml/cannot-edit.ts'
import { isYamlList, isYamlMap, valueAt, type YamlMap, type YamlPath } from '../yaml/yaml-value.ts'

/** The path of a workload's Pod template, or the refusal that says it has none. */
export function templateOf(resource: YamlMap): YamlPath {
  const path = podTemplatePath(resource)
  if (!path) throw new CannotEdit('edit.noPodTemplate', { kind: String(resource['kind']) })
  return path
}

/** The path of a container by name, among containers and init containers. */
export function containerPath(resource: YamlMap, name: string): YamlPath {
  // An edge service runs one program, which its spec describes.
  if (isEdgeService(resource)) {
    if (valueAt(resource, ['metadata', 'name']) !== name)
      throw new CannotEdit('edit.noSuchContainer', { container: name })
    return ['spec']
  }
  const template = templateOf(resource)
  const found = ['containers', 'initContainers'].flatMap(list => {
    const path = [...template, 'spec', list]
    const items = valueAt(resource, path)
    if (!isYamlList(items)) return []
    return items.flatMap((item, index) => (isYamlMap(item) && String(item['name']) === name ? [[...path, index]] : []))
  })
  if (found.length > 1) throw new CannotEdit('edit.containerTwice', { container: name })
  if (!found[0]) throw new CannotEdit('edit.noSuchContainer', { container: name })
  return found[0]
}

const isEdgeService = (resource: YamlMap): boolean =>
  resource['kind'] === 'EdgeService' && isYamlMap(valueAt(resource, ['spec', 'artifact']))

/** Where a container says what it runs. */
export function imagePath(resource: YamlMap, name: string): YamlPath {
  const path = containerPath(resource, name)
  if (!isEdgeService(resource)) return [...path, 'image']
  if (valueAt(resource, [...path, 'artifact', 'image']) === undefined)
    throw new CannotEdit('fleet.notAnImage', { service: name })
  return [...path, 'artifact', 'image']
}
