import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from '../../open-app.ts'
import { workbench } from '../../pages/workbench.ts'
import { pilothouse } from '../../world/command-line.ts'
import { makeRepository, smallShop } from '../../world/git-repository.ts'

test('decisions saved from the page open from a disk with the network off; the audit log is checked', async ({
  home,
  context,
  openApp,
}) => {
  const directory = makeRepository(home, 'shop', smallShop)
  for (const [title, edit] of [
    ['raise checkout', 'checkout=5'],
    ['raise cart', 'cart=2'],
  ] as const) {
    const made = await pilothouse(home, directory, [
      'edit',
      '--set-replicas',
      edit,
      '--commit',
      '-m',
      title,
      '--why',
      'So.',
    ])
    expect(made.code, made.err).toBe(0)
  }
  const bench = workbench((await openApp(directory)).page)
  const { page } = bench
  await bench.go('Decisions')
  const dialog = page.getByRole('dialog', { name: 'Take decisions along' })
  const save = async (format: string, name: string): Promise<string> => {
    await page.getByRole('button', { name: 'Export decisions' }).click()
    await dialog.getByRole('radio', { name: format }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Save', exact: true }).click(),
    ])
    const path = join(home.folder, name)
    await download.saveAs(path)
    await expect(dialog).toBeHidden()
    return path
  }
  const saved = await save('HTML', 'decisions.html')
  const audit = await save('Audit log', 'audit.jsonl')
  expect((await pilothouse(home, directory, ['verify', audit, directory])).code).toBe(0)
  expect(readFileSync(await save('Markdown', 'decisions.md'), 'utf8')).toContain('## raise cart')

  await context.setOffline(true)
  const paper = await context.newPage()
  const complaints: string[] = []
  paper.on('console', message => message.type() === 'error' && complaints.push(message.text()))
  paper.on('pageerror', error => complaints.push(error.message))
  paper.on('request', request => {
    if (!/^(file|data):/.test(request.url())) complaints.push(`asked for ${request.url()}`)
  })
  await paper.goto(pathToFileURL(saved).href)
  await expect(paper.getByRole('heading', { name: 'raise checkout' })).toBeVisible()
  const pictures = paper.locator('figure img')
  await expect(pictures).toHaveCount(2)
  for (const picture of await pictures.all()) {
    await picture.scrollIntoViewIfNeeded()
    await expect.poll(() => picture.evaluate(image => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(100)
  }
  await expect(paper.locator('pre .add', { hasText: 'replicas: 5' })).toBeVisible()
  await expect(paper.locator('pre .del', { hasText: 'replicas: 3' })).toBeVisible()
  await expect(paper.getByRole('table').filter({ hasText: 'CART_ADDR' }).first()).toBeVisible()
  // On paper: each decision on a page of its own, nothing cut off at the side.
  await paper.emulateMedia({ media: 'print' })
  expect(await paper.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  expect(complaints).toEqual([])
})
