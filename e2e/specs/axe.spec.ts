import { expect, test } from '../open-app.ts'
import { axeFindings } from '../pages/axe.ts'
import { workbench } from '../pages/workbench.ts'
import { addRemote, makeRepository, smallShop } from '../world/git-repository.ts'

for (const theme of ['light', 'dark'] as const)
  test(`axe finds nothing serious, ${theme}`, async ({ home, openApp }) => {
    // Every main state is judged, and axe reads all of each.
    test.slow()
    const directory = makeRepository(home, 'shop', smallShop)
    addRemote(home, directory)
    const { page } = await openApp(directory)
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const bench = workbench(page)
    const found: { [state: string]: readonly string[] } = {}
    const judge = async (state: string) => {
      const findings = await axeFindings(page)
      if (findings.length > 0) found[state] = findings
    }

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
