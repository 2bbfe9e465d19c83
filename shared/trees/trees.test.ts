import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { translate } from '../messages/index.ts'
import type { JsonMap } from '../rules/cel/value.ts'
import { readTree, type Tree } from './read-tree.ts'
import { DecisionTree, treeJsonSchema } from './tree-schema.ts'
import { walkTree } from './walk-tree.ts'

const read = (text: string) => {
  const { tree, problems } = readTree('t.yaml', text)
  return {
    tree: tree as Tree,
    said: problems.map(
      ({ line, column, severity, message }) => `${line}:${column} ${severity} ${translate('en', message)}`,
    ),
  }
}
const shipped = readFileSync('resources/trees/monolith-to-services.yaml', 'utf8')

test('the shipped tree has 22 nodes, reads without a word, and gives every threshold a reason', () => {
  const { tree, said } = read(shipped)
  expect(said).toEqual([])
  expect(tree.nodes.size).toBe(22)
  expect(new Set([...tree.nodes.values()].map(({ dimension }) => dimension))).toEqual(
    new Set(['scale', 'team', 'SLA', 'deployment', 'evolution']),
  )
  expect(tree.parameters).toMatchObject({ mediumRate: 50, largeRate: 500, latencyBudget: 200, highAvailability: 99.95 })
  for (const { reason } of Object.values(tree.text.parameters ?? {})) expect(reason.length).toBeGreaterThan(20)
  // Whoever has no metrics can answer every question.
  const asked = new Set([...tree.nodes.values()].flatMap(({ program }) => program.reads))
  for (const fact of asked) if (!fact.startsWith('parameters.')) expect([...tree.facts.keys()]).toContain(fact)
})

/** Values of each fact on both sides of every threshold, found by trying. */
const choices: { readonly [fact: string]: readonly unknown[] } = {
  'load.requestsPerSecond': [10, 100, 1000],
  'load.newDataMegabytesPerDay': [1, 100, 5000],
  'load.hottestModulePercent': [10, 90],
  'runtime.goroutineGrowthPercentPerMinute': [0, 80],
  'domain.crossModuleChangePercent': [5, 50],
  'team.count': [1, 3],
  'team.concurrencySkill': ['none', 'strong'],
  'delivery.changeFailurePercent': [5, 40],
  'images.largestMegabytes': [80, 900],
  'sla.p99Milliseconds': [150, 800],
  'sla.availabilityPercent': [99, 99.99],
  'sla.consistency': ['strong', 'eventual'],
  'topology.longestCallChain': [2, 20],
}

/** Answers whatever a walk asks for, in every way there is. */
function everyWalk(tree: Tree): { outcomes: Set<string>; nodes: Set<string>; walks: number } {
  const outcomes = new Set<string>()
  const nodes = new Set<string>()
  let walks = 0
  const open: JsonMap[] = [{}]
  for (let facts = open.pop(); facts; facts = open.pop()) {
    const walk = walkTree(tree, facts)
    for (const { node } of walk.path) nodes.add(node)
    if (walk.outcome) {
      outcomes.add(walk.outcome.id)
      walks++
      continue
    }
    const fact = walk.missing[0] as string
    expect(tree.facts.has(fact), `${fact} can be asked`).toBe(true)
    for (const value of choices[fact] ?? [true, false]) open.push(withFact(facts, fact, value))
  }
  return { outcomes, nodes, walks }
}
function withFact(facts: JsonMap, fact: string, value: unknown): JsonMap {
  const [group, name] = fact.split('.') as [string, string]
  return { ...facts, [group]: { ...(facts[group] as JsonMap), [name]: value as string } }
}

test('every node is walked through and every outcome is reached', () => {
  const { tree } = read(shipped)
  const { outcomes, nodes, walks } = everyWalk(tree)
  expect(nodes.size).toBe(22)
  expect([...outcomes].sort()).toEqual([...tree.outcomes.keys()].sort())
  expect(walks).toBeGreaterThan(100)
})

const small = `kind: DecisionTree
name: s
parameters: { limit: { value: 10, reason: because } }
nodes:
  - { id: a, question: Many?, dimension: scale, expression: "load.rate > parameters.limit", branches: { "true": b, "false": stay } }
  - { id: b, question: Ready?, dimension: team, expression: "team.ready ? 'yes' : 'no'", branches: { "yes": go, "no": stay } }
outcomes:
  - { id: stay, title: Stay, recommendations: [wait] }
  - { id: go, title: Go, kind: decision, recommendations: [cut] }
`
test('a walk tells its path, the evidence of each turn and what would change its end', () => {
  const { tree, said } = read(small)
  expect(said).toEqual([])
  const walk = walkTree(tree, { load: { rate: 5 }, team: { ready: true } })
  expect(walk.path).toEqual([
    {
      node: 'a',
      question: 'Many?',
      dimension: 'scale',
      expression: 'load.rate > parameters.limit',
      answer: 'false',
      next: 'stay',
      evidence: [
        { fact: 'load.rate', value: 5 },
        { fact: 'parameters.limit', value: 10 },
      ],
    },
  ])
  expect(walk.outcome?.id).toBe('stay')
  expect(walk.otherwise).toEqual([
    {
      outcome: 'go',
      changes: [
        { node: 'a', question: 'Many?', expression: 'load.rate > parameters.limit', from: 'false', to: 'true' },
      ],
    },
  ])
})
test('what is not known stops a walk and is named', () => {
  const { tree } = read(small)
  const walk = walkTree(tree, { load: { rate: 50 } })
  expect(walk.outcome).toBeNull()
  expect(walk.missing).toEqual(['team.ready'])
  expect(walkTree(tree, { load: { rate: 50 }, team: {} }).missing).toEqual(['team.ready'])
  expect(walkTree(tree, { load: { rate: 50 }, team: { ready: 'often' } }).stopped?.key).toBe('rule.celNoOverload')
})
test.each([
  [
    'a branch to nowhere',
    small.replace('"yes": go', '"yes": goo'),
    ['6:102 error There is no node or outcome goo. Did you mean go?'],
  ],
  ['a circle', small.replace('"no": stay', '"no": a'), ['5:5 error A walk through a would go in a circle.']],
  [
    'a mistake in an expression',
    small.replace('> parameters.limit', '> parameters.limitt'),
    ['5:84 error parameters has no field limitt. Did you mean limit?'],
  ],
  ['no branch for false', small.replace(', "false": stay', ''), ['5:93 error a has no branch for the answer false.']],
  ['a name twice', small.replace('id: b,', 'id: a,'), []],
  ['a field nobody knows', small.replace('question: Many?', 'qestion: Many?'), []],
  ['no tree', 'kind: Deployment', []],
])('%s is told where it stands', (_, text, expected) => {
  const { tree, said } = read(text)
  expect(said.length).toBeGreaterThan(0)
  if (expected.length > 0) expect(said.slice(0, expected.length)).toEqual(expected)
  if (said.some(line => line.includes(' error '))) expect(tree).toBeNull()
})

test('the published schema is that of the reader, and takes the shipped tree', async () => {
  await expect(`${JSON.stringify(treeJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    '../../resources/schemas/decision-tree.schema.json',
  )
  expect(DecisionTree.safeParse(read(shipped).tree.text).success).toBe(true)
})
