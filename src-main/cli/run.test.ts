import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runHere } from '../../e2e/world/run-here.ts'
import { git } from '../../e2e/world/small-repository.ts'

const directory = mkdtempSync(join(tmpdir(), 'pilothouse-run-'))
beforeAll(() => {
  git(directory, 'init', '-q', '-b', 'main')
  git(directory, 'config', 'user.name', 'Ada')
  git(directory, 'config', 'user.email', 'ada@example.org')
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const workload = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { template: { spec: { containers: [{ name: web, image: "acme/web:1" }] } } }
`
const run = (...line: string[]) => runHere(directory, line)

describe('what is typed wrong is answered with what is right', () => {
  test.each([
    ['edge', 2, ['edge status [DIR]', 'edge apply [DIR]']],
    ['edge --help', 0, ['edge status [DIR]', 'edge apply [DIR]']],
    ['help rules', 0, ['rules eval RULES CONTEXT', 'rules waivers [DIR]']],
    ['help topology diff', 0, ['Usage: pilothouse topology diff DIR REV_A REV_B']],
    ['topology --help', 0, ['Usage: pilothouse topology [DIR]', 'topology impact DIR SERVICE']],
  ])('pilothouse %s', async (line, code, says) => {
    const answer = await run(...line.split(' '))
    expect(answer.code).toBe(code)
    for (const words of says) expect(answer.text).toContain(words)
    expect(answer.text).not.toContain('Usage: pilothouse serve')
  })

  test.each([
    ['help nosuch', 'There is no command `nosuch`.'],
    ['edge plann', 'Did you mean `edge plan`?'],
    ['topologyy', 'Did you mean `topology`?'],
  ])('pilothouse %s', async (line, says) => {
    const answer = await run(...line.split(' '))
    expect(answer.code).toBe(2)
    expect(answer.said).toContain(says)
  })
})

describe('a repository without a commit', () => {
  test('is a place, and empty', async () => {
    const graph = await run('topology', '.')
    expect(graph.code).toBe(0)
    expect(JSON.parse(graph.text)).toMatchObject({ environment: '.', nodes: [], edges: [] })
  })

  test.each([
    ['edit . --set-replicas web=3', 'no Kubernetes manifest is committed'],
    ['topology . --env prod', 'no Kubernetes manifest is committed'],
  ])('pilothouse %s', async (line, says) => {
    const answer = await run(...line.split(' '))
    expect(answer.code).toBe(2)
    expect(answer.said).toContain(says)
  })
})

describe('a first commit', () => {
  beforeAll(() => {
    writeFileSync(join(directory, 'web.yaml'), workload)
    git(directory, 'add', '.')
    git(directory, 'commit', '-qm', 'first')
  })

  test('is judged as all there is; a shallow clone that ends there is not', async () => {
    const whole = await run('gate', '.', '--json')
    expect(JSON.parse(whole.text)).toMatchObject({ base: null, environments: [{ environment: '.' }] })
    git(directory, 'commit', '-q', '--allow-empty', '-m', 'second')
    git(directory, 'clone', '-q', '--depth', '1', '--origin', 'up', `file://${directory}`, 'shallow')
    const cut = await run('gate', 'shallow')
    expect(cut.code).toBe(2)
    expect(cut.said).toContain('--unshallow')
  })

  test('is pushed, or it is said what is in the way', async () => {
    const decide = (...more: string[]) =>
      run('record', '.', '-m', 'use main', '--why', 'It is there.', '--push', ...more)
    const alone = await decide()
    expect(alone.code).toBe(3)
    expect(alone.said).toContain('There is no remote to push to')
    git(directory, 'init', '-q', '--bare', 'remote.git')
    writeFileSync(join(directory, 'remote.git/hooks/pre-receive'), '#!/bin/sh\necho ask Ada >&2\nexit 1\n', {
      mode: 0o755,
    })
    git(directory, 'remote', 'add', 'origin', join(directory, 'remote.git'))
    const refused = await decide()
    expect(refused.code).toBe(1)
    expect(refused.said).toMatch(/ask Ada[\s\S]*--branch NAME/)
    git(directory, 'remote', 'set-url', 'origin', join(directory, 'gone.git'))
    const away = await decide('--branch', 'later')
    expect(away.code).toBe(3)
    expect(away.said).toMatch(/gone\.git[\s\S]*waits in the branch/)
  })

  test('declares nothing at the edge, and that is said', async () => {
    for (const verb of ['plan', 'apply']) {
      const answer = await run('edge', verb, '.')
      expect(answer).toMatchObject({ code: 0, said: expect.stringContaining('No EdgeService is declared') })
    }
  })
})
