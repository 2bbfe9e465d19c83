import { valueAt } from '../yaml/yaml-value.ts'
import { changeResource, removal, setField } from './change-resource.ts'
import type { EditOf } from './edit.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'
import { containerPath } from './find-container.ts'

/** A request or limit; taking the last one out takes the empty `requests`, `limits` and `resources` with it. */
export const setResources = (files: Files, edit: EditOf<'set-resources'>): EditOutcome =>
  changeResource(files, edit.resource, resource => {
    const container = containerPath(resource, edit.container)
    const section = [...container, 'resources', edit.section]
    const path = [...section, edit.resourceName]
    const before = valueAt(resource, path)
    if (edit.quantity === null) return before === undefined ? [] : [removal(resource, path, container.length)]
    if (before !== undefined && typeof before !== 'object' && String(before) === edit.quantity) return []
    // `cpu: 1` is a number to YAML and a quantity to Kubernetes; who writes numbers there gets numbers.
    const isNumber = typeof before === 'number' && /^\d+(\.\d+)?$/.test(edit.quantity)
    const value = isNumber ? Number(edit.quantity) : edit.quantity
    if (valueAt(resource, section) !== undefined) return [setField(path, value)]
    if (valueAt(resource, [...container, 'resources']) !== undefined)
      return [
        setField(
          section,
          { [edit.resourceName]: value },
          edit.section === 'limits' ? { after: ['requests'] } : { before: ['limits'] },
        ),
      ]
    return [
      setField(
        [...container, 'resources'],
        { [edit.section]: { [edit.resourceName]: value } },
        {
          after: ['envFrom', 'env', 'ports', 'args', 'command', 'imagePullPolicy', 'image', 'name'],
        },
      ),
    ]
  })
