import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findEnvironments } from '../environments/find-environments.ts'
import { renderKustomization } from '../environments/kustomize/render-kustomization.ts'
import { toJson } from '../environments/kustomize/tree.ts'
import { renderedManifests } from '../environments/rendered-manifests.ts'
import type { Json } from '../manifests/manifest.ts'
import { podTemplatePath } from '../manifests/pod-template.ts'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { valueAt, type YamlMap } from '../yaml/yaml-value.ts'
import { applyEdit } from './apply-edits.ts'
import { conflictOf } from './conflict-of.ts'
import type { Edit } from './edit.ts'
import { invertEdit } from './invert-edit.ts'

const deployment = (name: string, image = `acme/${name}:1`) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 1
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: main
          image: ${image}
`
const base = {
  'base/kustomization.yaml': 'resources:\n  - web.yaml\n  - cart.yaml\n',
  'base/web.yaml': deployment('web'),
  'base/cart.yaml': deployment('cart'),
  'other/kustomization.yaml': 'resources:\n  - ../base\n',
}
const at = 'prod/kustomization.yaml'
const web = { file: at, kind: 'Deployment', name: 'web' }
const setImage = (image: string, resource = web): Edit => ({ kind: 'set-image', resource, container: 'main', image })
const setReplicas = (replicas: number, resource = web): Edit => ({ kind: 'set-replicas', resource, replicas })

/** Lines taken out and put in, by file. */
function changedBy(kustomization: string, edit: Edit, more: Record<string, string> = {}) {
  const files = new Map(Object.entries({ ...base, [at]: kustomization, ...more }))
  const outcome = applyEdit(files, edit)
  if (outcome.kind !== 'applied') return outcome
  return [...outcome.files].flatMap(([file, text]) => {
    const [before, after] = [files.get(file)!.split('\n'), text!.split('\n')]
    const gone = before.filter(line => !after.includes(line)).map(line => `${file} -${line}`)
    return [...gone, ...after.filter(line => !before.includes(line)).map(line => `${file} +${line}`)]
  })
}

describe('an edit in an overlay', () => {
  const plain = 'resources:\n  - ../base\n'

  test('adds an entry where the overlay says nothing yet', () => {
    expect(changedBy(plain, setImage('acme/web:2'))).toEqual([
      `${at} +images:`,
      `${at} +  - name: acme/web`,
      `${at} +    newTag: "2"`,
    ])
    expect(changedBy(plain, setReplicas(3))).toEqual([
      `${at} +replicas:`,
      `${at} +  - name: web`,
      `${at} +    count: 3`,
    ])
  })

  test('changes the entry that is there', () => {
    const said = `${plain}images:\n  - name: acme/web\n    newTag: "2" # as tested\nreplicas:\n  - {name: web, count: 2}\n`
    expect(changedBy(said, setImage('acme/web:3'))).toEqual([
      `${at} -    newTag: "2" # as tested`,
      `${at} +    newTag: "3" # as tested`,
    ])
    expect(changedBy(said, setReplicas(5))).toEqual([
      `${at} -  - {name: web, count: 2}`,
      `${at} +  - {name: web, count: 5}`,
    ])
    expect(changedBy(said, setImage('mirror.example/web@sha256:ab'))).toEqual([
      `${at} -    newTag: "2" # as tested`,
      `${at} +    newName: mirror.example/web`,
      `${at} +    digest: sha256:ab`,
    ])
  })

  test('changes the patch that says it, in its file or in its text', () => {
    const patch = 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 4\n'
    expect(changedBy(`${plain}patches:\n  - path: web.yaml\n`, setReplicas(6), { 'prod/web.yaml': patch })).toEqual([
      'prod/web.yaml -  replicas: 4',
      'prod/web.yaml +  replicas: 6',
    ])
    const inline = `${plain}patches:\n  - patch: |\n${patch.replaceAll(/^(?=.)/gm, '      ')}`
    expect(changedBy(inline, setReplicas(6))).toEqual([`${at} -        replicas: 4`, `${at} +        replicas: 6`])
    const operations = `${plain}patches:\n  - target: {kind: Deployment, name: web}\n    patch: |-\n      - op: replace\n        path: /spec/replicas\n        value: 4\n`
    expect(changedBy(operations, setReplicas(6))).toEqual([`${at} -        value: 4`, `${at} +        value: 6`])
  })

  test('writes a patch where an entry would change another workload too', () => {
    const twin = { ...base, 'base/cart.yaml': deployment('cart', 'acme/web:1') }
    expect(changedBy(plain, setImage('acme/web:2'), twin)).toEqual([
      `${at} +patches:`,
      `${at} +  - patch: |`,
      `${at} +      apiVersion: apps/v1`,
      `${at} +      kind: Deployment`,
      `${at} +      metadata:`,
      `${at} +        name: web`,
      `${at} +      spec:`,
      `${at} +        template:`,
      `${at} +          spec:`,
      `${at} +            containers:`,
      `${at} +              - name: main`,
      `${at} +                image: acme/web:2`,
    ])
  })

  test('of a renamed object, of one that lies in the overlay, and of a file that others name too', () => {
    const renamed = `${plain}namePrefix: p-\nnamespace: prod\n`
    const there = { file: at, kind: 'Deployment', name: 'p-web', namespace: 'prod' }
    expect(changedBy(renamed, setReplicas(2, there))).toEqual([
      `${at} +replicas:`,
      `${at} +  - name: web`,
      `${at} +    count: 2`,
    ])
    const own = `${plain}  - own.yaml\nnamePrefix: p-\n`
    const ref = { file: at, kind: 'Deployment', name: 'p-own' }
    const files = { 'prod/own.yaml': deployment('own') }
    expect(changedBy(own, setImage('acme/own:2', ref), files)).toEqual([
      'prod/own.yaml -          image: acme/own:1',
      'prod/own.yaml +          image: acme/own:2',
    ])
    const shared = { ...files, 'else/kustomization.yaml': 'resources: [../prod/own.yaml]\n' }
    expect(changedBy(own, setImage('acme/own:2', ref), shared)).toEqual([
      `${at} +images:`,
      `${at} +  - name: acme/own`,
      `${at} +    newTag: "2"`,
    ])
    const env: Edit = { kind: 'set-env', resource: ref, container: 'main', name: 'A', value: { value: 'b' } }
    expect(changedBy(own, env, files)).toMatchObject([
      'prod/own.yaml +          env:',
      expect.any(String),
      expect.any(String),
    ])
  })

  test('of anything else becomes a patch of no more than that', () => {
    const env: Edit = { kind: 'set-env', resource: web, container: 'main', name: 'A', value: { value: 'b' } }
    const lines = changedBy(plain, env)
    expect(lines).toEqual(
      [
        'patches:',
        '  - patch: |',
        '      apiVersion: apps/v1',
        '      kind: Deployment',
        '      metadata:',
        '        name: web',
        '      spec:',
        '        template:',
        '          spec:',
        '            containers:',
        '              - name: main',
        '                env:',
        '                  - name: A',
        '                    value: b',
      ].map(line => `${at} +${line}`),
    )
    const limit: Edit = {
      kind: 'set-resources',
      resource: web,
      container: 'main',
      section: 'limits',
      resourceName: 'cpu',
      quantity: '1',
    }
    expect(String(changedBy(plain, limit))).toMatch(/limits:,.*cpu: "?1"?$/)
    const removal: Edit = { ...env, name: 'B', value: null } as Edit
    const more = {
      ...base,
      'base/web.yaml': `${deployment('web')}          env: [{name: B, value: b}, {name: C, value: c}]\n`,
    }
    expect(JSON.stringify(changedBy(plain, removal, more))).toMatch(/- name: B",".* \$patch: delete"\]$/)
  })

  test('of a custom resource is said in operations, which repeat nothing of the base', () => {
    const rollout = (name: string) =>
      deployment(name, 'acme/web:1').replace('apps/v1', 'argoproj.io/v1alpha1').replace('Deployment', 'Rollout')
    const more = { 'base/web.yaml': rollout('web'), 'base/cart.yaml': rollout('cart') }
    const resource = { file: at, kind: 'Rollout', name: 'web' }
    const env: Edit = { kind: 'set-env', resource, container: 'main', name: 'A', value: { value: 'b' } }
    const target = ['patches:', '  - target:', '      kind: Rollout', '      name: web', '    patch: |']
    expect(changedBy(plain, env, more)).toEqual(
      [
        ...target,
        '      - op: add',
        '        path: /spec/template/spec/containers/0/env',
        '        value:',
        '          - name: A',
        '            value: b',
      ].map(line => `${at} +${line}`),
    )
    expect(changedBy(plain, { kind: 'set-image', resource, container: 'main', image: 'acme/web:2' }, more)).toEqual(
      [
        ...target,
        '      - op: replace',
        '        path: /spec/template/spec/containers/0/image',
        '        value: acme/web:2',
      ].map(line => `${at} +${line}`),
    )
  })

  test('changes what a patch of the overlay says already', () => {
    const said = `${plain}patches:\n  - path: web.yaml\n`
    const patch = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: main
          env:
            - name: A
              value: a
            - name: B
              value: a
`
    const env: Edit = { kind: 'set-env', resource: web, container: 'main', name: 'B', value: { value: 'c' } }
    const lines = changedBy(said, env, { 'prod/web.yaml': patch })
    expect(lines).toEqual(['prod/web.yaml +              value: c'])
  })

  test('another name of a service of a base is refused with where it is; what is not there is said', () => {
    const rename: Edit = { kind: 'rename-service', resource: web, to: 'front' }
    expect(changedBy(plain, rename)).toMatchObject({ kind: 'refused', file: 'base/web.yaml', line: 1 })
    expect(changedBy(plain, setImage('a:1', { ...web, name: 'gone' }))).toMatchObject({
      kind: 'refused',
      reason: { key: 'kustomize.noSuchObject' },
    })
    expect(changedBy(plain, setImage('acme/web:1'))).toEqual({ kind: 'unchanged' })
  })

  test('is undone to the byte, and held against what others did', () => {
    const files = new Map(Object.entries({ ...base, [at]: plain }))
    const edit = setImage('acme/web:2')
    const done = applyEdit(files, edit)
    if (done.kind !== 'applied') throw new Error(done.kind)
    const after = new Map([...files, ...done.files] as [string, string][])
    for (const undo of invertEdit(files, edit)) {
      const undone = applyEdit(after, undo)
      if (undone.kind === 'applied') for (const [path, text] of undone.files) after.set(path, text!)
    }
    expect(after).toEqual(files)
    const theirs = new Map([...files, ['base/web.yaml', deployment('web', 'acme/web:7')]])
    expect(conflictOf(edit, files, theirs)).toMatchObject([
      { base: 'acme/web:1', ours: 'acme/web:2', theirs: 'acme/web:7' },
    ])
  })
})

const corpus = process.env['PILOTHOUSE_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus')
if (!existsSync(corpus)) console.log(`NOT RUN: edits in overlays of real repositories (no corpus at ${corpus})`)
describe.runIf(existsSync(corpus))('overlays of real repositories', () => {
  const repos = existsSync(corpus) ? globSync('dev/*/repo', { cwd: corpus }).sort() : []
  for (const repo of repos) {
    const root = join(corpus, repo)
    const files = new Map(
      globSync('**/*.{yaml,yml,json,env,properties}', { cwd: root }).map(path => [
        path,
        readFileSync(join(root, path), 'utf8'),
      ]),
    )
    const environments = findEnvironments(
      [...files].map(([path, text]) => readManifestFile(path, text)),
      files,
    ).filter(environment => environment.kind === 'kustomize')
    if (environments.length === 0) continue
    test(`${repo}: an image, a number of replicas and a variable in each overlay`, { timeout: 240_000 }, () => {
      const built = (from: ReadonlyMap<string, string>, path: string): Json =>
        renderKustomization(from, path).objects.map(toJson)
      const before = new Map(environments.map(({ path }) => [path, JSON.stringify(built(files, path))]))
      let edits = 0
      const lines: number[] = []
      const refused: string[] = []
      for (const { path } of environments) {
        const rendering = renderKustomization(files, path)
        for (const manifest of renderedManifests(rendering).flatMap(file => file.manifests)) {
          const template = podTemplatePath(manifest.value as YamlMap)
          if (!template) continue
          const container = valueAt(manifest.value as YamlMap, [...template, 'spec', 'containers', 0, 'name'])
          const wishes: Edit[] = [
            {
              kind: 'set-image',
              resource: manifest.ref,
              container: String(container),
              image: 'example.org/changed:v0-test',
            },
          ]
          wishes.push({
            kind: 'set-env',
            resource: manifest.ref,
            container: String(container),
            name: 'ADDED_BY_A_TEST',
            value: { value: 'yes' },
          })
          if (manifest.kind === 'Deployment')
            wishes.push({ kind: 'set-replicas', resource: manifest.ref, replicas: 41 })
          for (const edit of wishes) {
            edits += 1
            const outcome = applyEdit(files, edit)
            if (outcome.kind !== 'applied') {
              refused.push(`${path} ${edit.kind} ${manifest.kind}/${manifest.name}`)
              continue
            }
            const touched = [...outcome.files.keys()]
            // Only what this kustomization itself names.
            expect(touched.every(file => rendering.own.includes(file))).toBe(true)
            lines.push(
              ...[...outcome.files].map(([file, text]) =>
                Math.abs(text!.split('\n').length - files.get(file)!.split('\n').length),
              ),
            )
            const after = new Map([...files, ...outcome.files] as [string, string][])
            for (const other of environments) {
              if (other.path === path || !touched.some(file => other.files.includes(file))) continue
              expect([other.path, JSON.stringify(built(after, other.path))]).toEqual([
                other.path,
                before.get(other.path),
              ])
            }
            if (edit.kind === 'set-env') continue
            const value = edit.kind === 'set-image' ? edit.image : 41
            expect(differences(JSON.parse(before.get(path)!), built(after, path)).map(([, now]) => now)).toEqual([
              value,
            ])
          }
        }
      }
      console.log(
        `${repo}: ${environments.length} overlays, ${edits} edits, ${edits - refused.length} in the overlay's own files alone, ` +
          `${refused.length} refused; at most ${Math.max(...lines)} lines more${refused.map(one => `\n  ${one}`).join('')}`,
      )
      expect(refused).toEqual([])
    })
  }
})

function differences(a: Json | undefined, b: Json | undefined): [Json | undefined, Json | undefined][] {
  if (typeof a === 'object' && typeof b === 'object' && a !== null && b !== null) {
    const [left, right] = [a as { readonly [key: string]: Json }, b as { readonly [key: string]: Json }]
    return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap(key =>
      differences(left[key], right[key]),
    )
  }
  return a === b ? [] : [[a, b]]
}
