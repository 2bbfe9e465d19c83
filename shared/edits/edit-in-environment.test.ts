import { describe, expect, test } from 'vitest'
import { environmentPart } from '../environments/built-environments.ts'
import { findEnvironments } from '../environments/find-environments.ts'
import { type KustomizeReader, kustomizeReader } from '../environments/kustomize/kustomization-files.ts'
import { toJson } from '../environments/kustomize/tree.ts'
import type { Part } from '../environments/part.ts'
import { manifestsOfPart } from '../environments/rendered-manifests.ts'
import {
  argoRepository,
  fluxRepository,
  helmRepository,
  type Repository,
} from '../environments/testing/gitops-repositories.ts'
import { type Json, type Manifest, textAt, valueAt } from '../manifests/manifest.ts'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { translate } from '../messages/index.ts'
import { isWorkload } from '../topology/workload.ts'
import { applyEdit } from './apply-edits.ts'
import { conflictOf } from './conflict-of.ts'
import type { Edit } from './edit.ts'
import { readField } from './read-field.ts'

const environmentsIn = (files: Repository) =>
  findEnvironments(
    [...files].map(([path, text]) => readManifestFile(path, text)),
    files,
  )
const readers = new WeakMap<Repository, KustomizeReader>()
function partOf(files: Repository, id: string): Part {
  const reader = readers.get(files) ?? kustomizeReader(files)
  readers.set(files, reader)
  const part = environmentPart(reader, id)
  if (!part) throw new Error(`no ${id}`)
  return part
}
const built = (files: Repository, id: string): Json[] => partOf(files, id).objects.map(({ tree }) => toJson(tree))
const workloadsIn = (files: Repository, id: string) =>
  manifestsOfPart(partOf(files, id), id)
    .flatMap(file => file.manifests)
    .filter(isWorkload)

const imageOf = (manifest: Manifest): string =>
  textAt(manifest.value, 'spec', 'template', 'spec', 'containers', 0, 'image') ?? ''

const edited = (files: Repository, edit: Edit): { files: Repository; text: string } => {
  const outcome = applyEdit(files, edit)
  if (outcome.kind !== 'applied')
    return { files, text: outcome.kind === 'refused' ? translate('en', outcome.reason) : '' }
  const after = new Map([...files, ...outcome.files] as [string, string][])
  const text = [...outcome.files.keys()].map(
    path => `${path}: ${differentLines(files.get(path) ?? '', after.get(path)!)}`,
  )
  return { files: after, text: text.join('; ') }
}

function differentLines(before: string, after: string): string {
  const [a, b] = [before.split('\n'), after.split('\n')]
  const gone = a.filter(line => !b.includes(line)).map(line => `-${line.trim()}`)
  const come = b.filter(line => !a.includes(line)).map(line => `+${line.trim()}`)
  return [...gone, ...come].join(' ')
}

describe('an image and a number of replicas of every workload of every environment', () => {
  for (const [tool, files] of Object.entries({ helm: helmRepository, argo: argoRepository, flux: fluxRepository }))
    test(tool, () => {
      const environments = environmentsIn(files).filter(({ kind }) => kind !== 'folder')
      expect(environments.length).toBeGreaterThan(1)
      const before = new Map(environments.map(({ id }) => [id, built(files, id)]))
      for (const { id } of environments)
        for (const manifest of workloadsIn(files, id)) {
          const resource = manifest.ref
          const edits: Edit[] = [
            { kind: 'set-image', resource, container: 'main', image: imageOf(manifest).replace(/:[^:]*$/, ':9.9.9') },
            { kind: 'set-replicas', resource, replicas: 41 },
          ]
          for (const edit of edits) {
            // The template of an ApplicationSet says it for all of its Applications.
            if (manifest.name.startsWith('tools-') && edit.kind === 'set-replicas') continue
            const { files: after, text } = edited(files, edit)
            const about = `${id} ${manifest.name} ${edit.kind}: ${text}`
            for (const other of environments) {
              const changes = differences(before.get(other.id)!, built(after, other.id))
              // The other values of a chart follow its defaults.
              if (id === 'charts' && other.kind === 'helm' && other.id !== id) continue
              const wanted = other.id === id ? [edit.kind === 'set-image' ? edit.image : 41] : []
              expect([about, other.id, changes]).toEqual([about, other.id, wanted])
            }
            // No more lines than the longest way to say it takes: a patch.
            expect([about, text.split(' +').length - 1 <= 14]).toEqual([about, true])
          }
        }
    })
})

test('an edit lands where its environment says the value', () => {
  const image = (files: Repository, id: string, name: string, wanted: string) => {
    const resource = workloadsIn(files, id).find(one => one.name === name)!.ref
    return edited(files, { kind: 'set-image', resource, container: 'main', image: wanted }).text
  }
  const replicas = (files: Repository, id: string, name: string) => {
    const resource = workloadsIn(files, id).find(one => one.name === name)!.ref
    return edited(files, { kind: 'set-replicas', resource, replicas: 7 }).text
  }
  expect({
    values: replicas(helmRepository, 'charts@prod', 'cart'),
    tag: image(helmRepository, 'charts@prod', 'web', 'ghcr.io/acme/web:1.1.1'),
    defaults: replicas(helmRepository, 'charts', 'web'),
    application: image(argoRepository, 'argo-cd/production', 'web', 'ghcr.io/acme/web:1.3.0'),
    overlay: replicas(argoRepository, 'argo-cd/production', 'web'),
    parameter: image(argoRepository, 'argo-cd/production', 'cart', 'ghcr.io/acme/cart:1.5.0'),
    valuesObject: replicas(argoRepository, 'argo-cd/staging', 'cart-staging'),
    plain: replicas(argoRepository, 'argo-cd/production', 'search'),
    element: image(argoRepository, 'argo-cd/qa', 'tools-qa', 'ghcr.io/acme/tools:2.0.1'),
    variable: replicas(fluxRepository, 'flux/production', 'web'),
    fact: image(fluxRepository, 'flux/staging', 'web', 'ghcr.io/acme/web:1.1.0'),
    patch: replicas(fluxRepository, 'flux/production', 'cart'),
    release: replicas(fluxRepository, 'flux/staging', 'cart'),
    shared: replicas(fluxRepository, 'flux/staging', 'search'),
  }).toMatchInlineSnapshot(`
    {
      "application": "apps/production/web.yaml: -- ghcr.io/acme/web:1.2.0 +- ghcr.io/acme/web:1.3.0",
      "defaults": "charts/web/values.yaml: -replicaCount: 1 +replicaCount: 7",
      "element": "sets/tools.yaml: -tag: "2.0.0" +tag: "2.0.1"",
      "fact": "apps/staging/kustomization.yaml: +patches: +- patch: | +apiVersion: apps/v1 +kind: Deployment +metadata: +name: web +spec: +template: +spec: +containers: +- name: main +image: ghcr.io/acme/web:1.1.0",
      "overlay": "deploy/web/overlays/production/kustomization.yaml: -count: 4 +count: 7",
      "parameter": "apps/production/cart.yaml: -value: "1.4.0" +value: "1.5.0"",
      "patch": "apps/production/cart-values.yaml: -replicaCount: 4 +replicaCount: 7",
      "plain": "deploy/search/search.yaml: -replicas: 1 +replicas: 7",
      "release": "apps/staging/kustomization.yaml: +patches: +- patch: | +apiVersion: helm.toolkit.fluxcd.io/v2 +kind: HelmRelease +metadata: +name: cart +spec: +values: +replicaCount: 7",
      "shared": "apps/staging/kustomization.yaml: +replicas: +- name: search +count: 7",
      "tag": "charts/web/values-prod.yaml: -tag: "1.1.0" +tag: "1.1.1"",
      "values": "charts/cart/values-prod.yaml: -replicaCount: 3 +replicaCount: 7",
      "valuesObject": "apps/staging/cart.yaml: -replicaCount: 2 +replicaCount: 7",
      "variable": "clusters/production/apps.yaml: -web_replicas: "3" +web_replicas: "7"",
    }
  `)
})

test('a variable is added to the values that the chart makes variables of', () => {
  const resource = workloadsIn(helmRepository, 'charts@staging').find(one => one.name === 'cart')!.ref
  const edit: Edit = { kind: 'set-env', resource, container: 'main', name: 'ZONE', value: { value: 'eu' } }
  expect(edited(helmRepository, edit).text).toBe('charts/cart/values-staging.yaml: +ZONE: eu')
})

test('a release whose chart is elsewhere is edited in its values, by the keys that charts have in common', () => {
  const path = 'apps/staging/mail.yaml'
  const files = new Map([...fluxRepository])
    .set(
      'apps/staging/kustomization.yaml',
      fluxRepository.get('apps/staging/kustomization.yaml')!.replace('resources:\n', 'resources:\n  - mail.yaml\n'),
    )
    .set(
      path,
      `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: mail
spec:
  chart:
    spec:
      chart: post
      version: 4.1.0
      sourceRef: { kind: HelmRepository, name: theirs }
  values:
    controllers:
      mail:
        replicas: 2
        initContainers:
          wait: { image: { repository: example.org/wait, tag: "1" } }
        containers:
          app:
            image:
              repository: example.org/mail
              tag: 1.0.0
            env:
              CART_URL: http://cart
            resources:
              requests: { cpu: 10m }
        proxy:
          enabled: false
          image: { repository: example.org/proxy, tag: "1" }
`,
    )
  const mail = workloadsIn(files, 'flux/staging').find(one => one.name === 'mail')!
  const containers = valueAt(mail.value, ['spec', 'template', 'spec'])
  expect(containers).toMatchObject({
    initContainers: [{ name: 'wait', image: 'example.org/wait:1' }],
    containers: [
      {
        name: 'app',
        image: 'example.org/mail:1.0.0',
        env: expect.arrayContaining([{ name: 'CART_URL', value: 'http://cart' }]),
        resources: { requests: { cpu: '10m' } },
      },
    ],
  })
  const resource = mail.ref
  const edits: readonly Edit[] = [
    { kind: 'set-replicas', resource, replicas: 3 },
    { kind: 'set-image', resource, container: 'app', image: 'example.org/mail:1.1.0' },
    { kind: 'set-env', resource, container: 'app', name: 'CART_URL', value: { value: 'http://cart:80' } },
    { kind: 'set-env', resource, container: 'app', name: 'ZONE', value: { value: 'eu' } },
  ]
  expect(edits.map(edit => edited(files, edit).text)).toEqual([
    `${path}: -replicas: 2 +replicas: 3`,
    `${path}: -tag: 1.0.0 +tag: 1.1.0`,
    `${path}: -CART_URL: http://cart +CART_URL: http://cart:80`,
    `${path}: +ZONE: eu`,
  ])
})

test('what only a template says is refused, and the reason names its line', () => {
  const resource = workloadsIn(helmRepository, 'charts@prod').find(one => one.name === 'cart')!.ref
  const edit: Edit = { kind: 'set-arguments', resource, container: 'main', field: 'args', values: ['--fast'] }
  expect(edited(helmRepository, edit).text).toContain('charts/cart/templates/deployment.yaml:')
})

test('what a template says for one environment alone is edited there; for several it is refused', () => {
  const template = 'charts/cart/templates/deployment.yaml'
  const fixed = helmRepository.get(template)!.replace('{{ .Values.replicaCount }}', '1 # enough')
  const alone = new Map([...helmRepository, [template, fixed]] as const)
  for (const path of alone.keys()) if (/values-|charts.web/.test(path)) alone.delete(path)
  const scaled = (files: Repository, id: string) => {
    const { ref } = workloadsIn(files, id).find(one => one.name === 'cart')!
    return edited(files, { kind: 'set-replicas', resource: ref, replicas: 4 }).text
  }
  expect(scaled(alone, 'charts/cart')).toBe(`${template}: -replicas: 1 # enough +replicas: 4 # enough`)
  const shared = new Map([...helmRepository, [template, fixed]] as const)
  for (const id of ['charts', 'charts@prod'])
    expect(scaled(shared, id)).toContain(`is said in ${template}:6, and no place`)
})

test('one object that is deployed to several places of an environment is one thing to edit', () => {
  const second = argoRepository.get('apps/production/search.yaml')!.replaceAll('search\n', 'search-eu\n')
  const files = new Map([...argoRepository]).set(
    'apps/production/search-eu.yaml',
    second.replace('path: deploy/search-eu', 'path: deploy/search').replace('namespace: shop', 'namespace: shop-eu'),
  )
  const { ref } = workloadsIn(files, 'argo-cd/production').find(one => one.name === 'search')!
  expect(edited(files, { kind: 'set-replicas', resource: ref, replicas: 4 }).text).toBe(
    'deploy/search/search.yaml: -replicas: 1 +replicas: 4',
  )
})

test('a service of a base that others share goes by patches of its environment alone', () => {
  const { ref } = workloadsIn(fluxRepository, 'flux/staging').find(one => one.name === 'search')!
  const { files, text } = edited(fluxRepository, { kind: 'remove-service', resource: ref })
  expect(text).toMatch(/^apps\/staging\/kustomization.yaml: /)
  const kinds = (id: string) =>
    built(files, id).map(object => `${textAt(object, 'kind')}/${textAt(object, 'metadata', 'name')}`)
  expect(kinds('flux/staging').filter(name => name.endsWith('/search'))).toEqual([])
  expect(built(files, 'flux/production')).toEqual(built(fluxRepository, 'flux/production'))
  const overlay = new Map([...fluxRepository].filter(([path]) => path.startsWith('apps/') && !path.includes('cart')))
    .set('apps/base/kustomization.yaml', 'resources:\n  - web.yaml\n  - search.yaml\n')
    .set('apps/production/kustomization.yaml', 'resources:\n  - ../base\n')
  const resource = { file: 'apps/production/kustomization.yaml', kind: 'Deployment', name: 'search' }
  const after = edited(overlay, { kind: 'remove-service', resource })
  expect(after.text).toMatch(/^apps\/production\/kustomization.yaml: \+patches:/)
  expect(built(after.files, 'apps/production').map(object => textAt(object, 'metadata', 'name'))).toEqual([
    'web',
    'web',
  ])
  expect(built(after.files, 'apps/staging').map(object => textAt(object, 'metadata', 'name'))).toHaveLength(4)
})

test('a field is read, and a change of it elsewhere is a conflict', () => {
  const resource = workloadsIn(fluxRepository, 'flux/production').find(one => one.name === 'web')!.ref
  const edit: Edit = { kind: 'set-replicas', resource, replicas: 5 }
  expect(readField(fluxRepository, edit)).toMatchObject({ value: 3, line: 14 })
  const path = 'clusters/production/apps.yaml'
  const theirs = new Map([...fluxRepository, [path, fluxRepository.get(path)!.replace('"3"', '"8"')]])
  expect(conflictOf(edit, fluxRepository, theirs)).toMatchObject([{ base: '3', ours: '5', theirs: '8' }])
})

function differences(a: Json | undefined, b: Json | undefined): (Json | undefined)[] {
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    const [left, right] = [a as { readonly [key: string]: Json }, b as { readonly [key: string]: Json }]
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap(key =>
      differences(left[key], right[key]),
    )
  }
  return a === b ? [] : [b]
}
