import type { Page } from '@playwright/test'
import { expect, test } from '../open-app.ts'
import { boxOf, workbench } from '../pages/workbench.ts'
import { makeRepository, smallShop } from '../world/git-repository.ts'

/** The middle of what is drawn for an element, in pixels of the page. */
async function middleOf(page: Page, selector: string): Promise<{ x: number; y: number }> {
  const box = await boxOf(page.locator(selector))
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

test('a service name misspelt in one variable is explained, and fixed from the graph in two gestures', async ({
  home,
  openApp,
}) => {
  const misspelt = {
    ...smallShop,
    'deploy/checkout.yaml': smallShop['deploy/checkout.yaml']!.replace('cart:80', 'crat:80'),
  }
  const bench = workbench((await openApp(makeRepository(home, 'shop', misspelt))).page)
  const { page, inspector } = bench
  await expect(bench.node('crat'), 'the name that nothing answers to is drawn').toBeVisible()

  // One: the red glyph on the line.
  const glyph = await middleOf(page, '[data-from][data-dangling] [data-tone="danger"] circle')
  await page.mouse.click(glyph.x, glyph.y)
  await expect(inspector).toContainText('Nothing answers to this name')
  await expect(inspector).toContainText('checkout names crat')
  await expect(inspector, 'where it is said').toContainText('deploy/checkout.yaml')

  // Two.
  await inspector.getByRole('button', { name: 'Use cart', exact: true }).click()
  await bench.draftSays('1 edit')
  await expect(page.locator('[data-from][data-dangling]:not([data-change="removed"])')).toHaveCount(0)
  await bench.openDock()
  await expect(bench.dock).toContainText('crat')
  const decided = await bench.commit({ why: 'A letter was in the wrong place.' })
  expect(decided).toHaveLength(8)
})

test('an edge is drawn to another node, seen as a diff first, and joins the draft as one step', async ({
  home,
  openApp,
}) => {
  const bench = workbench((await openApp(makeRepository(home, 'shop', smallShop))).page)
  const { page } = bench
  const line = (from: string, to: string) => page.locator(`[data-from="${from}"][data-to="${to}"]`)
  await bench.select('front')
  const grip = page.getByRole('button', { name: 'Connect front to another service' })
  const from = await boxOf(grip)
  const to = await boxOf(bench.node('cart'))
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2)
  await page.mouse.down()
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 4 })
  await page.mouse.up()

  const dialog = page.getByRole('dialog', { name: 'Connect front to cart' })
  await expect(dialog, 'as front writes the addresses it has').toContainText('CART_URL=http://cart')
  await expect(dialog).toContainText('front calls cart')
  await expect(dialog, 'the lines that are written').toContainText('+')
  await dialog.getByRole('button', { name: 'Add the change to the draft' }).click()
  await expect(dialog).toBeHidden()
  await bench.draftSays('1 edit')
  await expect(line('front', 'cart')).toHaveAttribute('data-change', 'added')

  // One step: one undo takes all of it back.
  await bench.dock.getByRole('button', { name: 'Undo the last edit' }).click()
  await bench.draftSays('No changes')
  await expect(line('front', 'cart')).toHaveCount(0)
})

test('who depends on a service is shown, and what breaks before a call is deleted', async ({ home, openApp }) => {
  const bench = workbench((await openApp(makeRepository(home, 'shop', smallShop))).page)
  const { page } = bench
  const line = (from: string, to: string) => page.locator(`[data-from="${from}"][data-to="${to}"]`)
  // On the graph and as a list.
  await bench.select('cart')
  await page.keyboard.press('w')
  const impact = page.getByRole('region', { name: 'Impact of cart' })
  await expect(impact).toContainText('2 services depend on cart, up to 2 calls away.')
  await expect(impact.getByRole('button', { name: /^front/ })).toContainText('through checkout')
  await page.keyboard.press('Escape')
  await expect(impact).toBeHidden()

  // What makes a call is taken away; what breaks is said before.
  await line('checkout', 'cart').dispatchEvent('click')
  await bench.inspector.getByRole('button', { name: 'Delete the call…' }).click()
  const question = page.getByRole('dialog', { name: 'checkout calls cart no more' })
  await expect(question).toContainText('Take out CART_ADDR')
  await question.getByRole('button', { name: 'Add the change to the draft' }).click()
  await bench.draftSays('1 edit')
  await expect(line('checkout', 'cart')).toHaveAttribute('data-change', 'removed')
})

test('pilothouse.yaml is completed from its schema, and what is typed there is no shortcut', async ({
  home,
  openApp,
}) => {
  const declared =
    'apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\nedges:\n  - from: cart\n    to: front\n    state: declared\n'
  const directory = makeRepository(home, 'shop', { ...smallShop, 'pilothouse.yaml': declared })
  const { page, inspector, dock } = workbench((await openApp(directory)).page)
  await page.locator('[data-from="cart"][data-to="front"]').dispatchEvent('click')
  await inspector.getByRole('button', { name: /^pilothouse\.yaml/ }).click()
  const editor = inspector.getByRole('textbox', { name: /pilothouse\.yaml/ })
  await expect(inspector.getByText('Workspace')).toBeVisible()
  await editor.focus()
  await page.keyboard.press('Control+End')
  // Letters that are keys of the graph, and the space bar it listens for.
  await page.keyboard.type('# a cat\n')
  await page.keyboard.type('serv')
  await expect(page.getByRole('option', { name: /^services/ })).toBeVisible()
  await page.keyboard.press('Enter')
  await expect(inspector.getByText('# a cat')).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(dock).toContainText('1 edit')
})
