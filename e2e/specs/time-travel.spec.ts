import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../open-app.ts'
import { boxOf, workbench } from '../pages/workbench.ts'
import { pilothouse } from '../world/command-line.ts'
import { git, makeRepository, smallShop } from '../world/git-repository.ts'
import type { Home } from '../world/isolated-home.ts'

/** Three decisions: checkout goes from 3 to 4, 5 and 6. */
async function threeDecisions(home: Home): Promise<string> {
  const directory = makeRepository(home, 'shop', smallShop)
  for (const [replicas, title] of [
    [4, 'first raise'],
    [5, 'second raise'],
    [6, 'third raise'],
  ] as const) {
    const ran = await pilothouse(home, directory, [
      ...['edit', '--set-replicas', `checkout=${replicas}`, '--commit', '-m', title],
      ...['--why', `The ${title} was needed.`],
    ])
    expect([ran.code, ran.err.includes('main')]).toEqual([0, true])
  }
  return directory
}

test('the header switches to an earlier decision: said, read only, with the old value; and back', async ({
  home,
  openApp,
}) => {
  const bench = workbench((await openApp(await threeDecisions(home))).page)
  const { page } = bench
  await expect(bench.node('checkout')).toContainText('Replicas 6')

  // A moment of the past shows what its own commit changed.
  await bench.pick('Revision', 'first raise')
  const bar = page.getByRole('region', { name: 'Time travel' })
  await expect(bar).toContainText('You are looking at')
  await expect(bar).toContainText('first raise')
  await expect(bar).toContainText('The past cannot be edited.')
  await expect(bench.node('checkout')).toContainText('becomes 4')

  await bench.select('checkout')
  await expect(bench.inspector.getByRole('spinbutton', { name: 'Replicas' })).toBeDisabled()
  await expect(page.getByRole('button', { name: 'One replica more for checkout' })).toHaveCount(0)
  await expect(page.getByRole('button', { name: 'Add service' })).toHaveCount(0)

  await bar.getByRole('button', { name: 'One commit earlier' }).click()
  await expect(bench.node('checkout')).toContainText('Replicas 3')
  // Back and reload keep the moment: it is in the address.
  await page.goBack()
  await expect(bench.node('checkout')).toContainText('becomes 4')
  await page.reload()
  await expect(bar).toContainText('first raise')
  await expect(bench.node('checkout')).toContainText('becomes 4')

  await bar.getByRole('button', { name: 'Back to now' }).click()
  await expect(bar).toBeHidden()
  await expect(bench.node('checkout')).toContainText('Replicas 6')
  await expect(bench.inspector.getByRole('spinbutton', { name: 'Replicas' })).toBeEnabled()
})

test('a decision shows its record, files and graph, and travels to its moment', async ({ home, openApp }) => {
  const bench = workbench((await openApp(await threeDecisions(home))).page)
  const { page } = bench
  await bench.go('Decisions')
  const log = page.getByRole('listbox', { name: 'Log of decisions, newest first' })
  await expect(log.getByRole('option')).toHaveCount(4)
  await expect(log.getByRole('option').first()).toContainText('third raise')
  await log.getByRole('option').filter({ hasText: 'second raise' }).click()
  const detail = page.getByRole('article', { name: 'second raise' })
  await expect(detail).toContainText('The second raise was needed.')

  await detail.getByRole('tab', { name: 'Files' }).click()
  await detail
    .getByRole('list', { name: 'Files' })
    .getByRole('button', { name: /checkout\.yaml/ })
    .click()
  await expect(detail.locator('.editor.modified .view-lines')).toContainText(/replicas:\s5/, { timeout: 30_000 })
  await expect(detail.locator('.editor.original .view-lines')).toContainText(/replicas:\s4/)
  await detail.getByRole('tab', { name: 'Graph' }).click()
  await expect(detail).toContainText('1 change on the graph of deploy')

  await detail.getByRole('button', { name: 'Time travel to here' }).click()
  await expect(page.getByRole('region', { name: 'Time travel' })).toContainText('second raise')
  await bench.go('Topology')
  await expect(bench.node('checkout')).toContainText('becomes 5')
  await page.keyboard.press('g')
  await page.keyboard.press('n')
  await expect(bench.node('checkout')).toContainText('Replicas 6')
})

test('the slider goes from moment to moment, and what stays the same stays where it is', async ({ home, openApp }) => {
  const directory = makeRepository(home, 'shop', smallShop)
  const file = join(directory, 'deploy/checkout.yaml')
  for (let replicas = 4; replicas <= 9; replicas++) {
    writeFileSync(file, readFileSync(file, 'utf8').replace(/replicas: \d+/, `replicas: ${replicas}`))
    git(home, directory, 'commit', '-q', '-am', `DECISION: checkout to ${replicas}`)
  }
  const bench = workbench((await openApp(directory)).page)
  const { page } = bench
  const places = async () => Promise.all(['checkout', 'cart', 'front'].map(name => boxOf(bench.node(name))))
  await bench.pick('Revision', 'checkout to 9')
  const slider = page.getByRole('slider', { name: 'Moment' })
  await expect(slider).toHaveValue('6')
  await expect(bench.node('checkout')).toContainText('becomes 9')
  const before = await places()
  await slider.focus()
  for (let replicas = 8; replicas >= 4; replicas--) {
    await page.keyboard.press('ArrowLeft')
    await expect(bench.node('checkout')).toContainText(`becomes ${replicas}`)
    expect(await places()).toEqual(before)
  }
  await page.keyboard.press('End')
  await expect(page.getByRole('region', { name: 'Time travel' })).toBeHidden()
  await expect(bench.node('checkout')).toContainText('Replicas 9')
})
