// biome-ignore-all lint/suspicious/noTemplateCurlyInString: so Flux writes its variables
import { describe, expect, test } from 'vitest'
import { applyEdit } from '../edits/apply-edits.ts'
import { type Json, textAt, valueAt } from '../manifests/manifest.ts'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { translate } from '../messages/index.ts'
import { environmentPart } from './built-environments.ts'
import { environmentCalled, findEnvironments } from './find-environments.ts'
import { substitute } from './flux/substitute.ts'
import { kustomizeReader } from './kustomize/kustomization-files.ts'
import { readTrees } from './kustomize/read-tree.ts'
import { isMapping, type Mapping, type Scalar, textScalar, toJson } from './kustomize/tree.ts'
import { argoRepository, fluxRepository, helmRepository, type Repository } from './testing/gitops-repositories.ts'

const listed = (files: Repository): readonly string[] =>
  environmentsIn(files).map(({ id, name, workloads, approximate }) =>
    [id, name ?? '–', workloads, approximate ? 'approximate' : ''].join(' ').trim(),
  )
const environmentsIn = (files: Repository) =>
  findEnvironments(
    [...files].map(([path, text]) => readManifestFile(path, text)),
    files,
  )
const objectsOf = (files: Repository, id: string): Json[] =>
  (environmentPart(kustomizeReader(files), id)?.objects ?? []).map(({ tree }) => toJson(tree))
const findingsOf = (files: Repository, id: string): readonly string[] =>
  (environmentPart(kustomizeReader(files), id)?.findings ?? []).map(finding => translate('en', finding.message))
const withFiles = (files: Repository, ...more: [string, string][]): Repository => new Map([...files, ...more])

describe('environments as people call them', () => {
  test('charts beside each other are one environment for each name of values', () => {
    expect(listed(helmRepository)).toEqual([
      'charts charts 2 approximate',
      'charts@prod prod 2 approximate',
      'charts@staging staging 2 approximate',
    ])
  })

  test('charts that declare the same stand alone, each with its values', () => {
    const path = 'charts/web/templates/deployment.yaml'
    const same = helmRepository.get(path)!.replaceAll('{{ .Release.Name }}', 'cart')
    expect(listed(withFiles(helmRepository, [path, same]))).toEqual([
      'charts/cart cart 1 approximate',
      'charts/cart/values-prod.yaml prod 1 approximate',
      'charts/cart/values-staging.yaml staging 1 approximate',
      'charts/web web 1 approximate',
      'charts/web/values-prod.yaml prod 1 approximate',
    ])
  })

  test('Applications of Argo CD are gathered by environment, whoever makes them', () => {
    expect(listed(argoRepository)).toEqual([
      'argo-cd/preview preview 1 approximate',
      'argo-cd/production production 3 approximate',
      'argo-cd/qa qa 1 approximate',
      'argo-cd/staging staging 2 approximate',
    ])
    const environments = environmentsIn(argoRepository)
    expect(environmentCalled(environments, 'production')?.id).toBe('argo-cd/production')
    expect(environmentCalled(environments, 'web-staging')?.id).toBe('argo-cd/staging')
    expect(environmentCalled(environments, 'nothing')).toBeUndefined()
  })

  test('everything that the Kustomizations of a cluster lead to is one environment', () => {
    expect(listed(fluxRepository)).toEqual([
      'flux/production production 3 approximate',
      'flux/staging staging 3 approximate',
    ])
    expect(environmentsIn(fluxRepository).map(({ path, cluster }) => [path, cluster])).toEqual([
      ['clusters/production', 'production'],
      ['clusters/staging', 'staging'],
    ])
  })
})

test('Argo CD: images, values and namespaces as the Application says', () => {
  const text = JSON.stringify(objectsOf(argoRepository, 'argo-cd/production'))
  for (const said of [
    'ghcr.io/acme/web:1.2.0',
    'ghcr.io/acme/cart:1.4.0',
    '"replicas":5',
    '"replicas":4',
    '"namespace":"shop"',
  ])
    expect(text).toContain(said)
})

test('Flux: variables of the cluster, values of the release', () => {
  const text = JSON.stringify(objectsOf(fluxRepository, 'flux/staging'))
  for (const said of ['ghcr.io/acme/web:1.1.0-rc.1', '"namespace":"shop"', '"value":"http://search"'])
    expect(text).toContain(said)
  expect(JSON.stringify(objectsOf(fluxRepository, 'flux/production'))).toContain('"replicas":4')
})

test('Flux: what a post-renderer changes of a chart is changed, and edited there', () => {
  const path = 'apps/production/cart-values.yaml'
  const files = withFiles(fluxRepository, [
    path,
    `${fluxRepository.get(path)}  postRenderers:
    - kustomize:
        images:
          - name: ghcr.io/acme/cart
            newTag: "3.0.0"
        patches:
          - patch: |
              - op: add
                path: /metadata/labels
                value: {tier: critical}
            target: {kind: Deployment}
`,
  ])
  expect(findingsOf(files, 'flux/production')).toEqual([])
  const cart = (of: Repository) =>
    objectsOf(of, 'flux/production').find(object => textAt(object, 'metadata', 'name') === 'cart')
  const image = ['spec', 'template', 'spec', 'containers', 0, 'image'] as const
  expect(cart(files)).toMatchObject({ metadata: { labels: { tier: 'critical' } } })
  expect(textAt(cart(files), ...image)).toBe('ghcr.io/acme/cart:3.0.0')
  const resource = {
    file: 'charts/cart/templates/deployment.yaml',
    kind: 'Deployment',
    namespace: 'shop',
    name: 'cart',
    environment: 'flux/production',
  }
  const outcome = applyEdit(files, { kind: 'set-image', resource, container: 'main', image: 'ghcr.io/acme/cart:3.0.1' })
  if (outcome.kind !== 'applied') throw new Error(JSON.stringify(outcome))
  expect(outcome.files.get(path)).toBe(files.get(path)!.replace('3.0.0', '3.0.1'))
})

test('Argo CD: values from a source with a name, and files of a folder by pattern', () => {
  const files = withFiles(
    argoRepository,
    [
      'apps/production/mail.yaml',
      `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: mail}
spec:
  destination: {namespace: shop}
  sources:
    - repoURL: https://git.example.org/acme/deploy
      ref: config
    - repoURL: git@git.example.org:acme/deploy.git
      path: charts/cart
      helm:
        valueFiles: [$config/config/mail.yaml]
    - repoURL: https://git.example.org/acme/deploy.git
      path: deploy/many
      directory: {recurse: true, include: '*.yaml', exclude: '{old/*,*-test.yaml}'}
`,
    ],
    ['config/mail.yaml', 'replicaCount: 8\n'],
    ...['a.yaml', 'in/b.yaml', 'old/c.yaml', 'd-test.yaml'].map((name): [string, string] => [
      `deploy/many/${name}`,
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name.replace(/\W/g, '-')}}\n`,
    ]),
  )
  const objects = objectsOf(files, 'argo-cd/production')
  expect(objects).toContainEqual(expect.objectContaining({ spec: expect.objectContaining({ replicas: 8 }) }))
  const maps = objects.filter(object => textAt(object, 'kind') === 'ConfigMap')
  expect(maps.map(object => textAt(object, 'metadata', 'name'))).toEqual(['a-yaml', 'in-b-yaml'])
})

test('what is somewhere else is said, with the line that says where', () => {
  const remote = withFiles(argoRepository, [
    'apps/production/cache.yaml',
    `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: cache}
spec:
  destination: {namespace: shop}
  sources:
    - repoURL: https://charts.example.org
      chart: redis
      targetRevision: 19.1.0
      helm:
        valuesObject: {replicaCount: 3}
    - repoURL: https://git.example.org/other.git
      path: somewhere/else
`,
  ])
  expect(findingsOf(remote, 'argo-cd/production')).toEqual([
    'apps/production/cache.yaml:8: the chart redis of cache comes from https://charts.example.org and is not in this repository, so only its values are shown.',
    'apps/production/cache.yaml:13: somewhere/else of cache is in another repository (https://git.example.org/other.git), so what it declares is not shown.',
  ])
  expect(objectsOf(remote, 'argo-cd/production')).toContainEqual(
    expect.objectContaining({ kind: 'Application', spec: expect.objectContaining({ replicas: 3 }) }),
  )
})

test('a path of another repository is not one of this, though it exists here', () => {
  const argo = withFiles(argoRepository, [
    'apps/production/search.yaml',
    argoRepository.get('apps/production/search.yaml')!.replace('acme/deploy.git', 'other/thing.git'),
  ])
  expect(findingsOf(argo, 'argo-cd/production')).toEqual([
    'apps/production/search.yaml:14: deploy/search of search is in another repository (https://git.example.org/other/thing.git), so what it declares is not shown.',
  ])
  const flux = withFiles(
    fluxRepository,
    [
      'clusters/staging/other.yaml',
      'apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: other, namespace: flux-system}\nspec: {url: https://git.example.org/other}\n',
    ],
    [
      'clusters/staging/apps.yaml',
      fluxRepository.get('clusters/staging/apps.yaml')!.replace('name: flux-system\n  post', 'name: other\n  post'),
    ],
  )
  expect(listed(flux)).toContain('flux/production production 3 approximate')
  expect(findingsOf(flux, 'flux/staging')).toEqual([
    'clusters/staging/apps.yaml:7: ./apps/staging of apps is in another repository (GitRepository/other), so what it declares is not shown.',
  ])
})

test('generators of an ApplicationSet: folders, files, matrix; what asks a cluster is a finding', () => {
  const set = (generators: string, name: string, path: string): string =>
    `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: all}
spec:
  generators: ${generators}
  template:
    metadata: {name: '${name}'}
    spec: {destination: {namespace: '${name}'}, source: {repoURL: x, path: '${path}'}}
`
  const service = (name: string): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec: {template: {spec: {containers: [{name: main, image: acme/${name}:1}]}}}\n`
  const files = new Map([
    ['apps/cart/cart.yaml', service('cart')],
    ['apps/web/web.yaml', service('web')],
    ['apps/old/old.yaml', service('old')],
    ['config/dev.json', '{"env": "dev", "app": {"name": "web"}}'],
    ['config/prod.json', '{"env": "prod", "app": {"name": "cart"}}'],
  ])
  const members = (generators: string, name: string, path: string) =>
    environmentsIn(withFiles(files, ['set.yaml', set(generators, name, path)])).flatMap(one => one.members ?? [])
  const folders = '{git: {repoURL: x, directories: [{path: "apps/*"}, {path: apps/old, exclude: true}]}}'
  const inFiles = '{git: {repoURL: x, files: [{path: "config/*.json"}]}}'
  expect(members(`[${folders}]`, '{{path.basename}}', '{{path}}').sort()).toEqual(['cart', 'web'])
  expect(members(`[${inFiles}]`, '{{app.name}}-{{env}}', 'apps/{{app.name}}').sort()).toEqual(['cart-prod', 'web-dev'])
  const matrix = `[{matrix: {generators: [${folders}, {list: {elements: [{env: dev}, {env: prod}]}}]}}]`
  expect(members(matrix, '{{path.basename}}-{{env}}', '{{path}}').sort()).toEqual([
    'cart-dev',
    'cart-prod',
    'web-dev',
    'web-prod',
  ])
  const clusters = withFiles(files, ['set.yaml', set(`[{clusters: {}}, ${folders}]`, '{{path.basename}}', '{{path}}')])
  const [environment] = environmentsIn(clusters).filter(({ kind }) => kind === 'argo-cd')
  expect(findingsOf(clusters, environment!.id)).toEqual([
    'set.yaml:5: the generator clusters of all asks for more than the files say, so its Applications are not shown.',
  ])
})

test('a chart that a kustomization inflates is a part of it', () => {
  const files = new Map([
    ...[...helmRepository].flatMap(([path, text]): [string, string][] =>
      path.startsWith('charts/cart/') && !path.includes('values-') ? [[`shop/${path}`, text]] : [],
    ),
    [
      'shop/kustomization.yaml',
      'helmCharts:\n  - name: cart\n    releaseName: basket\n    valuesInline: {replicaCount: 6}\nimages:\n  - name: ghcr.io/acme/cart\n    newTag: "7"\n',
    ],
  ])
  expect(listed(files)).toEqual(['shop – 1 approximate'])
  expect(objectsOf(files, 'shop')).toMatchObject([
    {
      metadata: { name: 'basket' },
      spec: { replicas: 6, template: { spec: { containers: [{ image: 'ghcr.io/acme/cart:7' }] } } },
    },
  ])
})

test('a helmfile: its environments, values of each, charts of this repository and others', () => {
  const files = withFiles(
    helmRepository,
    [
      'helmfile.yaml',
      `environments:
  staging: {}
  production:
    values:
      - env/production.yaml
---
releases:
  - name: cart
    namespace: shop
    chart: ./charts/cart
    values:
      - replicaCount: {{ .Values | get "cart.replicas" 2 }}
  - name: cache
    chart: bitnami/redis
    version: 19.1.0
    values:
      - image: {repository: bitnami/redis, tag: "7.2"}
  - name: debug
    chart: ./charts/web
    installed: {{ eq .Environment.Name "staging" }}
`,
    ],
    ['env/production.yaml', 'cart:\n  replicas: 5\n'],
  )
  expect(listed(files).filter(line => line.startsWith('helmfile'))).toEqual([
    'helmfile.yaml@production production 2 approximate',
    'helmfile.yaml@staging staging 3 approximate',
  ])
  const replicas = (id: string) =>
    objectsOf(files, id).map(object => [textAt(object, 'metadata', 'name'), valueAt(object, ['spec', 'replicas'])])
  expect(replicas('helmfile.yaml@production')).toEqual([
    ['cart', 5],
    ['cache', undefined],
  ])
  expect(replicas('helmfile.yaml@staging')).toEqual([
    ['cart', 2],
    ['cache', undefined],
    ['debug', 1],
  ])
  expect(JSON.stringify(objectsOf(files, 'helmfile.yaml@staging'))).toContain('"image":"bitnami/redis:7.2"')
})

test('no mistake in a file brings it down', () => {
  let seed = 7
  const below = (most: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff
    return seed % most
  }
  const junk = [
    '[',
    '{',
    'null',
    '[]',
    '{}',
    '- a',
    '*x',
    '&a b',
    '${x',
    '{{ .a }}',
    '{{',
    '../../..',
    'apps/[',
    '<<: *a',
  ]
  let found = 0
  for (let round = 0; round < 25; round += 1)
    for (const files of [argoRepository, fluxRepository, helmRepository]) {
      const broken = new Map(files)
      for (let count = 0; count <= below(4); count += 1) {
        const path = [...broken.keys()][below(broken.size)]!
        const lines = broken.get(path)!.split('\n')
        const at = below(lines.length)
        const [gone, word] = [below(3), junk[below(junk.length)]!]
        if (gone === 0) lines.splice(at, 2)
        else lines[at] = gone === 1 ? `${lines[at]} ${word}` : lines[at]!.replace(/:.*$/, `: ${word}`)
        broken.set(path, lines.join('\n'))
      }
      found += environmentsIn(broken).length
    }
  expect(found).toBeGreaterThan(75)
})

describe('variables of Flux', () => {
  const origin = { source: { file: 'x', lineAt: () => 1 }, at: 0, parent: null, step: '', how: 'resource' } as const
  const variables = new Map<string, Scalar>(
    Object.entries({ name: 'Shop', count: '3', empty: '' }).map(([key, text]) => [key, textScalar(text, origin)]),
  )
  const filled = (text: string): [Json, string[]] => {
    const read = readTrees('a.yaml', `value: ${text}\n`, 'resource')
    const tree = 'documents' in read ? read.documents.find(isMapping) : undefined
    const missing: string[] = []
    const object = substitute(tree as Mapping, variables, name => missing.push(name))
    return [(toJson(object) as { readonly value: Json }).value, missing]
  }
  test.each([
    ['${name}', 'Shop'],
    ['a-${name}-${count}', 'a-Shop-3'],
    ['${count}', 3],
    ['${none:=8}', 8],
    ['${empty:-other}', 'other'],
    ['${empty-other}', null],
    ['${none-other}', 'other'],
    ['$${name}', '${name}'],
    ['${name,,}', 'shop'],
    ['${name^^}', 'SHOP'],
    ['${name:1:2}', 'ho'],
    ['${name/op/ed}', 'Shed'],
    ['${#name}', 4],
    ['${name%op}', 'Sh'],
    ['$name', '$name'],
    ['${not a name}', '${not a name}'],
  ])('%s', (text, value) => {
    expect(filled(text)).toEqual([value, []])
  })
  test('one without a value is empty, and is named', () => {
    expect(filled('a${none}')).toEqual(['a', ['none']])
  })
})
