import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readObjects } from '../health/explain-objects.ts'
import type { LiveObject } from '../health/health.ts'
import { translate } from '../messages/index.ts'
import { describeRollouts } from './describe-rollouts.ts'
import type { Rollout } from './rollout.ts'

const corpus = join(process.env['PILOTHOUSE_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus'), 'rollouts')
const read = (text: string): LiveObject[] => [...readObjects('x.yaml', text)]
const one = (text: string): Rollout => {
  const found = describeRollouts(read(text))
  expect(found).toHaveLength(1)
  return found[0]!
}
const why = (rollout: Rollout) => translate('en', rollout.why)
const states = (rollout: Rollout) => rollout.steps.map(({ weight, state }) => `${weight} ${state}`)

describe('Argo Rollouts', () => {
  test('weights are percent, whatever its router counts to', () => {
    const told = one(`
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: till, namespace: shop}
spec: {strategy: {canary: {trafficRouting: {maxTrafficWeight: 1000, nginx: {}}, steps: [{setWeight: 25}, {pause: {}}, {setWeight: 500}]}}}
status: {currentPodHash: b, stableRS: a, phase: Paused, currentStepIndex: 1, availableReplicas: 2, pauseConditions: [{reason: CanaryPauseStep}]}
`)
    expect(told.steps.map(({ weight }) => weight)).toEqual([2.5, 2.5, 50])
    expect(told).toMatchObject({ nextWeight: 50, status: { weight: 2.5, desiredWeight: 2.5 } })
  })

  const rollout = (status: string, spec = '') => `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: cart, namespace: shop, uid: u1, generation: 4, annotations: {rollout.argoproj.io/revision: "7"}}
spec:
  replicas: 4
  ${spec}
  template: {spec: {containers: [{name: main, image: shop/cart:2}]}}
  strategy:
    canary:
      stableService: cart
      canaryService: cart-canary
      trafficRouting: {istio: {virtualService: {name: cart-routes}}}
      steps:
        - setWeight: 20
        - pause: {duration: 1m30s}
        - analysis: {templates: [{templateName: success-rate}]}
        - setWeight: 60
        - pause: {}
status:
  observedGeneration: "4"
  currentPodHash: bbb
  stableRS: aaa
  ${status}
`
  const set = (hash: string, image: string) => `---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: cart-${hash}, namespace: shop, labels: {rollouts-pod-template-hash: ${hash}}, ownerReferences: [{kind: Rollout, name: cart, uid: u1}]}
spec: {replicas: 4, template: {spec: {containers: [{name: main, image: ${image}}]}}}
status: {replicas: 4, readyReplicas: 3, availableReplicas: 3}
`
  const run = (phase: string, name = 'cart-bbb-7-2', hash = 'bbb') => `---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisRun
metadata:
  name: ${name}
  namespace: shop
  labels: {rollouts-pod-template-hash: ${hash}, rollout-type: Step, step-index: "2"}
  ownerReferences: [{kind: Rollout, name: cart, uid: u1}]
spec:
  metrics:
    - {name: success-rate, interval: 20s, count: 3, failureLimit: 1, successCondition: "isNaN(result[0]) || result[0] >= 0.95", provider: {prometheus: {}}}
status:
  phase: ${phase}
  startedAt: "2026-11-20T10:02:00Z"
  message: 'Metric "success-rate" assessed Failed due to failed (2) > failureLimit (1)'
  metricResults:
    - name: success-rate
      phase: ${phase}
      count: 3
      failed: 2
      measurements:
        - {phase: Successful, value: "[0.98]", finishedAt: "2026-11-20T10:02:20Z"}
        - {phase: Failed, value: "[0.5882352941176471]", finishedAt: "2026-11-20T10:02:40Z"}
        - {phase: Failed, value: "[0.611111111111111]", finishedAt: "2026-11-20T10:03:00Z"}
`

  test('a pause says until when, what was reached, what is next, and both revisions with their images and Pods', () => {
    const paused = one(
      rollout(
        'phase: Paused\n  currentStepIndex: 1\n  pauseConditions: [{reason: CanaryPauseStep, startTime: "2026-11-20T10:00:00Z"}]\n  canary: {weights: {canary: {weight: 20}}}',
      ) +
        set('aaa', 'shop/cart:1') +
        set('bbb', 'shop/cart:2'),
    )
    expect(paused).toMatchObject({
      standing: 'waiting',
      pause: { since: '2026-11-20T10:00:00Z', until: '2026-11-20T10:01:30.000Z' },
      status: { weight: 20, desiredWeight: 20 },
      nextWeight: 60,
      stable: { id: 'aaa', images: ['shop/cart:1'], pods: { ready: 3, desired: 4 } },
      canary: { id: 'bbb', number: '7', images: ['shop/cart:2'] },
      services: { stable: 'cart', canary: 'cart-canary' },
    })
    expect(states(paused)).toEqual(['20 done', '20 current', '20 next', '60 later', '60 later'])
    expect(why(paused)).toBe('Waits at step 2 of 5 and goes on by itself.')
  })

  test('an aborted one says which metric, what it was, what was asked, and at which step', () => {
    const aborted = one(
      rollout(
        'phase: Degraded\n  abort: true\n  abortedAt: "2026-11-20T10:03:01Z"\n  message: \'RolloutAborted: Rollout aborted update to revision 7: Step-based analysis phase error/failed: Metric "success-rate" assessed Failed due to failed (2) > failureLimit (1)\'\n  currentStepIndex: 0',
      ) +
        run('Failed') +
        run('Successful', 'cart-aaa-6-2', 'aaa'),
    )
    expect(aborted).toMatchObject({
      standing: 'failed',
      since: '2026-11-20T10:03:01Z',
      status: { desiredWeight: 0 },
      breach: {
        metric: 'success-rate',
        value: 0.611111111111111,
        threshold: { min: 0.95, max: null },
        at: '2026-11-20T10:03:00Z',
      },
    })
    // The run of the revision before says nothing of this one.
    expect(aborted.analyses.map(({ name }) => name)).toEqual(['cart-bbb-7-2'])
    expect(states(aborted)[2]).toBe('20 failed')
    expect(why(aborted)).toBe('Rolled back: success-rate failed its checks.')
  })

  test('where the analysis is gone, its message still names the metric', () => {
    const { breach } = one(
      rollout(
        'phase: Degraded\n  abort: true\n  message: \'RolloutAborted: metric "web" assessed Failed due to failed (1) > failureLimit (0)\'',
      ),
    )
    expect(breach).toMatchObject({ metric: 'web', value: null, threshold: null })
  })

  test('who aborted is told by the managers of the fields, and the controller is nobody', () => {
    const text = rollout('phase: Degraded\n  abort: true').replace(
      'generation: 4,',
      `generation: 4, managedFields: [{manager: kubectl-argo-rollouts, operation: Update, subresource: status, time: "2026-11-20T10:03:01Z", fieldsV1: {"f:status": {"f:abort": {}}}}, {manager: rollouts-controller, time: "2026-11-20T10:03:02Z", fieldsV1: {"f:status": {"f:abort": {}}}}],`,
    )
    expect(one(text).deeds).toEqual([{ action: 'abort', by: 'kubectl-argo-rollouts', at: '2026-11-20T10:03:01Z' }])
  })

  test('the route it moves is a part of it and no delivery of its own', () => {
    const route = `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart-routes, namespace: shop}
spec: {hosts: [cart], http: [{route: [{destination: {host: cart}, weight: 80}, {destination: {host: cart-canary}, weight: 20}]}]}
`
    expect(one(rollout('phase: Progressing\n  currentStepIndex: 0') + route).id).toBe('Rollout/shop/cart')
    expect(one(route)).toMatchObject({
      standing: 'waiting',
      status: { weight: 20 },
      services: { canary: 'cart-canary' },
    })
  })
})

describe('Flagger', () => {
  const canary = (phase: string, rest = '', weight = 10) => `
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: podinfo, namespace: test}
spec:
  provider: istio
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
  service: {port: 80}
  analysis:
    threshold: 5
    stepWeight: 10
    maxWeight: 30
    metrics:
      - {name: request-success-rate, thresholdRange: {min: 99}, interval: 1m}
      - {name: request-duration, thresholdRange: {max: 500}, interval: 30s}
status: {phase: ${phase}, canaryWeight: ${weight}, lastAppliedSpec: b, lastPromotedSpec: a, lastTransitionTime: "2026-11-20T10:05:00Z" ${rest}}
`
  const event = (at: string, message: string) => `---
apiVersion: v1
kind: Event
metadata: {name: e${at}, namespace: test}
involvedObject: {kind: Canary, namespace: test, name: podinfo}
type: Warning
reason: Synced
message: "${message}"
lastTimestamp: "2026-11-20T10:${at}:00Z"
`

  test('a failed one says which check of this run failed last, with its value and range', () => {
    const failed = one(
      canary('Failed', '', 0) +
        event('00', 'Halt podinfo.test advancement request duration 1.2s > 500ms') +
        event('01', 'New revision detected! Scaling up podinfo.test') +
        event('02', 'Halt podinfo.test advancement success rate 69.17% < 99%') +
        event('03', 'Halt podinfo.test advancement success rate 55.06% < 99%') +
        event('04', 'Rolling back podinfo.test failed checks threshold reached 5'),
    )
    expect(failed).toMatchObject({
      standing: 'failed',
      breach: { metric: 'request-success-rate', value: 55.06, unit: '%', threshold: { min: 99, max: null } },
    })
    expect(why(failed)).toBe('Rolled back: request-success-rate failed its checks.')
    const [rate, duration] = failed.analyses[0]!.metrics
    expect(rate!.measurements.map(({ value }) => value)).toEqual([69.17, 55.06])
    expect(duration!.measurements).toEqual([])
  })

  test('the weight that is set is the step at work, and the next one is told', () => {
    const moving = one(canary('Progressing', '', 20))
    expect(states(moving)).toEqual(['10 done', '20 current', '30 next'])
    expect(moving.nextWeight).toBe(30)
    expect(one(canary('Progressing', ', failedChecks: 2')).why.key).toBe('rollout.whyHalted')
    expect(one(canary('WaitingPromotion')).standing).toBe('waiting')
    expect(states(one(canary('Promoting', '', 0)))).toEqual(['10 done', '20 done', '30 done'])
    expect(states(one(canary('Initialized', '', 0)))).toEqual(['10 later', '20 later', '30 later'])
  })
})

test('a split of Linkerd, by its own HTTPRoute', () => {
  const split = one(`
apiVersion: policy.linkerd.io/v1beta3
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec: {rules: [{backendRefs: [{name: web-primary, port: 80, weight: 90}, {name: web-canary, port: 80, weight: 10}]}]}
`)
  expect(split).toMatchObject({ status: { engine: 'linkerd', weight: 10, canary: 'web-canary' } })
})

test('every status block of the corpus is described, with a reason and steps that fit its status', () => {
  const files = existsSync(corpus) ? globSync('**/*.yaml', { cwd: corpus }) : []
  if (files.length === 0) return console.log('NOT RUN: no corpus (PILOTHOUSE_CORPUS)')
  let count = 0
  for (const file of files) {
    for (const rollout of describeRollouts(read(readFileSync(join(corpus, file), 'utf8')))) {
      count++
      const { steps, status, standing } = rollout
      expect(why(rollout), file).not.toMatch(/\{\{|^\s*$/)
      if (status.steps !== null) expect(steps.length, file).toBe(status.steps)
      expect(steps.filter(({ state }) => state === 'current' || state === 'failed').length, file).toBeLessThanOrEqual(1)
      if (standing === 'done')
        expect(
          steps.some(({ state }) => state === 'failed'),
          file,
        ).toBe(false)
    }
  }
  expect(count).toBeGreaterThan(10)
})
