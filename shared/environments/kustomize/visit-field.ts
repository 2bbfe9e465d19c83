import type { FieldSpec } from './field-specs.ts'
import { isSelectedType, typeOf } from './object-type.ts'
import type { Origin } from './origin.ts'
import { emptyList, emptyMap, isMapping, isNull, plainScalar, type Tree } from './tree.ts'

/** Puts another value where the visited one stands. */
export type Replace = (value: Tree) => void

/** The way to a field in steps: split at `/`, where `\/` is a slash of the step itself. */
export function pathSteps(path: string, delimiter: string): string[] {
  const parts = path.split(delimiter)
  if (parts.length > 1 && parts[0] === '') parts.shift()
  const steps: string[] = []
  for (const part of parts) {
    const last = steps.at(-1)
    if (last?.endsWith('\\')) steps[steps.length - 1] = last.slice(0, -1) + delimiter + part
    else steps.push(part)
  }
  return steps
}

/** The paths of specs are few, and asked for again with every object. */
const knownSteps = new Map<string, readonly string[]>()
function fieldSteps(path: string): readonly string[] {
  const known = knownSteps.get(path)
  if (known) return known
  const steps = pathSteps(path, '/')
  if (knownSteps.size < 2_000) knownSteps.set(path, steps)
  return steps
}

/**
 * Visits the field that a spec names, in every item of the lists on its way. Where the spec creates, what is missing
 * is made: maps on the way, and `create` at its end.
 */
export function visitField(
  root: Tree,
  spec: FieldSpec,
  visit: (field: Tree, replace: Replace) => void,
  create?: { readonly as: 'map' | 'scalar'; readonly origin: Origin },
): void {
  if (!isSelectedType(typeOf(root), spec)) return
  const steps = fieldSteps(spec.path)
  const creating = spec.create ? create : undefined
  const noReplace: Replace = () => undefined
  descend(root, 0, noReplace)

  function descend(tree: Tree, index: number, replace: Replace): void {
    if (index === steps.length) {
      visit(tree, replace)
      return
    }
    if (isNull(tree)) return
    if (tree.type === 'list') {
      for (const [at, item] of tree.items.entries())
        descend(item, index, value => {
          tree.items[at] = value
        })
      return
    }
    // A value stands where the way goes on: nothing of that name is there.
    if (!isMapping(tree)) return
    const step = steps[index]!
    const isSequence = step.endsWith('[]')
    const name = isSequence ? step.slice(0, -2) : step
    let field = tree.entries.get(name)
    const last = index === steps.length - 1
    if (creating && !isSequence && (field === undefined || isNull(field))) {
      const { as, origin } = creating
      field = !last || as === 'map' ? emptyMap(origin) : plainScalar('', origin)
      tree.entries.set(name, field)
    } else if (isSequence && field && isNull(field)) {
      field = emptyList(field.origin)
      tree.entries.set(name, field)
    }
    if (!field) return
    descend(field, index + 1, value => {
      tree.entries.set(name, value)
    })
  }
}
