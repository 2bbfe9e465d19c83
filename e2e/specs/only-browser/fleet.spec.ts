import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { boards } from '../../../src-main/sandbox/edge/board.ts'
import { serveFleet } from '../../../src-main/sandbox/edge/serve-fleet.ts'
import { expect, test } from '../../open-app.ts'
import { axeFindings } from '../../pages/axe.ts'
import { makeRepository } from '../../world/git-repository.ts'

const node = (name: string, ring: string) =>
  `apiVersion: pilothouse.dev/v1alpha1\nkind: EdgeNode\nmetadata: { name: ${name}, labels: { ring: ${ring} } }\nspec: { host: ${name}, architecture: arm64 }\n`
const service = `apiVersion: pilothouse.dev/v1alpha1
kind: EdgeService
metadata: { name: counter }
spec:
  selector: {}
  version: 1.2
  artifact: { path: build/counter }
  health: { exec: [sh, -c, 'test -f "$PILOTHOUSE_ROOT/opt/pilothouse/counter/current/ready"'], stable: 1ms, timeout: 60s }
  slo: { schedulingLatencyMax: 10000000 }
  rollout: { rings: [{ matchLabels: { ring: canary } }] }
`
const program = `#!/bin/sh
[ "$(hostname)" = rotterdam ] && { echo no such device >&2; exit 6; }
: >ready
while :; do sleep 3600; done
`

test('a plan, a rollout with one node that fails, and latency before and after', async ({ home, openApp }) => {
  if (process.platform === 'win32')
    console.log('NOT RUN: a rollout at the edge on the page, as boards need a POSIX shell')
  test.skip(process.platform === 'win32', 'NOT RUN: boards of the sandbox need a POSIX shell')
  await using fleet = await serveFleet(join(home.folder, 'fleet'), {
    boards: boards.filter(({ name }) => name === 'lisbon' || name === 'rotterdam'),
    now: Date.now(),
  })
  // The person's own configuration leads to the boards.
  const ssh = join(home.environment['HOME']!, '.ssh')
  cpSync(join(fleet.ssh.home, '.ssh'), ssh, { recursive: true })
  const directory = makeRepository(home, 'edge', {
    '.gitignore': 'build\n',
    '.pilothouse/edge/fleet.yaml': [node('lisbon', 'canary'), node('rotterdam', 'wide'), service].join('---\n'),
  })
  mkdirSync(join(directory, 'build'))
  writeFileSync(join(directory, 'build/counter'), program)

  const { page } = await openApp(directory)
  await page
    .getByRole('link', { name: 'Edge' })
    .or(page.getByRole('button', { name: 'Edge' }))
    .first()
    .click()
  await page.getByRole('radio', { name: 'Services' }).click()
  await page.getByRole('button', { name: 'Ask the nodes' }).click()
  await expect(page.getByText('2 new')).toBeVisible()
  await page.getByRole('button', { name: 'What changes on lisbon' }).click()
  await expect(page.getByText('+ExecStart=')).toBeVisible()

  await page.getByRole('button', { name: 'Apply' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click()
  await expect(page.getByText('The rollout stopped by its own rule')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText('1 of 2 nodes done · 1 failed')).toBeVisible()
  await expect(page.getByText('counter ended by itself (exit-code, status 6).')).toBeVisible()
  await expect(page.getByText('no such device').first()).toBeVisible()
  expect(await axeFindings(page)).toEqual([])
  const running = join(fleet.boards.get('lisbon')!.made.root, 'opt/pilothouse/counter/current/counter')
  expect(readFileSync(running, 'utf8')).toBe(program)

  await page.getByRole('radio', { name: 'Latency' }).click()
  await page.getByRole('spinbutton', { name: 'Seconds' }).fill('1')
  for (const label of ['as it came', 'with affinity']) {
    await page.getByRole('textbox', { name: 'What for' }).fill(label)
    await page.getByRole('button', { name: 'Measure' }).click()
    await expect(page.getByRole('rowheader', { name: label })).toBeVisible({ timeout: 30_000 })
  }
  await expect(page.getByRole('img', { name: 'Shares of wake-ups by how long each waited' })).toBeVisible()
  expect(await axeFindings(page)).toEqual([])
})
