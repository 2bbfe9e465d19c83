import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runHere } from '../../e2e/world/run-here.ts'
import { git, makeServiceChain } from '../../e2e/world/small-repository.ts'

const directory = mkdtempSync(join(tmpdir(), 'pilothouse-wiring-'))
beforeAll(() => makeServiceChain(directory, 4))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const run = (...line: string[]) => runHere(directory, line)
const added = (patch: string): readonly string[] =>
  patch.split('\n').flatMap(line => (/^\+(?!\+)/.test(line) ? [line.slice(1).trim()] : []))

test('a call is made, led elsewhere and taken away by what it takes', async () => {
  const made = await run('edit', '.', '--connect', 'svc-0=svc-3', '--dry-run')
  expect(made.code).toBe(0)
  // As others that call it are told, but under a name that is free.
  expect(added(made.text)).toEqual(['- name: SVC_3_URL', 'value: "http://svc-3:8080"'])
  const led = await run('edit', '.', '--repoint', 'svc-0=svc-1:svc-2', '--dry-run')
  expect(added(led.text)).toEqual(['- {name: NEXT_ADDR, value: "http://svc-2:8080"}'])
  const gone = await run('edit', '.', '--disconnect', 'svc-0=svc-1', '--dry-run')
  expect(gone.text).toMatch(/^-.*NEXT_ADDR/m)
  expect(added(gone.text)).toEqual([])
  expect((await run('edit', '.', '--repoint', 'svc-0=svc-1', '--dry-run')).code).toBe(2)
})

test('a sketch is declared; a line that cannot be read ends it with its number', async () => {
  writeFileSync(
    join(directory, 'sketch.mmd'),
    'graph LR\n  svc-3 -->|grpc| svc-0\n  somebody --> svc-0\n  svc-0 --> svc-1\n',
  )
  const declared = await run('edit', '.', '--declare-from', 'sketch.mmd', '--dry-run')
  expect(declared.code).toBe(0)
  expect(added(declared.text)).toEqual(expect.arrayContaining(['- from: svc-3', 'to: svc-0', 'protocol: grpc']))
  expect(declared.said).toContain('sketch.mmd:3 Nobody here is called somebody')
  expect(declared.said).toContain('One edge of the sketch is on the graph already.')
  writeFileSync(join(directory, 'sketch.mmd'), 'graph LR\n  svc-3 => svc-0\n')
  const wrong = await run('edit', '.', '--declare-from', 'sketch.mmd', '--dry-run')
  expect(wrong.code).toBe(2)
  expect(wrong.said).toContain('sketch.mmd:2 ')
})

test('who depends on a service, and the picture of it all', async () => {
  const answer = await run('topology', 'impact', '.', 'svc-2', '--json')
  const impact = JSON.parse(answer.text) as { callers: { id: string; hops: number }[]; calls: { id: string }[] }
  expect(impact.callers.map(({ id, hops }) => `${id} ${hops}`)).toEqual(['svc-1 1', 'svc-0 2'])
  expect(impact.calls.map(({ id }) => id)).toEqual(['svc-3'])
  expect((await run('topology', 'impact', '.', 'svc-9')).code).toBe(2)
  const svg = await run('topology', '.', '--format', 'svg')
  expect(svg.text).toMatch(/^<svg [\s\S]*svc-3[\s\S]*<\/svg>\n$/)
  expect(git(directory, 'status', '--porcelain').trim()).toBe('?? sketch.mmd')
})

test('an edit of an overlay is told with where it lands, and why there', async () => {
  const before = git(directory, 'rev-parse', 'HEAD').trim()
  writeFileSync(join(directory, 'manifests/kustomization.yaml'), 'resources: [svc-0.yaml]\n')
  for (const name of ['prod', 'test']) {
    mkdirSync(join(directory, 'overlays', name), { recursive: true })
    writeFileSync(join(directory, 'overlays', name, 'kustomization.yaml'), 'resources: [../../manifests]\n')
  }
  git(directory, 'add', 'manifests', 'overlays')
  git(directory, 'commit', '-q', '-m', 'Overlays')
  const edit = await run('edit', '.', '--env', 'overlays/prod', '--set-replicas', 'svc-0=3', '--dry-run')
  expect(edit.text).toContain('overlays/prod/kustomization.yaml')
  expect(edit.said).toContain(
    'Scale svc-0 1 → 3: In replicas: of overlays/prod/kustomization.yaml, because manifests/svc-0.yaml is shared with test.',
  )
  git(directory, 'reset', '-q', '--hard', before)
  const plain = await run('edit', '.', '--set-replicas', 'svc-0=3', '--dry-run')
  expect([plain.code, plain.said]).toEqual([0, ''])
})
