import { describe, expect, test } from 'vitest'
import { readObjects } from '../health/explain-objects.ts'
import { possibleActions, type RolloutAction } from './actions.ts'

const now = Date.parse('2026-11-20T10:00:00Z')
const of = (text: string) => {
  const actions = possibleActions(readObjects('x.yaml', text)[0]!, now)
  const get = (action: RolloutAction) => actions.find(each => each.action === action)
  return {
    get,
    names: actions.filter(({ plan }) => plan !== null).map(({ action }) => action),
    patches: (action: RolloutAction) => {
      const plan = get(action)?.plan
      return plan?.kind === 'patch' ? plan.patches.map(({ subresource, body }) => [subresource ?? 'spec', body]) : null
    },
  }
}

describe('Argo Rollouts, as kubectl argo rollouts patches it', () => {
  const rollout = (status: string, spec = '') => `
apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: cart, namespace: shop}
spec: {${spec} strategy: {canary: {steps: [{setWeight: 20}, {pause: {}}, {analysis: {}}]}}}
status: {currentPodHash: b, stableRS: a, ${status}}
`
  test('a pause is cleared, and nothing else', () => {
    const paused = of(rollout('currentStepIndex: 1, pauseConditions: [{reason: CanaryPauseStep}]'))
    expect(paused.patches('promote')).toEqual([['status', { status: { pauseConditions: null } }]])
    expect(paused.patches('promote-full')).toEqual([['status', { status: { promoteFull: true } }]])
    expect(paused.patches('abort')).toEqual([['status', { status: { abort: true } }]])
    expect(paused.patches('pause')).toEqual([['spec', { spec: { paused: true } }]])
    expect(paused.names).not.toContain('retry')
    expect(paused.get('promote')?.rights).toEqual([
      {
        verb: 'patch',
        group: 'argoproj.io',
        resource: 'rollouts',
        subresource: 'status',
        namespace: 'shop',
        name: 'cart',
      },
    ])
  })

  test('in the midst of a step, the step is left behind', () => {
    expect(of(rollout('currentStepIndex: 2')).patches('promote')).toEqual([
      ['status', { status: { pauseConditions: null, currentStepIndex: 3 } }],
    ])
    expect(of(rollout('currentStepIndex: 3')).patches('promote')).toEqual([
      ['status', { status: { pauseConditions: null, currentStepIndex: 3 } }],
    ])
  })

  test('paused by hand: resumed by its spec, promoted by both', () => {
    const held = of(rollout('currentStepIndex: 1, pauseConditions: [{reason: CanaryPauseStep}]', 'paused: true,'))
    expect(held.patches('resume')).toEqual([['spec', { spec: { paused: false } }]])
    expect(held.patches('promote')).toEqual([
      ['status', { status: { pauseConditions: null } }],
      ['spec', { spec: { paused: false } }],
    ])
    expect(held.get('promote')?.rights).toHaveLength(2)
  })

  test('aborted: only a retry leads on; done: nothing to abort', () => {
    expect(of(rollout('abort: true')).patches('retry')).toEqual([['status', { status: { abort: false } }]])
    expect(of(rollout('abort: true')).names).toEqual(['retry', 'set-weight'])
    const done = of(rollout('').replace('stableRS: a', 'stableRS: b'))
    expect(done.names).toEqual(['pause', 'set-weight'])
    expect(done.get('abort')?.note?.key).toBe('rollout.notUnderWay')
  })
})

describe('Flagger, as its controller reads it', () => {
  const canary = (phase: string, webhooks = '', spec = '') => `
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: podinfo, namespace: test}
spec: {${spec} targetRef: {kind: Deployment, name: podinfo}, analysis: {stepWeight: 10, webhooks: [${webhooks}]}}
status: {phase: ${phase}}
`
  const gates =
    '{type: confirm-promotion, url: "http://flagger-loadtester.tools/gate/check"}, {type: rollback, url: "http://flagger-loadtester.tools:80/rollback/check"}'

  test('gates are opened in the load tester; where there are none it says which are missing', () => {
    const waiting = of(canary('WaitingPromotion', gates))
    const body = { name: 'podinfo', namespace: 'test' }
    expect(waiting.get('promote')?.plan).toEqual({
      kind: 'gate',
      namespace: 'tools',
      service: 'flagger-loadtester',
      path: '/gate/open',
      body,
    })
    expect(waiting.get('abort')?.plan).toMatchObject({ kind: 'gate', path: '/rollback/open' })
    expect(of(canary('Progressing')).get('abort')).toMatchObject({
      plan: null,
      note: { key: 'rollout.noRollbackGate' },
    })
    expect(of(canary('Progressing', gates)).get('promote')?.note?.key).toBe('rollout.noGate')
    // A gate that always says no cannot be opened.
    const halt = '{type: confirm-promotion, url: "http://flagger-loadtester.test/gate/halt"}'
    expect(of(canary('WaitingPromotion', halt)).get('promote')?.plan).toBeNull()
  })

  test('suspended, resumed, promoted without analysis, and tried again after a failure', () => {
    expect(of(canary('Progressing')).patches('pause')).toEqual([['spec', { spec: { suspend: true } }]])
    expect(of(canary('Progressing', '', 'suspend: true,')).patches('resume')).toEqual([
      ['spec', { spec: { suspend: false } }],
    ])
    expect(of(canary('Progressing')).patches('promote-full')).toEqual([['spec', { spec: { skipAnalysis: true } }]])
    expect(of(canary('Failed')).patches('retry')).toEqual([
      [
        'spec',
        {
          spec: {
            template: { metadata: { annotations: { 'pilothouse.dev/retried-at': '2026-11-20T10:00:00.000Z' } } },
          },
        },
      ],
    ])
    expect(of(canary('Succeeded')).names).toEqual(['pause', 'set-weight'])
  })
})

test('a route nobody else moves is moved in Git; one that a controller made is not', () => {
  const route = (owner = '') => `
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop${owner}}
spec: {rules: [{backendRefs: [{name: web, weight: 90}, {name: web-canary, weight: 10}]}]}
`
  expect(of(route()).get('abort')?.plan).toEqual({ kind: 'weight', weight: 0 })
  expect(of(route()).get('promote-full')?.plan).toEqual({ kind: 'weight', weight: 100 })
  expect(of(route(', ownerReferences: [{kind: Canary, name: web}]')).names).toEqual([])
})
