import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serveFleet } from '../../src-main/sandbox/edge/serve-fleet.ts'
import { expect, test } from '../open-app.ts'
import { axeFindings } from '../pages/axe.ts'
import { makeRepository } from '../world/git-repository.ts'

const node = (name: string, site: string) =>
  `---\napiVersion: pilothouse.dev/v1alpha1\nkind: EdgeNode\nmetadata: { name: ${name}, labels: { site: ${site} } }\nspec: { host: ${name}, architecture: arm64 }\n`

test('edge nodes are connected once, say how they do, and are looked into', async ({ home, openApp }) => {
  if (process.platform === 'win32') console.log('NOT RUN: edge nodes on the page, as boards need a POSIX shell')
  test.skip(process.platform === 'win32', 'NOT RUN: boards of the sandbox need a POSIX shell')
  await using fleet = await serveFleet(join(home.folder, 'fleet'), {
    now: Date.now(),
    faults: { gdynia: [{ kind: 'dead' }] },
  })
  const ssh = join(home.environment['HOME']!, '.ssh')
  mkdirSync(ssh, { recursive: true })
  writeFileSync(join(ssh, 'config'), `Include ${fleet.ssh.configFiles[0]}\n`)
  const nodes = [node('lisbon', 'market'), node('rotterdam', 'ferry'), node('gdynia', 'shipyard')].join('')
  const directory = makeRepository(home, 'tills', { '.pilothouse/edge/nodes.yaml': nodes })
  const { page } = await openApp(directory)
  const board = fleet.boards.get('rotterdam')!
  const rows = page.getByRole('table', { name: 'Nodes' }).getByRole('row')
  const tab = (name: string) => page.getByRole('tab', { name, exact: true }).click()

  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Edge' }).click()
  await expect(page.getByText('3 machines named here are not connected')).toBeVisible()
  expect(board.signedIn()).toBe(0)
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await expect(rows).toContainText([/Node/, /gdynia.*no answer/, /rotterdam.*needs help.*lte-modem/, /lisbon.*live/])
  expect(await axeFindings(page)).toEqual([])

  await rows.filter({ hasText: 'rotterdam' }).click()
  const detail = page.getByRole('article', { name: 'rotterdam' })
  await expect(detail).toContainText('Raspberry Pi Compute Module 4')
  await expect(detail).toContainText('Its clock is 94 s ahead')

  await tab('Units')
  await detail.getByRole('button', { name: 'Journal of lte-modem.service' }).click()
  const journal = page.getByRole('log', { name: 'Journal' })
  await board.made.log('lte-modem.service', '<img src=x onerror=alert(1)> \u001b[2J lost', 3)
  await expect(journal).toContainText('<img src=x onerror=alert(1)> �[2J lost')
  await page.getByRole('textbox', { name: 'Text in the message' }).fill('only this')
  await expect(page.getByText('Nothing that fits has been written yet')).toBeVisible()
  await board.made.log('lte-modem.service', 'Only This one')
  await expect(journal).toContainText('Only This one')

  await tab('Files')
  await page.getByRole('row', { name: /notes\.txt/ }).click()
  await expect(page.getByRole('region', { name: 'notes.txt' })).toContainText('key of the cabinet')
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Download' }).click()
  expect((await downloading).suggestedFilename()).toBe('notes.txt')

  await tab('Terminal')
  const screen = page.locator('.xterm-accessibility-tree')
  await expect(screen).toContainText('pilot@rotterdam')
  await page.keyboard.type('uname -a\n')
  await expect(screen).toContainText('Linux rotterdam 6.6.51+rpt-rpi-v8 aarch64')

  board.setFaults([{ kind: 'dead' }])
  await expect(detail).toContainText(/Stale: no answer since \d\d:\d\d/)
  await tab('Overview')
  await expect(detail).toContainText('Raspberry Pi Compute Module 4')
})

test('nodes are imported from where a person has them, into the draft', async ({ home, openApp }) => {
  const ssh = join(home.environment['HOME']!, '.ssh')
  mkdirSync(ssh, { recursive: true })
  writeFileSync(
    join(ssh, 'config'),
    'Host porto-1\n  HostName 10.0.0.1\n  User pi\nHost github.com\n  User git\nHost *\n',
  )
  const { page } = await openApp(makeRepository(home, 'bare', { 'README.md': '# Bare\n' }))
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: 'Edge' }).click()
  await page.getByRole('button', { name: 'Import nodes' }).click()
  const dialog = page.getByRole('dialog', { name: 'Import nodes' })
  await expect(dialog.getByRole('row')).toContainText([/2 hosts/, /porto-1.*pi@10\.0\.0\.1/, /github\.com.*git@/])
  await expect(dialog.getByRole('checkbox', { name: 'porto-1' })).toBeChecked()
  await expect(dialog.getByRole('checkbox', { name: 'github.com' })).not.toBeChecked()
  expect(await axeFindings(page)).toEqual([])
  await dialog.getByRole('button', { name: 'Put 1 node into the draft' }).click()
  await expect(page.getByText('1 node is in the draft')).toBeVisible()

  await page.getByRole('button', { name: 'Import nodes' }).click()
  await dialog.getByRole('radio', { name: 'Inventory or addresses' }).click()
  await dialog.getByRole('textbox').fill('[hall]\nporto-1\nboard-[1:2] ansible_user=pi\n')
  await expect(dialog.getByRole('checkbox', { name: 'porto-1' })).toBeDisabled()
  await dialog.getByRole('button', { name: 'Put 2 nodes into the draft' }).click()
  await expect(page.getByText('2 nodes are in the draft')).toBeVisible()
})
