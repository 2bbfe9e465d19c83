import type { Page } from '@playwright/test'
import { workbench } from '../pages/workbench.ts'
import { isolatedHome } from '../world/isolated-home.ts'
import type { Camera } from './camera.ts'

/** The sandbox cluster: what runs, ways into it, what delivers and drifts, a canary with its dialogs, one health. */
export async function clusters({ withApp, shoot }: Camera): Promise<void> {
  using home = isolatedHome()
  await withApp(['demo'], home, async page => {
    const bench = workbench(page)
    await page.locator('[data-node]').first().waitFor()
    await page.getByRole('button', { name: /^Cluster: .* live|^Cluster: / }).waitFor()
    await bench.node('orders').click()
    await bench.inspector.getByRole('tab', { name: 'Live' }).click()
    const pods = bench.inspector.getByRole('list', { name: 'Pods' }).getByRole('listitem')
    await pods.first().waitFor()
    await shoot(page, '60-live')
    await bench.inspector.getByRole('button', { name: 'Logs', exact: true }).click()
    await page.getByRole('log').waitFor()
    await shoot(page, '61-logs')
    await pods
      .first()
      .getByRole('button', { name: /^What can be done with/ })
      .click()
    await page.getByRole('menuitem', { name: /is protected/ }).waitFor()
    await shoot(page, '62-pod-menu')
    await page.keyboard.press('Escape')
    await fromMenu(page, pods.first(), 'Describe')
    await page.getByRole('region', { name: 'Logs and terminals' }).getByText('Ready').first().waitFor()
    await shoot(page, '63-describe')
    await fromMenu(page, pods.first(), /^Forward/)
    await page.getByRole('dialog').waitFor()
    await shoot(page, '64-forward')
    await page.keyboard.press('Escape')
    for (let open = 0; open < 2; open++) await page.getByRole('button', { name: 'Close this one' }).click()

    await page.getByRole('button', { name: 'Clusters', exact: true }).click()
    for (const [at, tab] of ['Workloads', 'Pods', 'Events', 'Delivery', 'Drift'].entries()) {
      await page.getByRole('tab', { name: tab }).click()
      await page.getByRole('tabpanel').getByText(/\S/).first().waitFor()
      await shoot(page, `65-${at}-${tab.toLowerCase()}`)
      if (tab !== 'Delivery') continue
      const [suspend, deliver] = [/^(Suspend|Resume|Go on|Stand still)/, /^Deliver/].map(name =>
        page.getByRole('tabpanel').getByRole('button', { name }).first(),
      )
      await suspend!.or(deliver!).first().click()
      await page.getByRole('dialog').waitFor()
      await shoot(page, '66-delivery-dialog')
      await page.keyboard.press('Escape')
    }

    await page.getByRole('button', { name: 'Rollouts', exact: true }).click()
    const actions = page.getByRole('toolbar', { name: 'Actions' })
    await actions.waitFor()
    await shoot(page, '67-rollouts')
    for (const [at, button] of (await actions.getByRole('button', { disabled: false }).all()).entries()) {
      await button.click()
      await page.getByRole('dialog').waitFor()
      await shoot(page, `68-rollout-dialog-${at}`)
      await page.keyboard.press('Escape')
    }
    await page.getByRole('button', { name: 'Health', exact: true }).click()
    await page.getByRole('table', { name: 'Health' }).waitFor()
    await shoot(page, '69-health')
  })
}

async function fromMenu(page: Page, row: ReturnType<Page['locator']>, item: string | RegExp): Promise<void> {
  await row.scrollIntoViewIfNeeded()
  await row.getByRole('button', { name: /^What can be done with/ }).click()
  await page.getByRole('menuitem', { name: item }).click()
}
