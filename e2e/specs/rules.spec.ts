import { expect, test } from '../open-app.ts'
import { axeFindings } from '../pages/axe.ts'
import { boxOf, workbench } from '../pages/workbench.ts'
import { pilothouse } from '../world/command-line.ts'
import { git, makeRepository, smallShop } from '../world/git-repository.ts'
import { deployTree, rulesOfTeam } from '../world/rules-and-tree.ts'

test('a rule is judged on the draft while it is typed, and in continuous integration alike', async ({
  home,
  openApp,
}) => {
  const directory = makeRepository(home, 'ground', { ...smallShop, '.pilothouse/rules/team.yaml': rulesOfTeam })
  const { page } = await openApp(directory)
  const bench = workbench(page)
  await bench.go('Rules')
  const gate = page.getByRole('region', { name: 'The gate now' })
  await expect(gate).toContainText('One replica is too few.')
  expect(await axeFindings(page)).toEqual([])

  await page.getByRole('button', { name: /team\.yaml/ }).click()
  const verdicts = page.getByRole('list', { name: 'Verdicts' })
  await expect(verdicts.getByRole('listitem').first()).toContainText('Blocks · One replica is too few.')
  const line = page.locator('.monaco-editor .view-line', { hasText: 's.replicas >= 2' })
  await line.click()
  await page.keyboard.press('End')
  await page.keyboard.type(' && tim')
  await expect(verdicts).toContainText('There is no tim here. Did you mean time?')
  for (let i = 0; i < ' && tim'.length; i++) await page.keyboard.press('Backspace')
  await page.keyboard.type(' || true')
  await expect(verdicts.getByRole('listitem').first()).toContainText('Passes')
  await page.getByRole('button', { name: 'Add to draft' }).click()
  await bench.draftSays('1 edit')
  await page.getByRole('button', { name: /^The gate now/ }).click()
  await expect(gate).toContainText('The draft changes the rule two-replicas. Say why.')

  // What the page says of the draft, a pull request hears of the same commit.
  const dialog = await bench.openCommit()
  await dialog.getByRole('textbox', { name: 'Why', exact: true }).fill('It was too strict.')
  await dialog
    .getByRole('textbox', { name: /reason/i })
    .first()
    .fill('Agreed with the platform team.')
  await dialog.getByRole('button', { name: /^Commit/ }).click()
  await expect(dialog).toBeHidden()
  const { out } = await pilothouse(home, directory, ['gate', '--base', 'HEAD~1', '--head', 'HEAD', '--json'])
  const { verdict, environments } = JSON.parse(out) as {
    verdict: string
    environments: { items: { rule: string; message: string }[] }[]
  }
  expect(verdict).toBe('warn')
  expect(environments[0]?.items[0]).toMatchObject({
    rule: 'rules-are-changed-openly',
    message: 'The draft changes the rule two-replicas. Say why.',
  })
  expect(git(home, directory, 'log', '-1', '--format=%B')).toContain('Decision-Gate: warn')
})

test('a tree is edited by its picture: an answer is dragged elsewhere, and the file changes in that line alone', async ({
  home,
  openApp,
}) => {
  const path = '.pilothouse/trees/deploy.yaml'
  const { page } = await openApp(makeRepository(home, 'ground', { ...smallShop, [path]: deployTree }))
  const bench = workbench(page)
  await bench.go('Rules')
  await page.getByRole('button', { name: /deploy\.yaml/ }).click()
  await page.getByRole('radio', { name: 'Edit' }).click()
  const answer = await boxOf(
    page
      .getByTitle(/^Drag it/)
      .filter({ hasText: 'true' })
      .first(),
  )
  const end = await boxOf(page.locator('[data-tree-id=go]'))
  await page.mouse.move(answer.x + 8, answer.y + 6)
  await page.mouse.down()
  await page.mouse.move(end.x + 30, end.y + 20, { steps: 4 })
  await page.mouse.up()
  await page.locator('[data-tree-id=late] button').click()
  await expect(page.getByLabel('true', { exact: true })).toContainText('Go')
  // Leading back to where it came from would be a circle.
  await page.locator('[data-tree-id=green] button').click()
  await page.getByLabel('false', { exact: true }).click()
  await page.getByRole('option', { name: 'Is it late?' }).click()
  await expect(page.getByText(/Not changed, since/)).toBeVisible()
  await page.getByRole('button', { name: 'Add to draft' }).click()
  await bench.draftSays('1 edit')
  await page
    .getByRole('button', { name: /1 edit/ })
    .first()
    .click()
  await expect(page.getByText('branches: { "true": go, "false": green }').first()).toBeVisible()
})

test('a tree is walked with answers, its way is lit, and its end becomes a record', async ({ home, openApp }) => {
  const { page } = await openApp(makeRepository(home, 'ground', smallShop))
  await workbench(page).go('Rules')
  await page.getByRole('button', { name: /From a monolith/ }).click()
  await page.getByLabel(/How many requests/).fill('12.5')
  await page.getByLabel(/How much new data/).fill('2')
  await page.getByLabel(/What share of requests must/).fill('99.9')
  await expect(page.getByRole('heading', { name: 'Stay with one process' })).toBeVisible()
  // Three questions and where they lead.
  await expect(page.locator('button[data-lit]')).toHaveCount(4)
  expect(await axeFindings(page)).toEqual([])
  await page.getByRole('button', { name: 'Record this decision' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.getByRole('textbox', { name: 'Title', exact: true })).toHaveValue(/Stay with one process$/)
  await expect(dialog.getByRole('textbox', { name: 'Why', exact: true })).toHaveValue(
    /load\.requestsPerSecond` = 12\.5/,
  )
})
