import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Path } from '../../manifests/manifest.ts'
import { originAt, ownerOf } from './find-owner.ts'
import { placeOf } from './origin.ts'
import { renderKustomization } from './render-kustomization.ts'
import { sha256 } from './sha256.ts'
import { type Tree, textIn } from './tree.ts'

const files = new Map(
  Object.entries({
    'base/kustomization.yaml':
      'resources: [web.yaml]\nconfigMapGenerator:\n  - name: settings\n    envs: [settings.env]\n',
    'base/settings.env': '# a comment\nHOST=cart\n',
    'base/web.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
        - name: main
          image: acme/web:1
          envFrom:
            - configMapRef: {name: settings}
          env:
            - {name: A, value: a}
`,
    'prod/kustomization.yaml': `resources:
  - ../base
namePrefix: p-
commonLabels:
  stage: prod
images:
  - name: acme/web
    newTag: "2"
replicas:
  - name: web
    count: 3
patches:
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
      spec:
        template:
          spec:
            containers:
              - name: main
                env:
                  - name: B
                    value: b
  - path: operations.yaml
    target: {kind: Deployment}
replacements:
  - source: {kind: ConfigMap, fieldPath: data.HOST}
    targets:
      - select: {kind: Deployment}
        fieldPaths:
          - spec.template.spec.containers.0.env.0.value
`,
    'prod/operations.yaml': '- op: add\n  path: /spec/paused\n  value: true\n',
  }),
)
const rendering = renderKustomization(files, 'prod')
const [map, web] = rendering.objects as [Tree, Tree]
const main: Path = ['spec', 'template', 'spec', 'containers', 0]

describe('every value knows where it is from', () => {
  const from = (object: Tree, ...path: Path) => {
    const { file, line, how } = placeOf(originAt(object, path))
    return `${how} ${file}:${line}`
  }
  test('of each way it may have come', () => {
    expect(rendering.problems).toEqual([])
    expect(from(web)).toBe('resource base/web.yaml:1')
    expect(from(web, 'metadata', 'name')).toBe('name prod/kustomization.yaml:3')
    expect(from(web, 'metadata', 'labels', 'stage')).toBe('label prod/kustomization.yaml:5')
    expect(from(web, ...main, 'image')).toBe('images prod/kustomization.yaml:8')
    expect(from(web, 'spec', 'replicas')).toBe('replicas prod/kustomization.yaml:11')
    expect(from(web, 'spec', 'paused')).toBe('patch prod/operations.yaml:3')
    expect(textIn(web, ...main, 'env', 0, 'name')).toBe('B')
    expect(from(web, ...main, 'env', 0, 'name')).toBe('patch prod/kustomization.yaml:24')
    expect(from(web, ...main, 'env', 0, 'value')).toBe('replacement prod/kustomization.yaml:33')
    expect(from(web, ...main, 'env', 1, 'value')).toBe('resource base/web.yaml:15')
    expect(from(map, 'data', 'HOST')).toBe('generator base/settings.env:2')
    // A reference follows the name of what it means: the generator's entry, with the hash of what it holds.
    expect(from(web, ...main, 'envFrom', 0, 'configMapRef', 'name')).toMatch(/^name /)
  })

  test('also what stood there before, and where in the file it is', () => {
    const image = originAt(web, [...main, 'image'])
    expect(placeOf(image)).toMatchObject({ path: ['images', 0, 'newTag'], how: 'images' })
    expect(placeOf(image.before!)).toMatchObject({ file: 'base/web.yaml', line: 11, path: [...main, 'image'] })
    expect(placeOf(originAt(web, [...main, 'env', 0, 'name']))).toMatchObject({
      path: ['patches', 0, 'patch'],
      inner: [...main, 'env', 0, 'name'],
    })
  })
})

test('the owner of a value is the overlay that says it, or the field of it that would', () => {
  expect(ownerOf(rendering, web, [...main, 'image'])).toMatchObject({ kind: 'here', place: { line: 8 } })
  expect(ownerOf(rendering, web, [...main, 'env', 1, 'value'])).toMatchObject({
    kind: 'above',
    by: 'patch',
    file: 'prod/kustomization.yaml',
    place: { file: 'base/web.yaml', line: 15 },
  })
  const bare = renderKustomization(new Map([...files, ['bare/kustomization.yaml', 'resources: [../base]\n']]), 'bare')
  const object = bare.objects[1]!
  expect(ownerOf(bare, object, [...main, 'image'])).toMatchObject({ kind: 'above', by: 'images' })
  expect(ownerOf(bare, object, ['spec', 'replicas'])).toMatchObject({ kind: 'above', by: 'replicas' })
})

test('SHA-256 is that of the platform', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), text => {
      expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'))
    }),
  )
})
