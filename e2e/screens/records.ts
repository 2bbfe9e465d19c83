import { workbench } from '../pages/workbench.ts'
import { isolatedHome } from '../world/isolated-home.ts'
import { makeShopWithRecord } from '../world/shop-with-record.ts'
import type { Camera } from './camera.ts'

/** Records, and what is done with decisions: edited, promoted, reverted, superseded, exported. */
export async function records({ withApp, shoot }: Camera): Promise<void> {
  using home = isolatedHome()
  const directory = makeShopWithRecord(home)
  await withApp(['serve', directory], home, async page => {
    const bench = workbench(page)
    const more = async (item: string) => {
      await page.getByRole('button', { name: 'More actions' }).click()
      await page.getByRole('menuitem', { name: item }).click()
      await page.getByRole('dialog').waitFor()
    }
    await bench.go('Decisions')
    await page.getByRole('option').first().waitFor()
    await shoot(page, '30-decisions')
    await page.getByRole('option').filter({ hasText: 'five carts' }).click()
    await more('Promote…')
    await page.getByRole('combobox', { name: 'To' }).click()
    await page.getByRole('option', { name: 'overlays/production' }).click()
    await page.getByRole('row').filter({ hasText: 'spec.replicas' }).waitFor()
    await shoot(page, '31-promote')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Revert' }).first().click()
    await page.getByRole('dialog').waitFor()
    await shoot(page, '32-revert')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Export decisions' }).click()
    await page.getByRole('dialog').waitFor()
    await shoot(page, '33-export')
    await page.keyboard.press('Escape')
    await page.getByRole('option').filter({ hasText: 'Use PostgreSQL' }).click()
    await page.getByRole('tab', { name: 'Record' }).waitFor()
    await shoot(page, '34-record')
    await more('Edit the record')
    await page.locator('.monaco-editor .view-line').first().waitFor()
    await shoot(page, '35-record-editor')
    await page.getByRole('dialog').getByRole('textbox', { name: /0005/ }).press('Control+End')
    await page.keyboard.type('And *cheap* to run.')
    await page.getByRole('radio', { name: 'Changes' }).click()
    await page.locator('.monaco-diff-editor .line-insert').first().waitFor()
    await shoot(page, '36-record-editor-changes')
    await page.getByRole('dialog').getByRole('button', { name: 'Discard the text' }).click()
    await more('Supersede with a record…')
    await shoot(page, '37-supersede')
    await page.keyboard.press('Escape')
    await page.getByRole('searchbox').fill('nothing is called so')
    await page.getByText('No commit matches these filters.').waitFor()
    await shoot(page, '38-decisions-none')
  })
}
