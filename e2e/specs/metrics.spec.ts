import { expect, test } from '../open-app.ts'
import { axeFindings } from '../pages/axe.ts'
import { workbench } from '../pages/workbench.ts'
import { makeRepository, smallShop } from '../world/git-repository.ts'
import { servePrometheus } from '../world/prometheus-api.ts'

test('rates come once a person connects the source, and stay, said to be stale, when it goes', async ({
  home,
  openApp,
}) => {
  const prometheus = await servePrometheus([
    { from: 'front', to: 'checkout', rate: 12.5 },
    { from: 'front', to: 'cart', rate: 3 },
    { from: 'stranger', to: 'front', rate: 1 },
  ])
  const source = `metrics: [{ name: Mesh, kind: prometheus, url: "${prometheus.url}" }]\n`
  const directory = makeRepository(home, 'shop', {
    ...smallShop,
    'pilothouse.yaml': `apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\n${source}`,
  })
  const { page } = await openApp(directory)
  const bench = workbench(page)
  const chip = page.getByRole('button', { name: /^Calls measured: / })
  const panel = page.getByRole('dialog', { name: 'Calls measured' })

  await bench.select('front')
  await bench.inspector.getByRole('tab', { name: /^Dependencies/ }).click()
  await expect(bench.inspector).toContainText('CHECKOUT_URL')
  await expect(bench.inspector).not.toContainText('/s')

  await expect(chip).toHaveText('Connect Mesh')
  await chip.click()
  await expect(panel).toContainText(prometheus.url)
  await panel.getByRole('button', { name: 'Connect' }).click()
  await expect(bench.inspector).toContainText('12.5/s')
  await expect(bench.inspector).toContainText('1% errors')
  await expect(bench.inspector).toContainText('p95 40 ms')
  // Nobody declared that front calls cart, and nobody knows the stranger.
  await expect(panel.getByRole('radio', { name: 'Observed only 1' })).toBeVisible()
  await expect(panel).toContainText('stranger')
  await expect(bench.inspector).toContainText('Observed only')
  await expect(chip).toHaveText(/^Mesh · 5 min · \d\d:\d\d$/)
  expect(await axeFindings(page)).toEqual([])

  await prometheus.stop()
  await panel.getByRole('button', { name: 'Ask now' }).click()
  await expect(panel).toContainText('cannot be reached')
  await expect(chip).toHaveText(/^Mesh · 5 min · as of \d\d:\d\d$/)
  await expect(bench.inspector).toContainText('12.5/s')

  await panel.getByRole('radio', { name: 'Observed only 1' }).click()
  await expect(bench.inspector).not.toContainText('CHECKOUT_URL')
  await expect(bench.inspector).toContainText('cart')

  // On the lines and in the table, too, nothing of then looks as if it were of now.
  await expect(page.locator('svg[data-stale] g[data-measured]')).not.toHaveCount(0)
  await page.keyboard.press('Escape')
  await page.getByRole('radio', { name: 'Table' }).click()
  const rates = page.getByRole('columnheader', { name: /^Requests\/s/ })
  await expect(rates).toContainText('of an earlier time')
  await rates.getByRole('button').click()
  await expect(rates).toHaveAttribute('aria-sort', 'ascending')
  expect(await axeFindings(page)).toEqual([])
})
