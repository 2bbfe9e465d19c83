import type { Page } from '@playwright/test'
import { expect, test } from '../open-app.ts'
import { workbench } from '../pages/workbench.ts'
import { git } from '../world/git-repository.ts'
import type { Home } from '../world/isolated-home.ts'
import { makeShopWithRecord } from '../world/shop-with-record.ts'

/** The shop, with a remote that nobody reaches. */
function makeShop(home: Home): string {
  const directory = makeShopWithRecord(home)
  git(home, directory, 'remote', 'add', 'origin', 'https://git.invalid/shop.git')
  return directory
}

const logName = 'Log of decisions, newest first'
const chooseMore = async (page: Page, item: string) => {
  await page.getByRole('button', { name: 'More actions' }).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('a record is edited in place; what is typed survives a reload and becomes a decision', async ({
  home,
  openApp,
}) => {
  const directory = makeShop(home)
  const bench = workbench((await openApp(directory)).page)
  const { page } = bench
  await bench.go('Decisions')
  const log = page.getByRole('listbox', { name: logName })
  await page.getByRole('combobox', { name: 'Group by' }).click()
  await page.getByRole('option', { name: 'By release' }).click()
  await expect(log).toContainText('Not released yet')
  await log.getByRole('option').filter({ hasText: 'Use PostgreSQL' }).click()

  // What is typed is there after a reload, and becomes a decision as any edit.
  await chooseMore(page, 'Edit the record')
  const editor = page.getByRole('dialog', { name: 'Edit the record' })
  const text = editor.getByRole('textbox', { name: /0005-use-postgres\.md/ })
  await text.press('Control+End')
  await page.keyboard.type('And *cheap* to run.')
  await expect(editor.getByRole('region', { name: 'Preview' }).locator('em')).toHaveText('cheap')
  await expect(editor).toContainText('Kept while you write')
  await editor.getByRole('button', { name: 'Close' }).last().click()
  await page.reload()
  await chooseMore(page, 'Edit the record')
  await expect(editor.getByRole('region', { name: 'Preview' })).toContainText('And cheap to run.')
  await editor.getByRole('button', { name: 'Add to the draft…' }).click()
  await bench.commitDialog.getByRole('textbox', { name: 'Why', exact: true }).fill('It was measured.')
  await bench.commitDialog.getByRole('checkbox', { name: /^Push/ }).uncheck()
  await bench.commitDialog.getByRole('button', { name: /^Commit/ }).click()
  await expect(bench.commitDialog).toBeHidden()
  expect(git(home, directory, 'show', 'HEAD:docs/adr/0005-use-postgres.md')).toContain('And *cheap* to run.')
  expect(git(home, directory, 'log', '-1', '--format=%(trailers:key=Decision-Kind,valueonly)').trim()).toBe('record')
})

test('a record is superseded by a new one, and the chain leads there and back', async ({ home, openApp }) => {
  const directory = makeShop(home)
  const bench = workbench((await openApp(directory)).page)
  const { page } = bench
  await bench.go('Decisions')
  const log = page.getByRole('listbox', { name: logName })
  const record = page.getByRole('article', { name: 'Use PostgreSQL' })
  await log.getByRole('option').filter({ hasText: 'Use PostgreSQL' }).click()
  await chooseMore(page, 'Supersede with a record…')
  const dialog = bench.commitDialog
  await dialog.getByRole('textbox', { name: 'Title', exact: true }).fill('use SQLite')
  await dialog.getByRole('textbox', { name: 'Why', exact: true }).fill('One file.')
  await expect(dialog.getByRole('region', { name: 'Links to other decisions' })).toContainText('Supersedes')
  await dialog.getByRole('checkbox', { name: /^Push/ }).uncheck()
  await dialog.getByRole('button', { name: /^Commit/ }).click()
  await expect(dialog).toBeHidden()
  await expect(record.getByText('Superseded', { exact: true })).toBeVisible()
  await record.getByRole('button', { name: /^use SQLite/ }).click()
  await page
    .getByRole('article', { name: 'use SQLite' })
    .getByRole('button', { name: /^Use PostgreSQL/ })
    .click()
  await expect(record).toContainText('Superseded by use SQLite')
})

test('a decision is promoted to another environment, as a draft that shows what differs there', async ({
  home,
  openApp,
}) => {
  const directory = makeShop(home)
  const bench = workbench((await openApp(directory)).page)
  const { page, commitDialog: dialog } = bench
  await bench.go('Decisions')
  await page.getByRole('listbox', { name: logName }).getByRole('option').filter({ hasText: 'five carts' }).click()
  await chooseMore(page, 'Promote…')
  const promote = page.getByRole('dialog', { name: 'Promote “five carts in staging”' })
  await promote.getByRole('combobox', { name: 'To' }).click()
  await page.getByRole('option', { name: 'overlays/production' }).click()
  await expect(promote.getByRole('row').filter({ hasText: 'spec.replicas' })).toContainText('35changes')
  await promote.getByRole('button', { name: 'Add to the draft' }).click()
  await bench.draftSays('1 edit')
  const five = git(home, directory, 'log', '-1', '--format=%H', '--grep=^DECISION: five carts')
  await bench.openCommit()
  await dialog.getByRole('textbox', { name: 'Why', exact: true }).fill('It held in staging.')
  await dialog.getByRole('checkbox', { name: /^Push/ }).uncheck()
  await dialog.getByRole('button', { name: /^Commit/ }).click()
  await expect(dialog).toBeHidden()
  expect(git(home, directory, 'show', 'HEAD:overlays/production/kustomization.yaml')).toContain('count: 5')
  expect(git(home, directory, 'log', '-1', '--format=%(trailers:key=Decision-Promotes,valueonly)').trim()).toBe(five)
})
