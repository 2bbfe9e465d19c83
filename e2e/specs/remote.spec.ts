import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../open-app.ts'
import { type Workbench, workbench } from '../pages/workbench.ts'
import { addRemote, git, makeRepository, smallShop } from '../world/git-repository.ts'
import type { Home } from '../world/isolated-home.ts'
import { changedLines, judgeDecision } from '../world/judge-decision.ts'

const why = 'The sale begins on Friday.'

function shopWithRemote(home: Home): { directory: string; remote: string } {
  const directory = makeRepository(home, 'shop', smallShop)
  return { directory, remote: addRemote(home, directory) }
}

/** Somebody else changes a file and pushes. */
function colleague(home: Home, remote: string, path: string, change: (text: string) => string): string {
  const theirs = join(home.folder, 'theirs')
  git(home, home.folder, 'clone', '--quiet', remote, theirs)
  const file = join(theirs, path)
  writeFileSync(file, change(readFileSync(file, 'utf8')))
  git(home, theirs, 'commit', '--quiet', '--all', '-m', 'A colleague was here')
  git(home, theirs, 'push', '--quiet')
  return git(home, theirs, 'rev-parse', 'HEAD')
}

async function raiseCheckout(bench: Workbench): Promise<void> {
  await bench.select('checkout')
  await bench.step('checkout', 'more')
  await bench.draftSays('1 edit')
}

test('the remote has moved elsewhere: the draft is replayed on it and published', async ({ home, openApp }) => {
  const { directory, remote } = shopWithRemote(home)
  const bench = workbench((await openApp(directory)).page)
  await raiseCheckout(bench)
  const theirs = colleague(home, remote, 'deploy/cart.yaml', text => text.replace('replicas: 1', 'replicas: 2'))
  await bench.commit({ why })
  await expect(bench.toasts).toContainText('the edits were replayed on it')
  const { lines } = judgeDecision(home, directory, remote)
  expect(git(home, directory, 'rev-parse', 'HEAD~1')).toBe(theirs)
  expect(lines).toEqual(['-  replicas: 3 # what the sale needs', '+  replicas: 4 # what the sale needs'])
  await expect(bench.node('cart')).toContainText('Replicas 2')
  await bench.draftSays('No changes')
})

for (const [choice, button, replicas] of [
  ['mine is kept', 'Keep mine: edit again', 4],
  ['mine is taken out', 'Take mine out', 7],
] as const)
  test(`the same field was changed elsewhere: both sides are shown, and ${choice}`, async ({ home, openApp }) => {
    const { directory, remote } = shopWithRemote(home)
    const bench = workbench((await openApp(directory)).page)
    await raiseCheckout(bench)
    const theirs = colleague(home, remote, 'deploy/checkout.yaml', text => text.replace('replicas: 3', 'replicas: 7'))
    const dialog = await bench.openCommit()
    await dialog.getByRole('textbox', { name: 'Why', exact: true }).fill(why)
    await dialog.getByRole('button', { name: /^Commit and push/ }).click()

    const conflict = dialog.getByRole('alert').filter({ hasText: 'The branch changed 1 field' })
    await expect(conflict).toContainText('deploy/checkout.yaml:6')
    const side = (name: string) =>
      conflict.locator('dl > div').filter({ has: bench.page.getByText(name, { exact: true }) })
    await expect(side('Before')).toContainText('3')
    await expect(side('On the branch now')).toContainText('7')
    await expect(side('In your draft')).toContainText('4')
    expect(git(home, remote, 'rev-parse', 'main'), 'nothing was pushed').toBe(theirs)

    await conflict.getByRole('radio', { name: button }).click()
    await conflict.getByRole('button', { name: 'Apply and review' }).click()
    await expect(conflict).toBeHidden()
    if (replicas === 4) {
      await dialog.getByRole('button', { name: /^Commit and push/ }).click()
      await expect(bench.toasts.getByText(/^Committed as/)).toBeVisible({ timeout: 30_000 })
      const { lines } = judgeDecision(home, directory, remote)
      expect(lines).toEqual(['-  replicas: 7 # what the sale needs', '+  replicas: 4 # what the sale needs'])
    } else {
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      await bench.draftSays('No changes')
      expect(git(home, directory, 'rev-parse', 'HEAD')).toBe(theirs)
      expect(git(home, directory, 'status', '--porcelain')).toBe('')
    }
    await expect(bench.node('checkout')).toContainText(`Replicas ${replicas}`)
  })

test('a remote that cannot be reached: the decision waits, the header says so, and it is pushed later', async ({
  home,
  openApp,
}) => {
  const { directory, remote } = shopWithRemote(home)
  git(home, directory, 'remote', 'set-url', 'origin', 'http://127.0.0.1:9/shop.git')
  const before = git(home, remote, 'rev-parse', 'main')
  const bench = workbench((await openApp(directory)).page)
  await raiseCheckout(bench)
  await bench.commit({ why })
  await expect(bench.toasts).toContainText('The remote cannot be reached, so it waits in main')
  const push = bench.header.getByRole('button', { name: 'Push 1' })
  await expect(push).toBeVisible()
  await expect(bench.header).toContainText('Offline')
  expect(git(home, remote, 'rev-parse', 'main')).toBe(before)
  judgeDecision(home, directory, null)

  await push.click()
  await expect(bench.toasts).toContainText('Not pushed: the commits wait here')

  git(home, directory, 'remote', 'set-url', 'origin', remote)
  await push.click()
  await expect(bench.toasts).toContainText('1 commit pushed to origin')
  await expect(push).toBeHidden()
  await expect(bench.header).not.toContainText('Offline')
  judgeDecision(home, directory, remote)
})

test('what is new on the remote is fetched, told, and brought here', async ({ home, openApp }) => {
  const { directory, remote } = shopWithRemote(home)
  const bench = workbench((await openApp(directory)).page)
  await expect(bench.node('cart')).toContainText('Replicas 1')
  const theirs = colleague(home, remote, 'deploy/cart.yaml', text => text.replace('replicas: 1', 'replicas: 2'))
  await bench.header.getByRole('button', { name: 'Fetch from origin' }).click()
  await bench.header.getByRole('button', { name: 'Update 1' }).click()
  await expect(bench.toasts).toContainText(`Updated to ${theirs.slice(0, 8)}`)
  await expect(bench.node('cart')).toContainText('Replicas 2')
  expect(git(home, directory, 'rev-parse', 'HEAD')).toBe(theirs)
  expect(git(home, directory, 'status', '--porcelain')).toBe('')
})

test('a file changed on disk is named and kept; a new branch takes the decision, with its compare page', async ({
  home,
  openApp,
}) => {
  const { directory, remote } = shopWithRemote(home)
  // A forge by its address; pushes go to the bare repository.
  git(home, directory, 'remote', 'set-url', 'origin', 'https://forge.example/acme/shop.git')
  git(home, directory, 'remote', 'set-url', '--push', 'origin', remote)
  const file = join(directory, 'deploy/checkout.yaml')
  const byHand = readFileSync(file, 'utf8').replace('image: registry.example/', 'image: other.example/')
  writeFileSync(file, byHand)
  const main = git(home, directory, 'rev-parse', 'main')

  const bench = workbench((await openApp(directory)).page)
  await raiseCheckout(bench)
  await bench.draftSays('1 file differs on disk')
  const dialog = await bench.openCommit()
  await dialog.getByRole('textbox', { name: 'Why', exact: true }).fill(why)
  await dialog.getByRole('button', { name: /^Commit and push/ }).click()
  const refusal = dialog.getByRole('alert').filter({ hasText: 'has changes on disk' })
  await expect(refusal).toContainText('deploy/checkout.yaml')
  expect(git(home, directory, 'rev-parse', 'main'), 'nothing was committed').toBe(main)
  expect(readFileSync(file, 'utf8')).toBe(byHand)

  await refusal.getByRole('button', { name: 'Use a new branch' }).click()
  await dialog.getByRole('textbox', { name: 'Name of the new branch' }).fill('scale/checkout')
  await dialog.getByRole('button', { name: /^Commit and push/ }).click()
  await expect(bench.toasts.getByText(/^Committed as/)).toBeVisible({ timeout: 30_000 })
  await expect(bench.toasts).toContainText('scale/checkout is pushed.')
  await expect(bench.toasts.getByRole('button', { name: 'Open the compare page' })).toBeVisible()

  expect(git(home, directory, 'symbolic-ref', '--short', 'HEAD')).toBe('main')
  expect(git(home, directory, 'rev-parse', 'main')).toBe(main)
  expect(readFileSync(file, 'utf8'), 'the work on disk is as it was').toBe(byHand)
  expect(git(home, directory, 'status', '--porcelain')).toBe(' M deploy/checkout.yaml')
  expect(git(home, remote, 'rev-parse', 'scale/checkout')).toBe(git(home, directory, 'rev-parse', 'scale/checkout'))
  expect(changedLines(home, directory, 'main', 'scale/checkout')).toEqual([
    '-  replicas: 3 # what the sale needs',
    '+  replicas: 4 # what the sale needs',
  ])
  git(home, remote, 'fsck', '--strict', '--no-dangling')
})
