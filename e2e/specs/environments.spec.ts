import { argoRepository } from '../../shared/environments/testing/gitops-repositories.ts'
import { expect, test } from '../open-app.ts'
import { workbench } from '../pages/workbench.ts'
import { git, makeRepository } from '../world/git-repository.ts'

test('an edit in an environment of Argo CD lands where that environment says it', async ({ openApp, home }) => {
  const directory = makeRepository(home, 'deploy', Object.fromEntries(argoRepository))
  const bench = workbench((await openApp(directory)).page)
  // Production is what opens, by the name people call it, and what was not rendered by Helm says so.
  await expect(bench.header.getByRole('button', { name: /production/ })).toBeVisible()
  await expect(bench.header.getByText('approximate')).toBeVisible()
  await bench.select('cart')
  const replicas = bench.inspector.getByRole('spinbutton', { name: 'Replicas' })
  await replicas.fill('6')
  await replicas.press('Enter')
  await bench.draftSays('1 edit')
  await expect(bench.node('cart')).toContainText('becomes 6')
  await bench.commit({ why: 'The sale begins.' })
  expect(git(home, directory, 'show', 'HEAD:charts/cart/values-production.yaml')).toBe('replicaCount: 6')
  await bench.pick('Environment', 'staging')
  await expect(bench.node('web')).toBeVisible()
  await expect(bench.node('search')).toHaveCount(0)
})
