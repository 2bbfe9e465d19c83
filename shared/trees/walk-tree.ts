import type { Message } from '../messages/index.ts'
import {
  CelError,
  type CelValue,
  Failure,
  isDouble,
  isInt,
  type JsonMap,
  Missing,
  numberOf,
} from '../rules/cel/value.ts'
import { factAt } from '../rules/schema-types.ts'
import type { Tree, TreeNode } from './read-tree.ts'
import type { Outcome } from './tree-schema.ts'

/** A fact that decided, and what it was. */
export type Evidence = { readonly fact: string; readonly value: unknown }
/** One turn of a walk. `answer` is the branch that was taken; null where that is not known. */
export type Turn = {
  readonly node: string
  readonly question: string
  readonly dimension: string
  readonly expression: string
  readonly answer: string | null
  readonly next: string | null
  readonly evidence: readonly Evidence[]
}
/** What would have to come out otherwise for a walk to end elsewhere. */
export type Otherwise = { readonly outcome: string; readonly changes: readonly Change[] }
export type Change = {
  readonly node: string
  readonly question: string
  readonly expression: string
  /** How it comes out now; null where that is not known. */
  readonly from: string | null
  readonly to: string
}
export type Walk = {
  readonly path: readonly Turn[]
  readonly outcome: Outcome | null
  /** Facts that the walk stopped for want of. */
  readonly missing: readonly string[]
  /** Why it stopped, where it did. */
  readonly stopped: Message | null
  readonly otherwise: readonly Otherwise[]
}

/** Walks a tree with some facts, and finds the fewest turns that would have to change for each other outcome. */
export function walkTree(tree: Tree, given: JsonMap): Walk {
  const facts: JsonMap = { ...given, parameters: tree.parameters }
  const answers = new Map<string, Answer>()
  const answerOf = (node: TreeNode): Answer => {
    const known = answers.get(node.id)
    if (known) return known
    const answer = ask(node, facts)
    answers.set(node.id, answer)
    return answer
  }
  const path: Turn[] = []
  let missing: readonly string[] = []
  let stopped: Message | null = null
  let at = tree.start
  for (let node = tree.nodes.get(at); node; node = tree.nodes.get(at)) {
    const { branch, failure } = answerOf(node)
    const next = branch === null ? null : (node.branches[branch] as string)
    const { id, question, dimension, expression } = node
    path.push({ node: id, question, dimension, expression, answer: branch, next, evidence: evidenceOf(node, facts) })
    if (next === null) {
      missing = failure instanceof Missing ? failure.paths : []
      stopped = whyStopped(node, failure)
      break
    }
    at = next
  }
  const outcome = stopped === null ? (tree.outcomes.get(at) ?? null) : null
  return { path, outcome, missing, stopped, otherwise: otherwise(tree, answerOf, outcome?.id ?? null) }
}

type Answer = { readonly branch: string | null; readonly failure: CelValue }
function ask(node: TreeNode, facts: JsonMap): Answer {
  const value = node.program.evaluate(facts)
  const branch = branchOf(value)
  return branch !== null && Object.hasOwn(node.branches, branch)
    ? { branch, failure: null }
    : { branch: null, failure: value }
}
/** The name of the branch that a value takes. */
function branchOf(value: CelValue): string | null {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  return isInt(value) || isDouble(value) ? String(numberOf(value)) : null
}
function whyStopped(node: TreeNode, failure: CelValue): Message {
  if (failure instanceof Missing)
    return { key: 'rule.treeMissing', params: { question: node.question, missing: failure.paths.join(', ') } }
  if (failure instanceof CelError) return failure.message
  return { key: 'rule.noBranch', params: { id: node.id, answer: branchOf(failure) ?? '…' } }
}

/** What is known of what an expression reads, thresholds with it. */
const evidenceOf = ({ program }: TreeNode, facts: JsonMap): Evidence[] =>
  program.reads
    .map(fact => ({ fact, value: factAt(facts, fact) }))
    .filter(({ value }) => value !== undefined && !(value instanceof Failure))

/** Dijkstra over turns: a turn as it comes out costs nothing, any other one. Trees are small, so a plain list will do. */
function otherwise(tree: Tree, answerOf: (node: TreeNode) => Answer, reached: string | null): readonly Otherwise[] {
  const best = new Map<string, readonly Change[]>([[tree.start, []]])
  const open = new Set([tree.start])
  while (open.size > 0) {
    const at = [...open].reduce((a, b) => (cost(best, a) <= cost(best, b) ? a : b))
    open.delete(at)
    const node = tree.nodes.get(at)
    if (!node) continue
    const { branch } = answerOf(node)
    const changes = best.get(at) as readonly Change[]
    for (const [answer, next] of Object.entries(node.branches)) {
      const { id, question, expression } = node
      const trial =
        answer === branch ? changes : [...changes, { node: id, question, expression, from: branch, to: answer }]
      if (best.has(next) && cost(best, next) <= trial.length) continue
      best.set(next, trial)
      open.add(next)
    }
  }
  return [...tree.outcomes.keys()]
    .filter(id => id !== reached && best.has(id))
    .map(outcome => ({ outcome, changes: best.get(outcome) as readonly Change[] }))
    .toSorted((a, b) => a.changes.length - b.changes.length)
}
const cost = (best: ReadonlyMap<string, readonly Change[]>, id: string): number => best.get(id)?.length ?? Infinity
