import type { FieldSpec } from './field-specs.ts'
import { isSelectedType } from './object-type.ts'
import { putBy } from './origin.ts'
import type { Problems } from './problem.ts'
import { anyIds, nameIn, type Resource } from './resource.ts'
import { plainScalar, type Tree, textIn, treeAt } from './tree.ts'
import { visitField } from './visit-field.ts'

/** One entry of `replicas`. */
export function setReplicas(
  resources: readonly Resource[],
  entry: Tree,
  specs: readonly FieldSpec[],
  problems: Problems,
): void {
  const name = textIn(entry, 'name') ?? ''
  const said = treeAt(entry, ['count'])
  const origin = said?.origin ?? entry.origin
  let found = false
  const called = resources.filter(({ root, before }) => nameIn(root) === name || before.some(id => id.name === name))
  for (const spec of specs)
    for (const resource of called) {
      if (!resource.root || !anyIds(resource).some(id => id.name === name && isSelectedType(id, spec))) continue
      found = true
      visitField(
        resource.root,
        spec,
        (field, replace) => replace(plainScalar(textIn(said) ?? '0', putBy(origin, 'replicas', field.origin))),
        { as: 'scalar', origin },
      )
    }
  if (!found) problems.add('no-replicas-target', treeAt(entry, ['name'])?.origin ?? entry.origin, name)
}
