import { describe, expect, test } from 'vitest'
import { mayHoldManifests, readManifestFile } from './read-manifests.ts'

const read = (text: string, path = 'k8s/a.yaml') => readManifestFile(path, text)

describe('readManifestFile', () => {
  test('reads several documents, lists and JSON, with the line of anything', () => {
    const file = read(`# first
apiVersion: v1
kind: Service
metadata:
  name: cart
  namespace: shop
spec:
  ports:
    - port: 80
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: one}
    data:
      A: x
      file: |
        first
        second
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: two}
`)
    expect(file.role).toBe('manifests')
    expect(file.manifests.map(({ kind, namespace, name }) => ({ kind, namespace, name }))).toEqual([
      { kind: 'Service', namespace: 'shop', name: 'cart' },
      { kind: 'ConfigMap', namespace: undefined, name: 'one' },
      { kind: 'ConfigMap', namespace: undefined, name: 'two' },
    ])
    const [service, one] = file.manifests
    expect(service!.lineOf()).toBe(2)
    expect(service!.lineOf(['spec', 'ports', 0, 'port'])).toBe(9)
    expect(service!.lineOf(['spec', 'ports', 0, 'nothing', 'there'])).toBe(9)
    expect(one!.lineOf(['data', 'A'])).toBe(18)
    expect(one!.lineInText(['data', 'file'], 1)).toBe(21)
    const json = read(
      '{"apiVersion":"apps/v1","kind":"Deployment",\n"metadata":{"name":"x"},\n"spec":{"replicas":2}}',
      'a.json',
    )
    expect(json.manifests[0]).toMatchObject({ group: 'apps', kind: 'Deployment', name: 'x' })
    expect(json.manifests[0]!.lineOf(['spec', 'replicas'])).toBe(3)
  })

  test('reads what kubectl reads: YAML 1.1 without base 60 and timestamps, merge keys, the last of two keys', () => {
    const [manifest] = read(`apiVersion: v1
kind: X
metadata: {name: x}
base: &base {a: 1, b: 1}
spec:
  yes: no
  octal: 0644
  time: 22:22
  date: 2020-01-01
  merged: {<<: *base, b: 2}
  alias: *base
  twice: 1
  twice: 2
`).manifests
    expect(manifest!.value['spec']).toEqual({
      true: false,
      octal: 420,
      time: '22:22',
      date: '2020-01-01',
      merged: { a: 1, b: 2 },
      alias: { a: 1, b: 1 },
      twice: 2,
    })
  })

  test('a broken document is named with line and column, and the others still load', () => {
    const file = read(`apiVersion: v1
kind: Service
metadata: {name: fine}
---
apiVersion: v1
kind: Service
metadata:
  name: [broken
---
apiVersion: v1
kind: Service
metadata: {name: also-fine}
`)
    expect(file.manifests.map(manifest => manifest.name)).toEqual(['fine', 'also-fine'])
    expect(file.findings).toMatchObject([
      { kind: 'broken-file', severity: 'error', file: 'k8s/a.yaml', line: 9, column: 1 },
    ])
  })

  test('a template is told from a manifest that only speaks of templates', () => {
    const head = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n'
    expect(read(`${head}  name: {{ .Values.name }}\n`).role).toBe('template')
    expect(read(`{{- if .Values.on }}\n${head}  name: x\n{{- end }}\n`).role).toBe('template')
    expect(read(`{{- if .Values.on }}\n${head}  name: x\n{{- end }}\n`).findings).toMatchObject([{ severity: 'info' }])
    expect(read(`${head}  name: x\n  annotations:\n    summary: "{{ $labels.pod }}"\n`).role).toBe('manifests')
    expect(read(`${head}  name: x\ndata:\n  t: |\n    {{ range . }}\n    {{ end }}\n`).role).toBe('manifests')
  })

  test('passes over what is not Kubernetes, and our own documents but the edge', () => {
    expect(read('a: 1\n')).toMatchObject({ role: 'other', manifests: [], findings: [] })
    expect(read('- a\n- b\n').findings).toEqual([])
    expect(read('a: {{ b }}\n').findings).toEqual([])
    expect(read('apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\nmetadata: {name: x}\n').manifests).toEqual([])
    expect(
      read('apiVersion: pilothouse.dev/v1alpha1\nkind: EdgeNode\nmetadata: {name: x}\n', '.pilothouse/edge/x.yaml')
        .manifests,
    ).toHaveLength(1)
    expect(
      read('\ufeffapiVersion: v1\r\nkind: Service\r\nmetadata:\r\n  name: bom\r\n').manifests[0]!.lineOf([
        'metadata',
        'name',
      ]),
    ).toBe(4)
    expect(read('').manifests).toEqual([])
  })

  test('a kustomization says what it builds from and what are only patches', () => {
    const file = read(
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Component\nresources: [../base, https://x.test/y]\npatches:\n  - path: p.yaml\n  - patch: |-\n      a: b\n',
      'overlays/prod/kustomization.yaml',
    )
    expect(file).toMatchObject({
      role: 'kustomization',
      kustomization: { component: true, includes: ['overlays/base'], patches: ['overlays/prod/p.yaml'] },
    })
  })

  test('cannot be hurt by aliases and odd keys', () => {
    const bomb = `apiVersion: v1\nkind: X\nmetadata: {name: x}\na: &a [1,1,1,1,1,1,1,1,1]\n${[...'bcdefghijklmno']
      .map((key, index) => `${key}: &${key} [${Array(9).fill(`*${'abcdefghijklmn'[index]}`).join(',')}]`)
      .join('\n')}\n`
    expect(read(bomb).manifests).toHaveLength(1)
    const odd = read('apiVersion: v1\nkind: X\nmetadata: {name: x}\n__proto__: {polluted: true}\nself: &s [*s]\n')
    expect(odd.manifests).toHaveLength(1)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

test('which paths may hold manifests', () => {
  for (const path of ['a.yaml', 'x/b.yml', 'deploy/c.json', '.pilothouse/edge/site.yaml'])
    expect([path, mayHoldManifests(path)]).toEqual([path, true])
  for (const path of [
    'a.ts',
    'package.json',
    'web/package-lock.json',
    '.github/workflows/ci.yaml',
    'node_modules/x/a.yaml',
    '.pilothouse/layout/x.yaml',
    'decisions/2026-x/snapshot.json',
  ])
    expect([path, mayHoldManifests(path)]).toEqual([path, false])
})
