import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../open-app.ts'
import { workbench } from '../pages/workbench.ts'
import { git, makeRepository, smallShop } from '../world/git-repository.ts'
import { changedLines, judgeDecision } from '../world/judge-decision.ts'

const why = 'It was needed.'

test('image, environment variables and resources: each changes its own lines', async ({ home, openApp }) => {
  const directory = makeRepository(home, 'shop', smallShop)
  const bench = workbench((await openApp(directory)).page)
  const { inspector } = bench
  await bench.select('checkout')

  const tag = inspector.getByRole('textbox', { name: 'Tag' })
  await tag.fill('1.2.0')
  await tag.press('Enter')
  await bench.draftSays('1 edit')
  await expect(bench.node('checkout')).toContainText('becomes 1.2.0')

  // Changed: also by leaving the field.
  const address = inspector.getByRole('textbox', { name: 'Value of CART_ADDR' })
  await address.fill('cart:8080')
  await address.press('Tab')
  await bench.draftSays('2 edits')

  await inspector.getByRole('button', { name: 'Add a variable' }).click()
  await inspector.getByRole('textbox', { name: 'Name', exact: true }).fill('LOG_LEVEL')
  await inspector.getByRole('textbox', { name: 'Value', exact: true }).fill('debug')
  await inspector.getByRole('button', { name: 'Add', exact: true }).click()
  await bench.draftSays('3 edits')
  await expect(inspector.getByRole('textbox', { name: 'Value of LOG_LEVEL' })).toHaveValue('debug')

  await bench.select('front')
  await inspector.getByRole('button', { name: 'Remove CHECKOUT_URL' }).click()
  await bench.draftSays('4 edits')

  await bench.commit({ why })
  judgeDecision(home, directory, null)
  const lines = (file: string) =>
    git(home, directory, 'diff', '--unified=0', 'HEAD~1', 'HEAD', '--', file)
      .split('\n')
      .filter(line => /^[+-](?!\+\+ |-- )/.test(line))
  expect(lines('deploy/checkout.yaml')).toEqual([
    '-          image: registry.example/checkout:1.0.0',
    '+          image: registry.example/checkout:1.2.0',
    '-              value: cart:80',
    '+              value: cart:8080',
    '+            - name: LOG_LEVEL',
    '+              value: debug',
  ])
  const front = lines('deploy/front.yaml')
  expect(front.filter(line => line.startsWith('-')).join('\n')).toContain('CHECKOUT_URL')
  expect(readFileSync(join(directory, 'deploy/front.yaml'), 'utf8')).not.toContain('CHECKOUT_URL')
})

test('a service is added beside another, written as that one is', async ({ home, openApp }) => {
  const directory = makeRepository(home, 'shop', smallShop)
  const bench = workbench((await openApp(directory)).page)
  await expect(bench.node('cart')).toBeVisible()
  await bench.page.getByRole('button', { name: 'Add service' }).click()
  const dialog = bench.page.getByRole('dialog', { name: 'Add service' })
  await dialog.getByRole('combobox', { name: 'Like' }).click()
  await bench.page.getByRole('option', { name: 'cart' }).click()
  await dialog.getByRole('textbox', { name: 'Name' }).fill('wishlist')
  await dialog.getByRole('textbox', { name: 'Image' }).fill('registry.example/wishlist:0.1.0')
  await dialog.getByRole('button', { name: 'Add wishlist' }).click()
  await expect(dialog).toBeHidden()
  await expect(bench.node('wishlist')).toBeVisible()
  await expect(bench.inspector.getByRole('heading', { name: 'wishlist' })).toBeVisible()

  await bench.commit({ why })
  const { trailers } = judgeDecision(home, directory, null)
  expect(trailers['Decision-Services']).toBe('wishlist')
  const added = git(home, directory, 'diff', '--name-status', 'HEAD~1', 'HEAD', '--', ':!decisions')
  expect(added).toBe('A\tdeploy/wishlist.yaml')
  const text = readFileSync(join(directory, 'deploy/wishlist.yaml'), 'utf8')
  expect(text).toMatch(/kind: Deployment\n/)
  expect(text).toMatch(/kind: Service\n/)
  expect(text).toContain('image: registry.example/wishlist:0.1.0')
  expect(text).not.toMatch(/\bcart\b/)
})

test('a service is renamed, and who calls it follows', async ({ home, openApp }) => {
  const directory = makeRepository(home, 'shop', smallShop)
  const bench = workbench((await openApp(directory)).page)
  await bench.select('cart')
  await bench.inspector.getByRole('button', { name: 'Actions' }).click()
  await bench.page.getByRole('menuitem', { name: /^Rename/ }).click()
  const dialog = bench.page.getByRole('dialog', { name: 'Rename cart' })
  await dialog.getByRole('textbox', { name: 'Name' }).fill('basket')
  await expect(dialog, 'what follows is listed by file and line').toContainText('deploy/checkout.yaml:')
  await dialog.getByRole('button', { name: 'Rename to basket' }).click()
  await expect(bench.node('basket')).toBeVisible()

  await bench.commit({ why })
  judgeDecision(home, directory, null)
  const lines = changedLines(home, directory, 'HEAD~1', 'HEAD')
  expect(lines).toContain('+              value: basket:80')
  expect(lines.filter(line => line.startsWith('+'))).toHaveLength(lines.filter(line => line.startsWith('-')).length)
  // The image is another thing than the name.
  expect(lines.join('\n')).not.toContain('image:')
  const ran = git(home, directory, 'grep', '-n', 'name: basket', '--', 'deploy')
  expect(ran.split('\n').length).toBeGreaterThanOrEqual(2)
})

test('a service is removed after all that refers to it was listed, and the gate asks for a reason', async ({
  home,
  openApp,
}) => {
  const directory = makeRepository(home, 'shop', smallShop)
  const bench = workbench((await openApp(directory)).page)
  await bench.node('cart').click({ button: 'right' })
  await bench.page.getByRole('menuitem', { name: /^Remove/ }).click()
  const dialog = bench.page.getByRole('dialog', { name: 'Remove cart' })
  await expect(dialog).toContainText('deploy/checkout.yaml:')
  await expect(dialog).toContainText('CART_ADDR')
  await expect(dialog).toContainText('Service cart')
  await dialog.getByRole('button', { name: 'Remove cart' }).click()
  await expect(dialog).toBeHidden()
  await bench.draftSays('1 edit')
  await expect(bench.node('cart'), 'it stays in its place, marked').toContainText('removed')

  const form = await bench.openCommit()
  await form.getByRole('textbox', { name: 'Why', exact: true }).fill(why)
  await form.getByRole('button', { name: /^Commit/ }).click()
  await expect(form).toContainText('This rule needs a reason before the commit.')
  expect(git(home, directory, 'rev-list', '--count', 'HEAD')).toBe('1')
  await form
    .getByRole('region', { name: 'Gate' })
    .getByRole('textbox', { name: /^Reason/ })
    .first()
    .fill('Checkout is switched off first.')
  await form.getByRole('button', { name: /^Commit/ }).click()
  await expect(form).toContainText('A waiver needs its last day: today or later.')
  await form.getByRole('button', { name: '30 days' }).click()
  await form.getByRole('button', { name: /^Commit/ }).click()
  await expect(bench.toasts.getByText(/^Committed as/)).toBeVisible({ timeout: 30_000 })
  const { trailers } = judgeDecision(home, directory, null)
  expect(trailers['Decision-Gate']).toBe('waived')
  expect(trailers['Decision-Waiver']).toMatch(/^no-removal-while-called until \d{4}-\d\d-\d\d$/)
  expect(git(home, directory, 'diff', '--name-status', 'HEAD~1', 'HEAD', '--', ':!decisions')).toBe(
    'D\tdeploy/cart.yaml',
  )
})
