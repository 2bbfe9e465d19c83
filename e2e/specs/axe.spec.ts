import type { Page } from '@playwright/test'
import { expect, test } from '../open-app.ts'
import { axeFindings } from '../pages/axe.ts'
import { workbench } from '../pages/workbench.ts'
import { addRemote, git, makeRepository, smallShop } from '../world/git-repository.ts'
import { deployTree } from '../world/rules-and-tree.ts'
import { makeShopWithRecord } from '../world/shop-with-record.ts'

/** Collects what axe finds, by the state it was found in. */
function judgeOf(page: Page) {
  const found: { [state: string]: readonly string[] } = {}
  return {
    found,
    async judge(state: string) {
      const findings = await axeFindings(page)
      if (findings.length > 0) found[state] = findings
    },
  }
}

for (const theme of ['light', 'dark'] as const)
  test(`axe finds nothing serious, ${theme}`, async ({ home, openApp }) => {
    // Every main state is judged, and axe reads all of each.
    test.slow()
    const directory = makeRepository(home, 'shop', smallShop)
    addRemote(home, directory)
    const { page } = await openApp(directory)
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const bench = workbench(page)
    const { found, judge } = judgeOf(page)

    await expect(bench.node('checkout')).toBeVisible()
    await judge('topology')
    await bench.select('checkout')
    await bench.step('checkout', 'more')
    await bench.draftSays('1 edit')
    await judge('inspector')
    for (const tab of ['Dependencies', 'History', 'Manifest']) {
      await bench.inspector.getByRole('tab', { name: tab }).click()
      await expect(bench.inspector.getByRole('tabpanel', { name: tab })).toBeVisible()
      if (tab === 'Manifest') await expect(page.locator('.monaco-editor').first()).toBeVisible({ timeout: 30_000 })
      await judge(`inspector: ${tab}`)
    }
    await page.getByRole('radio', { name: 'Table' }).click()
    await expect(page.getByRole('table', { name: 'Services' })).toBeVisible()
    await judge('table twin')
    await bench.openDock()
    await expect(bench.dock.locator('.monaco-diff-editor')).toBeVisible({ timeout: 30_000 })
    await judge('dock')
    await bench.openCommit()
    await judge('commit dialog')
    await bench.commitDialog.getByRole('button', { name: /^Commit/ }).click()
    await expect(bench.commitDialog).toContainText('Fill in what is marked.')
    await judge('commit dialog, incomplete')
    await bench.commitDialog.getByRole('button', { name: 'Cancel' }).click()
    await bench.commit({ why: 'It was **needed**.' })
    await judge('committed')
    await bench.go('Decisions')
    await expect(page.getByRole('listbox', { name: 'Log of decisions, newest first' })).toBeVisible()
    await expect(page.getByRole('tab', { name: 'Record' })).toBeVisible()
    await judge('decisions')
    await page.getByRole('button', { name: 'Time travel to here' }).click()
    await expect(page.getByRole('region', { name: 'Time travel' })).toBeVisible()
    await judge('time travel')
    await bench.go('Settings')
    await expect(page.getByRole('heading', { name: 'Settings', level: 1 }).last()).toBeVisible()
    await judge('settings')
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog')).toBeVisible()
    await judge('palette')
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
    await judge('keyboard shortcuts')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'All workspaces' }).click()
    await expect(page.getByRole('heading', { name: 'Recent workspaces' })).toBeVisible()
    await judge('welcome')
    expect(found).toEqual({})
  })

/** The same state in both themes: what is opened costs more than what is read. */
function judgeBoth(page: Page) {
  const { found, judge } = judgeOf(page)
  return {
    found,
    async judge(state: string) {
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
        await expect(page.locator('html')).toHaveAttribute('data-theme', theme)
        await judge(`${state}, ${theme}`)
      }
    },
  }
}

test('axe finds nothing serious where decisions are promoted, exported, edited and compared', async ({
  home,
  openApp,
}) => {
  test.slow()
  const { page } = await openApp(makeShopWithRecord(home))
  const bench = workbench(page)
  const { found, judge } = judgeBoth(page)
  const dialog = page.getByRole('dialog')
  const more = async (item: string) => {
    await page.getByRole('button', { name: 'More actions' }).click()
    await page.getByRole('menuitem', { name: item }).click()
  }

  await bench.go('Decisions')
  await page.getByRole('option').filter({ hasText: 'five carts' }).click()
  await more('Promote…')
  await dialog.getByRole('combobox', { name: 'To' }).click()
  await page.getByRole('option', { name: 'overlays/production' }).click()
  await expect(dialog.getByRole('row').filter({ hasText: 'spec.replicas' })).toBeVisible()
  await judge('promote')
  await dialog.getByRole('button', { name: 'Add to the draft' }).click()
  await bench.draftSays('1 edit')
  await page.getByRole('button', { name: 'Export decisions' }).click()
  await expect(dialog).toBeVisible()
  await judge('export')
  await page.keyboard.press('Escape')
  await page.getByRole('option').filter({ hasText: 'Use PostgreSQL' }).click()
  await more('Edit the record')
  await expect(dialog.locator('.monaco-editor .view-line').first()).toBeVisible({ timeout: 30_000 })
  await judge('record editor')
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await expect(dialog).toBeHidden()
  await more('Compare with…')
  const compare = page.getByRole('region', { name: 'Compare', exact: true })
  await compare.getByRole('button', { name: /^To point B/ }).click()
  await page.getByRole('option', { name: /^Draft/ }).click()
  await expect(compare.getByRole('listitem').filter({ hasText: 'replicas' })).toBeVisible()
  await judge('compare')
  expect(found).toEqual({})
})

test('axe finds nothing serious where trees are edited and waivers listed', async ({ home, openApp }) => {
  test.slow()
  const directory = makeShopWithRecord(home, { '.pilothouse/trees/deploy.yaml': deployTree })
  const waiver = 'Decision-Kind: scale\nDecision-Gate: waived\nDecision-Waiver: two-replicas until 2999-12-31'
  git(home, directory, 'commit', '--quiet', '--allow-empty', '-m', `DECISION: one cart at night\n\n${waiver}`)
  const { page } = await openApp(directory)
  const { found, judge } = judgeBoth(page)
  await workbench(page).go('Rules')
  await page.getByRole('button', { name: /deploy\.yaml/ }).click()
  await page.getByRole('radio', { name: 'Edit' }).click()
  await page.locator('[data-tree-id=late] button').click()
  await expect(page.getByRole('textbox', { name: 'Question' })).toBeVisible()
  await judge('tree editor')
  await page.getByRole('button', { name: /^Waivers/ }).click()
  await expect(page.getByRole('row').filter({ hasText: 'two-replicas' })).toBeVisible()
  await judge('waivers')
  expect(found).toEqual({})
})
