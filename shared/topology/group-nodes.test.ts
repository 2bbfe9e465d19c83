import { expect, test } from 'vitest'
import { bestGrouping, groupingChoice, groupings, groupKeys } from './group-nodes.ts'

const node = (
  id: string,
  namespace: string | undefined,
  more: { owner?: string; file?: string; runsOn?: string } = {},
) => ({
  id,
  ...(namespace !== undefined && { workload: { kind: 'Deployment', namespace, name: id } }),
  ...more,
})

test('nodes are gathered by what they say of themselves, and what says nothing under one empty key', () => {
  const nodes = [node('cart', 'shop'), node('till', 'pay', { owner: 'money' }), node('api.example.com', undefined)]
  expect([...groupKeys(nodes, [], 'namespace')]).toEqual([
    ['cart', 'shop'],
    ['till', 'pay'],
    ['api.example.com', ''],
  ])
  expect([...groupKeys(nodes, [], 'owner').values()]).toEqual(['', 'money', ''])
})

test('by circles of calls only what is on one is gathered; the rest stands for itself', () => {
  const nodes = [node('a', 'x'), node('b', 'x'), node('c', 'x')]
  const components = [
    { id: 'a', nodes: ['a', 'b'] },
    { id: 'c', nodes: ['c'] },
  ]
  expect([...groupKeys(nodes, components, 'component')]).toEqual([
    ['a', 'a'],
    ['b', 'a'],
  ])
})

test('folders are told apart at the first depth that does so', () => {
  const nodes = ['web', 'pay', 'mail', 'data', 'ops'].flatMap(team =>
    [1, 2].map(i => node(`${team}${i}`, 'one', { file: `apps/prod/${team}/svc-${i}/deployment.yaml` })),
  )
  expect(new Set(groupKeys(nodes, [], 'folder').values())).toEqual(new Set(['web', 'pay', 'mail', 'data', 'ops']))
})

const choicesOf = (nodes: readonly ReturnType<typeof node>[]) =>
  groupings.flatMap(by => groupingChoice(nodes, [], by) ?? [])

test('the grouping taken without being asked makes an overview, or none is', () => {
  const nodes = Array.from({ length: 400 }, (_, i) =>
    node(`s${i}`, `team-${i % 20}`, { owner: `crew-${i % 2}`, file: `deploy/s${i}.yaml`, runsOn: `edge-${i}` }),
  )
  const choices = choicesOf(nodes)
  expect(choices.map(choice => choice.by)).toEqual(['namespace', 'owner', 'site'])
  expect(choices.filter(choice => choice.useful).map(choice => choice.by)).toEqual(['namespace', 'site'])
  expect(bestGrouping(choices, nodes.length)).toBe('namespace')
  const alike = Array.from({ length: 400 }, (_, i) => node(`s${i}`, 'default', { file: 'all.yaml' }))
  expect(bestGrouping(choicesOf(alike), alike.length)).toBeNull()
})
