import { sameValue, type YamlValue } from '../../yaml/yaml-value.ts'
import { objectsIn } from '../kustomize/objects-in.ts'
import type { Origin, Source } from '../kustomize/origin.ts'
import { readTextTrees } from '../kustomize/read-tree.ts'
import { nameIn, namespaceIn } from '../kustomize/resource.ts'
import { type Mapping, textIn, toJson } from '../kustomize/tree.ts'

export type Agreement = {
  /** What Helm makes; the same objects as the built-in renderer's where it makes the same, with their lines. */
  readonly trees: readonly Mapping[]
  /** Objects that the two make differently, or that only one of them makes. */
  readonly differing: readonly string[]
}

const idOf = (tree: Mapping): string =>
  `${textIn(tree, 'apiVersion') ?? ''} ${textIn(tree, 'kind') ?? ''} ${namespaceIn(tree)}/${nameIn(tree)}`

/** Holds what Helm printed against what was rendered here. Helm is right; what agrees keeps its provenance. */
export function agreeWithHelm(printed: string, rendered: readonly Mapping[], chart: string): Agreement {
  const own = Map.groupBy(rendered, idOf)
  const differing: string[] = []
  const trees: Mapping[] = []
  for (const text of printed.split(/^---\s*$/m)) {
    const [, path] = /^# Source: [^/\n]+\/(.+)$/m.exec(text) ?? []
    const file = path === undefined ? `${lead(chart)}Chart.yaml` : lead(chart) + path
    const source: Source = { file, lineAt: () => 1 }
    const read = readTextTrees(text, source, 'template')
    if (!('documents' in read)) continue
    for (const tree of objectsIn(read.documents)) {
      if (isTest(tree)) continue
      const same = own.get(idOf(tree))?.shift()
      if (same && sameValue(toJson(same) as YamlValue, toJson(tree) as YamlValue)) trees.push(same)
      else {
        differing.push(idOf(tree))
        trees.push(same ? { ...tree, origin: placed(tree.origin, same.origin) } : tree)
      }
    }
  }
  for (const [id, left] of own) if (left.length > 0) differing.push(id)
  return { trees, differing }
}

const lead = (chart: string): string => (chart === '.' ? '' : `${chart}/`)
/** The line is known where the built-in renderer wrote the same object otherwise. */
const placed = (origin: Origin, own: Origin): Origin => ({ ...origin, source: own.source, at: own.at })
const isTest = (tree: Mapping): boolean =>
  (textIn(tree, 'metadata', 'annotations', 'helm.sh/hook') ?? '')
    .split(',')
    .some(hook => hook.trim().startsWith('test'))
