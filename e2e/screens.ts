import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from '@playwright/test'
import { startServer } from './open-app.ts'
import { workbench } from './pages/workbench.ts'
import { findChromium } from './run/find-chromium.ts'
import { hasCorpus, onlineBoutique } from './world/corpus.ts'
import { addRemote, git, makeRepository, repositoryFrom, smallShop } from './world/git-repository.ts'
import { isolatedHome } from './world/isolated-home.ts'

// Pictures of the main states, to be looked at: node e2e/screens.ts [walk…] → test-results/screens/.
const out = join(import.meta.dirname, '../test-results/screens')
const wanted = process.argv.slice(2)
const sizes = [
  { width: 1440, height: 900 },
  { width: 1024, height: 700 },
] as const

const found = findChromium()
const browser = await chromium.launch(found ? { executablePath: found.executable } : {})
const failed: string[] = []
mkdirSync(out, { recursive: true })

/** Takes a state in both sizes and both themes. What the page asks of its server in between has its second. */
async function shoot(page: Page, name: string): Promise<void> {
  for (const size of sizes) {
    await page.setViewportSize(size)
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.evaluate(() => document.fonts.ready)
      await page.waitForTimeout(500)
      await page.screenshot({ path: join(out, `${name}-${theme}-${size.width}.png`), animations: 'disabled' })
    }
  }
  await page.setViewportSize(sizes[0])
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  process.stdout.write(`${name}\n`)
}

/** A walk that ends early leaves the pictures it has taken; what is missing is said in the end. */
async function walk(name: string, steps: () => Promise<void>): Promise<void> {
  if (wanted.length > 0 && !wanted.some(word => name.includes(word))) return
  try {
    await steps()
  } catch (error) {
    failed.push(`${name}: ${error instanceof Error ? error.message.split('\n').slice(0, 3).join(' ') : String(error)}`)
  }
}

async function withApp(
  arguments_: readonly string[],
  home: ReturnType<typeof isolatedHome>,
  steps: (page: Page, context: BrowserContext) => Promise<void>,
): Promise<void> {
  const server = await startServer(home, arguments_)
  const context = await browser.newContext({ viewport: sizes[0], reducedMotion: 'reduce' })
  context.setDefaultTimeout(20_000)
  try {
    const page = await context.newPage()
    await page.goto(server.url)
    await steps(page, context)
  } finally {
    await context.close()
    await server.stop()
  }
}

await walk('sandbox', async () => {
  using home = isolatedHome()
  await withApp(['demo'], home, async page => {
    const bench = workbench(page)
    const first = page.locator('[data-node]').first()
    await first.waitFor()
    await shoot(page, '01-topology')
    await page.getByRole('button', { name: /\brole/ }).click()
    await shoot(page, '02-roles')
    await page.keyboard.press('Escape')
    const orders = page.locator('[data-node="orders"]')
    await ((await orders.count()) > 0 ? orders : first).click()
    await bench.inspector.waitFor()
    await page.mouse.move(700, 760)
    await shoot(page, '03-inspector')
    for (const tab of ['Dependencies', 'History', 'Manifest']) {
      await bench.inspector.getByRole('tab', { name: tab }).click()
      if (tab === 'Manifest') await page.locator('.monaco-editor .view-line').first().waitFor()
      await shoot(page, `04-inspector-${tab.toLowerCase()}`)
    }
    await bench.inspector.getByRole('tab', { name: 'Overview' }).click()
    await page.getByRole('button', { name: /^One replica more for / }).click()
    await bench.draftSays('1 edit')
    const tag = bench.inspector.getByRole('textbox', { name: 'Tag' })
    await tag.fill('9.9.0')
    await tag.press('Enter')
    await bench.draftSays('2 edits')
    await shoot(page, '05-draft-on-graph')
    await bench.openDock()
    await page.locator('.monaco-diff-editor .line-insert').first().waitFor()
    await shoot(page, '06-dock')
    await page.getByRole('radio', { name: 'Table' }).click()
    await shoot(page, '07-table')
    await page.getByRole('radio', { name: 'Graph' }).click()
    await page.getByRole('button', { name: 'Add service' }).click()
    await shoot(page, '08-add-service')
    await page.keyboard.press('Escape')
    await bench.inspector.getByRole('button', { name: 'Actions' }).click()
    await shoot(page, '09-actions')
    await page.getByRole('menuitem', { name: /^Remove/ }).click()
    await page
      .getByRole('dialog')
      .getByText(/^\d+ (fields?|lines?|places?)/)
      .or(page.getByRole('dialog'))
      .first()
      .waitFor()
    await shoot(page, '10-remove')
    await page.keyboard.press('Escape')
    const dialog = await bench.openCommit()
    await dialog
      .getByRole('textbox', { name: 'Why', exact: true })
      .fill('The sale begins on **Friday**.\n\n- Last year this was the first to be slow.\n- Two more cost 40 € a day.')
    await shoot(page, '11-commit')
    await dialog.getByRole('radio', { name: 'A new branch' }).click()
    await dialog.getByRole('radio', { name: 'Commit message' }).click()
    await shoot(page, '12-commit-branch')
    await dialog.getByRole('radio', { name: /^This branch/ }).click()
    await dialog.getByRole('button', { name: /^Commit/ }).click()
    await bench.toasts.getByText(/^Committed as/).waitFor()
    await shoot(page, '13-committed')
    await bench.go('Decisions')
    await page.getByRole('tab', { name: 'Record' }).waitFor()
    await shoot(page, '14-decision-record')
    for (const tab of ['Files', 'Graph', 'Details']) {
      await page.getByRole('tab', { name: tab }).click()
      if (tab === 'Files') await page.locator('.monaco-diff-editor .view-line').first().waitFor()
      await shoot(page, `15-decision-${tab.toLowerCase()}`)
    }
    await page.getByRole('listbox').getByRole('option').nth(4).click()
    await page.getByRole('button', { name: 'Time travel to here' }).click()
    await bench.go('Topology')
    await first.waitFor()
    await shoot(page, '16-time-travel')
    await bench.header.getByRole('button', { name: /^Revision/ }).click()
    await page.getByRole('option').nth(3).waitFor()
    await shoot(page, '17-revisions')
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.getByRole('option').first().waitFor()
    await shoot(page, '18-palette')
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.getByRole('dialog').waitFor()
    await shoot(page, '19-keys')
    await page.keyboard.press('Escape')
    await bench.go('Settings')
    await shoot(page, '20-settings')
    await page.getByRole('radio', { name: '简体中文' }).click()
    await page.locator('html[lang^="zh"]').waitFor()
    await page.getByRole('navigation').getByRole('button').nth(1).click()
    await first.waitFor()
    await shoot(page, '21-chinese')
  })
})

await walk('welcome', async () => {
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
})

await walk('trouble', async () => {
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
})

await walk('other people’s repository', async () => {
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
})

await browser.close()
for (const line of failed) process.stdout.write(`FAILED ${line}\n`)
if (failed.length > 0) process.exitCode = 1
