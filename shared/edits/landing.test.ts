import { describe, expect, test } from 'vitest'
import {
  argoRepository,
  fluxRepository,
  helmRepository,
  type Repository,
} from '../environments/testing/gitops-repositories.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import { translate } from '../messages/index.ts'
import { applyEdit } from './apply-edits.ts'
import type { Edit } from './edit.ts'

const deployment = (name: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  replicas: 1\n  template:\n    spec:\n      containers:\n        - name: main\n          image: acme/${name}:1\n`
const overlay = 'resources:\n  - ../../base\n'
const prod = 'overlays/prod/kustomization.yaml'
const overlays: Repository = new Map([
  ['base/kustomization.yaml', 'resources:\n  - web.yaml\n'],
  ['base/web.yaml', deployment('web')],
  [prod, `${overlay}  - own.yaml\n`],
  ['overlays/prod/own.yaml', deployment('own')],
  ['overlays/staging/kustomization.yaml', overlay],
  ['overlays/test/kustomization.yaml', overlay],
])
const and = (files: Repository, ...more: [string, string][]): Repository => new Map([...files, ...more])
const alone: Repository = new Map([...overlays].filter(([path]) => !/staging|test/.test(path)))
const crowd = ['a', 'b'].map((name): [string, string] => [`overlays/${name}/kustomization.yaml`, overlay])

const helmfile = and(
  new Map([...helmRepository].filter(([path]) => path.startsWith('charts/cart/') && !path.includes('values-'))),
  [
    'helmfile.yaml',
    'environments:\n  staging: {}\n  production: {}\n---\nreleases:\n  - name: cart\n    namespace: shop\n    chart: ./charts/cart\n    values:\n      - env/cart-{{ .Environment.Name }}.yaml\n',
  ],
  ['env/cart-production.yaml', 'replicaCount: 5\n'],
  ['env/cart-staging.yaml', 'replicaCount: 2\n'],
)

const inOverlay = (name = 'web'): ResourceRef => ({ file: prod, kind: 'Deployment', name })
const inEnvironment = (environment: string, name: string, namespace?: string): ResourceRef => ({
  file: '',
  environment,
  kind: 'Deployment',
  name,
  ...(namespace !== undefined && { namespace }),
})
const scale = (resource: ResourceRef): Edit => ({ kind: 'set-replicas', resource, replicas: 7 })
const run = (resource: ResourceRef, image: string): Edit => ({ kind: 'set-image', resource, container: 'main', image })
const label = (resource: ResourceRef): Edit => ({
  kind: 'set-metadata',
  resource,
  at: 'object',
  field: 'labels',
  key: 'tier',
  value: 'x',
})

function landing(files: Repository, edit: Edit): string | undefined {
  const outcome = applyEdit(files, edit)
  expect(outcome).toMatchObject({ kind: 'applied' })
  return outcome.kind === 'applied' && outcome.landing ? translate('en', outcome.landing) : undefined
}

describe('where an edit of a built object went, and why there', () => {
  const shared = 'because base/web.yaml is shared with staging, test'
  const table: readonly (readonly [string, Repository, Edit, string | undefined])[] = [
    ['an image', overlays, run(inOverlay(), 'acme/web:2'), `In images: of ${prod}, ${shared}.`],
    ['replicas', overlays, scale(inOverlay()), `In replicas: of ${prod}, ${shared}.`],
    ['a new patch', overlays, label(inOverlay()), `As a patch in ${prod}, ${shared}.`],
    ['a removal', overlays, { kind: 'remove-service', resource: inOverlay() }, `As a patch in ${prod}, ${shared}.`],
    [
      'a patch in a file',
      and(
        overlays,
        [prod, `${overlay}patches:\n  - path: web.yaml\n`],
        ['overlays/prod/web.yaml', deployment('web').split('  template')[0]!],
      ),
      scale(inOverlay()),
      `As a patch in overlays/prod/web.yaml, ${shared}.`,
    ],
    [
      'more environments than can be named',
      and(overlays, ...crowd),
      scale(inOverlay()),
      `In replicas: of ${prod}, because base/web.yaml is shared with a, b, staging, ….`,
    ],
    [
      'a base of this overlay alone, and of one that follows it',
      and(alone, ['overlays/prod-eu/kustomization.yaml', 'resources:\n  - ../prod\n']),
      scale(inOverlay()),
      `In replicas: of ${prod}, because overlays/prod builds it from base/web.yaml.`,
    ],
    ["the overlay's own manifest", overlays, scale(inOverlay('own')), undefined],
    ['a manifest', overlays, scale({ file: 'base/web.yaml', kind: 'Deployment', name: 'web' }), undefined],
    [
      'a values file',
      helmRepository,
      scale(inEnvironment('charts@prod', 'cart')),
      'In charts/cart/values-prod.yaml, because charts/cart/templates/deployment.yaml takes the value from there.',
    ],
    [
      'a values file of helmfile',
      helmfile,
      scale(inEnvironment('helmfile.yaml@production', 'cart', 'shop')),
      'In env/cart-production.yaml, because charts/cart/templates/deployment.yaml takes the value from there.',
    ],
    [
      'an Application',
      argoRepository,
      run(inEnvironment('argo-cd/production', 'web', 'shop'), 'ghcr.io/acme/web:3'),
      'In spec.source.kustomize.images of the Application web-production (apps/production/web.yaml), because deploy/web/base/web.yaml is shared with staging.',
    ],
    [
      'an overlay of an Application',
      argoRepository,
      scale(inEnvironment('argo-cd/production', 'web', 'shop')),
      'In replicas: of deploy/web/overlays/production/kustomization.yaml, because deploy/web/base/web.yaml is shared with staging.',
    ],
    [
      'a parameter',
      argoRepository,
      run(inEnvironment('argo-cd/production', 'cart', 'shop'), 'ghcr.io/acme/cart:3'),
      'In spec.source.helm.parameters of the Application cart (apps/production/cart.yaml), because charts/cart/templates/deployment.yaml takes the value from there.',
    ],
    [
      'values of an Application',
      argoRepository,
      scale(inEnvironment('argo-cd/staging', 'cart-staging', 'shop-staging')),
      'In spec.source.helm.valuesObject of the Application cart-staging (apps/staging/cart.yaml), because charts/cart/templates/deployment.yaml takes the value from there.',
    ],
    [
      'a list of an ApplicationSet',
      argoRepository,
      run(inEnvironment('argo-cd/qa', 'tools-qa', 'tools-qa'), 'ghcr.io/acme/tools:3'),
      'In spec.generators[0].list.elements[0].tag of the ApplicationSet tools (sets/tools.yaml), because charts/tools/templates/deployment.yaml takes the value from there.',
    ],
    [
      'a manifest of an Application',
      argoRepository,
      scale(inEnvironment('argo-cd/production', 'search', 'shop')),
      undefined,
    ],
    [
      'a variable',
      fluxRepository,
      scale(inEnvironment('flux/production', 'web', 'shop')),
      'In spec.postBuild.substitute of the Kustomization apps (clusters/production/apps.yaml), because apps/base/web.yaml takes the value from there.',
    ],
    [
      'a patch of a HelmRelease',
      fluxRepository,
      scale(inEnvironment('flux/production', 'cart', 'shop')),
      'In spec.values of the HelmRelease cart (apps/production/cart-values.yaml), because charts/cart/templates/deployment.yaml takes the value from there.',
    ],
    [
      'a new patch of a HelmRelease',
      fluxRepository,
      scale(inEnvironment('flux/staging', 'cart', 'shop')),
      'As a patch in apps/staging/kustomization.yaml, because charts/cart/templates/deployment.yaml is shared with production.',
    ],
    [
      'a shared base of Flux',
      fluxRepository,
      scale(inEnvironment('flux/staging', 'search', 'shop')),
      'In replicas: of apps/staging/kustomization.yaml, because apps/base/search.yaml is shared with production.',
    ],
  ]
  test.each(table)('%s', (_, files, edit, wanted) => expect(landing(files, edit)).toBe(wanted))
})

test('it is said in Chinese too', () => {
  const outcome = applyEdit(overlays, scale(inOverlay()))
  const said = outcome.kind === 'applied' && outcome.landing ? translate('zh', outcome.landing) : ''
  expect(said).toBe(`写在 ${prod} 的 replicas: 中，因为 base/web.yaml 与 staging, test 共用。`)
})
