import { workbench } from '../pages/workbench.ts'
import { makeRepository, smallShop } from '../world/git-repository.ts'
import { isolatedHome } from '../world/isolated-home.ts'
import { deployTree, rulesOfTeam } from '../world/rules-and-tree.ts'
import type { Camera } from './camera.ts'

/** The gate, rules while they are typed, trees, waivers. */
export async function rules({ withApp, shoot }: Camera): Promise<void> {
  using home = isolatedHome()
  const directory = makeRepository(home, 'shop', {
    ...smallShop,
    '.pilothouse/rules/team.yaml': rulesOfTeam,
    '.pilothouse/trees/deploy.yaml': deployTree,
  })
  await withApp(['serve', directory], home, async page => {
    const bench = workbench(page)
    await bench.go('Rules')
    await page.getByRole('region', { name: 'The gate now' }).waitFor()
    await shoot(page, '60-gate')
    await page.getByRole('button', { name: /team\.yaml/ }).click()
    await page.locator('.monaco-editor .view-line').first().waitFor()
    await shoot(page, '61-rule-file')
    await page.getByRole('button', { name: /deploy\.yaml/ }).click()
    await page.getByRole('radio', { name: 'Edit' }).click()
    await page.locator('[data-tree-id=late] button').click()
    await shoot(page, '62-tree-edit')
    await page.getByRole('button', { name: /From a monolith/ }).click()
    await page.getByLabel(/How many requests/).fill('12.5')
    await page.getByLabel(/How much new data/).fill('2')
    await shoot(page, '63-tree-walk')
    await page.getByRole('button', { name: /^Waivers/ }).click()
    await shoot(page, '64-waivers-none')
    await bench.go('Topology')
    await bench.select('checkout')
    await bench.step('checkout', 'less')
    await bench.step('checkout', 'less')
    await bench.draftSays('1 edit')
    const dialog = await bench.openCommit()
    await dialog.getByRole('textbox', { name: 'Why', exact: true }).fill('The night is quiet.')
    await dialog.getByRole('button', { name: /^Commit/ }).click()
    await shoot(page, '65-commit-waiver')
    await dialog
      .getByRole('textbox', { name: 'Reason for the waiver' })
      .first()
      .fill('Agreed with the platform team until the sale.')
    await dialog.getByRole('button', { name: '7 days' }).first().click()
    await dialog.getByRole('button', { name: /^Commit/ }).click()
    await bench.toasts.getByText(/^Committed as/).waitFor()
    await bench.go('Rules')
    await page.getByRole('button', { name: /^Waivers/ }).click()
    await page.getByRole('table').waitFor()
    await shoot(page, '66-waivers')
  })
}
