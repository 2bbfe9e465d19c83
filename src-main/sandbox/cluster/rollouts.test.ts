import { expect, test } from 'vitest'
import { type JsonObject, listAt, textAt, valueAt } from '../../../shared/manifests/manifest.ts'
import { readRollout } from '../../../shared/rollouts/read-rollout.ts'
import { type SandboxCluster, serveCluster } from './serve-cluster.ts'

const start = Date.UTC(2026, 10, 20, 9)
const template = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'web', image }] },
})
const rollout = (image: string, steps: readonly JsonObject[]) => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 4,
    selector: { matchLabels: { app: 'web' } },
    template: template(image),
    strategy: {
      canary: {
        stableService: 'web-stable',
        canaryService: 'web-canary',
        trafficRouting: { plugins: { 'argoproj-labs/gatewayAPI': { httpRoute: 'web', namespace: 'default' } } },
        steps,
      },
    },
  },
})
const service = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'default' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
})
const route = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    rules: [
      {
        backendRefs: [
          { name: 'web-stable', weight: 100 },
          { name: 'web-canary', weight: 0 },
        ],
      },
    ],
  },
}
const analysis = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'AnalysisTemplate',
  metadata: { name: 'answers', namespace: 'default' },
  spec: {
    args: [{ name: 'hash' }],
    metrics: [
      {
        name: 'success-rate',
        interval: '10s',
        count: 3,
        failureLimit: 1,
        successCondition: 'result[0] >= 0.95',
        provider: { prometheus: { address: 'http://prometheus', query: 'success{hash="{{args.hash}}"}' } },
      },
    ],
  },
}
const steps: readonly JsonObject[] = [
  { setWeight: 25 },
  { pause: {} },
  {
    analysis: {
      templates: [{ templateName: 'answers' }],
      args: [{ name: 'hash', valueFrom: { podTemplateHashValue: 'Latest' } }],
    },
  },
  { setWeight: 50 },
  { pause: { duration: '30s' } },
]

async function begin(success: () => number, asked: string[] = []) {
  const cluster = await serveCluster({
    startAt: start,
    metrics: query => {
      asked.push(query)
      return [success()]
    },
  })
  const kind = (object: JsonObject) => {
    const version = textAt(object, 'apiVersion')!
    return cluster.state.kind(version.includes('/') ? version.split('/')[0]! : '', textAt(object, 'kind')!)
  }
  const apply = (object: JsonObject) =>
    cluster.state.writer.patch(
      kind(object),
      { namespace: 'default', name: textAt(object, 'metadata', 'name')! },
      'apply',
      object,
      { manager: 'test', force: true },
    )
  for (const object of [service('web-stable'), service('web-canary'), route, analysis, rollout('web:1', steps)])
    apply(object)
  cluster.simulation.advance(20_000)
  const live = () => cluster.state.store.get(cluster.state.kind('argoproj.io', 'Rollout'), 'default', 'web')!
  const patchStatus = (status: JsonObject) =>
    cluster.state.writer.patch(
      cluster.state.kind('argoproj.io', 'Rollout'),
      { namespace: 'default', name: 'web' },
      'merge',
      { status },
      { manager: 'kubectl-argo-rollouts', subresource: 'status' },
    )
  return { cluster, apply, live, patchStatus, advance: (ms: number) => cluster.simulation.advance(ms) }
}
const weightsOf = ({ state }: SandboxCluster) => {
  const live = state.store.get(state.kind('gateway.networking.k8s.io', 'HTTPRoute'), 'default', 'web')!
  return listAt(live, 'spec', 'rules', 0, 'backendRefs').map(each => valueAt(each, ['weight']))
}

test('a new image goes through its steps: a pause until promoted, an analysis, a pause of its length', async () => {
  const asked: string[] = []
  const { cluster, apply, live, patchStatus, advance } = await begin(() => 0.999, asked)
  await using _ = cluster
  expect(live()).toMatchObject({ status: { phase: 'Healthy', currentStepIndex: 5 } })
  const stable = textAt(live(), 'status', 'stableRS')

  apply(rollout('web:2', steps))
  advance(20_000)
  expect(live()).toMatchObject({
    status: {
      phase: 'Paused',
      message: 'CanaryPauseStep',
      currentStepIndex: 1,
      controllerPause: true,
      stableRS: stable,
    },
  })
  expect(weightsOf(cluster)).toEqual([75, 25])
  expect(readRollout(live())).toMatchObject({ phase: 'Paused', weight: 25, desiredWeight: 25, step: 1, steps: 5 })

  // What `kubectl argo rollouts promote` sends.
  patchStatus({ pauseConditions: null })
  advance(1000)
  expect(live()).toMatchObject({ status: { phase: 'Progressing', currentStepIndex: 2 } })
  advance(25_000)
  expect(asked[0]).toBe(`success{hash="${textAt(live(), 'status', 'currentPodHash')}"}`)
  expect(live()).toMatchObject({ status: { phase: 'Paused', currentStepIndex: 4 } })
  expect(weightsOf(cluster)).toEqual([50, 50])
  advance(40_000)
  expect(live()).toMatchObject({
    status: { phase: 'Healthy', currentStepIndex: 5, stableRS: textAt(live(), 'status', 'currentPodHash') },
  })
  expect(weightsOf(cluster)).toEqual([100, 0])
})

test('a failing metric aborts; a retry begins again; going back rests at once', async () => {
  let success = 0.8
  const { cluster, apply, live, patchStatus, advance } = await begin(() => success)
  await using _ = cluster
  const fast = steps.filter(step => !('pause' in step))
  apply(rollout('web:1', fast))
  advance(5000)
  apply(rollout('web:2', fast))
  advance(30_000)
  expect(live()).toMatchObject({ status: { phase: 'Degraded', abort: true, currentStepIndex: 0 } })
  expect(textAt(live(), 'status', 'message')).toBe(
    'RolloutAborted: Rollout aborted update to revision 2: Step-based analysis phase error/failed: Metric "success-rate" assessed Failed due to failed (2) > failureLimit (1)',
  )
  expect(weightsOf(cluster)).toEqual([100, 0])

  success = 1
  patchStatus({ abort: false })
  advance(15_000)
  expect(live()).toMatchObject({ status: { phase: 'Progressing' } })
  expect(weightsOf(cluster)).toEqual([75, 25])
  patchStatus({ abort: true })
  advance(5000)
  expect(live()).toMatchObject({ status: { phase: 'Degraded' } })
  apply(rollout('web:1', fast))
  advance(5000)
  expect(live()).toMatchObject({ status: { phase: 'Healthy', currentStepIndex: 3 } })
})

test('a full promotion skips what is left', async () => {
  const { cluster, apply, live, patchStatus, advance } = await begin(() => 1)
  await using _ = cluster
  apply(rollout('web:2', steps))
  advance(10_000)
  patchStatus({ promoteFull: true })
  advance(20_000)
  expect(live()).toMatchObject({ status: { phase: 'Healthy' } })
  expect(valueAt(live(), ['status', 'promoteFull'])).toBe(undefined)
})

test('blue and green: the preview waits for a person, then the active Service switches, then the old one goes', async () => {
  const { cluster, apply, live, patchStatus, advance } = await begin(() => 1)
  await using _ = cluster
  const blueGreen = (image: string) => {
    const { strategy: _, ...spec } = rollout(image, []).spec
    const services = { activeService: 'web-stable', previewService: 'web-canary', autoPromotionEnabled: false }
    return { ...rollout(image, []), spec: { ...spec, strategy: { blueGreen: services } } }
  }
  const selected = (name: string) =>
    textAt(
      cluster.state.store.get(cluster.state.kind('', 'Service'), 'default', name),
      'spec',
      'selector',
      'rollouts-pod-template-hash',
    )
  apply(blueGreen('web:1'))
  advance(5000)
  const old = selected('web-stable')
  apply(blueGreen('web:2'))
  advance(10_000)
  expect(live()).toMatchObject({ status: { phase: 'Paused', message: 'BlueGreenPause' } })
  expect([selected('web-stable') === old, selected('web-canary') === old]).toEqual([true, false])
  expect(readRollout(live())).toMatchObject({ strategy: 'BlueGreen', phase: 'Paused', weight: 0 })
  patchStatus({ pauseConditions: null })
  advance(2000)
  expect(selected('web-stable')).toBe(textAt(live(), 'status', 'currentPodHash'))
  expect(textAt(live(), 'status', 'replicas')).toBe('8')
  advance(40_000)
  expect(live()).toMatchObject({ status: { phase: 'Healthy', replicas: 4 } })
})
