import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { textAt, valueAt } from '../../shared/manifests/manifest.ts'
import { createGitOpsController } from '../../src-main/sandbox/cluster/gitops.ts'
import { serveCluster } from '../../src-main/sandbox/cluster/serve-cluster.ts'
import { expect, test } from '../open-app.ts'
import { axeFindings } from '../pages/axe.ts'
import { addRemote, git, makeRepository } from '../world/git-repository.ts'

const config = (name: string, level: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {level: ${level}}\n`
const web = (tag: string) => `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "registry.example/web:${tag}"}]}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
`
const files = {
  'deploy/web.yaml': web('1.0.0'),
  'deploy/settings.yaml': config('settings', 'info'),
  'deploy/banner.yaml': config('banner', 'sale'),
  'pilothouse.yaml':
    'apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\nenvironments: [{ path: deploy, cluster: sandbox }]\n',
}

test('a decision is delivered in order and pruned; a refusal stops it; an engine is suspended with a reason', async ({
  home,
  openApp,
}) => {
  let revision = ''
  // Its clock stands: what gets ready does so when it is moved.
  await using cluster = await serveCluster({
    startAt: Date.now(),
    controllers: state => [
      createGitOpsController(state, { latest: () => ({ revision, manifests: [] }), refresh() {} }),
    ],
  })
  const { world } = cluster.simulation
  const kubeconfig = join(home.folder, 'kubeconfig')
  await cluster.writeKubeconfig(kubeconfig)
  home.environment['KUBECONFIG'] = kubeconfig
  const directory = makeRepository(home, 'shop', files)
  const remote = addRemote(home, directory)
  const decide = (subject: string, change: () => void) => {
    change()
    git(home, directory, 'add', '--all')
    git(home, directory, 'commit', '--quiet', '-m', `DECISION: ${subject}\n\nIt is time.\n\nDecision-Kind: upgrade`)
  }

  const { page } = await openApp(directory)
  await page.getByRole('button', { name: 'Clusters', exact: true }).click()
  await page.getByRole('tab', { name: 'Delivery' }).click()
  await expect(page.getByText('No engine brings deploy here.')).toBeVisible()
  const dialog = page.getByRole('dialog', { name: /^Deliver deploy to sandbox/ })
  const steps = dialog.getByRole('list', { name: 'Objects, in the order they are applied' }).getByRole('listitem')
  const open = () => page.getByRole('button', { name: 'Deliver…' }).click()
  await open()
  await expect(dialog).toContainText('4 to create')
  await expect(steps.filter({ hasText: 'will be created' })).toHaveCount(4)
  expect(world.get('/ConfigMap', 'default', 'settings')).toBeUndefined()
  await dialog.getByRole('button', { name: 'Deliver 4 objects' }).click()
  await expect(dialog).toContainText('Waiting until what was applied is ready')
  await expect(steps).toContainText([
    /^ready.*ConfigMap/,
    /^ready.*ConfigMap/,
    /^ready.*Service/,
    /^applied.*Deployment/,
  ])
  cluster.simulation.advance(10_000)
  await expect(dialog).toContainText('4 objects are there and ready.')
  await dialog.getByRole('button', { name: 'Close' }).first().click()

  // What Git has no more goes in the end, and is named before anything is asked for.
  decide('web 2.0.0', () => {
    writeFileSync(join(directory, 'deploy/web.yaml'), web('2.0.0'))
    rmSync(join(directory, 'deploy/banner.yaml'))
  })
  await open()
  await expect(dialog).toContainText('1 to change · 2 as in Git')
  await dialog.getByRole('checkbox', { name: /^Delete what an earlier delivery brought/ }).check()
  const pruned = dialog.getByRole('list', { name: 'Deleted in the end: 1 object that Git has no more' })
  await expect(pruned).toContainText(/will be deleted.*ConfigMap.*banner/)
  await dialog.getByRole('button', { name: 'Deliver and delete 1' }).click()
  await expect(dialog).toContainText('Waiting until what was applied is ready')
  expect(world.get('/ConfigMap', 'default', 'banner')).toBeDefined()
  cluster.simulation.advance(10_000)
  await expect(dialog).toContainText('3 objects are there and ready.')
  await expect(pruned).toContainText('pruned')
  expect(world.get('/ConfigMap', 'default', 'banner')).toBeUndefined()
  await dialog.getByRole('button', { name: 'web 2.0.0' }).click()
  await expect(page.getByRole('region', { name: 'Result' })).toContainText('converged')

  // One object may not be written: what was applied before it stays, and nothing after it is begun.
  decide('web 3.0.0', () => {
    writeFileSync(join(directory, 'deploy/web.yaml'), web('3.0.0'))
    writeFileSync(join(directory, 'deploy/settings.yaml'), config('settings', 'debug'))
  })
  await page.getByRole('button', { name: 'Clusters', exact: true }).click()
  await page.getByRole('tab', { name: 'Delivery' }).click()
  await open()
  await expect(dialog).toContainText('2 to change · 1 as in Git')
  cluster.faults.denied = ['patch services']
  await dialog.getByRole('button', { name: 'Deliver 3 objects' }).click()
  await expect(dialog).toContainText('Stopped at Service web')
  await expect(steps).toContainText([/^ready.*settings/, /^failed.*You may not patch services/, /^left.*Deployment/])
  await expect(dialog).toContainText('1 applied · 1 failed · 1 not begun')
  expect(valueAt(world.get('/ConfigMap', 'default', 'settings')!, ['data', 'level'])).toBe('debug')
  expect(JSON.stringify(world.get('apps/Deployment', 'default', 'web'))).toContain('web:2.0.0')
  expect(await axeFindings(page)).toEqual([])
  cluster.faults.denied = []
  await dialog.getByRole('button', { name: 'Close' }).first().click()

  // An engine comes: from now on Pilothouse follows. It stands still with a reason, and goes on with another.
  revision = git(home, directory, 'rev-parse', 'HEAD')
  const application = () => world.get('argoproj.io/Application', 'argocd', 'shop')!
  world.create('/Namespace', { metadata: { name: 'argocd' } }, 'test')
  world.create(
    'argoproj.io/Application',
    {
      metadata: { name: 'shop', namespace: 'argocd' },
      spec: {
        source: { repoURL: remote, path: 'deploy', targetRevision: 'main' },
        destination: { namespace: 'default' },
        syncPolicy: { automated: { prune: true } },
      },
    },
    'test',
  )
  const member = page.getByRole('article').filter({ hasText: 'shop' })
  await expect(member).toContainText('synced')
  await member.getByRole('button', { name: 'Suspend…' }).click()
  const pause = page.getByRole('dialog')
  await expect(pause.getByRole('button', { name: 'Suspend' })).toBeDisabled()
  await pause.getByRole('textbox', { name: 'Why' }).fill('The sale runs until Sunday.')
  expect(await axeFindings(page)).toEqual([])
  await pause.getByRole('button', { name: 'Suspend' }).click()
  await expect(member).toContainText('The sale runs until Sunday.')
  expect(valueAt(application(), ['spec', 'syncPolicy', 'automated'])).toBeUndefined()
  await member.getByRole('button', { name: 'Resume…' }).click()
  await pause.getByRole('textbox', { name: 'Why' }).fill('Nothing went wrong.')
  await pause.getByRole('button', { name: 'Resume' }).click()
  await expect(member).not.toContainText('The sale runs until Sunday.')
  expect(textAt(application(), 'metadata', 'annotations', 'pilothouse.dev/suspended')).toBeUndefined()
  expect(valueAt(application(), ['spec', 'syncPolicy', 'automated', 'prune'])).toBe(true)

  await page.getByRole('button', { name: 'Decisions', exact: true }).click()
  await page.getByText('suspend shop on sandbox').first().click()
  await expect(page.getByRole('main')).toContainText('The sale runs until Sunday.')
  await expect(page.getByRole('main')).toContainText('resume shop on sandbox')
})
