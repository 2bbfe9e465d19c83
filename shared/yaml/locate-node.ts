import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { CannotEdit } from './cannot-edit.ts'
import { isMergeKey, keyOf, type YamlDocument } from './parse-yaml.ts'
import type { YamlPath } from './yaml-value.ts'

/** One step into a collection. */
export type NodeStep =
  | { readonly in: 'map'; readonly collection: YAMLMap; readonly index: number }
  | { readonly in: 'list'; readonly collection: YAMLSeq; readonly index: number }

export type LocatedNode = {
  /** From the root to the deepest place that exists. */
  readonly steps: readonly NodeStep[]
  /** The node there; null for a value that is not written (`key:`). */
  readonly node: Node | null
  /** What of the path does not exist yet. */
  readonly missing: YamlPath
}

/** Line in the file of an offset in the document, for what a refusal says. */
export type LineOf = (offset: number) => number

export const pathText = (path: YamlPath): string =>
  path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : text === '' ? step : `${text}.${step}`),
    '',
  )

/**
 * Walks a path as far as it exists. Refuses where going on would touch more than this one place: through an alias or
 * a merge key, into a node that an alias repeats elsewhere, or past a key that stands twice.
 * `shared` allows aliases: the node is then where its anchor is, and the caller answers for all places that repeat it.
 */
export function locateNode(yaml: YamlDocument, path: YamlPath, lineOf: LineOf, shared = false): LocatedNode {
  const steps: NodeStep[] = []
  let node: Node | null = yaml.document.contents as Node | null
  for (let depth = 0; depth <= path.length; depth++) {
    const walked = path.slice(0, depth)
    if (isAlias(node)) {
      if (!shared) throw crossesAlias(yaml, node, walked, lineOf)
      node = anchorBefore(yaml, node)
    } else if (!shared) {
      refuseRepeated(yaml, node, walked, lineOf)
    }
    const step = path[depth]
    if (step === undefined) break
    if (isMap(node)) {
      const index = pairIndex(yaml, node, String(step), path.slice(0, depth + 1), lineOf)
      if (index < 0) return { steps, node, missing: path.slice(depth) }
      steps.push({ in: 'map', collection: node, index })
      node = (node.items[index] as Pair<Node, Node | null>).value
    } else if (isSeq(node)) {
      if (typeof step !== 'number' || step < 0 || step >= node.items.length)
        throw new CannotEdit('edit.noSuchItem', { path: pathText(path.slice(0, depth + 1)) }, offsetOf(node))
      steps.push({ in: 'list', collection: node, index: step })
      node = node.items[step] as Node | null
    } else if (node === null || isNullScalar(node)) {
      return { steps, node, missing: path.slice(depth) }
    } else {
      throw new CannotEdit('edit.notACollection', { path: pathText(walked) }, offsetOf(node))
    }
  }
  return { steps, node, missing: [] }
}

const offsetOf = (node: Node | null): number | undefined => node?.range?.[0]

const isNullScalar = (node: Node): boolean =>
  isScalar(node) && node.type === Scalar.PLAIN && ['', '~', 'null', 'Null', 'NULL'].includes(String(node.value))

/** Index of a key's pair; -1 when it is not there. */
function pairIndex(yaml: YamlDocument, map: YAMLMap, key: string, path: YamlPath, lineOf: LineOf): number {
  const found: number[] = []
  map.items.forEach((pair, index) => {
    if (!isMergeKey(pair.key) && keyOf(pair.key) === key) found.push(index)
  })
  if (found.length > 1) {
    const at = found.map(index => (map.items[index]!.key as Node).range![0])
    const lines = at.map(lineOf).join(', ')
    throw new CannotEdit('edit.duplicateKey', { key: pathText(path), lines }, at[0])
  }
  if (found.length === 0) refuseMerged(yaml, map, key, path, lineOf)
  return found[0] ?? -1
}

function refuseMerged(yaml: YamlDocument, map: YAMLMap, key: string, path: YamlPath, lineOf: LineOf): void {
  for (const pair of map.items) {
    if (!isMergeKey(pair.key)) continue
    const from = isSeq(pair.value) ? pair.value.items : [pair.value]
    for (const one of from) {
      const source = isAlias(one) ? anchorBefore(yaml, one) : one
      if (!isMap(source) || !source.items.some(item => keyOf(item.key) === key)) continue
      const at = (pair.key as Node).range![0]
      throw new CannotEdit(
        'edit.crossesMerge',
        { path: pathText(path), line: lineOf(at), anchorLine: lineOf(source.range![0]) },
        at,
      )
    }
  }
}

function crossesAlias(yaml: YamlDocument, alias: Alias, path: YamlPath, lineOf: LineOf): CannotEdit {
  const anchor = anchorBefore(yaml, alias)
  const line = lineOf(alias.range![0])
  const anchorLine = anchor?.range ? lineOf(anchor.range[0]) : line
  return new CannotEdit(
    'edit.crossesAlias',
    { path: pathText(path), alias: alias.source, line, anchorLine },
    alias.range![0],
  )
}

/** A node whose anchor is used elsewhere cannot be changed alone. */
function refuseRepeated(yaml: YamlDocument, node: Node | null, path: YamlPath, lineOf: LineOf): void {
  const anchor = node && 'anchor' in node ? node.anchor : undefined
  if (!anchor) return
  const uses = aliasesOf(yaml).get(anchor)
  if (!uses) return
  const lines = uses.map(alias => lineOf(alias.range![0])).join(', ')
  throw new CannotEdit('edit.repeatedByAlias', { path: pathText(path), anchor, lines }, node!.range![0])
}

const aliases = new WeakMap<object, ReadonlyMap<string, readonly Alias[]>>()
function aliasesOf({ document, text }: YamlDocument): ReadonlyMap<string, readonly Alias[]> {
  let known = aliases.get(document)
  if (!known) {
    const found = new Map<string, Alias[]>()
    // Most manifests have none, and a walk over every node costs as much as the edit.
    if (text.includes('*'))
      visit(document, {
        Alias: (_, alias) => {
          found.set(alias.source, [...(found.get(alias.source) ?? []), alias])
        },
      })
    known = found
    aliases.set(document, known)
  }
  return known
}

/** The node an alias stands for: the nearest one before it that carries its anchor. */
function anchorBefore({ document }: YamlDocument, alias: Alias): Node | null {
  let found: Node | null = null
  visit(document, {
    Node: (_, node) => {
      if (node === alias) return visit.BREAK
      if ('anchor' in node && node.anchor === alias.source) found = node
      return undefined
    },
  })
  return found
}
