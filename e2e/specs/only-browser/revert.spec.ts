import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '../../open-app.ts'
import { workbench } from '../../pages/workbench.ts'
import { git, makeRepository, smallShop } from '../../world/git-repository.ts'

type Frame = { readonly type: string; readonly id: number; readonly method?: string }

test('what failed on the way into the draft is not said to be there, and can be asked for again', async ({
  home,
  context,
  openApp,
}) => {
  const directory = makeRepository(home, 'shop', smallShop)
  const file = 'deploy/checkout.yaml'
  writeFileSync(join(directory, file), smallShop[file]!.replace('replicas: 3', 'replicas: 5'))
  git(
    home,
    directory,
    'commit',
    '--quiet',
    '--all',
    '-m',
    'DECISION: five checkouts\n\nThe sale.\n\nDecision-Kind: scale',
  )
  // The first edit comes to nothing on its way.
  let failing = true
  await context.routeWebSocket(/./, page => {
    const core = page.connectToServer()
    page.onMessage(message => {
      const frame = JSON.parse(String(message)) as Frame
      if (frame.type !== 'call' || frame.method !== 'draft.edit' || !failing) return core.send(message)
      failing = false
      const error = { code: 'unexpected', key: 'error.documentUnwritable', params: { file: 'draft', reason: 'ENOSPC' } }
      page.send(JSON.stringify({ type: 'failed', id: frame.id, error }))
    })
  })
  const bench = workbench((await openApp(directory)).page)
  await bench.go('Decisions')
  await bench.page
    .getByRole('listbox', { name: /^Log of decisions/ })
    .getByRole('option', { name: /five checkouts/ })
    .click()
  await bench.page.getByRole('article', { name: 'five checkouts' }).getByRole('button', { name: 'Revert' }).click()
  const dialog = bench.page.getByRole('dialog')
  await dialog.getByRole('button', { name: 'Add to the draft' }).click()
  await expect(dialog.getByRole('alert')).toContainText('ENOSPC')
  await expect(bench.toasts).not.toContainText('draft')
  await dialog.getByRole('button', { name: 'Add to the draft' }).click()
  await expect(dialog).toBeHidden()
  await expect(bench.toasts).toContainText('draft')
  await bench.draftSays('1 edit')
})
