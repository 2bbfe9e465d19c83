import { expect, test } from '../open-app.ts'
import { workbench } from '../pages/workbench.ts'
import { pilothouse } from '../world/command-line.ts'
import { git, makeRepository, smallShop } from '../world/git-repository.ts'

test('the log is searched by what was decided, and a decision is taken back', async ({ home, openApp }) => {
  const directory = makeRepository(home, 'shop', smallShop)
  const decide = async (title: string, ...edits: string[]) => {
    const ran = await pilothouse(home, directory, [
      'edit',
      ...edits,
      '--commit',
      '-m',
      title,
      '--why',
      `Why: ${title}.`,
    ])
    expect([ran.code, ran.err.includes('main')]).toEqual([0, true])
  }
  await decide('first raise', '--set-replicas', 'checkout=4', '--set-image', 'cart=registry.example/cart:2.0.0')
  await decide('second raise', '--set-replicas', 'checkout=6')

  const bench = workbench((await openApp(directory)).page)
  const { page } = bench
  await bench.go('Decisions')
  const log = page.getByRole('listbox', { name: 'Log of decisions, newest first' })
  await expect(log.getByRole('option')).toHaveCount(3)
  const search = page.getByRole('searchbox', { name: 'Search the decisions' })
  await search.fill('kind:scale second')
  await expect(log.getByRole('option')).toHaveCount(1)
  await search.fill('kind:nothing')
  await expect(page.getByText('Not understood: kind:nothing.')).toBeVisible()
  // What names the service, and the plain commit that brought its file.
  await search.fill('service:cart')
  await expect(log.getByRole('option')).toHaveCount(2)
  await log.getByRole('option').filter({ hasText: 'first raise' }).click()

  // The second raise holds its field; the image goes back.
  await page.getByRole('article', { name: 'first raise' }).getByRole('button', { name: 'Revert' }).click()
  const dialog = page.getByRole('dialog', { name: 'Revert “first raise”' })
  await expect(dialog).toContainText('1 field was changed since and stays')
  await expect(dialog.getByRole('row').filter({ hasText: 'spec.replicas' })).toContainText('436')
  await dialog.getByRole('button', { name: 'Add the rest to the draft' }).click()
  await bench.draftSays('1 edit')
  await bench.commit({ why: 'The new cart lost orders.' })
  expect(git(home, directory, 'log', '-1', '--format=%s')).toBe('DECISION: revert: first raise')
  const reverts = git(home, directory, 'log', '-1', '--format=%(trailers:key=Decision-Reverts,valueonly)').trim()
  expect(git(home, directory, 'log', '-1', '--format=%s', `--grep=Decision-Id: ${reverts}`)).toContain('first raise')
  expect(git(home, directory, 'show', 'HEAD:deploy/checkout.yaml')).toContain('replicas: 6')
  expect(git(home, directory, 'show', 'HEAD:deploy/cart.yaml')).not.toContain('2.0.0')
})
