import { CannotEdit } from '../yaml/cannot-edit.ts'
import { isYamlList, isYamlMap, valueAt, type YamlMap, type YamlPath } from '../yaml/yaml-value.ts'

/** A place in an object as an edit names it: a text in a list means the item whose `name` it is. */
export type FieldPath = readonly (string | number)[]

/** The place as it is in this object. Throws `CannotEdit` where a list has no item of that name, or several. */
export function pathIn(resource: YamlMap, at: FieldPath): YamlPath {
  const path: (string | number)[] = []
  for (const step of at) {
    const parent = valueAt(resource, path)
    if (typeof step === 'number' || !isYamlList(parent)) {
      path.push(step)
      continue
    }
    const found = parent.flatMap((item, index) => (isYamlMap(item) && String(item['name']) === step ? [index] : []))
    if (found.length !== 1) throw new CannotEdit('edit.noSuchItem', { path: at.join('.') })
    path.push(found[0]!)
  }
  return path
}
