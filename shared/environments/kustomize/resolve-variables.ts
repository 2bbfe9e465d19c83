import type { FieldSpec } from './field-specs.ts'
import { type Origin, putBy } from './origin.ts'
import type { Problems } from './problem.ts'
import { fieldSteps } from './replace-values.ts'
import { anyIds, isClusterScopedId, type Resource, type ResourceId, sameId, sameType } from './resource.ts'
import { isNull, type Scalar, scalarValue, type Tree, textIn, textScalar, treeAt } from './tree.ts'
import { visitField } from './visit-field.ts'

/** One entry of the old `vars`. */
export type Variable = { readonly name: string; readonly entry: Tree }

/** Notes on the object a variable reads from that it does, under whatever name the object ends up. */
export function bindVariable(resources: readonly Resource[], { name, entry }: Variable, problems: Problems): void {
  const apiVersion = textIn(entry, 'objref', 'apiVersion') ?? ''
  const slash = apiVersion.indexOf('/')
  const part = (field: string): string => textIn(entry, 'objref', field) ?? ''
  const wanted: ResourceId = {
    group: slash < 0 ? part('group') : apiVersion.slice(0, slash),
    version: slash < 0 ? apiVersion || part('version') : apiVersion.slice(slash + 1),
    kind: part('kind'),
    name: part('name'),
    namespace: part('namespace'),
  }
  const exact = wanted.namespace !== '' || isClusterScopedId(wanted)
  const found = resources.filter(
    resource =>
      resource.root &&
      anyIds(resource).some(id => (exact ? sameId(wanted, id) : id.name === wanted.name && sameType(id, wanted))),
  )
  if (found.length > 1) problems.add('several-targets', entry.origin, name)
  if (found.length === 1) found[0]!.variables.push(name)
}

/** Puts the values of the variables where `$(NAME)` stands. */
export function resolveVariables(
  resources: readonly Resource[],
  variables: readonly Variable[],
  specs: readonly FieldSpec[],
  problems: Problems,
): void {
  if (variables.length === 0) return
  const values = new Map<string, { value: Scalar; origin: Origin }>()
  for (const { name, entry } of variables) {
    const resource = resources.find(candidate => candidate.root && candidate.variables.includes(name))
    const path = textIn(entry, 'fieldref', 'fieldPath') ?? textIn(entry, 'fieldref', 'fieldpath') ?? 'metadata.name'
    const value = resource && treeAt(resource.root, variableSteps(path))
    if (value?.type === 'scalar' && !isNull(value)) values.set(name, { value, origin: entry.origin })
    else problems.add('variable', entry.origin, name)
  }
  const changed = (field: Tree): Tree | null => {
    if (field.type !== 'scalar' || typeof scalarValue(field) !== 'string' || !field.text.includes('$')) return null
    const whole = /^\$\(([^)]*)\)$/.exec(field.text)
    const known = whole && values.get(whole[1]!)
    if (known) return { ...known.value, origin: putBy(known.value.origin, 'variable', field.origin) }
    let origin: Origin | null = null
    const text = field.text.replaceAll(/\$\$|\$\(([^)]*)\)/g, (all, name: string | undefined) => {
      if (name === undefined) return '$'
      const one = values.get(name)
      if (!one) return all
      origin ??= one.value.origin
      return String(scalarValue(one.value))
    })
    return text === field.text ? null : textScalar(text, putBy(origin ?? field.origin, 'variable', field.origin))
  }
  for (const { root } of resources) {
    if (!root) continue
    for (const { path, ...type } of specs)
      visitField(root, { ...type, path, create: false }, (field, replace) => {
        if (field.type === 'scalar') {
          const value = changed(field)
          if (value) replace(value)
        } else if (field.type === 'list')
          for (const [index, item] of field.items.entries()) field.items[index] = changed(item) ?? item
        else for (const [key, item] of field.entries) field.entries.set(key, changed(item) ?? item)
      })
  }
}

/** `spec.ports[0].port` and `metadata.annotations.a\.b` in steps. */
function variableSteps(path: string): (string | number)[] {
  return fieldSteps(path).flatMap(step => {
    const indexed = /^(.*?)((?:\[\d+\])+)$/.exec(step)
    if (!indexed) return [step]
    const positions = [...indexed[2]!.matchAll(/\d+/g)].map(([digits]) => Number(digits))
    return indexed[1] === '' ? positions : [indexed[1]!, ...positions]
  })
}
