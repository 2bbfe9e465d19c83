import { describe, expect, test } from 'vitest'
import { changedFields } from './changed-fields.ts'
import { joinTouched, passes, type TouchFilter, touchedByFields, touchedByRecord } from './touched.ts'

const before = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {team: a, "tier": front}}
spec:
  replicas: 2 # for the weekend
  template:
    spec:
      nodeSelector:
        kubernetes.io/hostname: porto
      containers:
      - name: web
        image: registry.example/shop/web:1.2.0
        args: [--fast, "--port=80"]
        env:
          - name: MODE
            value: "fast"
      - name: side
        image: envoy@sha256:abc
`
const paths = (after: string) => changedFields(before, after).map(({ path, value }) => `${path}=${value}`)

describe('fields on lines that differ', () => {
  test.each([
    ['replicas: 2 # for the weekend', 'replicas: 4', ['spec.replicas=2', 'spec.replicas=4']],
    ['# for the weekend', '# for the sale', []],
    [
      'web:1.2.0',
      'web:1.3.0',
      ['registry.example/shop/web:1.2.0', 'registry.example/shop/web:1.3.0'].map(
        image => `spec.template.spec.containers.image=${image}`,
      ),
    ],
    ['"fast"', 'slow', ['fast', 'slow'].map(value => `spec.template.spec.containers.env.value=${value}`)],
    ['team: a', 'team: b', ['metadata.labels.team=a', 'metadata.labels.team=b']],
    ['--fast, ', '', ['spec.template.spec.containers.args=--fast']],
    [
      '      - name: side\n        image: envoy@sha256:abc\n',
      '',
      ['spec.template.spec.containers.name=side', 'spec.template.spec.containers.image=envoy@sha256:abc'],
    ],
  ])('%j as %j', (was, is, expected) => {
    expect(before).toContain(was)
    expect(paths(before.replace(was, is))).toEqual(expected)
  })

  test('of JSON and of a file that is new', () => {
    expect(
      changedFields('{\n  "spec": {\n    "replicas": 2\n  }\n}\n', '{\n  "spec": {\n    "replicas": 3\n  }\n}\n'),
    ).toEqual([
      { path: 'spec.replicas', value: '2' },
      { path: 'spec.replicas', value: '3' },
    ])
    expect(changedFields('', 'a:\n  b: 1\n').map(({ path }) => path)).toEqual(['a', 'a.b'])
  })
})

const record = `---
status: accepted
---
# x

## What Changed

| field | before | after | where |
| --- | --- | --- | --- |
| \`Deployment/web spec.template.spec.containers[web].image\` | \`registry.example/shop/web:1.2.0\` | \`registry.example/shop/web:1.3.0\` | a.yaml:3 |
| \`Deployment/web spec.template.spec.nodeSelector.kubernetes\\.io/hostname\` |  | \`porto\` | a.yaml:9 |

## Gate

Verdict: warn.

| rule | verdict | finding | reason given |
| --- | --- | --- | --- |
| replicas-max | warn | Six are many \\| really | the sale |
`

test('what is searched for is found as people write it, and nothing like it', () => {
  const web = touchedByRecord(record)
  const plain = touchedByFields('a.yaml', changedFields(before, before.replace('replicas: 2', 'replicas: 3')))
  const grpc = joinTouched([
    { fields: [], rules: [], nodes: [], dependencies: [{ name: 'google.golang.org/grpc', version: 'v1.70.0' }] },
    { fields: [], rules: [], nodes: [], dependencies: [{ name: '@types/node', version: '22.1.0' }] },
  ])
  const found = (filter: TouchFilter) => [web, plain, grpc].map(touched => passes(touched, filter))
  expect(found({ field: 'replicas' })).toEqual([false, true, false])
  expect(found({ field: 'spec.Replicas' })).toEqual([false, true, false])
  expect(found({ field: 'plicas' })).toEqual([false, false, false])
  expect(found({ field: 'containers.image' })).toEqual([true, false, false])
  expect(found({ field: 'containers[web].image' })).toEqual([true, false, false])
  expect(found({ field: 'containers[side].image' })).toEqual([false, false, false])
  expect(found({ rule: 'Replicas-Max' })).toEqual([true, false, false])
  expect(found({ rule: 'replicas' })).toEqual([false, false, false])
  expect(found({ node: 'porto' })).toEqual([true, false, false])
  expect(found({ node: 'port' })).toEqual([false, false, false])
  expect(found({ dependency: 'grpc' })).toEqual([false, false, true])
  expect(found({ dependency: 'google.golang.org/grpc@1.70.0' })).toEqual([false, false, true])
  expect(found({ dependency: 'grpc@1.7' })).toEqual([false, false, false])
  expect(found({ dependency: '@types/node@22.1.0' })).toEqual([false, false, true])
  expect(found({ dependency: 'web@1.3.0' })).toEqual([true, false, false])
  expect(found({ dependency: 'web@1.3.0', rule: 'replicas-max', node: 'porto' })).toEqual([true, false, false])
  expect(found({ dependency: 'web@1.3.0', field: 'replicas' })).toEqual([false, false, false])
})

test('machines of an edge file are found by any field', () => {
  const file = '.pilothouse/edge/harbour.yaml'
  expect(passes(touchedByFields(file, changedFields('', 'nodes:\n  - name: crane-7\n')), { node: 'crane-7' })).toBe(
    true,
  )
})
