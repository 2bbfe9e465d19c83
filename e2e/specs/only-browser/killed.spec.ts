import { expect, test } from '../../open-app.ts'
import { workbench } from '../../pages/workbench.ts'
import { git, makeRepository, smallShop } from '../../world/git-repository.ts'

test('the draft outlives the app: killed at once and started again, it is there', async ({
  home,
  openApp,
  complaints,
}) => {
  const directory = makeRepository(home, 'shop', smallShop)
  const app = await openApp(directory)
  const before = workbench(app.page)
  await before.select('checkout')
  await before.step('checkout', 'more')
  await before.draftSays('1 edit')
  await app.stop('SIGKILL')
  await expect(app.page.getByRole('alert'), 'the page says that the line is gone').toContainText(
    'The connection was lost',
  )
  await app.page.close()
  // A page whose server is gone complains of that, and of nothing else.
  expect(complaints.splice(0).filter(text => !/WebSocket|ERR_CONNECTION/.test(text))).toEqual([])

  const after = workbench((await openApp(directory)).page)
  await after.draftSays('1 edit')
  await expect(after.node('checkout')).toContainText('becomes 4')
  expect(git(home, directory, 'status', '--porcelain')).toBe('')
  git(home, directory, 'fsck', '--strict', '--no-dangling')
  await after.commit({ why: 'It is still wanted.' })
  expect(git(home, directory, 'log', '-1', '--format=%s')).toMatch(/^DECISION: /)
})
