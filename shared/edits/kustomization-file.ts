import { resourcesIn } from '../manifests/locate-resource.ts'
import { changeYaml, type YamlChange } from '../yaml/change-yaml.ts'
import { parseYaml } from '../yaml/parse-yaml.ts'
import { isYamlList, isYamlMap, valueAt, type YamlMap, type YamlPath, type YamlValue } from '../yaml/yaml-value.ts'

export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** The path from the workspace root of an entry of a file in `folder`: `../base/cart.yaml`, `./cart.yaml`, `cart`. */
function resolveEntry(folder: string, entry: string): string {
  const parts = folder === '' ? [] : folder.split('/')
  for (const part of entry.split('/'))
    if (part === '..') parts.pop()
    else if (part !== '.' && part !== '') parts.push(part)
  return parts.join('/')
}

/** The object of a kustomization; undefined where the file cannot be read. */
export function kustomizationIn(text: string): YamlMap | undefined {
  const value = parseYaml(text)[0]?.yaml.value
  return isYamlMap(value) ? value : undefined
}

const lists = ['resources', 'bases', 'components', 'patchesStrategicMerge', 'crds', 'generators', 'transformers']

/** Adds an entry beside the one that names `like`; null when the kustomization does not list that. */
export function withEntry(path: string, text: string, like: string, added: string): string | null {
  const value = kustomizationIn(text)
  const folder = folderOf(path)
  for (const list of ['resources', 'bases']) {
    const items = value?.[list]
    if (!isYamlList(items)) continue
    const at = items.findIndex(item => typeof item === 'string' && resolveEntry(folder, item) === like)
    if (at < 0) continue
    const model = String(items[at])
    const entry = `${model.startsWith('./') ? './' : ''}${relative(folder, added)}`
    if (items.includes(entry)) return text
    const names = items.map(String)
    const isSorted = names.length > 1 && names.every((name, index) => index === 0 || names[index - 1]! <= name)
    const next = isSorted ? names.findIndex(name => name > entry) : -1
    return changeYaml(text, 0, [{ op: 'insert', path: [list], index: next < 0 ? items.length : next, value: entry }])
  }
  return null
}

/** `added` as seen from `folder`. */
function relative(folder: string, path: string): string {
  const from = folder === '' ? [] : folder.split('/')
  const to = path.split('/')
  let shared = 0
  while (shared < from.length && shared < to.length - 1 && from[shared] === to[shared]) shared += 1
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/')
}

type Target = { readonly kind: string; readonly name: string }

/**
 * What a kustomization loses when files and objects are gone: entries of those files, and patches and replica counts
 * that are aimed at those objects and would not build any more.
 */
export function withoutTargets(
  path: string,
  text: string,
  files: ReadonlySet<string>,
  targets: readonly Target[],
): string {
  const value = kustomizationIn(text)
  if (!value) return text
  const folder = folderOf(path)
  const gone = (entry: YamlValue | undefined) => typeof entry === 'string' && files.has(resolveEntry(folder, entry))
  const deletions: YamlPath[] = []
  for (const list of lists) {
    const items = value[list]
    if (isYamlList(items)) for (const [index, item] of items.entries()) if (gone(item)) deletions.push([list, index])
  }
  for (const list of ['patches', 'patchesJson6902']) {
    const items = value[list]
    if (!isYamlList(items)) continue
    for (const [index, item] of items.entries()) {
      if (!isYamlMap(item)) continue
      const patched = typeof item['patch'] === 'string' ? resourcesIn('patch.yaml', item['patch']) : []
      const isInline =
        patched.length > 0 &&
        patched.every(({ ref }) => targets.some(target => isTarget({ kind: ref.kind, name: ref.name }, target)))
      if (gone(item['path']) || isInline || targets.some(target => isTarget(item['target'], target)))
        deletions.push([list, index])
    }
  }
  const replicas = value['replicas']
  if (isYamlList(replicas))
    for (const [index, item] of replicas.entries())
      if (targets.some(({ kind, name }) => kind !== 'Service' && valueAt(item, ['name']) === name))
        deletions.push(['replicas', index])
  return changeYaml(text, 0, deletionsOf(value, deletions))
}

/** Later items first; a list that would be left empty goes with its key. */
function deletionsOf(value: YamlMap, paths: readonly YamlPath[]): YamlChange[] {
  return [...Map.groupBy(paths, path => String(path[0]))].flatMap(([list, items]): YamlChange[] => {
    const all = value[list]
    if (isYamlList(all) && all.length === items.length) return [{ op: 'delete', path: [list] }]
    return items.toSorted((a, b) => Number(b[1]) - Number(a[1])).map(path => ({ op: 'delete', path }))
  })
}

/** True for an exact target: a kustomize target may leave the kind out, and its name is a pattern. */
export const isTarget = (value: YamlValue | undefined, { kind, name }: Target): boolean =>
  isYamlMap(value) && value['name'] === name && (value['kind'] === undefined || value['kind'] === kind)
