import { describe, expect, test } from 'vitest'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { buildTopology } from '../topology/build-topology.ts'
import { findEnvironments } from './find-environments.ts'
import { renderKustomization } from './kustomize/render-kustomization.ts'
import { renderedManifests } from './rendered-manifests.ts'

const deployment = (name: string, env = '') => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: 1
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: main
          image: acme/${name}:1
          env: [${env}]
`
const service = (name: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {app: ${name}}, ports: [{port: 80}]}\n`

const texts = new Map(
  Object.entries({
    'base/kustomization.yaml': 'resources: [web.yaml, cart.yaml]\n',
    'base/web.yaml': deployment('web'),
    'base/cart.yaml': `${deployment('cart')}---\n${service('cart')}`,
    'overlays/prod/kustomization.yaml':
      'resources: [../../base, extra.yaml]\nnamespace: prod\nimages:\n  - name: acme/web\n    newTag: "2"\npatches:\n  - path: web.yaml\n',
    'overlays/prod/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: main
          env:
            - name: CART
              value: http://cart:80
`,
    'overlays/prod/extra.yaml': deployment('extra'),
    'overlays/staging/kustomization.yaml': 'resources: [../../base]\n',
    'listed/kustomization.yaml': 'resources: [a.yaml]\n',
    'listed/a.yaml': deployment('a'),
    'listed/b.yaml': deployment('b'),
    'parts/one/kustomization.yaml': 'kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\n',
  }),
)
const files = [...texts].map(([path, text]) => readManifestFile(path, text))

describe('kustomizations as environments', () => {
  test('overlays are, what they take in is not, and what only lists its folder is that folder', () => {
    const found = findEnvironments(files, texts).map(({ id, kind, workloads }) => `${id} ${kind} ${workloads}`)
    expect(found).toEqual(['listed folder 2', 'overlays/prod kustomize 3', 'overlays/staging kustomize 2'])
  })

  test('an environment is made of all its files', () => {
    expect(findEnvironments(files, texts).find(({ id }) => id === 'overlays/prod')?.files).toEqual([
      'base/cart.yaml',
      'base/kustomization.yaml',
      'base/web.yaml',
      'overlays/prod/extra.yaml',
      'overlays/prod/kustomization.yaml',
      'overlays/prod/web.yaml',
    ])
  })

  test('the graph points at the file and line that says it', () => {
    const rendering = renderKustomization(texts, 'overlays/prod')
    const topology = buildTopology(renderedManifests(rendering), { environment: 'overlays/prod', revision: '' })
    const web = topology.nodes.find(node => node.id === 'web')
    expect(web).toMatchObject({
      file: 'base/web.yaml',
      line: 1,
      resource: { file: 'overlays/prod/kustomization.yaml', kind: 'Deployment', namespace: 'prod', name: 'web' },
      containers: [{ image: 'acme/web:2' }],
    })
    const [edge] = topology.edges
    expect(edge).toMatchObject({ from: 'web', to: 'cart' })
    expect(edge?.evidence[0]).toMatchObject({ file: 'overlays/prod/web.yaml', line: 11 })
  })
})
