import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { servePrometheus } from '../../e2e/world/prometheus-api.ts'
import { git, makeServiceChain } from '../../e2e/world/small-repository.ts'
import { translate } from '../../shared/messages/index.ts'
import type { Topology } from '../../shared/topology/topology.ts'
import { runCommandLine } from './run.ts'

const directory = mkdtempSync(join(tmpdir(), 'pilothouse-measured-'))
let prometheus: Awaited<ReturnType<typeof servePrometheus>>
beforeAll(async () => {
  prometheus = await servePrometheus([
    { from: 'svc-0', to: 'svc-1', rate: 12.5 },
    { from: 'svc-0', to: 'svc-2', rate: 3 },
    { from: 'svc-2', to: 'nobody', rate: 1 },
  ])
  makeServiceChain(directory, 3)
  writeFileSync(
    join(directory, 'pilothouse.yaml'),
    `apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\nmetrics: [{ name: Mesh, kind: prometheus, url: "${prometheus.url}", window: 15m }]\n`,
  )
  git(directory, 'add', '-A')
  git(directory, 'commit', '-q', '-m', 'Where it is measured')
})
afterAll(async () => {
  await prometheus.stop()
  rmSync(directory, { recursive: true, force: true })
})

async function run(...line: string[]) {
  let text = ''
  let said = ''
  const code = await runCommandLine(
    line,
    {
      out: more => {
        text += more
      },
      say: message => {
        said += `${translate('en', message)}\n`
      },
      locale: 'en',
      interactive: false,
      signal: new AbortController().signal,
      directory,
      environment: {},
    },
    () => {},
  )
  return { code, text, said }
}
type Printed = Topology & { metrics: { sources: object[]; unmatched: { name: string }[] } }

test('rates are filled in from an address, and from the sources the workspace names', async () => {
  const typed = await run('topology', '.', '--metrics', prometheus.url, '--window', '1h')
  expect([typed.code, typed.said]).toEqual([0, ''])
  const { edges, metrics } = JSON.parse(typed.text) as Printed
  expect(edges.map(({ from, to, state, rate, measured }) => [from, to, state, rate, measured?.window])).toEqual([
    ['svc-0', 'svc-1', 'observed', 12.5, '1h'],
    ['svc-0', 'svc-2', 'observed', 3, '1h'],
    ['svc-1', 'svc-2', 'inferred', null, undefined],
  ])
  expect(metrics.unmatched.map(({ name }) => name)).toEqual(['nobody'])

  const named = await run('topology', '--metrics')
  expect((JSON.parse(named.text) as Printed).metrics.sources).toMatchObject([{ name: 'Mesh', window: '15m' }])
  // Not asked for: nothing is measured, and nothing is asked.
  expect(JSON.parse((await run('topology')).text)).not.toHaveProperty('metrics')
})

test('the doctor asks each source, and what does not answer is unreachable', async () => {
  const { text } = await run('doctor', '.', '--json')
  expect(JSON.parse(text)).toContainEqual({
    check: 'metrics',
    state: 'ok',
    detail: `prometheus ${prometheus.url} Istio`,
    remedy: null,
  })
  expect(await run('topology', '--metrics', 'http://127.0.0.1:1')).toMatchObject({ code: 3, text: '' })
  expect(await run('topology', '--metrics', '--window', '1y')).toMatchObject({ code: 2, text: '' })
  expect((await run('topology', '--metrics=ftp://x')).said).toContain('ftp://x is not an address of metrics')
})
