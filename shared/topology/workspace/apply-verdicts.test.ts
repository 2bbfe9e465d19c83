import { expect, test } from 'vitest'
import { readManifestFile } from '../../manifests/read-manifests.ts'
import { translate } from '../../messages/index.ts'
import { readWorkspaceFile } from '../../workspace-file/read-workspace-file.ts'
import { buildTopology } from '../build-topology.ts'
import { toMermaid } from '../to-mermaid.ts'

const deployment = (name: string, env = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers: [{name: main, image: acme/${name}:1, env: [${env}]}]
---
apiVersion: v1
kind: Service
metadata: {name: ${name}-svc}
spec: {selector: {app: ${name}}, ports: [{port: 80}]}
---
`
const manifests = readManifestFile(
  'all.yaml',
  deployment('web', '{name: CART_URL, value: "http://cart-svc"}') +
    deployment('cart', '{name: WEB_URL, value: "http://web-svc"}') +
    deployment('store'),
)
const build = (yaml: string) =>
  buildTopology([manifests], {
    environment: 'deploy',
    revision: 'r',
    workspace: readWorkspaceFile('pilothouse.yaml', `apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\n${yaml}`),
  })
const edges = (yaml: string) =>
  build(yaml).edges.map(
    ({ from, to, protocol, state, confidence, evidence }) =>
      `${from} > ${to} ${protocol} ${state} ${confidence} ${evidence.map(({ kind, line }) => `${kind}:${line}`).join(' ')}`,
  )

test('owner and tier come to the node, by its id or its Service', () => {
  const { nodes, findings } = build(
    'services:\n  cart-svc: { owner: team-cart, tier: critical }\n  wbe: { owner: x }\n',
  )
  expect(nodes.find(node => node.id === 'cart')).toMatchObject({ owner: 'team-cart', tier: 'critical' })
  expect(findings.map(({ message }) => translate('en', message)).filter(text => text.includes('wbe'))).toEqual([
    'pilothouse.yaml:5 speaks of wbe, and nothing in this environment has that name. Did you mean web?',
  ])
})

test('people have the last word: confirmed and declared are certain, rejected stays marked and counts for nothing', () => {
  expect(
    edges(`edges:
  - { from: web, to: cart, state: confirmed, why: seen in the traces }
  - { from: cart, to: web, state: rejected }
  - { from: cart, to: store, state: declared, protocol: redis }
  - { from: store, to: web, state: rejected }
  - { from: store, to: backup.example.com, state: declared }
  - { from: store, to: cart, state: declared, environment: elsewhere }
`),
  ).toEqual([
    'cart > store redis declared 1 declared:6',
    'cart > web http rejected 0 declared:5 env:22',
    'store > backup.example.com tcp declared 1 declared:8',
    'web > cart http confirmed 1 declared:4 env:8',
  ])
  const judged = build('edges: [{ from: cart, to: web, state: rejected }]')
  expect(build('').components).toHaveLength(2)
  expect(judged.components).toHaveLength(3)
  expect(toMermaid(judged).match(/-->/g)).toHaveLength(1)
})

test('an end that no node has is told where it looks like a slip, or where only this environment is meant', () => {
  const said = (yaml: string) =>
    build(yaml).findings.flatMap(({ file, message }) => (file === 'pilothouse.yaml' ? [translate('en', message)] : []))
  expect(
    said(
      'edges:\n- { from: web, to: stroe, state: confirmed }\n- { from: elsewhere, to: cart, state: declared }\n- { from: nobody, to: cart, state: declared, environment: deploy }\n',
    ),
  ).toEqual([
    'pilothouse.yaml:4 speaks of stroe, and nothing in this environment has that name. Did you mean store?',
    'pilothouse.yaml:6 speaks of nobody, and nothing in this environment has that name.',
  ])
})
