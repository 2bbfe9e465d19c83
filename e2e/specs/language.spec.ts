import type { Page } from '@playwright/test'
import { en } from '../../shared/messages/en/index.ts'
import { zh } from '../../shared/messages/zh/index.ts'
import { expect, test } from '../open-app.ts'
import { atRest, workbench } from '../pages/workbench.ts'
import { addRemote, makeRepository, smallShop } from '../world/git-repository.ts'

/** Two words of Latin letters in a row are a piece of a sentence; one alone is a name. */
const sentence = /[A-Za-z]{2,} [A-Za-z]{2,}/
/**
 * Sentences of the English catalogue that the Chinese one has otherwise: none of them may be seen in Chinese. Two words
 * at least, because a single one may be a name that somebody gave to a service.
 */
const english: ReadonlySet<string> = new Set(
  Object.entries(en)
    .filter(([key, text]) => zh[key as keyof typeof zh] !== text && !text.includes('{{') && /\w \w/.test(text))
    .map(([, text]) => text),
)
/**
 * What stays as it is: names of people, tools and kinds; what is written into Git (the drafted title, the headings that
 * MADR gives a record); and the way back to English, which is said in English.
 */
const names =
  /DECISION|Decision-[A-Za-z]+|Change-Set|HorizontalPodAutoscaler|Ada Example|scale checkout|Context and Problem Statement|Decision Outcome|Chosen option|What Changed|Switch to English/g

/** Everything a person reads or hears on the page, in pieces: texts, names, placeholders, titles. */
const wordsOf = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found = new Set<string>()
    const foreign = (element: Element | null) =>
      element?.closest('[lang="en"], code, pre, kbd, .monaco-editor, script, style')
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node; node = walker.nextNode())
      if (!foreign(node.parentElement)) found.add(node.textContent?.trim() ?? '')
    for (const element of document.body.querySelectorAll('*'))
      if (!foreign(element))
        for (const name of ['aria-label', 'placeholder', 'title', 'alt', 'aria-roledescription'])
          found.add(element.getAttribute(name)?.trim() ?? '')
    found.delete('')
    return [...found]
  })

test('in Chinese no English is left on the main screens', async ({ home, openApp }) => {
  const directory = makeRepository(home, 'shop', smallShop)
  addRemote(home, directory)
  const { page } = await openApp(directory)
  const bench = workbench(page)
  const left: { [state: string]: readonly string[] } = {}
  const judge = async (state: string) => {
    const words = await wordsOf(page)
    const inEnglish = words.filter(text => english.has(text) || sentence.test(text.replace(names, '')))
    if (inEnglish.length > 0) left[state] = inEnglish
  }
  const say = (key: keyof typeof zh) => zh[key]

  await expect(bench.node('checkout')).toBeVisible()
  await bench.go('Settings')
  await page.getByRole('radio', { name: '简体中文' }).click()
  await expect(page.getByRole('heading', { name: say('app.screenSettings'), level: 1 }).last()).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.lang)).toMatch(/^zh/)
  await judge('settings')

  const rail = page.getByRole('navigation', { name: say('app.screens') })
  await rail.getByRole('button', { name: say('app.screenTopology') }).click()
  const checkout = page.locator('[data-node="checkout"]')
  await checkout.click()
  // The view makes room for the inspector.
  await atRest(checkout)
  await judge('topology and inspector')
  await page.getByRole('button', { name: say('page.topologyMoreReplicas').replace('{{name}}', 'checkout') }).click()
  const dock = page.getByRole('region', { name: say('page.draftDock'), exact: true })
  await dock.getByRole('button', { expanded: false }).click()
  await expect(dock.getByRole('list', { name: say('page.draftEdits') })).toBeVisible()
  await expect(dock.locator('.monaco-diff-editor')).toBeVisible({ timeout: 30_000 })
  await judge('dock')
  await page.getByRole('radio', { name: say('page.topologyTable') }).click()
  await judge('table')
  for (const tab of ['page.topologyDependencies', 'page.topologyHistory', 'page.topologyManifest'] as const) {
    await page.getByRole('tab', { name: say(tab) }).click()
    await judge(tab)
  }
  await dock.getByRole('button', { name: say('page.draftCommit') }).click()
  const dialog = page.getByRole('dialog', { name: say('page.draftCommitTitle') })
  await expect(dialog).toBeVisible()
  await dialog.getByRole('textbox', { name: say('page.draftWhy'), exact: true }).fill('周五开始促销。')
  await judge('commit dialog')
  await dialog.getByRole('button', { name: say('page.draftCommitAndPush') }).click()
  await expect(dialog).toBeHidden({ timeout: 30_000 })
  await judge('committed')
  await rail.getByRole('button', { name: say('app.screenDecisions') }).click()
  await expect(page.getByRole('article')).toBeVisible()
  await judge('decisions')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog')).toBeVisible()
  await judge('keys')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('dialog')).toBeVisible()
  await judge('palette')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: say('app.allWorkspaces') }).click()
  await expect(page.getByRole('heading', { name: say('app.recentWorkspaces') })).toBeVisible()
  await judge('welcome')
  expect(left).toEqual({})
})
