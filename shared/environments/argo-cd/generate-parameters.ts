import { glob } from '../helm/load-chart.ts'
import { TemplateError } from '../helm/value.ts'
import type { KustomizeReader } from '../kustomize/kustomization-files.ts'
import type { Origin } from '../kustomize/origin.ts'
import { readInnerTrees } from '../kustomize/read-tree.ts'
import {
  entriesIn,
  isMapping,
  isTrue,
  itemsIn,
  type Mapping,
  type Scalar,
  type Tree,
  textIn,
  textScalar,
  treeAt,
} from '../kustomize/tree.ts'
import { mappingIn } from '../trees.ts'
import { fillTemplate, type Parameters } from './fill-template.ts'

/** Parameters of each Application a generator makes, with the template of its own that the generator may have. */
export type Generated = { readonly parameters: Parameters; readonly template?: Mapping }

export type GeneratorNeeds = {
  readonly reader: KustomizeReader
  readonly goTemplate: boolean
  /** A generator whose answer is not in the files. */
  readonly unresolved: (kind: string, origin: Origin) => void
}

/** What a generator of an ApplicationSet makes of the files: list, git, matrix and merge. Others ask a cluster or a host. */
export function generateParameters(generator: Tree, needs: GeneratorNeeds): readonly Generated[] {
  const found = ['list', 'git', 'matrix', 'merge'].find(kind => treeAt(generator, [kind]) !== undefined)
  if (found === undefined) {
    const [kind] = entriesIn(generator).keys()
    needs.unresolved(kind ?? '', generator.origin)
    return []
  }
  const body = treeAt(generator, [found])!
  const template = mappingIn(body, 'template')
  const made = makers[found as keyof typeof makers](body, needs)
  return made
    .filter(parameters => isSelected(parameters, treeAt(generator, ['selector'])))
    .map(parameters => ({ parameters, ...(template && { template }) }))
}

const makers: {
  readonly [kind in 'list' | 'git' | 'matrix' | 'merge']: (body: Tree, needs: GeneratorNeeds) => readonly Parameters[]
} = {
  list: body => {
    const text = treeAt(body, ['elementsYaml'])
    const more =
      text?.type === 'scalar' ? readInnerTrees(text.text, text.origin, text.block === true, 'value') : { documents: [] }
    const inner = 'documents' in more ? more.documents.flatMap(tree => (tree.type === 'list' ? tree.items : [])) : []
    return [...itemsIn(body, 'elements'), ...inner].map(element => flat(element))
  },
  git: (body, { reader, unresolved }) => {
    const prefix = textIn(body, 'pathParamPrefix')
    const values = treeAt(body, ['values'])
    const { made, asked } =
      itemsIn(body, 'directories').length > 0 ? ofDirectories(body, reader) : ofFiles(body, reader)
    if (made.length === 0 && asked) unresolved('git', asked.origin)
    return made.map(parameters => {
      const own = prefix ? new Map([...parameters].map(([key, value]) => [prefixed(key, prefix), value])) : parameters
      return values
        ? new Map([...own, ...under('values', flat(fillTemplate(values, own, false, () => undefined)))])
        : own
    })
  },
  matrix: (body, needs) => {
    const [first, second] = itemsIn(body, 'generators')
    if (!first || !second) return []
    return generateParameters(first, needs).flatMap(({ parameters }) =>
      // The second may ask for what the first one gave.
      generateParameters(
        fillTemplate(second, parameters, needs.goTemplate, () => undefined),
        needs,
      ).map(inner => new Map([...parameters, ...inner.parameters])),
    )
  },
  merge: (body, needs) => {
    const keys = itemsIn(body, 'mergeKeys').map(key => textIn(key) ?? '')
    const [base, ...others] = itemsIn(body, 'generators').map(generator => generateParameters(generator, needs))
    const keyOf = (parameters: Parameters): string => JSON.stringify(keys.map(key => parameters.get(key)?.text ?? null))
    return (base ?? []).map(({ parameters }) => {
      const same = others.flatMap(other => other.filter(one => keyOf(one.parameters) === keyOf(parameters)))
      return new Map([parameters, ...same.map(one => one.parameters)].flatMap(one => [...one]))
    })
  },
}

const prefixed = (key: string, prefix: string): string => (/^path(\W|$)/.test(key) ? `${prefix}.${key}` : key)
const under = (name: string, parameters: Parameters): Parameters =>
  new Map([...parameters].map(([key, value]) => [`${name}.${key}`, value]))

/** Scalars by the path of keys that leads to each. */
function flat(tree: Tree, at = ''): Parameters {
  if (tree.type === 'scalar') return new Map(at === '' ? [] : [[at, tree]])
  const entries: Iterable<readonly [string, Tree]> =
    tree.type === 'map' ? tree.entries : tree.items.map((item, index) => [String(index), item] as const)
  return new Map([...entries].flatMap(([key, value]) => [...flat(value, at === '' ? key : `${at}.${key}`)]))
}

/** A pattern that cannot be understood matches nothing. */
function matcher(pattern: string): (path: string) => boolean {
  try {
    return glob(pattern)
  } catch (error) {
    if (error instanceof TemplateError) return () => false
    throw error
  }
}

type Asked = { readonly made: readonly Parameters[]; readonly asked: Tree | undefined }

function ofDirectories(body: Tree, reader: KustomizeReader): Asked {
  const rules = itemsIn(body, 'directories').map(entry => ({
    test: matcher((textIn(entry, 'path') ?? '').replace(/^\.\//, '').replace(/\/$/, '')),
    exclude: isTrue(treeAt(entry, ['exclude'])),
    entry,
  }))
  const folders = new Set<string>()
  for (const path of reader.paths())
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = path.slice(0, at)
      if (folders.has(folder)) break
      folders.add(folder)
    }
  const made = [...folders]
    .filter(folder => !folder.split('/').some(step => step.startsWith('.')))
    .filter(folder => !rules.some(rule => rule.exclude && rule.test(folder)))
    .sort()
    .flatMap(folder => {
      const rule = rules.find(one => !one.exclude && one.test(folder))
      return rule ? [pathParameters(folder, rule.entry.origin)] : []
    })
  return { made, asked: rules.find(rule => !rule.exclude)?.entry }
}

function ofFiles(body: Tree, reader: KustomizeReader): Asked {
  const rules = itemsIn(body, 'files').map(entry => ({
    test: matcher((textIn(entry, 'path') ?? '').replace(/^\.\//, '')),
    exclude: isTrue(treeAt(entry, ['exclude'])),
    entry,
  }))
  const made = reader
    .paths()
    .filter(
      path =>
        rules.some(rule => !rule.exclude && rule.test(path)) && !rules.some(rule => rule.exclude && rule.test(path)),
    )
    .flatMap(path => {
      const read = reader.trees(path, 'resource')
      if (!read || !('documents' in read)) return []
      const items = read.documents.flatMap(tree => (tree.type === 'list' ? tree.items : [tree])).filter(isMapping)
      const slash = path.lastIndexOf('/')
      return items.map(item => {
        const { origin } = item
        const name = path.slice(slash + 1)
        return new Map([
          ...flat(item),
          ...pathParameters(slash < 0 ? '.' : path.slice(0, slash), origin),
          ['path.filename', textScalar(name, origin)] as const,
          ['path.filenameNormalized', textScalar(normalized(name), origin)] as const,
        ])
      })
    })
  return { made, asked: rules.find(rule => !rule.exclude)?.entry }
}

function pathParameters(folder: string, origin: Origin): Parameters {
  const name = folder.slice(folder.lastIndexOf('/') + 1)
  // Where a folder lies is nothing that could be set somewhere.
  const text = (value: string): Scalar => textScalar(value, { ...origin, how: 'template' })
  return new Map([
    ['path', text(folder)],
    ['path.path', text(folder)],
    ['path.basename', text(name)],
    ['path.basenameNormalized', text(normalized(name))],
    ...folder.split('/').map((step, index) => [`path[${index}]`, text(step)] as const),
  ])
}

/** As part of a name of Kubernetes. */
const normalized = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9-.]/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')

function isSelected(parameters: Parameters, selector: Tree | undefined): boolean {
  if (!selector) return true
  for (const [key, wanted] of entriesIn(selector, 'matchLabels'))
    if (parameters.get(key)?.text !== textIn(wanted)) return false
  return itemsIn(selector, 'matchExpressions').every(expression => {
    const value = parameters.get(textIn(expression, 'key') ?? '')?.text
    const listed = itemsIn(expression, 'values').some(item => textIn(item) === value)
    switch (textIn(expression, 'operator')) {
      case 'In':
        return value !== undefined && listed
      case 'NotIn':
        return !listed
      case 'Exists':
        return value !== undefined
      case 'DoesNotExist':
        return value === undefined
      default:
        return true
    }
  })
}
