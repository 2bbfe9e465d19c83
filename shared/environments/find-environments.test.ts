import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readManifestFile } from '../manifests/read-manifests.ts'
import type { Environment } from '../topology/topology.ts'
import { environmentOfPath, findEnvironments } from './find-environments.ts'
import { pickDefaultEnvironment } from './pick-default-environment.ts'

const deployment = (name: string, namespace?: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n${namespace ? `  namespace: ${namespace}\n` : ''}spec:\n  template:\n    metadata:\n      labels: {app: ${name}}\n    spec:\n      containers:\n        - {name: main, image: acme/${name}:1}\n`
const policy = (app: string, from: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: ${app}}\nspec:\n  podSelector: {matchLabels: {app: ${app}}}\n  ingress:\n    - from:\n        - podSelector: {matchLabels: {app: ${from}}}\n`
const filesOf = (texts: Record<string, string>) =>
  Object.entries(texts).map(([path, text]) => readManifestFile(path, text))
const found = (texts: Record<string, string>) =>
  findEnvironments(filesOf(texts)).map(({ id, files, workloads }) => `${id} ${workloads} ${files.length}`)

describe('findEnvironments', () => {
  test('one folder, however deep its manifests lie, named by the deepest folder that holds them', () => {
    expect(found({ 'k8s/a.yaml': deployment('a'), 'k8s/b/b.yaml': deployment('b'), 'README.yaml': 'x: 1\n' })).toEqual([
      'k8s 2 2',
    ])
    expect(found({ 'a.yaml': deployment('a'), 'x/b.yaml': deployment('b') })).toEqual(['. 2 2'])
    expect(found({ 'services/a/k8s/d.yaml': deployment('a'), 'services/b/k8s/d.yaml': deployment('b') })).toEqual([
      'services 2 2',
    ])
  })

  test('children that declare the same stand alone', () => {
    expect(found({ 'k8s/a.yaml': deployment('a'), 'release/all.yaml': deployment('a') })).toEqual([
      'k8s 1 1',
      'release 1 1',
    ])
    expect(
      found({
        'deploy/all.yaml': deployment('a'),
        'deploy/m/a.yaml': deployment('a'),
        'deploy/m/b.yaml': deployment('b'),
      }),
    ).toEqual(['deploy/all.yaml 1 1', 'deploy/m 2 2'])
  })

  test('one leftover among many stands apart alone', () => {
    const texts: Record<string, string> = { 'old/a.yaml': deployment('a') }
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) texts[`${name}/d.yaml`] = deployment(name)
    expect(found(texts)).toEqual(['. 6 6', 'old 1 1'])
  })

  test('the same workloads in other namespaces are variants', () => {
    const texts: Record<string, string> = {}
    for (const stage of ['staging', 'production'])
      for (const name of ['a', 'b']) texts[`${stage}/${name}.yaml`] = deployment(name, stage)
    expect(found(texts)).toEqual(['production 2 2', 'staging 2 2'])
  })

  test('what everybody repeats is no conflict', () => {
    const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n'
    const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ca}\ndata: {a: b}\n'
    expect(
      found({
        'a/d.yaml': `${deployment('a')}---\n${namespace}---\n${map}`,
        'b/d.yaml': `${deployment('b')}---\n${namespace}---\n${map}`,
      }),
    ).toEqual(['. 2 2'])
  })

  test('charts, patches and components are no plain manifests; a kustomization stands for itself', () => {
    expect(
      found({
        'chart/Chart.yaml': 'apiVersion: v2\nname: x\nversion: 1.0.0\n',
        'chart/templates/a.yaml': deployment('a'),
        'k8s/base/kustomization.yaml':
          'kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\nresources: [a.yaml]\n',
        'k8s/base/a.yaml': deployment('a'),
        'k8s/prod/kustomization.yaml':
          'kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\nresources: [../base]\npatches: [{path: replicas.yaml}]\n',
        'k8s/prod/replicas.yaml': deployment('a'),
        'k8s/component/kustomization.yaml': 'kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\n',
        'k8s/component/b.yaml': deployment('b'),
      }),
    ).toEqual(['k8s/base 1 1'])
  })

  test('a folder of policies joins the siblings whose Pods it names', () => {
    expect(
      found({
        'd/all.yaml': `${deployment('cart')}---\n${deployment('web')}`,
        'd/m/a.yaml': deployment('cart'),
        'd/m/b.yaml': deployment('web'),
        'd/policy/p.yaml': policy('cart', 'web'),
        'd/other/x.yaml': deployment('x'),
      }),
    ).toEqual(['d/all.yaml 2 2', 'd/m 2 3', 'd/other 1 1'])
  })

  test('edge documents belong to every environment', () => {
    const edge = 'apiVersion: pilothouse.dev/v1alpha1\nkind: EdgeNode\nmetadata: {name: site}\n'
    expect(found({ 'k8s/a.yaml': deployment('a'), '.pilothouse/edge/site.yaml': edge })).toEqual(['k8s 1 2'])
  })
})

test('any path can be looked at alone', () => {
  const files = filesOf({ 'a/x.yaml': deployment('x'), 'a/b/y.yaml': deployment('w'), 'c/z.yaml': deployment('z') })
  expect(environmentOfPath(files, './a/')).toMatchObject({ id: 'a', workloads: 2 })
  expect(environmentOfPath(files, 'a/x.yaml')).toMatchObject({ id: 'a/x.yaml', files: ['a/x.yaml'] })
  expect(environmentOfPath(files, '.')).toMatchObject({ workloads: 3 })
  expect(environmentOfPath(files, ['a/b', 'c'])).toMatchObject({ id: 'a/b + c', workloads: 2 })
  expect(environmentOfPath(files, 'nowhere')).toBeNull()
  expect(environmentOfPath(files, 'a/b/y')).toBeNull()
})

test('the default has most workloads, then lies least deep', () => {
  const of = (id: string, workloads: number, files = 1) => ({
    id,
    kind: 'folder' as const,
    path: id,
    files: Array<string>(files).fill(id),
    workloads,
  })
  expect(pickDefaultEnvironment([of('a', 1), of('b/c', 3), of('long-name', 3)])?.id).toBe('long-name')
  expect(pickDefaultEnvironment([of('release', 3, 1), of('manifests', 3, 9)])?.id).toBe('manifests')
  expect(pickDefaultEnvironment([])).toBeUndefined()
})

test('routes into what nothing opens, and what only calls it, are a part of it', () => {
  const workload = (name: string, args = '') =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec: {template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: main, image: acme/${name}, args: [${args}]}]}}}\n`
  const served = (name: string) =>
    `${workload(name)}---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {app: ${name}}}\n`
  const ingress = (name: string, service: string) =>
    `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: ${name}}\nspec: {defaultBackend: {service: {name: ${service}, port: {number: 80}}}}\n`
  const app = ['web', 'cart', 'stock', 'mail'].map(served).join('---\n')
  const texts = {
    'app/all.yaml': app,
    'app/other.yaml': app.replaceAll('acme/', 'acme/next-'),
    'routes/in.yaml': ingress('in', 'web'),
    'routes-too/in.yaml': ingress('in', 'web'),
    'routes-away/in.yaml': ingress('away', 'blog'),
    'load/load.yaml': workload('load', '"--host=http://web.shop.svc"'),
    'tools/tool.yaml': workload('tool', '"the web is wide"'),
  }
  const of = (id: string) => findEnvironments(filesOf(texts)).find(one => one.id === id)?.files
  expect(of('app/all.yaml')).toEqual(['app/all.yaml', 'load/load.yaml', 'routes/in.yaml'])
  expect(of('app/other.yaml')).toEqual(of('app/all.yaml')?.with(0, 'app/other.yaml'))
  expect(of('routes-away')).toEqual(['routes-away/in.yaml'])
  expect(of('tools')).toEqual(['tools/tool.yaml'])
})

test('production goes before what is called staging, and before what has a few less', () => {
  const named = (id: string, workloads: number, name?: string): Environment => ({
    id,
    kind: 'kustomize',
    path: id,
    files: [],
    workloads,
    ...(name && { name }),
  })
  const pick = (...environments: Environment[]) => pickDefaultEnvironment(environments)?.id
  expect(pick(named('a', 9, 'staging'), named('b', 8, 'production'))).toBe('b')
  expect(pick(named('a', 9, 'staging'), named('b', 9))).toBe('b')
  expect(pick(named('a', 9, 'staging'), named('b', 2, 'prod'))).toBe('a')
  expect(pick(named('a', 0), named('examples/a', 1))).toBe('examples/a')
  expect(pick(named('a', 0))).toBe('a')
})

const corpus = process.env['PILOTHOUSE_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus')
if (!existsSync(corpus)) console.log(`NOT RUN: environments of real repositories (no corpus at ${corpus})`)
describe.runIf(existsSync(corpus))('real repositories', () => {
  for (const truthFile of globSync('dev/*/truth.json', { cwd: corpus })) {
    const repo = join(corpus, truthFile, '../repo')
    test(truthFile, () => {
      const files = globSync('**/*.{yaml,yml,json}', { cwd: repo })
        .sort()
        .map(path => readManifestFile(path, readFileSync(join(repo, path), 'utf8')))
      const environments = findEnvironments(files)
      expect(environments.length).toBeGreaterThan(0)
      for (const environment of environments) {
        // No environment declares a workload twice.
        const members = files.filter(file => environment.files.includes(file.path))
        const names = members.flatMap(file =>
          file.manifests.filter(item => item.kind === 'Deployment').map(item => `${item.namespace} ${item.name}`),
        )
        expect([environment.id, names.length]).toEqual([environment.id, new Set(names).size])
      }
      const truth = JSON.parse(readFileSync(join(corpus, truthFile), 'utf8')) as { path?: string; kind?: string }
      const main = truth.path?.split(' + ')[0]
      if (truth.kind !== 'layout') expect(pickDefaultEnvironment(environments)?.id).toBe(main)
    })
  }
})
