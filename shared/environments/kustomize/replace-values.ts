import { type Origin, putBy } from './origin.ts'
import type { Problems } from './problem.ts'
import { anyIds, isSelectedId, type Resource, type ResourceId } from './resource.ts'
import { selectorMatcher } from './select-resources.ts'
import {
  copyTree,
  emptyList,
  emptyMap,
  isList,
  isMapping,
  isNull,
  itemsIn,
  plainScalar,
  type Scalar,
  type Tree,
  textIn,
  treeAt,
} from './tree.ts'
import { pathSteps, type Replace } from './visit-field.ts'

/** One entry of `replacements`: copies a value of one object into fields of others. */
export function replaceValues(resources: readonly Resource[], replacement: Tree, problems: Problems): void {
  const value = sourceValue(resources, replacement, problems)
  if (!value) return
  const targets = itemsIn(replacement, 'targets')
  if (targets.length === 0) problems.add('replacement-target', replacement.origin, 'targets')
  for (const target of targets) {
    const select = treeAt(target, ['select'])
    if (!select) {
      problems.add('replacement-target', target.origin, 'select')
      continue
    }
    const wanted = idIn(select)
    const matches = selectorMatcher(select)
    const rejects = itemsIn(target, 'reject')
    for (const resource of resources) {
      if (!resource.root || !matches(resource)) continue
      const ids = anyIds(resource)
      if (!ids.some(id => isSelectedId(id, wanted))) continue
      if (rejects.some(reject => isRejected(resource, ids, reject))) continue
      copyTo(resource, value, target, problems)
    }
  }
}

function isRejected(resource: Resource, ids: readonly ResourceId[], reject: Tree): boolean {
  const bySelector = ['labelSelector', 'annotationSelector'].some(field => (textIn(reject, field) ?? '') !== '')
  if (bySelector && selectorMatcher(reject)(resource)) return true
  const id = idIn(reject)
  const says = Object.values(id).some(part => part !== '')
  return says && ids.some(own => isSelectedId(own, id))
}

function idIn(tree: Tree): ResourceId {
  const part = (field: string): string => textIn(tree, field) ?? ''
  return {
    group: part('group'),
    version: part('version'),
    kind: part('kind'),
    name: part('name'),
    namespace: part('namespace'),
  }
}

function sourceValue(resources: readonly Resource[], replacement: Tree, problems: Problems): Tree | null {
  const literal = treeAt(replacement, ['sourceValue'])
  if (literal) return literal
  const source = treeAt(replacement, ['source'])
  if (!source) {
    problems.add('replacement-source', replacement.origin, 'source')
    return null
  }
  const wanted = idIn(source)
  const found = resources.filter(resource => resource.root && anyIds(resource).some(id => isSelectedId(id, wanted)))
  const path = textIn(source, 'fieldPath') || 'metadata.name'
  const about = [wanted.kind, wanted.name].filter(part => part !== '').join(' ')
  if (found.length !== 1) {
    problems.add(found.length === 0 ? 'replacement-source' : 'several-targets', source.origin, about)
    return null
  }
  const value = lookUp(found[0]!.root!, fieldSteps(path))
  if (!value || isEmpty(value)) {
    problems.add('replacement-source', treeAt(source, ['fieldPath'])?.origin ?? source.origin, `${about} ${path}`)
    return null
  }
  const delimiter = textIn(source, 'options', 'delimiter') ?? ''
  if (delimiter === '') return value
  const index = Number(textIn(source, 'options', 'index') ?? '0')
  const part = value.type === 'scalar' ? value.text.split(delimiter)[index] : undefined
  if (part === undefined) {
    problems.add('replacement-source', treeAt(source, ['options'])?.origin ?? source.origin, `${about} ${path}`)
    return null
  }
  return { ...(value as Scalar), text: part }
}

const isEmpty = (tree: Tree): boolean =>
  tree.type === 'list' ? tree.items.length === 0 : tree.type === 'map' ? tree.entries.size === 0 : isNull(tree)

/**
 * `spec.containers.[name=web].image` and `metadata.annotations.[a.b/c]` in steps: brackets keep their dots, and stay
 * where they pick an item of a list.
 */
export function fieldSteps(path: string): string[] {
  const parts = pathSteps(path, '.')
  const steps: string[] = []
  for (let index = 0; index < parts.length; index += 1) {
    const part = parts[index]!
    if (!part.startsWith('[') || part.endsWith(']')) {
      steps.push(part)
      continue
    }
    let whole = part
    while (index < parts.length - 1 && !whole.endsWith(']')) {
      index += 1
      whole += `.${parts[index]}`
    }
    steps.push(whole.includes('=') ? whole : whole.replace(/^\[+|\]+$/g, ''))
  }
  return steps
}

const isPosition = (step: string | undefined): boolean => step !== undefined && /^\+?\d+$/.test(step)
const isPick = (step: string | undefined): boolean => step?.startsWith('[') === true && step.endsWith(']')

/** `[name=web]` as its two sides. */
function pickOf(step: string): { field: string; value: string } {
  const inner = step.slice(1, -1)
  const equals = inner.indexOf('=')
  return equals < 0 ? { field: '', value: inner } : { field: inner.slice(0, equals), value: inner.slice(equals + 1) }
}

function lookUp(root: Tree, steps: readonly string[]): Tree | undefined {
  let at: Tree | undefined = root
  for (const raw of steps) {
    const step = raw.trim()
    if (step === '') continue
    if (at?.type === 'list') {
      if (isPosition(step)) at = at.items[Number(step)]
      else if (step === '-') at = at.items.at(-1)
      else if (isPick(step)) {
        const { field, value } = pickOf(step)
        at = at.items.find(item => (field === '' ? textIn(item) : textIn(item, field)) === value)
      } else return undefined
    } else at = at?.type === 'map' ? at.entries.get(step) : undefined
    if (!at || isNull(at)) return undefined
  }
  return at
}

function copyTo(resource: Resource, value: Tree, target: Tree, problems: Problems): void {
  const paths = itemsIn(target, 'fieldPaths')
  const options = treeAt(target, ['options'])
  const create = textIn(options, 'create') === 'true'
  const all = paths.length > 0 ? paths.map(item => ({ text: textIn(item) ?? '', origin: item.origin })) : []
  if (all.length === 0) all.push({ text: 'metadata.name', origin: target.origin })
  for (const { text, origin } of all) {
    const found: { field: Tree; replace: Replace }[] = []
    const finder: Finder = {
      create: create ? value.type : null,
      origin,
      found: (field, replace) => found.push({ field, replace }),
    }
    const isFine = find(resource.root!, fieldSteps(text), finder, () => undefined)
    if (!isFine || found.length === 0) {
      problems.add('replacement-target', origin, text)
      continue
    }
    for (const { field, replace } of found) {
      const put = putValue(field, value, options, origin)
      if (put) replace(put)
      else problems.add('replacement-target', origin, text)
    }
  }
}

/** The value as it shall stand in the field; null where a delimiter meets more than one value. */
function putValue(field: Tree, value: Tree, options: Tree | undefined, origin: Origin): Tree | null {
  const delimiter = textIn(options, 'delimiter') ?? ''
  const at = putBy(origin, 'replacement', field.origin)
  let text = value.type === 'scalar' ? value.text : ''
  if (delimiter !== '') {
    if (field.type !== 'scalar') return null
    const index = Number(textIn(options, 'index') ?? '0')
    const parts = field.text.split(delimiter)
    if (index < 0) parts.unshift(text)
    else if (index >= parts.length) parts.push(text)
    else parts[index] = text
    text = parts.join(delimiter)
  }
  // The field keeps being what it was: a number stays one, whatever text is put there.
  if (field.type === 'scalar') return { type: 'scalar', text, str: field.str, origin: at }
  const put = copyTree(value)
  if (put.type === 'scalar') put.text = text
  put.origin = at
  return put
}

type Finder = {
  /** What to make where the last field is missing; null for nothing. */
  readonly create: Tree['type'] | null
  readonly origin: Origin
  readonly found: (field: Tree, replace: Replace) => void
}

/** False where a position is asked for that the list does not have. */
function find(tree: Tree, steps: readonly string[], finder: Finder, replace: Replace): boolean {
  const [step, ...rest] = steps
  if (step === undefined) {
    finder.found(tree, replace)
    return true
  }
  const made = (): Tree => {
    const next = rest[0]
    if (isPick(next) || isPosition(next)) return emptyList(finder.origin)
    if (next !== undefined || finder.create === 'map') return emptyMap(finder.origin)
    return finder.create === 'list' ? emptyList(finder.origin) : plainScalar('', finder.origin)
  }
  const inItem = (list: Tree & { type: 'list' }, index: number): boolean =>
    find(list.items[index]!, rest, finder, value => {
      list.items[index] = value
    })
  if (isPosition(step)) {
    if (!isList(tree)) return false
    const index = Number(step)
    if (tree.items.length === index && finder.create) tree.items.push(made())
    return index < tree.items.length && inItem(tree, index)
  }
  if (isPick(step)) {
    if (!isList(tree)) return false
    const { field, value } = pickOf(step)
    const pattern = new RegExp(value)
    const picked = (): number[] =>
      [...tree.items.keys()].filter(index => {
        const text = field === '' ? textIn(tree.items[index]) : textIn(tree.items[index], field)
        return text !== undefined && pattern.test(text)
      })
    let indexes = picked()
    if (indexes.length === 0 && finder.create) {
      const text = plainScalar(value, finder.origin)
      const item = field === '' ? text : emptyMap(finder.origin)
      if (isMapping(item)) item.entries.set(field, text)
      tree.items.push(item)
      indexes = picked()
    }
    return indexes.map(index => (field === '' ? takeItem(tree, index) : inItem(tree, index))).every(Boolean)
  }
  if (step === '*') return isList(tree) && [...tree.items.keys()].map(index => inItem(tree, index)).every(Boolean)
  if (!isMapping(tree)) return false
  if (!tree.entries.has(step)) {
    if (!finder.create) return true
    tree.entries.set(step, made())
  }
  return find(tree.entries.get(step)!, rest, finder, value => {
    tree.entries.set(step, value)
  })

  function takeItem(list: Tree & { type: 'list' }, index: number): boolean {
    finder.found(list.items[index]!, value => {
      list.items[index] = value
    })
    return true
  }
}
