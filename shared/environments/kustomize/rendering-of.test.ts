import { expect, test } from 'vitest'
import { type KustomizeReader, kustomizeReader } from './kustomization-files.ts'
import { renderingOf } from './rendering-of.ts'
import { textIn } from './tree.ts'

const start = {
  'base/kustomization.yaml': 'resources: [web.yaml]\n',
  'base/web.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: web }\nspec: { replicas: 1 }\n',
  'prod/kustomization.yaml': 'resources: [../base]\nreplicas: [{ name: web, count: 4 }]\n',
  'test/kustomization.yaml': 'resources: [../base]\n',
  'other/notes.yaml': 'a: b\n',
}
const read = (files: { readonly [path: string]: string }, before?: KustomizeReader): KustomizeReader =>
  kustomizeReader(
    { get: path => (Object.hasOwn(files, path) ? files[path] : undefined), keys: () => Object.keys(files) },
    undefined,
    before,
  )

test('what a kustomization builds is built again only when a file it read differs, comes or goes', () => {
  const first = read(start)
  const [prod, check] = [renderingOf(first, 'prod'), renderingOf(first, 'test')]

  const elsewhere = read({ ...start, 'other/notes.yaml': 'a: c\n' }, first)
  expect(renderingOf(elsewhere, 'prod').objects.length).toBe(1)

  const overlay = read({ ...start, 'prod/kustomization.yaml': 'resources: [../base]\nnamePrefix: p-\n' }, first)
  expect(renderingOf(overlay, 'prod')).not.toBe(prod)
  expect(renderingOf(overlay, 'prod').objects.map(object => textIn(object, 'metadata', 'name'))).toEqual(['p-web'])
  expect(renderingOf(overlay, 'prod')).toBe(renderingOf(overlay, 'prod'))

  const base = read({ ...start, 'base/web.yaml': start['base/web.yaml'].replace('name: web', 'name: site') }, first)
  expect(renderingOf(base, 'test')).not.toBe(check)
  expect(renderingOf(base, 'prod').problems.map(({ code }) => code)).toEqual(['no-replicas-target'])

  const { 'base/web.yaml': _, ...without } = start
  expect(renderingOf(read(without, first), 'test').problems.map(({ code }) => code)).toEqual(['missing'])
})

test('what was read of a file outlives the set of files it was read in', () => {
  const kept = new Map<string, Map<never, never>>()
  const storeOf = (path: string) => {
    const store = kept.get(path) ?? new Map<never, never>()
    kept.set(path, store)
    return store
  }
  const files = { get: (path: string) => start[path as keyof typeof start], keys: () => Object.keys(start) }
  const first = kustomizeReader(files, storeOf)
  const prod = renderingOf(first, 'prod')
  expect(renderingOf(kustomizeReader(files, storeOf, first), 'prod')).toBe(prod)
})
