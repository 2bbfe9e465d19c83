import { expect, test } from '../open-app.ts'
import { axeFindings } from '../pages/axe.ts'
import { workbench } from '../pages/workbench.ts'
import { makeShopOfPrograms } from '../world/go-programs.ts'

test('who has which version of a library, why and since when; two revisions compared, with the way that brought each', async ({
  home,
  openApp,
}) => {
  const directory = makeShopOfPrograms(home)

  const bench = workbench((await openApp(directory)).page)
  const { page } = bench
  await bench.go('Dependencies')

  // Libraries that services differ in come first; the rest is a box away.
  const libraries = page.getByRole('listbox', { name: 'Libraries' })
  await expect(libraries.getByRole('option')).toHaveText([/golang\.org\/x\/net/, /google\.golang\.org\/grpc/])
  await libraries.focus()
  await page.keyboard.press('Home')
  const uses = page.getByRole('table', { name: 'Who uses golang.org/x/net' })
  await expect(uses.getByRole('row', { name: /^checkout v0\.35\.0 newest here/ })).toContainText(
    'google.golang.org/grpc@v1.70.0',
  )
  await expect(uses.getByRole('row', { name: /^cart v0\.20\.0/ })).toContainText('minor')
  await expect(page.getByRole('region', { name: 'Bring together' })).toContainText('go get golang.org/x/net@v0.35.0')
  expect(await axeFindings(page)).toEqual([])

  await page.getByRole('radio', { name: 'Services' }).click()
  await page.getByRole('row', { name: /^cart/ }).click()
  await expect(page.getByText('Behind other services (2)')).toBeVisible()

  await page.getByRole('radio', { name: 'Compare' }).click()
  const changes = page.getByRole('tree', { name: 'Changes' })
  const cause = changes.getByRole('treeitem', { name: /google\.golang\.org\/grpc/ })
  await expect(cause).toContainText('v1.60.0 → v1.70.0')
  await changes.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowDown')
  await expect(changes.getByRole('treeitem', { name: /golang\.org\/x\/net/ })).toHaveAttribute('aria-selected', 'true')
  await expect(page.getByRole('region', { name: 'Why is it here' }).getByRole('listitem')).toHaveText([
    'google.golang.org/grpc@v1.70.0',
    'golang.org/x/net@v0.35.0',
  ])
  await expect(page.getByRole('img', { name: 'What the change of google.golang.org/grpc brought' })).toBeVisible()
  expect(await axeFindings(page)).toEqual([])

  // What does not differ is said, and a revision that is none too.
  const from = page.getByRole('combobox', { name: 'From revision' })
  await from.fill('HEAD')
  await from.press('Enter')
  await expect(page.getByText('HEAD and HEAD are made of the same.')).toBeVisible()
  await from.fill('nowhere')
  await from.press('Enter')
  await expect(page.getByRole('alert')).toContainText('nowhere')
})
