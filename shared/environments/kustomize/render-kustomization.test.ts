import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { type KustomizeFiles, kustomizeReader } from './kustomization-files.ts'
import { renderKustomization } from './render-kustomization.ts'
import { kustomizeCases } from './testing/cases.ts'
import { toJson } from './tree.ts'

const rendered = (files: KustomizeFiles, folder: string, reader = kustomizeReader(files)) => {
  const { objects, problems } = renderKustomization(files, folder, reader)
  return { objects: JSON.parse(JSON.stringify(objects.map(toJson))) as unknown[], problems }
}
const documentsIn = (text: string): unknown[] =>
  parseAllDocuments(text)
    .map(document => (document as { toJS: () => unknown }).toJS())
    .filter(document => document !== null)

/** The version of kustomize in kubectl; null without one that is new enough to be compared with. */
const kubectl = (() => {
  const { status, stdout } = spawnSync('kubectl', ['version', '--client', '-o', 'json'], { encoding: 'utf8' })
  if (status !== 0) return null
  return /"kustomizeVersion": "(v5\.[^"]*)"/.exec(stdout)?.[1] ?? null
})()
if (!kubectl) console.log('NOT RUN: comparisons with kubectl kustomize (no kubectl with kustomize 5 here)')

/** Documents, or null where kubectl refuses. */
function built(folder: string): unknown[] | null {
  const build = (...more: string[]) => spawnSync('kubectl', ['kustomize', ...more, folder], { encoding: 'utf8' })
  let result = build()
  if (/is not in or below/.test(result.stderr)) result = build('--load-restrictor', 'LoadRestrictionsNone')
  return result.status === 0 ? documentsIn(result.stdout) : null
}

describe('our own cases', () => {
  const frozenFile = join(import.meta.dirname, 'testing/expected.json')
  const frozen = JSON.parse(readFileSync(frozenFile, 'utf8')) as Record<string, unknown[]>
  const scratch = mkdtempSync(join(tmpdir(), 'kustomize-cases-'))
  const fresh: Record<string, unknown[]> = {}
  afterAll(() => {
    rmSync(scratch, { recursive: true, force: true })
    // FREEZE=1 writes down what kubectl says today.
    if (process.env['FREEZE'] !== undefined && kubectl) writeFileSync(frozenFile, `${JSON.stringify(fresh, null, 1)}\n`)
  })

  for (const [name, { folders, files }] of Object.entries(kustomizeCases))
    for (const folder of folders) {
      const key = `${name}: ${folder}`
      test(key, () => {
        const { objects, problems } = rendered(new Map(Object.entries(files)), folder)
        expect(problems.filter(problem => problem.severity === 'error')).toEqual([])
        if (kubectl) {
          const root = join(scratch, name.replaceAll(' ', '-'))
          for (const [path, text] of Object.entries(files)) {
            mkdirSync(dirname(join(root, path)), { recursive: true })
            writeFileSync(join(root, path), text)
          }
          const theirs = built(join(root, folder))
          expect(objects).toEqual(theirs)
          fresh[key] = theirs!
        }
        if (process.env['FREEZE'] === undefined) expect(objects).toEqual(frozen[key])
      })
    }
})

const corpus = process.env['PILOTHOUSE_CORPUS'] ?? join(import.meta.dirname, '../../../../shared/corpus')
if (!existsSync(corpus)) console.log(`NOT RUN: kustomizations of real repositories (no corpus at ${corpus})`)
describe.runIf(existsSync(corpus))('real repositories', () => {
  const repos = existsSync(corpus) ? globSync('dev/*/repo', { cwd: corpus }).sort() : []
  for (const repo of repos) {
    const root = join(corpus, repo)
    const paths = globSync('**/*.{yaml,yml,json,env,properties,conf,txt}', { cwd: root })
    const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']
    const folders = [...new Set(globSync(`**/{${names.join(',')}}`, { cwd: root }).map(path => dirname(path)))].sort()
    if (folders.length === 0) continue
    const files = new Map(paths.map(path => [path, readFileSync(join(root, path), 'utf8')]))
    for (const path of globSync('**/Kustomization', { cwd: root }))
      files.set(path, readFileSync(join(root, path), 'utf8'))
    const reader = kustomizeReader(files)

    if (!kubectl) console.log(`NOT RUN: ${folders.length} kustomizations of ${repo} against kubectl`)
    test.runIf(kubectl)(`${repo}: every kustomization as kubectl builds it`, { timeout: 240_000 }, () => {
      let equal = 0
      const wrong: string[] = []
      const refused: string[] = []
      for (const folder of folders) {
        const { objects, problems } = rendered(files, folder, reader)
        const theirs = built(join(root, folder))
        // What kubectl refuses is a problem here; what it fetches is one too, and cannot be compared.
        const isPartial = problems.some(({ severity, code }) => severity === 'error' || code === 'remote')
        if (theirs === null) (isPartial ? refused : wrong).push(folder)
        else if (isPartial && problems.every(({ code }) => code === 'remote')) refused.push(folder)
        else if (isDeepStrictEqual(objects, theirs)) equal += 1
        else wrong.push(folder)
      }
      console.log(
        `${repo}: ${folders.length} kustomizations, ${equal} equal to kubectl (${kubectl}), ` +
          `${refused.length} that kubectl refuses or fetches and we report, ${wrong.length} different`,
      )
      expect(wrong).toEqual([])
    })

    const outputs = globSync('../rendered/kustomize-*.yaml', { cwd: root })
    if (outputs.length === 0) continue
    test(`${repo}: as recorded`, () => {
      let equal = 0
      let incomplete = 0
      for (const output of outputs) {
        const name = output.replace(/^.*\/kustomize-|\.yaml$/g, '')
        const folder = folders.find(path => path.replaceAll('/', '-').endsWith(name))
        if (folder === undefined) throw new Error(`${output} is of no folder`)
        const { objects, problems } = rendered(files, folder, reader)
        // Recorded of the whole repository, of which the corpus holds a part.
        if (problems.some(({ code }) => code === 'missing')) incomplete += 1
        else {
          expect([folder, objects]).toEqual([folder, documentsIn(readFileSync(join(root, output), 'utf8'))])
          equal += 1
        }
      }
      console.log(`${repo}: ${outputs.length} recorded, ${equal} equal, ${incomplete} of which files are missing here`)
      expect(equal).toBeGreaterThan(0)
    })
  }
})

describe('problems', () => {
  const problemsOf = (files: Record<string, string>, folder = '.') =>
    rendered(new Map(Object.entries(files)), folder).problems.map(
      ({ code, severity, file, line, about }) => `${severity} ${code} ${file}:${line} ${about}`,
    )
  const map = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n'

  test('what is fetched, missing or outside is said where it is named, and the rest is rendered', () => {
    const files = {
      'a/kustomization.yaml':
        'resources:\n- https://example.org/x.yaml\n- github.com/o/r//k8s?ref=v1\n- gone.yaml\n- ../m.yaml\nhelmCharts:\n- name: redis\n',
      'm.yaml': map,
    }
    expect(problemsOf(files, 'a')).toEqual([
      'warning remote a/kustomization.yaml:2 https://example.org/x.yaml',
      'warning remote a/kustomization.yaml:3 github.com/o/r//k8s?ref=v1',
      'error missing a/kustomization.yaml:4 gone.yaml',
      'warning outside a/kustomization.yaml:5 ../m.yaml',
      'warning chart a/kustomization.yaml:7 redis',
    ])
    expect(rendered(new Map(Object.entries(files)), 'a').objects).toHaveLength(1)
  })

  test('mistakes that kubectl stops at', () => {
    expect(
      problemsOf({
        'kustomization.yaml': [
          'resources: [m.yaml, m.yaml, broken.yaml, loop]',
          'replicas: [{name: nobody, count: 1}]',
          'images:',
          '- name: a',
          '  newTag: 1.10',
          'nonsense: true',
          'patches:',
          '- path: patch.yaml',
          '- target: {kind: ConfigMap}',
          '  patch: |',
          '    - {op: remove, path: /data/none}',
          '- target: {name: "("}',
          '  patch: "- {op: remove, path: /x}"',
        ].join('\n'),
        'm.yaml': map,
        'broken.yaml': 'a: [\n',
        'patch.yaml': `\n${map.replace('name: m', 'name: other')}`,
        'loop/kustomization.yaml': 'resources:\n- ..\n',
      }),
    ).toMatchInlineSnapshot(`
      [
        "error unknown-field kustomization.yaml:6 nonsense",
        "error duplicate m.yaml:1 ConfigMap m",
        "error unreadable broken.yaml:2 Flow sequence in block collection must be sufficiently indented and end with a ]",
        "error cycle loop/kustomization.yaml:2 ..",
        "error no-target patch.yaml:2 ConfigMap other",
        "error patch-fails kustomization.yaml:11 ConfigMap m",
        "error selector kustomization.yaml:12 ( is not a regular expression",
        "error no-replicas-target kustomization.yaml:2 nobody",
        "error not-text kustomization.yaml:5 newTag",
      ]
    `)
  })
})
