import type { Page } from '@playwright/test'
import { expect, test } from '../open-app.ts'
import { workbench } from '../pages/workbench.ts'
import { addRemote, makeRepository, smallShop } from '../world/git-repository.ts'
import { judgeDecision } from '../world/judge-decision.ts'

/** Presses Tab until what has the focus is called so; fails when it does not come. */
async function tabTo(page: Page, name: RegExp, most = 40): Promise<void> {
  const passed: string[] = []
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press('Tab')
    const now = await page.evaluate(() => {
      const element = document.activeElement
      if (!element) return ''
      const labelled = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement
      const label = labelled ? element.labels?.[0]?.textContent : null
      return (element.getAttribute('aria-label') ?? label ?? element.textContent ?? '').trim()
    })
    if (name.test(now)) return
    passed.push(now)
  }
  throw new Error(`Tab does not come to ${name}; it passed ${passed.join(' · ')}`)
}

test('the main job by keyboard alone', async ({ home, openApp }) => {
  const directory = makeRepository(home, 'shop', smallShop)
  const remote = addRemote(home, directory)
  const { page } = await openApp(directory)
  const bench = workbench(page)
  const { keyboard } = page
  await expect(bench.node('checkout')).toBeVisible()

  // Found by its name, then inspected.
  await keyboard.press('/')
  await keyboard.type('checkout')
  await keyboard.press('Enter')
  await expect(bench.inspector.getByRole('heading', { name: 'checkout' })).toBeVisible()
  await expect(bench.node('checkout')).toBeFocused()
  // The stepper of the node is the next thing.
  await tabTo(page, /^One replica more for checkout$/, 3)
  await keyboard.press('Enter')
  await keyboard.press('Enter')
  await bench.draftSays('1 edit')
  await expect(bench.node('checkout')).toContainText('becomes 5')

  // Arrows go from node to node; Enter goes into the inspector.
  await bench.node('checkout').focus()
  await keyboard.press('ArrowRight')
  await expect(bench.node('cart')).toBeFocused()
  await keyboard.press('Enter')
  await expect(bench.inspector.getByRole('heading', { name: 'cart' })).toBeVisible()
  await expect(bench.inspector.getByRole('tab', { name: 'Overview' })).toBeFocused()
  await tabTo(page, /^Replicas$/)
  await keyboard.press('ArrowUp')
  await bench.draftSays('2 edits')

  // Ctrl+Enter belongs to the field that has the focus; out of it, it commits.
  await bench.node('cart').focus()
  await keyboard.press('Control+Enter')
  await expect(bench.commitDialog).toBeVisible()
  await expect(bench.commitDialog.getByRole('textbox', { name: 'Title', exact: true })).toBeFocused()
  await keyboard.press('Tab')
  await keyboard.type('The sale begins on Friday.')
  await keyboard.press('Control+Enter')
  await expect(bench.toasts.getByText(/^Committed as/)).toBeVisible({ timeout: 30_000 })
  const { lines } = judgeDecision(home, directory, remote)
  expect(lines.filter(line => line.startsWith('+'))).toEqual([
    '+  replicas: 2 # what the sale needs',
    '+  replicas: 5 # what the sale needs',
  ])

  // To the decision and back in time.
  await keyboard.press('g')
  await keyboard.press('d')
  await expect(page.getByRole('article')).toContainText('The sale begins on Friday.')
  await keyboard.press('j')
  await expect(page.getByRole('article', { name: 'Begin' })).toBeVisible()
  await tabTo(page, /^Time travel to here$/)
  await keyboard.press('Enter')
  await expect(page.getByRole('region', { name: 'Time travel' })).toContainText('Begin')
  await keyboard.press('g')
  await keyboard.press('n')
  await expect(page.getByRole('region', { name: 'Time travel' })).toBeHidden()
})

test('the palette reaches a service, a screen and an action; ? lists the keys', async ({ home, openApp }) => {
  const { page } = await openApp(makeRepository(home, 'shop', smallShop))
  const bench = workbench(page)
  const { keyboard } = page
  await expect(bench.node('cart')).toBeVisible()
  const run = async (words: string) => {
    await keyboard.press('Control+k')
    await expect(page.getByRole('dialog')).toBeVisible()
    await keyboard.type(words)
    await expect(page.getByRole('option').first()).toContainText(words)
    await keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toBeHidden()
  }
  await run('cart')
  await expect(bench.inspector.getByRole('heading', { name: 'cart' })).toBeVisible()
  await run('Settings')
  await expect(page.getByRole('radio', { name: 'System' })).toBeChecked()
  await run('Use the dark theme')
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked()
  await keyboard.press('?')
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(help).toContainText('Search and run')
  await keyboard.press('Escape')
  await expect(help).toBeHidden()
})

test('the table has what the graph has, with the same actions', async ({ home, openApp }) => {
  const { page } = await openApp(makeRepository(home, 'shop', smallShop))
  const bench = workbench(page)
  const { keyboard } = page
  await expect(bench.node('cart')).toBeVisible()
  await keyboard.press('t')
  const table = page.getByRole('table', { name: 'Services' })
  await expect(table.getByRole('row')).toHaveCount(4)
  const row = table.getByRole('row', { name: /^checkout/ })
  await row.focus()
  await keyboard.press('Enter')
  await expect(bench.inspector.getByRole('heading', { name: 'checkout' })).toBeVisible()
  await row.getByRole('button', { name: 'One replica more for checkout' }).press('Enter')
  await bench.draftSays('1 edit')
  await expect(row.getByRole('status')).toHaveText('4')
  await row.getByRole('button', { name: 'Actions of checkout' }).press('Enter')
  await expect(page.getByRole('menuitem', { name: 'Scale to 5 replicas' })).toBeVisible()
  await keyboard.press('Escape')
  // A closed menu gives the focus back to what opened it; only then may the next key go elsewhere.
  await expect(page.getByRole('menu')).toHaveCount(0)
  await expect(row.getByRole('button', { name: 'Actions of checkout' })).toBeFocused()
  await page.getByRole('radio', { name: 'Dependencies' }).press('Space')
  await expect(page.getByRole('table', { name: 'Dependencies' }).getByRole('row')).toHaveCount(3)
})
