import { isYamlList, valueAt } from '../yaml/yaml-value.ts'
import { changeResource, setField } from './change-resource.ts'
import type { EditOf } from './edit.ts'
import type { EditOutcome, Files } from './edit-outcome.ts'
import { containerPath } from './find-container.ts'

const place = {
  command: { after: ['imagePullPolicy', 'image', 'name'] },
  args: { after: ['command', 'imagePullPolicy', 'image', 'name'] },
}

/** Changes the items that differ; null takes the field out, so that the image's own command or arguments hold. */
export const setArguments = (files: Files, edit: EditOf<'set-arguments'>): EditOutcome =>
  changeResource(files, edit.resource, resource => {
    const path = [...containerPath(resource, edit.container), edit.field]
    const before = valueAt(resource, path)
    if (edit.values === null) return before === undefined ? [] : [{ op: 'delete', path }]
    // A number written without quotes is the same argument to the one who wrote it: it is left alone.
    const values = edit.values.map((value, index) => {
      const was = isYamlList(before) ? before[index] : undefined
      return was !== undefined && typeof was !== 'object' && String(was) === value ? was : value
    })
    return [setField(path, values, place[edit.field])]
  })
