import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import type { LiveObject } from '../../shared/health/health.ts'
import { objectAt, textAt } from '../../shared/manifests/manifest.ts'
import { type SandboxCluster, serveCluster } from '../../src-main/sandbox/cluster/serve-cluster.ts'
import { expect, test } from '../open-app.ts'
import { axeFindings } from '../pages/axe.ts'
import { workbench } from '../pages/workbench.ts'
import { makeRepository, smallShop } from '../world/git-repository.ts'

/** The objects a small shop's files declare, as a cluster has them. */
const objectsOf = (files: { readonly [path: string]: string }): readonly LiveObject[] =>
  Object.entries(files)
    .filter(([path]) => path.startsWith('deploy/'))
    .flatMap(([, text]) => parseAllDocuments(text).map(document => document.toJS() as LiveObject))

/** Brings the small shop to a cluster as somebody else would have. */
function bringShop(world: SandboxCluster['simulation']['world']): void {
  for (const object of objectsOf(smallShop)) {
    const metadata = { ...objectAt(object, 'metadata'), namespace: 'default' }
    const kind = textAt(object, 'kind') === 'Service' ? '/Service' : 'apps/Deployment'
    world.create(kind, { ...object, metadata }, 'test')
  }
}

test('what runs, why it does not, logs and a terminal; with rights and network gone, nothing lies', async ({
  home,
  openApp,
}) => {
  test.setTimeout(180_000)
  await using cluster = await serveCluster()
  const kubeconfig = join(home.folder, 'kubeconfig')
  await cluster.writeKubeconfig(kubeconfig, 'all')
  home.environment['KUBECONFIG'] = kubeconfig
  const { world } = cluster.simulation
  bringShop(world)
  const read = ['get', 'list', 'watch']
  const mayRead = { apiGroups: ['', 'apps', 'discovery.k8s.io'], resources: ['*'], verbs: read }
  const mayEnter = { apiGroups: [''], resources: ['pods/exec', 'pods/portforward'], verbs: ['create'] }
  const grant = (...rules: readonly LiveObject[]): LiveObject => ({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'developer', namespace: 'default' },
    rules,
  })
  const group = 'rbac.authorization.k8s.io'
  world.create(`${group}/Role`, grant(mayRead, mayEnter), 'test')
  world.create(
    `${group}/RoleBinding`,
    {
      apiVersion: `${group}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'developer', namespace: 'default' },
      roleRef: { kind: 'Role', name: 'developer', apiGroup: group },
      subjects: [{ kind: 'User', name: 'developer' }],
    },
    'test',
  )
  const rights = (...rules: readonly LiveObject[]) => {
    const role = world.get(`${group}/Role`, 'default', 'developer')!
    world.replace(`${group}/Role`, { ...role, rules }, 'test')
  }
  const directory = makeRepository(home, 'shop', {
    ...smallShop,
    'pilothouse.yaml':
      'apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\nenvironments: [{ path: deploy, cluster: developer }]\n',
  })
  const { page } = await openApp(directory)
  const bench = workbench(page)
  const chip = page.getByRole('button', { name: /^Cluster: / })
  const tools = page.getByRole('region', { name: 'Logs and terminals' })

  // Live badges, without being asked: the sandbox is ours.
  await expect(bench.node('checkout')).toContainText('3/3')
  await expect(bench.node('front')).toContainText('2/2')
  await expect(chip).toHaveText('developer · live')

  await bench.select('checkout')
  await bench.inspector.getByRole('tab', { name: 'Live' }).click()
  await expect(bench.inspector).toContainText('3 of 3 ready')
  await expect(bench.inspector).toContainText('checkout:1.0.0')
  await expect(bench.inspector).toContainText('sandbox')
  const pods = bench.inspector.getByRole('list', { name: 'Pods' }).getByRole('listitem')
  await expect(pods).toHaveCount(3)
  expect(await axeFindings(page)).toEqual([])

  // Logs of all three, searched.
  await bench.inspector.getByRole('button', { name: 'Logs', exact: true }).click()
  const log = tools.getByRole('log')
  await expect(log).toContainText(/\S/)
  await tools.getByRole('searchbox', { name: 'Find in the log' }).fill('no program ever wrote this')
  await expect(tools).toContainText('No line holds these words.')
  expect(await axeFindings(page)).toEqual([])
  await tools.getByRole('button', { name: 'Close this one' }).click()

  // A terminal in one.
  const actions = pods.first().getByRole('button', { name: /^What can be done with/ })
  await actions.click()
  await page.getByRole('menuitem', { name: 'Terminal' }).click()
  await expect(tools).toContainText('What you type goes into the container')
  await expect(tools).toContainText('nothing runs here')
  await page.keyboard.type('whoami\n')
  await expect(tools).toContainText(/whoami\s*app/)
  await page.keyboard.press('Shift+Escape')
  await expect(tools.getByRole('tab', { name: /Terminal in/ })).toBeFocused()
  await tools.getByRole('button', { name: 'Close this one' }).click()

  // An image that does not exist, in one sentence on the graph.
  const broken = world.get('apps/Deployment', 'default', 'cart')!
  const text = JSON.stringify(broken).replace('cart:1.0.0', 'cart:1.0.1-missing')
  world.replace('apps/Deployment', JSON.parse(text) as LiveObject, 'test')
  await expect(bench.node('cart')).toContainText('does not exist in its registry')

  // Rights go: which one is missing is named, where it is wanted.
  const mayList = { apiGroups: ['', 'apps', 'discovery.k8s.io'], resources: ['pods', 'deployments'], verbs: read }
  rights(mayList)
  await pods
    .first()
    .getByRole('button', { name: /^Logs of / })
    .click()
  await expect(tools.getByRole('alert')).toContainText('You may not get pods/log in the namespace default')
  await tools.getByRole('button', { name: 'Close this one' }).click()

  // The right to look at Pods goes while they are looked at: it is named, and what stays is said to be old.
  rights(mayRead, mayEnter)
  cluster.faults.denied = ['list pods', 'watch pods']
  cluster.faults.dropWatches()
  await expect(bench.inspector).toContainText('watch pods in default')
  await expect(chip).toHaveText(/^developer · as of \d\d:\d\d$/)
  await expect(bench.inspector).toContainText(/So it was at \d\d:\d\d; what is so now is not known\./)
  await expect(bench.inspector).toContainText('3 of 3 ready')
  await expect(bench.inspector.getByText('was healthy').first()).toBeVisible()
  await expect(bench.inspector.getByText('healthy', { exact: true })).toHaveCount(0)
  await expect(bench.node('checkout')).toContainText('was healthy')
  expect(await axeFindings(page)).toEqual([])
  cluster.faults.denied = []
  await expect(chip).toHaveText('developer · 1 not ready', { timeout: 60_000 })
  await expect(bench.inspector).not.toContainText('watch pods')

  // The network goes: what was seen stays, and is said to be old.
  await cluster.faults.stop()
  await expect(chip).toHaveText(/^developer · as of \d\d:\d\d$/)
  await expect(bench.inspector).toContainText(/So it was at \d\d:\d\d; what is so now is not known\./)
  await expect(bench.node('checkout')).toContainText('3/3')
  await bench.node('checkout').click()
  expect(await axeFindings(page)).toEqual([])
  rights(mayRead, mayEnter)
  await cluster.faults.start()
  // It is tried again after a while, and the longer it was gone the longer that takes.
  await expect(chip).toHaveText('developer · 1 not ready', { timeout: 60_000 })

  // Read-only: the core refuses, and the menu says so before.
  await page.getByRole('button', { name: 'Clusters', exact: true }).click()
  await page.getByRole('button', { name: /^Changes: / }).click()
  await page.getByRole('menuitemcheckbox', { name: /^Read-only/ }).click()
  await expect(page.getByText('Read-only').first()).toBeVisible()
  await expect(page.getByRole('list', { name: 'Pods' })).toContainText('does not exist in its registry')
  await page.getByRole('button', { name: /^What can be done with cart/ }).click()
  await expect(page.getByRole('menuitem', { name: /Terminal/ })).toContainText('is marked as read-only')
  await page.keyboard.press('Escape')
  expect(await axeFindings(page)).toEqual([])
})

test('what somebody changed in the cluster is seen, taken into Git or put back', async ({ home, openApp }) => {
  await using cluster = await serveCluster()
  const kubeconfig = join(home.folder, 'kubeconfig')
  await cluster.writeKubeconfig(kubeconfig)
  home.environment['KUBECONFIG'] = kubeconfig
  const { world } = cluster.simulation
  bringShop(world)
  const change = (name: string, replicas: number) => {
    const object = world.get('apps/Deployment', 'default', name)!
    world.replace('apps/Deployment', { ...object, spec: { ...objectAt(object, 'spec'), replicas } }, 'kubectl-edit')
  }
  change('cart', 2)
  change('checkout', 5)
  const directory = makeRepository(home, 'shop', {
    ...smallShop,
    'pilothouse.yaml':
      'apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\nenvironments: [{ path: deploy, cluster: sandbox }]\n',
  })
  const { page } = await openApp(directory)
  const bench = workbench(page)
  await page.getByRole('button', { name: 'Clusters', exact: true }).click()
  await page.getByRole('tab', { name: 'Drift' }).click()
  const drifted = (name: string) => page.getByRole('article').filter({ hasText: name })
  await expect(drifted('cart')).toContainText('spec.replicas')
  await expect(drifted('cart')).toContainText(/1.*2/)
  await expect(drifted('cart')).toContainText('deploy/cart.yaml')
  expect(await axeFindings(page)).toEqual([])

  await drifted('cart').getByRole('button', { name: 'Take into Git' }).click()
  await expect(bench.toasts).toContainText('1 edit joined the draft')
  await drifted('checkout').getByRole('button', { name: 'Put back' }).click()
  const dialog = page.getByRole('dialog', { name: 'Put 1 object of sandbox back?' })
  await expect(dialog).toContainText('Deployment default/checkout')
  await dialog.getByRole('button', { name: 'Put back as in Git' }).click()
  // The list is also empty while it is looked at anew, so the cluster is asked what it holds.
  await expect.poll(() => objectAt(world.get('apps/Deployment', 'default', 'checkout')!, 'spec')['replicas']).toBe(3)
  await expect(drifted('checkout')).toHaveCount(0)

  // One health state for each, and what nothing says is said.
  await page.getByRole('button', { name: 'Health', exact: true }).click()
  await expect(page.getByRole('table', { name: 'Health' }).getByRole('row', { name: /^cart / })).toContainText(
    'healthy',
  )
  await expect(page.getByRole('region', { name: 'cart' })).toContainText('No readiness probe')
  expect(await axeFindings(page)).toEqual([])
})
