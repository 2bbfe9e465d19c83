import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Scalar as YamlScalar,
} from 'yaml'
import { parseLoose } from '../../yaml/parse-loose.ts'
import type { How, Origin, Source } from './origin.ts'
import { copyTree, isList, isMapping, type Scalar, type Tree, valueOfPlain } from './tree.ts'

/** A text that cannot be read, with the 1-based line in its file. */
export type Unreadable = { readonly reason: string; readonly line: number }

/** The documents of a YAML or JSON text, without the empty ones; or why it cannot be read. */
export type TreeText =
  | {
      readonly documents: readonly Tree[]
      /** A key that stands twice in a map; the last one counts here, and kubectl refuses the file. */
      readonly repeated?: Unreadable
    }
  | { readonly unreadable: Unreadable }

/** Reads a file. Merge keys and aliases are resolved: every value stands for itself, with the place it is written at. */
export function readTrees(file: string, text: string, how: How): TreeText {
  const counter = new LineCounter()
  return read(text, counter, { file, lineAt: offset => counter.linePos(offset).line }, how)
}

/**
 * Reads a text that stands inside of a file, such as an inline patch. `origin` is that of the scalar; lines are exact
 * when `block` says that the text is written line by line (`|`), else they are that of the scalar.
 */
export function readInnerTrees(text: string, origin: Origin, block: boolean, how: How): TreeText {
  const counter = new LineCounter()
  const first = origin.source.lineAt(origin.at)
  const lineAt = (offset: number): number => (block ? first + counter.linePos(offset).line : first)
  return read(text, counter, { file: origin.source.file, lineAt, within: origin }, how)
}

/** Reads a text that stands in no file, such as what a template wrote: `source` says where its offsets are from. */
export const readTextTrees = (text: string, source: Source, how: How): TreeText =>
  read(text, new LineCounter(), source, how)

function read(text: string, counter: LineCounter, source: Source, how: How): TreeText {
  const documents = parseLoose(text, {
    version: '1.1',
    schema: 'failsafe',
    uniqueKeys: false,
    strict: false,
    lineCounter: counter,
    prettyErrors: false,
    logLevel: 'error',
  })
  const trees: Tree[] = []
  let repeated: Unreadable | undefined
  const repeat = (key: string, at: number): void => {
    repeated ??= { reason: key, line: source.lineAt(at) }
  }
  for (const document of documents) {
    const error = document.errors[0]
    if (error) return { unreadable: { reason: error.message.split('\n')[0]!, line: source.lineAt(error.pos[0]) } }
    if (document.contents === null) continue
    const tree = treeOf(document, text, source, how, repeat)
    if (tree.type === 'scalar' && tree.text === '') continue
    trees.push(tree)
  }
  return repeated ? { documents: trees, repeated } : { documents: trees }
}

function treeOf(
  document: Document.Parsed,
  text: string,
  source: Source,
  how: How,
  repeat: (key: string, at: number) => void,
): Tree {
  const anchored = new Map<Node, Tree>()
  return node(document.contents, null, '')

  function node(value: unknown, parent: Origin | null, step: string | number, emptyAt = 0): Tree {
    const at = (value as Node | null)?.range?.[0] ?? emptyAt
    const origin: Origin = { source, at, parent, step, how }
    if (isAlias(value)) {
      const target = value.resolve(document)
      const known = target && anchored.get(target)
      // An alias to itself or to nothing has no value.
      return known ? copyTree(known) : { type: 'scalar', text: '', str: false, origin }
    }
    const tree = plain(value, origin)
    if ((value as Node | null)?.anchor) anchored.set(value as Node, tree)
    return tree
  }

  function plain(value: unknown, origin: Origin): Tree {
    if (isScalar(value)) return { type: 'scalar', ...scalar(value, text), origin }
    if (isSeq(value))
      return {
        type: 'list',
        items: value.items.map((item, index) => node(isPair(item) ? null : item, origin, index, origin.at)),
        origin,
      }
    if (!isMap(value)) return { type: 'scalar', text: '', str: false, origin }
    const entries = new Map<string, Tree>()
    const merged: Tree[] = []
    for (const pair of value.items) {
      if (isScalar(pair.key) && pair.key.type === 'PLAIN' && pair.key.source === '<<') {
        merged.push(node(pair.value, origin, '<<'))
        continue
      }
      const key = isScalar(pair.key) ? String(pair.key.value ?? '') : ''
      if (entries.has(key)) repeat(key, isScalar(pair.key) ? (pair.key.range?.[0] ?? origin.at) : origin.at)
      entries.set(key, node(pair.value, origin, key, isScalar(pair.key) ? pair.key.range?.[0] : undefined))
    }
    // Keys that stand here win over those merged in, and earlier merges over later ones.
    for (const from of merged.flatMap(tree => (isList(tree) ? tree.items : [tree])))
      if (isMapping(from))
        for (const [key, item] of from.entries) if (!entries.has(key)) entries.set(key, copyTree(item))
    return { type: 'map', entries, origin }
  }
}

function scalar(value: YamlScalar, source: string): Pick<Scalar, 'text' | 'str' | 'plain' | 'block' | 'folded'> {
  const written = typeof value.value === 'string' ? value.value : (value.source ?? '')
  const text = isUnfinished(value, source) ? written.replace(/\n$/, '') : written
  const typed = value.tag === undefined ? value.type === 'PLAIN' : /:(int|float|bool|null)$/.test(value.tag)
  if (!typed && value.type === 'BLOCK_LITERAL') return { text, str: true, block: true }
  if (!typed) return value.type === 'BLOCK_FOLDED' ? { text, str: true, folded: true } : { text, str: true }
  // A date is text to whoever reads it, but kustomize prints it anew.
  return { text, str: valueOfPlain(text) === text, plain: true }
}

/** A block that ends the file without a line break has none at its end: so go-yaml reads it, where `yaml` adds one. */
const isUnfinished = (value: YamlScalar, source: string): boolean =>
  (value.type === 'BLOCK_LITERAL' || value.type === 'BLOCK_FOLDED') &&
  !source.endsWith('\n') &&
  (value.range?.[1] ?? 0) >= source.length
