import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runHere } from '../../e2e/world/run-here.ts'
import { git, makeServiceChain } from '../../e2e/world/small-repository.ts'

const directory = mkdtempSync(join(tmpdir(), 'pilothouse-compare-cli-'))
beforeAll(() => {
  makeServiceChain(directory, 2)
  const file = join(directory, 'manifests/svc-0.yaml')
  writeFileSync(file, readFileSync(file, 'utf8').replace('replicas: 1', 'replicas: 5'))
  git(directory, 'commit', '-q', '-am', 'DECISION: five of svc-0')
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const run = (...line: string[]) => runHere(directory, line)

test('two points line by line, as data and as a patch, each difference with the decision that made it', async () => {
  const commit = git(directory, 'rev-parse', 'HEAD').trim()
  const lines = await run('compare', '.', 'HEAD~1', 'now', '--part', 'topology', '--exit-code')
  expect(lines.code).toBe(1)
  expect(lines.text).toBe(`topology\n  ~ node svc-0\n      replicas: 1 → 5  ← ${commit.slice(0, 10)} five of svc-0\n`)
  const data = JSON.parse((await run('compare', '.', 'HEAD~1', 'now', '--json')).text)
  expect([data.relation, data.a.environment, data.b.kind]).toEqual(['forward', 'manifests', 'now'])
  expect(data.manifests.subjects).toMatchObject([
    {
      change: 'changed',
      kind: 'Deployment',
      service: 'svc-0',
      fields: [{ field: 'spec.replicas', before: '1', after: '5', madeBy: { commit, title: 'five of svc-0' } }],
    },
  ])
  expect(JSON.stringify(data)).not.toContain('\\u0000')
  const patch = await run('compare', '.', 'HEAD~1', 'now', '--diff')
  expect(patch.text.split('\n').filter(line => /^[+-]/.test(line))).toEqual([
    '--- a/svc-0/Deployment-svc-0.yaml',
    '+++ b/svc-0/Deployment-svc-0.yaml',
    '-  replicas: 1',
    '+  replicas: 5',
  ])
})

test('what does not differ is said, and what is no point or part is refused with what there is', async () => {
  const same = await run('compare', '.', 'HEAD', 'now', '--exit-code')
  expect([same.code, same.text, same.said]).toEqual([0, '', 'No difference.\n'])
  expect((await run('compare', '.', 'HEAD', 'now', '--part', 'weather')).said).toContain(
    'topology, manifests, dependencies, rules',
  )
  expect((await run('compare', '.', 'nowhere', 'now')).code).toBe(2)
  expect((await run('compare', '.', 'HEAD:manifest', 'now')).said).toContain('manifests')
})

test('a commit that left no snapshot is given one, and it is said', async () => {
  const { text, said } = await run('show', '.', 'HEAD', '--snapshot')
  expect(JSON.parse(text)).toMatchObject({ kind: 'Snapshot', environment: 'manifests' })
  expect(said).toContain('worked out from its commit')
})
