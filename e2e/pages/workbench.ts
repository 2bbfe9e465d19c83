import { expect, type Locator, type Page } from '@playwright/test'

/** The page with a workspace open, as a person meets it: everything is found by its role and name. */
export type Workbench = {
  readonly page: Page
  readonly header: Locator
  readonly dock: Locator
  readonly inspector: Locator
  readonly commitDialog: Locator
  readonly toasts: Locator
  /** A service on the graph. */
  node(name: string): Locator
  /** Selects a service on the graph, which opens the inspector. */
  select(name: string): Promise<void>
  /** Presses + or − of the stepper on a selected node. */
  step(name: string, by: 'more' | 'less'): Promise<void>
  /** Waits until the dock says this: `1 edit`, `No changes`. */
  draftSays(words: string | RegExp): Promise<void>
  openDock(): Promise<void>
  openCommit(): Promise<Locator>
  /** Writes the why (and a title), commits, and waits for the word that it is done; returns the eight letters of the commit. */
  commit(words: { readonly why: string; readonly title?: string }): Promise<string>
  /** Chooses in a picker of the header. */
  pick(label: string, typed: string): Promise<void>
  go(screen: 'Topology' | 'Decisions' | 'Dependencies' | 'Rules' | 'Settings'): Promise<void>
}

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The view makes room for the inspector, in motion: waits until a thing has stood still for some frames. */
export const atRest = (thing: Locator): Promise<void> =>
  thing.evaluate(
    element =>
      new Promise<void>(resolve => {
        let last = element.getBoundingClientRect()
        let still = 0
        const look = () => {
          const now = element.getBoundingClientRect()
          still = now.x === last.x && now.y === last.y ? still + 1 : 0
          last = now
          if (still === 15) resolve()
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      }),
  )

/** Where a thing has come to rest, in pixels of the page. */
export async function boxOf(thing: Locator) {
  await atRest(thing)
  const box = await thing.boundingBox()
  if (!box) throw new Error(`${thing} is not drawn`)
  return box
}

export function workbench(page: Page): Workbench {
  const header = page.getByRole('banner')
  const dock = page.getByRole('region', { name: 'Draft', exact: true })
  const inspector = page.getByRole('region', { name: 'Inspector', exact: true })
  const commitDialog = page.getByRole('dialog', { name: /^(Commit the draft as|Record) a decision$/ })
  const toasts = page.getByRole('region', { name: 'Notifications' })
  // The name of a node begins with that of its service; what follows are its facts.
  const node = (name: string) =>
    page
      .getByRole('group', { name: /^Graph of / })
      .getByRole('button', { name: new RegExp(`^${literal(name)}(?= |$)`) })

  const openCommit = async () => {
    await dock.getByRole('button', { name: 'Commit…' }).click()
    await expect(commitDialog).toBeVisible()
    return commitDialog
  }
  return {
    page,
    header,
    dock,
    inspector,
    commitDialog,
    toasts,
    node,
    async select(name) {
      await node(name).click()
      await expect(inspector.getByRole('heading', { name, exact: true })).toBeVisible()
      await atRest(node(name))
    },
    async step(name, by) {
      const label = by === 'more' ? `One replica more for ${name}` : `One replica less for ${name}`
      await page.getByRole('button', { name: label, exact: true }).click()
    },
    async draftSays(words) {
      await expect(dock).toContainText(words)
    },
    async openDock() {
      const toggle = dock.getByRole('button', { name: /^\d+ edits? / })
      if ((await toggle.getAttribute('aria-expanded')) === 'false') await toggle.click()
      await expect(dock.getByRole('list', { name: 'Edits' })).toBeVisible()
    },
    openCommit,
    async commit({ why, title }) {
      const dialog = await openCommit()
      if (title !== undefined) await dialog.getByRole('textbox', { name: 'Title', exact: true }).fill(title)
      await dialog.getByRole('textbox', { name: 'Why', exact: true }).fill(why)
      await dialog.getByRole('button', { name: /^Commit/ }).click()
      await expect(dialog).toBeHidden({ timeout: 30_000 })
      const word = toasts.getByText(/^Committed as [0-9a-f]{8}$/).last()
      await expect(word).toBeVisible()
      return (await word.innerText()).slice(-8)
    },
    async pick(label, typed) {
      await header.getByRole('button', { name: new RegExp(`^${label}`) }).click()
      await page.getByRole('dialog', { name: label }).getByRole('combobox').fill(typed)
      await page.getByRole('option').filter({ hasText: typed }).first().click()
    },
    async go(screen) {
      await page.getByRole('navigation', { name: 'Screens' }).getByRole('button', { name: screen }).click()
    },
  }
}
