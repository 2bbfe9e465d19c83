import { expect, test } from '../open-app.ts'
import { type Workbench, workbench } from '../pages/workbench.ts'
import { git, makeRepository, smallShop } from '../world/git-repository.ts'
import { judgeDecision } from '../world/judge-decision.ts'

const openShop = (home: Parameters<typeof makeRepository>[0]) => makeRepository(home, 'shop', smallShop)

async function scale(bench: Workbench, name: string, to: number): Promise<void> {
  await bench.select(name)
  const replicas = bench.inspector.getByRole('spinbutton', { name: 'Replicas' })
  await replicas.fill(String(to))
  await replicas.press('Enter')
  await expect(bench.node(name)).toContainText(`becomes ${to}`)
}

test('the draft is the same in two windows, and survives a reload', async ({ home, openApp }) => {
  const directory = openShop(home)
  const app = await openApp(directory)
  const one = workbench(app.page)
  await expect(one.node('checkout')).toBeVisible()
  const two = workbench(await app.anotherPage())
  // A new window opens what was named when the app was started.
  await expect(two.node('checkout')).toBeVisible()

  await scale(one, 'checkout', 5)
  await two.draftSays('1 edit')
  await expect(two.node('checkout')).toContainText('becomes 5')
  await scale(two, 'cart', 2)
  await one.draftSays('2 edits')
  await expect(one.node('cart')).toContainText('becomes 2')

  await one.page.reload()
  await one.draftSays('2 edits')
  await expect(one.node('checkout')).toContainText('becomes 5')
  expect(git(home, directory, 'status', '--porcelain'), 'the repository knows nothing of it').toBe('')
})

test('undo and redo, by button and by key; what is discarded comes back', async ({ home, openApp }) => {
  const bench = workbench((await openApp(openShop(home))).page)
  await scale(bench, 'checkout', 4)
  await scale(bench, 'cart', 2)
  await bench.draftSays('2 edits')

  await bench.dock.getByRole('button', { name: 'Undo the last edit' }).click()
  await bench.draftSays('1 edit')
  await expect(bench.node('cart')).not.toContainText('becomes')
  await bench.dock.getByRole('button', { name: 'Redo' }).click()
  await bench.draftSays('2 edits')

  await bench.node('cart').focus()
  await bench.page.keyboard.press('Control+z')
  await bench.draftSays('1 edit')
  await bench.page.keyboard.press('Control+z')
  await bench.draftSays('No changes')
  await bench.page.keyboard.press('Control+Shift+z')
  await bench.page.keyboard.press('Control+Shift+z')
  await bench.draftSays('2 edits')

  await bench.dock.getByRole('button', { name: 'Discard all edits…' }).click()
  const question = bench.page.getByRole('dialog', { name: 'Discard 2 edits?' })
  await expect(question, 'what goes is named').toContainText('Scale checkout 3 → 4')
  await expect(question).toContainText('Scale cart 1 → 2')
  await question.getByRole('button', { name: 'Discard 2 edits' }).click()
  await bench.draftSays('No changes')
  await expect(bench.node('checkout')).not.toContainText('becomes')
  await bench.dock.getByRole('button', { name: 'Undo the last edit' }).click()
  await bench.draftSays('2 edits')
})

test('one edit is taken out alone', async ({ home, openApp }) => {
  const bench = workbench((await openApp(openShop(home))).page)
  await scale(bench, 'checkout', 4)
  await scale(bench, 'cart', 2)
  await bench.openDock()
  const first = bench.dock.getByRole('listitem').filter({ hasText: 'Scale checkout' })
  await first.getByRole('button', { name: 'Take this edit out' }).click()
  await bench.draftSays('1 edit')
  await expect(bench.node('cart')).toContainText('becomes 2')
  await expect(bench.node('checkout')).not.toContainText('becomes')
})

test('what is typed in the commit form is there after a reload', async ({ home, openApp }) => {
  const bench = workbench((await openApp(openShop(home))).page)
  await scale(bench, 'checkout', 4)
  const dialog = await bench.openCommit()
  const title = dialog.getByRole('textbox', { name: 'Title', exact: true })
  const why = dialog.getByRole('textbox', { name: 'Why', exact: true })
  await expect(title, 'the title is drafted from the edits').not.toHaveValue('')
  await title.fill('four are enough')
  await why.fill('Measured on Monday.')
  // Closing keeps what was typed just now; a reload right after it must too.
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await expect(dialog).toBeHidden()
  await bench.page.reload()
  await bench.draftSays('1 edit')
  await bench.openCommit()
  await expect(title).toHaveValue('four are enough')
  await expect(why).toHaveValue('Measured on Monday.')
})

test('nothing is committed without a why, and the field says so', async ({ home, openApp }) => {
  const directory = openShop(home)
  const bench = workbench((await openApp(directory)).page)
  await scale(bench, 'checkout', 4)
  const dialog = await bench.openCommit()
  await dialog.getByRole('button', { name: /^Commit/ }).click()
  await expect(dialog).toContainText('Say why. A decision without a reason cannot be judged later.')
  await expect(dialog.getByRole('textbox', { name: 'Why', exact: true })).toBeFocused()
  expect(git(home, directory, 'rev-list', '--count', 'HEAD')).toBe('1')
})

test('a decision without a change is recorded alone, and the draft stays', async ({ home, openApp }) => {
  const directory = openShop(home)
  const bench = workbench((await openApp(directory)).page)
  await scale(bench, 'checkout', 4)
  await bench.go('Decisions')
  await bench.page.getByRole('button', { name: 'Record…' }).click()
  const dialog = bench.commitDialog
  await dialog.getByRole('textbox', { name: 'Title', exact: true }).fill('keep one database')
  await dialog.getByRole('textbox', { name: 'Why', exact: true }).fill('Two would have to be kept in step.')
  await dialog.getByRole('button', { name: /^Commit/ }).click()
  await expect(dialog).toBeHidden({ timeout: 30_000 })
  await expect(bench.page.getByRole('option').first()).toContainText('keep one database')
  await bench.draftSays('1 edit')
  const { trailers, lines } = judgeDecision(home, directory, null)
  expect(trailers['Decision-Kind']).toBe('record')
  expect(lines).toEqual([])
})
