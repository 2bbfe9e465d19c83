import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { textAt, valueAt } from '../../shared/manifests/manifest.ts'
import { readGitEnvironment } from '../../src-main/adapters/git/open/git-environment.ts'
import { openRepositoryWith } from '../../src-main/adapters/git/open-repository.ts'
import { startPlatform } from '../../src-main/sandbox/start-platform.ts'
import { expect, test } from '../open-app.ts'
import { axeFindings } from '../pages/axe.ts'
import { workbench } from '../pages/workbench.ts'
import { addRemote, git, makeRepository } from '../world/git-repository.ts'

const workload = (kind: string, name: string, more: string) => `
---
${kind}
metadata: {name: ${name}, namespace: payments}
spec:
  replicas: 4
  selector: {matchLabels: {app: ${name}}}
${more}  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: ${name}
          image: registry.example/${name}:1.0.0
          ports: [{containerPort: 8080}]
          env: [${name === 'gateway' ? '{name: AUTH_URL, value: "http://auth:8080"}' : ''}]
---
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: payments}
spec: {selector: {app: ${name}}, ports: [{port: 8080}]}
`
const canary = `  strategy:
    canary:
      steps:
        - setWeight: 25
        - pause: {duration: 4s}
        - setWeight: 50
        - analysis: {templates: [{templateName: good-answers}], args: [{name: revision, valueFrom: {podTemplateHashValue: Latest}}]}
        - pause: {}
`
const answers = 'sum(rate(istio_requests_total{rollouts_pod_template_hash="{{args.revision}}"'
const template = `
---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: {name: good-answers, namespace: payments}
spec:
  args: [{name: revision}]
  metrics:
    - name: success-rate
      interval: 3s
      count: 4
      failureLimit: 1
      successCondition: result[0] >= 0.95
      provider: {prometheus: {address: "http://prometheus:9090", query: '${answers},response_code!~"5.."}[1m])) / ${answers}}[1m]))'}}
`
const files = {
  'deploy/production/namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata: {name: payments}\n',
  'deploy/production/auth.yaml':
    workload('apiVersion: argoproj.io/v1alpha1\nkind: Rollout', 'auth', canary).trimStart() + template,
  'deploy/production/gateway.yaml': workload('apiVersion: apps/v1\nkind: Deployment', 'gateway', '').trimStart(),
  'pilothouse.yaml':
    'apiVersion: pilothouse.dev/v1alpha1\nkind: Workspace\nenvironments:\n  - {path: deploy/production, cluster: sandbox}\n',
}

test('a decision starts a canary, a failing metric takes it back, and so does the person: one gesture', async ({
  home,
  openApp,
}) => {
  // A whole platform and three screens: a busy machine may take its time.
  test.slow()
  const directory = makeRepository(home, 'shop', files)
  const remote = addRemote(home, directory)
  await using platform = await startPlatform(home.folder, Date.now, error => {
    throw error
  })
  const { simulation } = platform.cluster
  const open = openRepositoryWith({ environment: readGitEnvironment(home.environment) })
  await platform.follow(await open(remote), { standing: true })
  home.environment['KUBECONFIG'] = platform.kubeconfig
  const rollout = () => simulation.world.get('argoproj.io/Rollout', 'payments', 'auth')!
  /** Moves the cluster's clock on, step by step, until it is so. */
  const until = (isSo: () => boolean) =>
    expect
      .poll(
        () => {
          if (!isSo()) simulation.advance(500)
          return isSo()
        },
        { intervals: [50], timeout: 60_000 },
      )
      .toBe(true)

  const bench = workbench((await openApp(directory)).page)
  const { page } = bench
  await bench.select('auth')
  await bench.inspector.getByRole('textbox', { name: 'Tag' }).fill('2.0.0-errors')
  await bench.inspector.getByRole('textbox', { name: 'Tag' }).press('Enter')
  await bench.draftSays('1 edit')
  await bench.commit({ title: 'auth 2.0.0', why: 'Sessions are checked in half the time.' })
  await expect(bench.toasts).toContainText('main is pushed.')

  // The simulated Argo CD brings it, and the clock stands wherever the canary is looked at: its weight moves on the graph
  // and on the timeline.
  const screens = page.getByRole('navigation', { name: 'Screens' })
  const split = page.getByRole('img', { name: /^gateway → auth: / })
  const detail = page.getByRole('article', { name: 'auth' })
  const atWork = detail.getByRole('region', { name: 'Steps' }).locator('[aria-current="step"]')
  await until(() => valueAt(rollout(), ['status', 'currentStepIndex']) === 1)
  await expect(split).toContainText('25 %')
  await screens.getByRole('button', { name: 'Rollouts' }).click()
  await expect(detail.getByRole('region', { name: 'Canary' })).toContainText('25 %')
  await expect(detail.getByRole('region', { name: 'Stable' })).toContainText('75 %')
  await expect(atWork).toContainText('wait 4')
  await until(() => valueAt(rollout(), ['status', 'currentStepIndex']) === 3)
  await expect(detail).toContainText('Moving')
  await expect(detail.getByRole('region', { name: 'Canary' })).toContainText('50 %')
  await expect(atWork).toContainText('good-answers')
  await screens.getByRole('button', { name: 'Topology' }).click()
  await expect(split).toContainText('50 %')

  await until(() => valueAt(rollout(), ['status', 'abort']) === true)
  await expect(split).toHaveCount(0)
  await screens.getByRole('button', { name: 'Rollouts' }).click()
  await expect(detail).toContainText('Rolled back: success-rate failed its checks.')
  await expect(detail).toContainText(/success-rate was 0\.8\d* where at least 0\.95 was asked/)
  await expect(detail.getByRole('region', { name: 'Stable' })).toContainText('100 %')
  await expect(detail.getByRole('img', { name: /measurements of success-rate$/ })).toBeVisible()
  await expect(detail.getByRole('toolbar', { name: 'Actions' }).getByRole('button', { name: 'Retry' })).toBeEnabled()

  expect(await axeFindings(page)).toEqual([])

  await detail.getByRole('button', { name: 'auth 2.0.0' }).click()
  const result = page.getByRole('region', { name: 'Result' })
  await expect(result).toContainText('rolled back')
  await expect(result).toContainText(/success-rate was 0\.8\d* where at least 0\.95 was asked/)
  expect(git(home, directory, 'notes', '--ref', 'pilothouse', 'show', 'HEAD')).toContain('"kind":"rolled-back"')

  await result.getByRole('button', { name: 'Take the decision back' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Add to the draft' }).click()
  await bench.draftSays('1 edit')
  await bench.commit({ why: 'One call in six failed.' })
  expect(readFileSync(join(directory, 'deploy/production/auth.yaml'), 'utf8')).toContain('auth:1.0.0')
  expect(git(home, directory, 'log', '-1', '--format=%(trailers:key=Decision-Kind,valueonly)').trim()).toBe('rollback')
  await until(() => textAt(rollout(), 'status', 'phase') === 'Healthy')
})
