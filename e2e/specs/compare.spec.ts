import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../open-app.ts'
import { axeFindings } from '../pages/axe.ts'
import { boxOf, workbench } from '../pages/workbench.ts'
import { git, makeRepository, smallShop } from '../world/git-repository.ts'
import type { Home } from '../world/isolated-home.ts'

/** Three decisions on a shop whose remote is nowhere: more carts, a newer checkout, and no front any more. */
function shop(home: Home): string {
  const directory = makeRepository(home, 'shop', smallShop)
  git(home, directory, 'remote', 'add', 'origin', 'https://nowhere.invalid/shop.git')
  git(home, directory, 'tag', 'v1')
  const change = (file: string, from: RegExp, to: string, title: string) => {
    const path = join(directory, file)
    const text = readFileSync(path, 'utf8')
    expect(text).toMatch(from)
    writeFileSync(path, text.replace(from, to))
    git(home, directory, 'commit', '-q', '-am', `DECISION: ${title}`)
  }
  change('deploy/cart.yaml', /replicas: \d+/, 'replicas: 7', 'seven carts')
  change('deploy/checkout.yaml', /image: \S+/, 'image: example.org/checkout:9.0.0', 'checkout nine')
  rmSync(join(directory, 'deploy/front.yaml'))
  git(home, directory, 'commit', '-q', '-am', 'DECISION: no front any more')
  return directory
}

test('two points on one graph and as tables; what is not part of a point is never said to be removed; with no network', async ({
  home,
  openApp,
}) => {
  const bench = workbench((await openApp(shop(home))).page)
  const { page } = bench
  const compare = page.getByRole('region', { name: 'Compare', exact: true })

  // From a moment of the past, against now.
  await bench.pick('Revision', 'v1')
  await page.getByRole('region', { name: 'Time travel' }).getByRole('button', { name: 'Compare with now' }).click()
  await expect(compare.getByRole('button', { name: 'From point A: v1' })).toBeVisible()
  await expect(compare.getByRole('button', { name: 'To point B: Now' })).toBeVisible()
  const changes = compare.getByRole('region', { name: 'Differences', exact: true })
  await expect(changes.getByRole('listitem').filter({ hasText: 'replicas' })).toContainText('7')
  await expect(bench.node('front')).toContainText('removed')
  await bench.node('cart').click()
  await expect(changes).toContainText('Differences at cart')
  await expect(changes.getByRole('button', { name: /^Made by seven carts/ })).toBeVisible()
  expect(await axeFindings(page)).toEqual([])

  // Time moves under the picture, and what stays the same stays where it is.
  const slider = compare.getByRole('slider', { name: 'Move B through time' })
  await expect(slider).toHaveValue('4')
  const places = async () => Promise.all(['checkout', 'cart'].map(name => boxOf(bench.node(name))))
  const before = await places()
  await slider.focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await expect(compare.getByRole('button', { name: 'To point B: checkout nine' })).toBeVisible()
  await expect(bench.node('front')).not.toContainText('removed')
  expect(await places()).toEqual(before)
  await page.keyboard.press('End')
  await expect(bench.node('front')).toContainText('removed')

  // The other way round nothing is said to be removed: what came later is not part of what was.
  await page.keyboard.press('x')
  await expect(compare.getByRole('button', { name: 'To point B: v1' })).toBeVisible()
  await compare.getByRole('radio', { name: 'Table' }).click()
  const table = compare.getByRole('table', { name: 'Differences' })
  await expect(table.getByRole('row').filter({ hasText: 'front' }).first()).toContainText('Only in B')
  await expect(compare).toContainText('B is the older point')
  await page.keyboard.press('x')
  await expect(table.getByRole('row').filter({ hasText: 'front' }).first()).toContainText('Removed')
})

test('objects, dependencies and verdicts of two points, each difference leading to the decision that made it', async ({
  home,
  openApp,
}) => {
  const bench = workbench((await openApp(shop(home))).page)
  const { page } = bench
  const compare = page.getByRole('region', { name: 'Compare', exact: true })
  const changes = compare.getByRole('region', { name: 'Differences', exact: true })

  // From a decision: what came of it since.
  await bench.go('Decisions')
  await page.getByRole('option').filter({ hasText: 'seven carts' }).click()
  await page.getByRole('article', { name: 'seven carts' }).getByRole('button', { name: /^More/ }).click()
  await page.getByRole('menuitem', { name: 'Compare with…' }).click()
  await expect(compare.getByRole('button', { name: 'From point A: seven carts' })).toBeVisible()

  // Objects by service: by fields, and as text.
  await compare.getByRole('tab', { name: 'Manifests' }).click()
  const objects = compare.getByRole('listbox', { name: 'Objects by service' })
  await objects.getByRole('option', { name: /Deployment checkout/ }).click()
  const object = compare.getByRole('article', { name: 'Deployment checkout' })
  await expect(object.getByRole('row', { name: /image/ })).toContainText('example.org/checkout:9.0.0')
  await object.getByRole('radio', { name: 'Text' }).click()
  await expect(object.locator('.editor.modified .view-lines')).toContainText('checkout:9.0.0', { timeout: 30_000 })
  await objects.focus()
  await page.keyboard.press('End')
  await expect(compare.getByRole('article', { name: 'Service front' })).toBeVisible()

  await compare.getByRole('tab', { name: 'Dependencies' }).click()
  await expect(compare.getByRole('treeitem', { name: /example\.org\/checkout/ })).toContainText('9.0.0')
  await compare.getByRole('tab', { name: 'Rules and verdicts' }).click()
  await expect(compare.getByRole('region', { name: 'What the gate says' })).toContainText('Of the step from A to B')
  expect(await axeFindings(page)).toEqual([])

  // The address keeps the points; the same point twice differs in nothing; what is no revision is said.
  await page.reload()
  const from = compare.getByRole('button', { name: /^From point A: / })
  await expect(from).toHaveAccessibleName('From point A: seven carts')
  await from.click()
  await page.getByRole('combobox').fill('Now')
  await page.getByRole('option', { name: 'Now', exact: true }).click()
  await expect(compare).toContainText('A and B are the same point.')
  await from.click()
  await page.getByRole('combobox').fill('nowhere')
  await page.getByRole('option', { name: 'Compare “nowhere”' }).click()
  await expect(compare.getByRole('alert')).toContainText('nowhere')

  // And to the decision that made a difference.
  await from.click()
  await page.getByRole('combobox').fill('v1')
  await page.getByRole('option', { name: 'v1', exact: false }).first().click()
  await changes.getByRole('button', { name: /^Made by checkout nine/ }).click()
  await expect(page.getByRole('article', { name: 'checkout nine' })).toBeVisible()
})
