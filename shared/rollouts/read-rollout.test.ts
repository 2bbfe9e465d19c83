import { describe, expect, test } from 'vitest'
import { explainObjects, readObjects } from '../health/explain-objects.ts'

const explained = (text: string) => explainObjects(readObjects('x.yaml', text))[0]!
const rolloutOf = (text: string) => explained(text).rollout
const route = (version: string, kind: string, spec: string, metadata = '') =>
  rolloutOf(`apiVersion: ${version}\nkind: ${kind}\nmetadata: {name: till${metadata}}\nspec: ${spec}\n`)
/** `stable → canary weight`. */
const shares = (told: ReturnType<typeof route>) => told && `${told.stable} → ${told.canary} ${told.weight}`

describe('routes that share traffic out', () => {
  const istio = (http: string) => shares(route('networking.istio.io/v1', 'VirtualService', `{http: [${http}]}`))
  const to = (name: string, rest = '') => `{destination: {host: ${name}}${rest}}`

  test('Istio: subsets, weights of any sum, none at all, mirrors and rules for some requests', () => {
    const subset = (name: string, weight: number) => `{destination: {host: till, subset: ${name}}, weight: ${weight}}`
    expect(istio(`{route: [${subset('v1', 95)}, ${subset('v2', 5)}]}`)).toBe('till v1 → till v2 5')
    expect(istio(`{route: [${to('till', ', weight: 1')}, ${to('till-canary', ', weight: 2')}]}`)).toBe(
      'till → till-canary 67',
    )
    expect(istio(`{route: [${to('till')}, ${to('till-canary')}]}`)).toBe('till → till-canary 50')
    expect(istio(`{route: [${to('till', ', weight: 100')}, ${to('till-canary')}]}`)).toBe('till → till-canary 0')
    expect(istio(`{route: [${to('till')}], mirror: {host: till-canary}}`)).toBeUndefined()
    const chosen = `{match: [{headers: {x-tester: {exact: "1"}}}], route: [${to('till', ', weight: 0')}, ${to('till-canary', ', weight: 100')}]}`
    const all = `{match: [{uri: {prefix: /}}], route: [${to('till', ', weight: 80')}, ${to('till-canary', ', weight: 20')}]}`
    expect(istio(`${chosen}, ${all}`)).toBe('till → till-canary 20')
    expect(istio(chosen)).toBe('till → till-canary 100')
  })

  test('three destinations, where one is named the new one; where none is, nobody can tell', () => {
    const three = (last: string) =>
      istio(`{route: [${to('till', ', weight: 60')}, ${to('till-eu', ', weight: 30')}, ${to(last, ', weight: 10')}]}`)
    expect(three('till-preview')).toBe('till → till-preview 10')
    expect(three('till-us')).toBeUndefined()
  })

  test('what counts higher is the new one, whatever it gets', () => {
    expect(istio(`{route: [${to('till-v2', ', weight: 100')}, ${to('till-v1', ', weight: 0')}]}`)).toBe(
      'till-v1 → till-v2 100',
    )
    expect(istio(`{route: [${to('till-9', ', weight: 1')}, ${to('till-10', ', weight: 3')}]}`)).toBe(
      'till-9 → till-10 75',
    )
    expect(istio(`{route: [${to('till-eu1', ', weight: 1')}, ${to('till-us2', ', weight: 3')}]}`)).toBe(
      'till-us2 → till-eu1 25',
    )
  })

  test('Gateway API, Linkerd and Traefik count 1 where nothing is said; nothing for anybody is no share', () => {
    const gateway = (refs: string) =>
      shares(route('gateway.networking.k8s.io/v1', 'HTTPRoute', `{rules: [{backendRefs: [${refs}]}]}`))
    expect(gateway('{name: till}, {name: till-next, weight: 3}')).toBe('till → till-next 75')
    expect(gateway('{name: till, weight: 0}, {name: till-next, weight: 0}')).toBeUndefined()
    expect(gateway('{name: till, weight: 1000000000000}, {name: till-next, weight: 1}')).toBe('till → till-next 0')
    expect(
      shares(route('policy.linkerd.io/v1beta3', 'HTTPRoute', '{rules: [{backendRefs: [{name: a}, {name: b-green}]}]}')),
    ).toBe('a → b-green 50')
    expect(
      shares(
        route('traefik.io/v1alpha1', 'TraefikService', '{weighted: {services: [{name: a, weight: 3}, {name: b}]}}'),
      ),
    ).toBe('a → b 25')
    expect(
      shares(
        route(
          'traefik.io/v1alpha1',
          'IngressRoute',
          '{routes: [{match: "Headers(`x`, `1`)", services: [{name: b, weight: 1}, {name: a, weight: 0}]}, {match: "Host(`t`)", services: [{name: a, weight: 9}, {name: b, weight: 1}]}]}',
        ),
      ),
    ).toBe('a → b 10')
  })

  test('SMI, with quantities too; Contour without its mirror; OpenShift; Knative; APISIX; App Mesh', () => {
    expect(
      shares(
        route(
          'split.smi-spec.io/v1alpha1',
          'TrafficSplit',
          '{service: till, backends: [{service: till-v1, weight: 900m}, {service: till-v2, weight: 100m}]}',
        ),
      ),
    ).toBe('till-v1 → till-v2 10')
    expect(
      shares(
        route(
          'projectcontour.io/v1',
          'HTTPProxy',
          '{routes: [{services: [{name: a, weight: 70}, {name: b, weight: 30}, {name: c, mirror: true}]}]}',
        ),
      ),
    ).toBe('a → b 30')
    expect(
      shares(
        route(
          'route.openshift.io/v1',
          'Route',
          '{to: {name: a, weight: 200}, alternateBackends: [{name: b, weight: 50}]}',
        ),
      ),
    ).toBe('a → b 20')
    expect(
      shares(
        route(
          'serving.knative.dev/v1',
          'Service',
          '{traffic: [{revisionName: t-1, percent: 90}, {latestRevision: true, percent: 10}]}',
        ),
      ),
    ).toBe('t-1 → latest 10')
    expect(
      shares(
        route(
          'apisix.apache.org/v2',
          'ApisixRoute',
          '{http: [{backends: [{serviceName: a, weight: 90}, {serviceName: b, weight: 10}]}]}',
        ),
      ),
    ).toBe('a → b 10')
    expect(
      shares(
        route(
          'appmesh.k8s.aws/v1beta2',
          'VirtualRouter',
          '{routes: [{httpRoute: {action: {weightedTargets: [{virtualNodeRef: {name: a}, weight: 4}, {virtualNodeRef: {name: b-canary}, weight: 1}]}}}]}',
        ),
      ),
    ).toBe('a → b-canary 20')
  })

  test('Ingresses: the canary of ingress-nginx, by weight or by header; actions of the AWS load balancer', () => {
    const ingress = (notes: string) =>
      route(
        'networking.k8s.io/v1',
        'Ingress',
        '{rules: [{http: {paths: [{backend: {service: {name: till-canary}}}]}}]}',
        `, annotations: {${notes}}`,
      )
    const note = (name: string, value: string) => `nginx.ingress.kubernetes.io/${name}: '${value}'`
    expect(ingress(`${note('canary', 'true')}, ${note('canary-weight', '15')}`)).toMatchObject({
      engine: 'nginx',
      strategy: 'Weights',
      weight: 15,
      canary: 'till-canary',
    })
    expect(
      ingress(`${note('canary', 'true')}, ${note('canary-weight', '15')}, ${note('canary-weight-total', '1000')}`),
    ).toMatchObject({ weight: 2 })
    expect(ingress(`${note('canary', 'true')}, ${note('canary-by-header', 'x-tester')}`)).toMatchObject({
      strategy: 'ABTest',
      weight: 0,
    })
    expect(ingress(`${note('canary', 'false')}`)).toBeUndefined()
    const action = (text: string) => shares(ingress(`alb.ingress.kubernetes.io/actions.till: '${text}'`))
    expect(
      action(
        '{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"till","weight":90},{"serviceName":"till-canary","weight":"10"}]}}',
      ),
    ).toBe('till → till-canary 10')
    expect(
      action(
        '{"Type":"forward","ForwardConfig":{"TargetGroups":[{"ServiceName":"till","Weight":"3"},{"ServiceName":"tillb","Weight":"1"}]}}',
      ),
    ).toBe('till → tillb 25')
    expect(action('{"type": nonsense')).toBeUndefined()
  })
})

describe('an Argo Rollout', () => {
  const rollout = (status: string, canary = '', replicas = 4) =>
    rolloutOf(
      `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: till, generation: 2}\nspec: {replicas: ${replicas}, strategy: {canary: {steps: [{setWeight: 10}, {pause: {}}, {setHeaderRoute: {name: h}}, {setWeight: 40}]${canary}}}}\nstatus: {observedGeneration: "2", ${status}}\n`,
    )
  const routed = ', trafficRouting: {nginx: {stableIngress: till}}'

  test('that has come to its end serves everything, although its router counts from the start again', () => {
    expect(
      rollout(
        'phase: Healthy, currentPodHash: b, stableRS: b, currentStepIndex: 4, availableReplicas: 4, canary: {weights: {canary: {weight: 0}, stable: {weight: 100}}}',
        routed,
      ),
    ).toMatchObject({ phase: 'Healthy', step: 4, steps: 4, weight: 100, desiredWeight: 100, canary: null })
  })

  test('that has no stable revision yet goes by no steps; one that is promoted in full goes by none any more', () => {
    expect(rollout('currentPodHash: a, availableReplicas: 1')).toMatchObject({
      step: 4,
      weight: 100,
      desiredWeight: 100,
    })
    expect(
      rollout('currentPodHash: b, stableRS: a, currentStepIndex: 1, promoteFull: true, availableReplicas: 4', routed),
    ).toMatchObject({ step: 1, desiredWeight: 100 })
  })

  test('with a router that has not said its weights, or counts to another sum', () => {
    const at = 'phase: Paused, currentPodHash: b, stableRS: a, currentStepIndex: 2, availableReplicas: 5'
    expect(rollout(at, routed)).toMatchObject({ step: 2, weight: 10, desiredWeight: 10 })
    expect(
      rollout(
        `${at}, canary: {weights: {canary: {weight: 25}}}`,
        ', trafficRouting: {maxTrafficWeight: 1000, nginx: {}}',
      ),
    ).toMatchObject({ weight: 2.5, desiredWeight: 1 })
  })

  test('that was aborted is asked for nothing; one whose pause was cleared is on its way', () => {
    expect(
      rollout(
        'abort: true, phase: Degraded, message: "RolloutAborted: x", currentPodHash: b, stableRS: a, currentStepIndex: 0, availableReplicas: 4, replicas: 4, updatedReplicas: 0',
      ),
    ).toMatchObject({ phase: 'Degraded', step: 0, weight: 0, desiredWeight: 0 })
    expect(
      rollout('phase: Paused, controllerPause: true, currentPodHash: b, stableRS: a, currentStepIndex: 2'),
    ).toMatchObject({ phase: 'Progressing' })
  })
})

test('an Argo Rollout with steps and weights that cannot be is told as far as they can', () => {
  const [told] = explainObjects(
    readObjects(
      'x.yaml',
      'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: till}\nspec: {strategy: {canary: {steps: [{setWeight: 99999999999}, 7, null]}}}\nstatus: {currentStepIndex: -4, phase: Sideways, stableRS: a, currentPodHash: b}',
    ),
  )
  expect(told).toMatchObject({
    health: 'Unknown',
    message: 'Its phase is Sideways',
    rollout: { step: 0, steps: 3, weight: 0, desiredWeight: 100 },
  })
})

describe('a Flagger Canary', () => {
  const canary = (analysis: string, status: string) =>
    explained(
      `apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: {name: till}\nspec: {targetRef: {name: till}, analysis: {${analysis}}}\nstatus: ${status}\n`,
    )

  test.each([
    ['Initializing', 'Progressing'],
    ['Initialized', 'Healthy'],
    ['Waiting', 'Suspended'],
    ['Progressing', 'Progressing'],
    ['WaitingPromotion', 'Suspended'],
    ['Promoting', 'Progressing'],
    ['Finalising', 'Progressing'],
    ['Succeeded', 'Healthy'],
    ['Failed', 'Degraded'],
    ['Terminating', 'Progressing'],
    ['Terminated', 'Suspended'],
    ['Levitating', 'Unknown'],
  ])('%s is %s', (phase, health) =>
    expect(canary('stepWeight: 20, maxWeight: 50', `{phase: ${phase}, canaryWeight: 0}`).health).toBe(health),
  )

  test('weights up to the most and past it, lists of weights, and what is over has all its steps behind it', () => {
    expect(canary('stepWeight: 20, maxWeight: 50', '{phase: Progressing, canaryWeight: 40}').rollout).toMatchObject({
      strategy: 'Canary',
      step: 2,
      steps: 3,
      weight: 40,
    })
    expect(canary('stepWeights: [1, 5, 30]', '{phase: Progressing, canaryWeight: 5}').rollout).toMatchObject({
      step: 2,
      steps: 3,
    })
    expect(canary('stepWeight: 20, maxWeight: 50', '{phase: Promoting, canaryWeight: 0}').rollout).toMatchObject({
      step: 3,
      steps: 3,
      weight: 0,
    })
  })

  test('iterations make it an A/B test or blue and green, whatever else stands there', () => {
    expect(
      canary('iterations: 10, match: [{headers: {x: {exact: y}}}]', '{phase: Progressing, iterations: 4}').rollout,
    ).toMatchObject({ strategy: 'ABTest', step: 4, steps: 10, weight: 0 })
    expect(
      canary('iterations: 10, mirror: true, stepWeight: 5', '{phase: Progressing, iterations: 4}').rollout,
    ).toMatchObject({ strategy: 'BlueGreen', step: 4, steps: 10 })
  })

  test('a phase that is absent is said to be', () => {
    expect(canary('stepWeight: 20', '{failedChecks: 1}')).toMatchObject({
      health: 'Unknown',
      message: 'Its status has no phase',
    })
    expect(canary('stepWeight: 20', 'null')).toMatchObject({ health: 'Unknown', message: 'No status' })
  })
})
