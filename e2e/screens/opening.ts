import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { workbench } from '../pages/workbench.ts'
import { hasCorpus, onlineBoutique } from '../world/corpus.ts'
import { addRemote, git, makeRepository, repositoryFrom, smallShop } from '../world/git-repository.ts'
import { isolatedHome } from '../world/isolated-home.ts'
import type { Camera } from './camera.ts'

/** Nothing open, and ways to open something. */
export async function welcome({ withApp, shoot }: Camera): Promise<void> {
  using home = isolatedHome()
  const shop = makeRepository(home, 'shop', smallShop)
  await withApp(['serve', shop], home, async page => {
    await page.locator('[data-node="cart"]').waitFor()
    await shoot(page, '22-small')
    await page.getByRole('button', { name: 'All workspaces' }).click()
    await page.getByRole('heading', { name: 'Recent workspaces' }).waitFor()
    await shoot(page, '23-welcome')
    await page.getByRole('button', { name: /^Clone a repository/ }).click()
    await page.getByRole('dialog').waitFor()
    await shoot(page, '24-clone')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Open a folder/ }).click()
    await page.getByRole('dialog').waitFor()
    await shoot(page, '25-open-folder')
  })
}

/** A colleague was faster, and the remote is gone. */
export async function trouble({ withApp, shoot }: Camera): Promise<void> {
  using home = isolatedHome()
  const shop = makeRepository(home, 'shop', smallShop)
  const remote = addRemote(home, shop)
  await withApp(['serve', shop], home, async page => {
    const bench = workbench(page)
    await bench.select('checkout')
    await bench.step('checkout', 'more')
    await bench.draftSays('1 edit')
    const theirs = join(home.folder, 'theirs')
    git(home, home.folder, 'clone', '--quiet', remote, theirs)
    execFileSync('sed', ['-i', 's/replicas: 3/replicas: 7/', join(theirs, 'deploy/checkout.yaml')])
    git(home, theirs, 'commit', '--quiet', '--all', '-m', 'A colleague was here')
    git(home, theirs, 'push', '--quiet')
    const dialog = await bench.openCommit()
    await dialog.getByRole('textbox', { name: 'Why', exact: true }).fill('The sale begins on Friday.')
    await dialog.getByRole('button', { name: /^Commit/ }).click()
    await dialog.getByRole('alert').waitFor()
    await shoot(page, '26-conflict')
    await dialog.getByRole('radio', { name: 'Keep mine: edit again' }).click()
    await dialog.getByRole('button', { name: 'Apply and review' }).click()
    git(home, shop, 'remote', 'set-url', 'origin', 'http://127.0.0.1:9/shop.git')
    await dialog.getByRole('button', { name: /^Commit/ }).click()
    await bench.toasts.getByText(/^Committed as/).waitFor()
    await shoot(page, '27-offline')
  })
}

/** A repository of other people. */
export async function boutique({ withApp, shoot }: Camera): Promise<void> {
  if (!hasCorpus) throw new Error('NOT RUN: the corpus is not here (PILOTHOUSE_CORPUS)')
  using home = isolatedHome()
  const { directory } = repositoryFrom(home, onlineBoutique, 'boutique')
  await withApp(['serve', directory], home, async page => {
    await page.locator('[data-node]').nth(5).waitFor()
    await shoot(page, '28-boutique')
    await page.locator('[data-node]').nth(2).click()
    await page.getByRole('region', { name: 'Inspector' }).waitFor()
    await shoot(page, '29-boutique-inspector')
  })
}
