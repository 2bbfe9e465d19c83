import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { serveFleet } from '../../src-main/sandbox/edge/serve-fleet.ts'
import { makeRepository } from '../world/git-repository.ts'
import { isolatedHome } from '../world/isolated-home.ts'
import type { Camera } from './camera.ts'

const node = (name: string, site: string, ring: string) =>
  `apiVersion: pilothouse.dev/v1alpha1\nkind: EdgeNode\nmetadata: { name: ${name}, labels: { site: ${site}, ring: ${ring} } }\nspec: { host: ${name}, architecture: arm64 }\n`
const service = `apiVersion: pilothouse.dev/v1alpha1
kind: EdgeService
metadata: { name: counter }
spec:
  selector: {}
  version: 1.2
  artifact: { path: build/counter }
  unit: { cpuAffinity: 3, memoryMax: 64M }
  health: { exec: [sh, -c, 'test -f "$PILOTHOUSE_ROOT/opt/pilothouse/counter/current/ready"'], stable: 1ms, timeout: 60s }
  slo: { schedulingLatencyP99: 100000, schedulingLatencyMax: 10000000 }
  rollout: { rings: [{ matchLabels: { ring: canary } }, { share: 100 }], stopOn: { failures: 2 } }
`
const program = `#!/bin/sh
[ "$(hostname)" = rotterdam ] && { echo no such device >&2; exit 6; }
: >ready
while :; do sleep 3600; done
`
const toEdge = (page: Page) =>
  page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Edge' }).click()

/** Nodes at the edge: none yet, imported, looked into, rolled out to, measured. */
export async function edge({ withApp, shoot }: Camera): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const home = stack.use(isolatedHome())
  const fleet = stack.use(
    await serveFleet(join(home.folder, 'fleet'), { now: Date.now(), faults: { gdynia: [{ kind: 'dead' }] } }),
  )
  cpSync(join(fleet.ssh.home, '.ssh'), join(home.environment['HOME']!, '.ssh'), { recursive: true })

  const empty = makeRepository(home, 'bare', { 'README.md': '# Bare\n' })
  await withApp(['serve', empty], home, async page => {
    await toEdge(page)
    await page.getByRole('button', { name: 'Import nodes' }).waitFor()
    await shoot(page, 'edge-empty')
    await page.getByRole('button', { name: 'Import nodes' }).click()
    await page.getByRole('checkbox', { name: 'lisbon' }).waitFor()
    await shoot(page, 'edge-import-ssh')
    await page.getByRole('radio', { name: 'Inventory or addresses' }).click()
    await page
      .getByRole('textbox')
      .fill('[porto]\nboard-[01:04] ansible_user=pi ansible_port=2222\n[canary]\nboard-01\n10.20.0.9\n')
    await page.getByRole('checkbox', { name: 'board-04' }).waitFor()
    await shoot(page, 'edge-import-inventory')
    await page.getByRole('button', { name: /^Put 5 nodes/ }).click()
    await page.getByText('5 nodes are in the draft').waitFor()
    await shoot(page, 'edge-imported')
  })

  const nodes = [
    node('lisbon', 'market', 'canary'),
    node('rotterdam', 'ferry', 'wide'),
    node('trieste', 'harbour', 'wide'),
    node('gdynia', 'shipyard', 'wide'),
  ]
  const directory = makeRepository(home, 'tills', {
    '.gitignore': 'build\n',
    '.pilothouse/edge/fleet.yaml': [...nodes, service].join('---\n'),
  })
  mkdirSync(join(directory, 'build'))
  writeFileSync(join(directory, 'build/counter'), program)
  await withApp(['serve', directory], home, async page => {
    await toEdge(page)
    await page.getByRole('button', { name: 'Connect', exact: true }).click()
    await page.getByRole('row', { name: /gdynia.*no answer/ }).waitFor()
    await page.getByRole('row', { name: /trieste.*live/ }).waitFor()
    await shoot(page, 'edge-nodes')
    await page.getByRole('row', { name: /rotterdam/ }).click()
    await page.getByRole('article', { name: 'rotterdam' }).getByText('Compute Module').waitFor()
    await shoot(page, 'edge-node')
    await page.getByRole('radio', { name: 'Services' }).click()
    await page.getByRole('button', { name: 'Ask the nodes' }).click()
    await page.getByText('3 new').waitFor()
    await page.getByRole('button', { name: 'What changes on lisbon' }).click()
    await shoot(page, 'edge-plan')
    await page.getByRole('button', { name: 'Apply' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click()
    await page.getByText('no such device').first().waitFor()
    await page.getByText('1 unreachable').first().waitFor()
    await shoot(page, 'edge-rollout')
    await page.getByRole('radio', { name: 'Latency' }).click()
    await page.getByRole('spinbutton', { name: 'Seconds' }).fill('1')
    for (const label of ['as it came', 'with affinity']) {
      await page.getByRole('textbox', { name: 'What for' }).fill(label)
      await page.getByRole('button', { name: 'Measure' }).click()
      await page.getByRole('rowheader', { name: label }).waitFor()
    }
    await shoot(page, 'edge-latency')
  })
  // Opened again: what is left to do goes on.
  await withApp(['serve', directory], home, async page => {
    await page.getByText('applied when it next appears').waitFor()
    await shoot(page, 'edge-goes-on')
  })
}
