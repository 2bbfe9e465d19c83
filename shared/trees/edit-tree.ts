import { changeYaml, type YamlChange } from '../yaml/change-yaml.ts'
import { parseYaml } from '../yaml/parse-yaml.ts'
import type { YamlValue } from '../yaml/yaml-value.ts'
import { DecisionTree, type TreeText } from './tree-schema.ts'

/** One change of a tree's picture. Names are those of nodes and outcomes. */
export type TreeEdit =
  | { readonly kind: 'set-node'; readonly id: string; readonly field: NodeField; readonly value: string }
  | { readonly kind: 'set-outcome'; readonly id: string; readonly title: string }
  /** Leads an answer elsewhere, or adds it. */
  | { readonly kind: 'point'; readonly id: string; readonly answer: string; readonly to: string }
  | { readonly kind: 'remove-answer'; readonly id: string; readonly answer: string }
  /** Puts a question between an answer and where it leads. */
  | { readonly kind: 'ask-before'; readonly id: string; readonly answer: string; readonly question: string }
  /** Leads an answer to an outcome of its own. */
  | { readonly kind: 'end-here'; readonly id: string; readonly answer: string; readonly title: string }
  /** Takes a question out: what led to it leads to where its first answer led. */
  | { readonly kind: 'remove-node'; readonly id: string }
export type NodeField = 'question' | 'dimension' | 'expression'

/**
 * A tree's file with one edit of its picture, everything else as it was. The text must hold a tree of the right shape;
 * whether the result is a tree that can be walked is `readTree`'s to say. Throws `CannotEdit`.
 */
export function editTree(text: string, edit: TreeEdit): string {
  const documents = parseYaml(text)
  const document = documents.findIndex(({ yaml }) => yaml.value !== null)
  const tree = DecisionTree.parse(documents[document]?.yaml.value)
  return changeYaml(text, document, changesOf(tree, edit))
}

function changesOf(tree: TreeText, edit: TreeEdit): readonly YamlChange[] {
  const node = tree.nodes.findIndex(({ id }) => id === edit.id)
  const point = (to: string): YamlChange => ({
    op: 'set',
    path: ['nodes', node, 'branches', 'answer' in edit ? edit.answer : ''],
    value: to,
  })
  switch (edit.kind) {
    case 'set-node':
      return [{ op: 'set', path: ['nodes', node, edit.field], value: edit.value }]
    case 'set-outcome':
      return [
        {
          op: 'set',
          path: ['outcomes', tree.outcomes.findIndex(({ id }) => id === edit.id), 'title'],
          value: edit.title,
        },
      ]
    case 'point':
      return [point(edit.to)]
    case 'remove-answer':
      return [{ op: 'delete', path: ['nodes', node, 'branches', edit.answer] }]
    case 'ask-before': {
      const next = tree.nodes[node]?.branches[edit.answer] ?? edit.id
      const id = freeId(tree, edit.question)
      const value: YamlValue = {
        id,
        question: edit.question,
        dimension: tree.nodes[node]?.dimension ?? edit.id,
        expression: 'true',
        branches: { true: next, false: next },
      }
      return [{ op: 'insert', path: ['nodes'], index: node + 1, value }, point(id)]
    }
    case 'end-here': {
      const id = freeId(tree, edit.title)
      const value: YamlValue = { id, title: edit.title, recommendations: [] }
      return [{ op: 'insert', path: ['outcomes'], index: tree.outcomes.length, value }, point(id)]
    }
    case 'remove-node': {
      const heir = Object.values(tree.nodes[node]?.branches ?? {})[0]
      if (heir === undefined) return [{ op: 'delete', path: ['nodes', node] }]
      const led = tree.nodes.flatMap(({ branches }, index) =>
        Object.entries(branches)
          .filter(([, to]) => to === edit.id)
          .map(([answer]): YamlChange => ({ op: 'set', path: ['nodes', index, 'branches', answer], value: heir })),
      )
      const start: YamlChange[] = tree.start === edit.id ? [{ op: 'set', path: ['start'], value: heir }] : []
      return [...led, ...start, { op: 'delete', path: ['nodes', node] }]
    }
  }
}

/** A name made of words that nothing else in the tree has. */
function freeId(tree: TreeText, words: string): string {
  const taken = new Set([...tree.nodes, ...tree.outcomes].map(({ id }) => id))
  const base =
    words
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 40) || 'question'
  for (let number = 1; ; number++) {
    const id = number === 1 ? base : `${base}-${number}`
    if (!taken.has(id)) return id
  }
}
