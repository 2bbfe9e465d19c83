import { expect, test } from '../open-app.ts'
import { makeRepository, smallShop } from '../world/git-repository.ts'

test('a repository opens and its services are drawn, with nothing to complain about', async ({ home, openApp }) => {
  const { page } = await openApp(makeRepository(home, 'shop', smallShop))
  await expect(page.locator('body')).toContainText('checkout')
  await expect(page.locator('body')).toContainText('shop')
})

test('the page has no Node and no way out', async ({ openApp }) => {
  const { page } = await openApp()
  const found = await page.evaluate(() =>
    ['require', 'process', 'module', 'Buffer', 'electron'].filter(name => name in globalThis),
  )
  expect(found).toEqual([])
  const before = page.url()
  await page.evaluate(() => {
    window.open('https://example.org/')
  })
  expect(page.url()).toBe(before)
})
