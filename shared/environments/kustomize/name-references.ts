import type { FieldSpec, FieldSpecs, NameReference } from './field-specs.ts'
import { isSelectedType } from './object-type.ts'
import { putBy } from './origin.ts'
import type { Problems } from './problem.ts'
import {
  currentId,
  effectiveNamespace,
  isClusterScopedId,
  nameIn,
  namespaceIn,
  originalId,
  previousIds,
  type Resource,
  sameNamespace,
} from './resource.ts'
import { isNull, itemsIn, type Mapping, type Tree, textIn, textScalar, treeAt } from './tree.ts'
import { visitField } from './visit-field.ts'

/** Lets every field that names another object follow the names that were changed. */
export function fixNameReferences(resources: readonly Resource[], specs: FieldSpecs, problems: Problems): void {
  // Only an object that was called otherwise before can be meant by another name than its own.
  const renamed = resources.filter(resource => resource.root && resource.before.length > 0)
  if (renamed.length === 0) return
  const byName = new Map<string, Resource[]>()
  for (const resource of renamed)
    for (const name of new Set(resource.before.map(id => id.name))) {
      const list = byName.get(name)
      if (list) list.push(resource)
      else byName.set(name, [resource])
    }
  for (const referrer of resources) {
    const { root } = referrer
    if (!root) continue
    const id = originalId(referrer)
    for (const reference of specs.nameReference)
      for (const spec of reference.fieldSpecs) {
        if (!isSelectedType(id, spec)) continue
        const { path } = spec
        const fix = new ReferenceFix({ referrer, reference, spec, all: resources, byName, problems })
        visitField(root, { path }, (field, replace) => fix.field(field, replace))
      }
  }
}

type Reference = {
  readonly referrer: Resource
  readonly reference: NameReference
  readonly spec: FieldSpec
  readonly all: readonly Resource[]
  /** Objects by what they were called before. */
  readonly byName: ReadonlyMap<string, readonly Resource[]>
  readonly problems: Problems
}

class ReferenceFix {
  readonly #is: Reference
  #bound: ReadonlySet<string> | null = null

  constructor(reference: Reference) {
    this.#is = reference
  }

  field(field: Tree, replace: (value: Tree) => void): void {
    if (isNull(field)) return
    if (field.type === 'scalar') this.#scalar(field, replace)
    else if (field.type === 'map') this.#map(field)
    else
      for (const [index, item] of field.items.entries())
        if (item.type === 'map') this.#map(item)
        else if (item.type === 'scalar' && !isNull(item))
          this.#scalar(item, value => {
            field.items[index] = value
          })
  }

  #scalar(field: Tree & { type: 'scalar' }, replace: (value: Tree) => void): void {
    const found = this.#find(field.text, this.#candidates(field.text), field, false)
    const name = found && nameIn(found.root)
    if (!found || name === null || name === field.text) return
    replace(textScalar(name!, putBy(nameOrigin(found, field), 'name', field.origin)))
  }

  /** A map of `name` and perhaps `namespace`, as a subject of a role binding is. */
  #map(field: Mapping): void {
    const said = field.entries.get('name')
    if (said?.type !== 'scalar' || isNull(said)) return
    const old = said.text
    let candidates = this.#candidates(old)
    const namespace = field.entries.get('namespace')
    if (namespace !== undefined) {
      const text = textIn(namespace) ?? ''
      // Where anything at all was in that namespace at first, what is there now does not count.
      const wasThere = this.#reachable(this.#is.all).some(one => effectiveNamespace(originalId(one)) === text)
      const idOf = wasThere ? originalId : currentId
      candidates = candidates.filter(one => effectiveNamespace(idOf(one)) === text)
    }
    const found = this.#find(old, candidates, field, true)
    if (!found) return
    const name = nameIn(found.root)
    const foundNamespace = namespaceIn(found.root)
    if (name === old && foundNamespace === '') return
    if (name !== old) field.entries.set('name', textScalar(name, putBy(nameOrigin(found, said), 'name', said.origin)))
    if (foundNamespace === '' || textIn(namespace) === foundNamespace) return
    const from = treeAt(found.root, ['metadata', 'namespace'])
    field.entries.set(
      'namespace',
      textScalar(foundNamespace, putBy(from?.origin ?? said.origin, 'namespace', namespace?.origin)),
    )
  }

  /** Objects once called so that the referrer could mean from where it is. */
  #candidates(name: string): Resource[] {
    return this.#reachable(this.#is.byName.get(name) ?? [])
  }

  #reachable(all: readonly Resource[]): Resource[] {
    const referrer = currentId(this.#is.referrer)
    if (isClusterScopedId(referrer)) return [...all]
    return all.filter(candidate => {
      const id = currentId(candidate)
      return (
        isClusterScopedId(id) || sameNamespace(id, referrer) || this.#boundNamespaces().has(namespaceIn(candidate.root))
      )
    })
  }

  /** Namespaces that a role binding names service accounts in. */
  #boundNamespaces(): ReadonlySet<string> {
    this.#bound ??= new Set(
      currentId(this.#is.referrer).kind === 'RoleBinding'
        ? itemsIn(this.#is.referrer.root, 'subjects').flatMap(subject => {
            const namespace = treeAt(subject, ['namespace'])
            if (textIn(subject, 'kind') !== 'ServiceAccount' || namespace?.type !== 'scalar') return []
            if (isNull(namespace)) this.#is.problems.add('reference', namespace.origin, 'namespace')
            return [namespace.text]
          })
        : [],
    )
    return this.#bound
  }

  #find(name: string, all: readonly Resource[], at: Tree, withNamespace: boolean): Resource | null {
    const referrer = currentId(this.#is.referrer)
    let left = all.filter(
      candidate =>
        candidate.before.some(id => id.name === name) &&
        previousIds(candidate).some(id => isSelectedType(id, this.#is.reference)) &&
        this.#isRoleMeant(candidate),
    )
    if (!isClusterScopedId(referrer))
      left = left.filter(candidate => {
        const id = currentId(candidate)
        return isClusterScopedId(id) || id.kind === 'ServiceAccount' || sameNamespace(referrer, id)
      })
    if (left.length === 1) return left[0]!
    left = left.filter(candidate => sameAffixes(candidate, this.#is.referrer, true))
    if (left.length > 1) left = left.filter(candidate => sameAffixes(candidate, this.#is.referrer, false))
    const [first] = left
    if (!first) return null
    const alike = left.every(
      other =>
        nameIn(other.root) === nameIn(first.root) &&
        (!withNamespace || namespaceIn(other.root) === namespaceIn(first.root)),
    )
    if (alike) return first
    this.#is.problems.add('reference', at.origin, name)
    return null
  }

  /** A role binding says itself whether it means a Role or a ClusterRole. */
  #isRoleMeant(candidate: Resource): boolean {
    if (!this.#is.spec.path.endsWith('roleRef/name')) return true
    const group = textIn(this.#is.referrer.root, 'roleRef', 'apiGroup')
    const kind = textIn(this.#is.referrer.root, 'roleRef', 'kind')
    if (group === undefined || kind === undefined) return true
    return previousIds(candidate).some(id => isSelectedType(id, { group, kind }))
  }
}

const nameOrigin = (found: Resource, fallback: Tree) =>
  treeAt(found.root, ['metadata', 'name'])?.origin ?? fallback.origin

/** Both were given the same prefixes and suffixes, or, for the looser question, one of them none. */
function sameAffixes(a: Resource, b: Resource, none: boolean): boolean {
  const alike = (left: readonly string[], right: readonly string[]): boolean =>
    (none && (left.length === 0 || right.length === 0)) || sameEnd(left, right)
  return alike(a.prefixes, b.prefixes) && alike(a.suffixes, b.suffixes)
}

function sameEnd(a: readonly string[], b: readonly string[]): boolean {
  const [short, long] = a.length > b.length ? [b, a] : [a, b]
  if (short.length === 0) return long.length === 0
  const from = long.length - short.length
  return short.every((value, index) => value === long[index + from])
}
