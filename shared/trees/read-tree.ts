import type { MessageKey, MessageParams } from '../messages/index.ts'
import { compileExpression, type Program } from '../rules/cel/compile-expression.ts'
import { environment } from '../rules/cel/environment.ts'
import { bool, dyn, type Type } from '../rules/cel/type.ts'
import type { FileProblem } from '../rules/file-problem.ts'
import { sayIssues } from '../rules/read-rules.ts'
import { readTextFile } from '../rules/text-file.ts'
import { nearestName } from '../topology/nearest-name.ts'
import { isYamlMap, type YamlPath } from '../yaml/yaml-value.ts'
import { DecisionTree, type Outcome, type TreeFact, type TreeNodeText, type TreeText } from './tree-schema.ts'

/** A question of a tree, ready to be asked. */
export type TreeNode = TreeNodeText & { readonly program: Program; readonly line: number }
/** A tree ready to be walked. */
export type Tree = {
  readonly file: string
  readonly text: TreeText
  readonly start: string
  readonly nodes: ReadonlyMap<string, TreeNode>
  readonly outcomes: ReadonlyMap<string, Outcome>
  readonly facts: ReadonlyMap<string, TreeFact>
  /** The value of each parameter: expressions see it as `parameters.name`. */
  readonly parameters: { readonly [name: string]: number | string | boolean }
}

/** Reads a decision tree. It is taken only as a whole: every branch leads somewhere, and no walk goes in a circle. */
export function readTree(
  file: string,
  text: string,
): { readonly tree: Tree | null; readonly problems: readonly FileProblem[] } {
  const source = readTextFile(file, text)
  const problems: FileProblem[] = [...source.problems]
  const document = source.documents[0]
  if (!document)
    return {
      tree: null,
      problems:
        problems.length > 0
          ? problems
          : [{ file, line: 1, column: 1, severity: 'error', message: { key: 'rule.notATree' } }],
    }
  const say = (path: YamlPath, key: MessageKey, params: MessageParams = {}): void => {
    problems.push(source.problem(document, path, { key, params }))
  }
  if (problems.length > 0) return { tree: null, problems }
  if (!isYamlMap(document.yaml.value)) {
    say([], 'rule.notATree')
    return { tree: null, problems }
  }
  const parsed = DecisionTree.safeParse(document.yaml.value, { reportInput: true })
  if (!parsed.success) {
    sayIssues(say, parsed.error.issues, [], Object.keys(DecisionTree.shape))
    return { tree: null, problems }
  }
  const { data } = parsed
  const nodes = new Map<string, TreeNode>()
  const outcomes = new Map<string, Outcome>()
  const known = new Set([...data.nodes, ...data.outcomes].map(({ id }) => id))
  const parameters = Object.fromEntries(Object.entries(data.parameters ?? {}).map(([name, { value }]) => [name, value]))
  const fields = new Map<string, Type>(Object.keys(parameters).map(name => [name, dyn]))
  const within = environment({
    open: true,
    variables: new Map<string, Type>([['parameters', { kind: 'object', name: 'parameters', fields: () => fields }]]),
  })
  data.outcomes.forEach((outcome, index) => {
    if (outcomes.has(outcome.id)) say(['outcomes', index, 'id'], 'rule.repeatedId', { id: outcome.id })
    outcomes.set(outcome.id, outcome)
  })
  data.nodes.forEach((node, index) => {
    const path = ['nodes', index]
    if (nodes.has(node.id) || outcomes.has(node.id)) say([...path, 'id'], 'rule.repeatedId', { id: node.id })
    const compiled = compileExpression(node.expression, within)
    for (const { message, from } of compiled.problems)
      problems.push(source.problem(document, [...path, 'expression'], message, 'error', from))
    for (const [answer, next] of Object.entries(node.branches)) {
      if (known.has(next)) continue
      const near = nearestName(next, known)
      say([...path, 'branches', answer], near === undefined ? 'rule.noSuchNode' : 'rule.noSuchNodeNear', {
        id: next,
        near: near ?? '',
      })
    }
    if (compiled.program && compiled.program.type.kind === bool.kind)
      for (const answer of ['true', 'false'])
        if (!Object.hasOwn(node.branches, answer)) say([...path, 'branches'], 'rule.noBranch', { id: node.id, answer })
    if (compiled.program)
      nodes.set(node.id, { ...node, program: compiled.program, line: source.lineOf(document, path) })
  })
  const start = data.start ?? data.nodes[0]?.id
  if (start === undefined || !known.has(start))
    say(data.start === undefined ? ['nodes'] : ['start'], 'rule.noSuchNode', { id: start ?? '' })
  if (problems.length > 0 || start === undefined) return { tree: null, problems }
  const circle = findCircle(nodes, start)
  if (circle) say(['nodes', data.nodes.findIndex(({ id }) => id === circle)], 'rule.treeCircle', { id: circle })
  const reached = reachable(nodes, start)
  for (const [list, items] of [
    ['nodes', data.nodes],
    ['outcomes', data.outcomes],
  ] as const)
    items.forEach(({ id }, index) => {
      if (!reached.has(id))
        problems.push(source.problem(document, [list, index], { key: 'rule.neverReached', params: { id } }, 'warning'))
    })
  if (circle) return { tree: null, problems }
  const facts = new Map(Object.entries(data.facts ?? {}))
  return { tree: { file, text: data, start, nodes, outcomes, facts, parameters }, problems }
}

function findCircle(nodes: ReadonlyMap<string, TreeNode>, start: string): string | null {
  const state = new Map<string, 'open' | 'done'>()
  const stack: { id: string; next: string[] }[] = [{ id: start, next: Object.values(nodes.get(start)?.branches ?? {}) }]
  state.set(start, 'open')
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const next = top.next.pop()
    if (next === undefined) {
      state.set(top.id, 'done')
      stack.pop()
    } else if (state.get(next) === 'open') return next
    else if (!state.has(next)) {
      state.set(next, 'open')
      stack.push({ id: next, next: Object.values(nodes.get(next)?.branches ?? {}) })
    }
  }
  return null
}

function reachable(nodes: ReadonlyMap<string, TreeNode>, start: string): ReadonlySet<string> {
  const found = new Set([start])
  for (const id of found) for (const next of Object.values(nodes.get(id)?.branches ?? {})) found.add(next)
  return found
}
