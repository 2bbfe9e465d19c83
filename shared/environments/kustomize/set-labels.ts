import type { FieldSpec } from './field-specs.ts'
import { putBy } from './origin.ts'
import type { Resource } from './resource.ts'
import { isMapping, type Tree, textScalar } from './tree.ts'
import { visitField } from './visit-field.ts'

/** Labels or annotations, into every map that the specs name. */
export function setPairs(
  resources: readonly Resource[],
  pairs: ReadonlyMap<string, Tree>,
  specs: readonly FieldSpec[],
  how: 'label' | 'annotation',
): void {
  for (const { root } of resources) {
    if (!root) continue
    for (const [key, said] of [...pairs].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (said.type !== 'scalar') continue
      for (const spec of specs)
        visitField(
          root,
          spec,
          map => {
            if (!isMapping(map)) return
            map.entries.set(key, textScalar(said.text, putBy(said.origin, how, map.entries.get(key)?.origin)))
          },
          { as: 'map', origin: said.origin },
        )
    }
  }
}
