import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explainObjects, readObjects } from './explain-objects.ts'
import type { LiveObject } from './health.ts'
import { meaningOf } from './health-words.ts'

const one = (text: string) => {
  const [{ health, message } = { health: '', message: '' }] = explainObjects(readObjects('x.yaml', text))
  return `${health}: ${message}`
}
const thing = (status: string, spec = '{}', version = 'granary.example/v1', kind = 'Silo') =>
  one(
    `apiVersion: ${version}\nkind: ${kind}\nmetadata: {name: north, generation: 3}\nspec: ${spec}\nstatus: ${status}\n`,
  )
const told = (...conditions: string[]) => thing(`{conditions: [${conditions.map(item => `{${item}}`).join(', ')}]}`)

test.each([
  ['Ready', 'good'],
  ['WorkersAvailable', 'good'],
  ['QuotaExceeded', 'bad'],
  ['HEALTH_ERR', 'bad'],
  ['FailedCreate', 'bad'],
  ['ReplicaSetUpdated', null],
  ['WaitingForDisk', 'busy'],
  ['Setting up the first member', 'busy'],
  ['rolling-update', 'busy'],
  ['NotReady', 'unmet'],
  ['NoFailures', 'good'],
  ['PartiallyFailed', 'bad'],
  ['PartiallyAvailable', 'unmet'],
  ['UpToDate', 'good'],
  ['out of sync', 'unmet'],
  ['UPGRADE_IN_PROGRESS', 'busy'],
  ['no errors', 'good'],
  ['NonCompliant', 'bad'],
  ['Hibernated', 'resting'],
  ['Banana', null],
  ['', null],
  ['Lagerung läuft', null],
])('the word %j means %s', (word, meaning) => expect(meaningOf(word)).toBe(meaning))

describe('conditions nobody has a rule for', () => {
  test('bad when true, at work when true, and how well the whole is', () => {
    expect(told('type: GrainSpoiled, status: "True"', 'type: DiskFailure, status: "True", message: sda is gone')).toBe(
      'Degraded: sda is gone',
    )
    expect(told('type: Refilling, status: "True", reason: Ordered', 'type: LidAvailable, status: "True"')).toBe(
      'Progressing: Ordered',
    )
    expect(told('type: Ready, status: "True", message: full', 'type: ContinuousWeighing, status: "True"')).toBe(
      'Healthy: full',
    )
    expect(told('type: Ready, status: "True", reason: Full', 'type: AlarmReady, status: "False", reason: Broken')).toBe(
      'Healthy: Full',
    )
    expect(told('type: Ready, status: true, reason: Full', 'type: Synced, status: false, reason: Refused')).toBe(
      'Degraded: Refused',
    )
  })

  test('what is not so yet, by its reason', () => {
    const not = (rest: string) => told(`type: Ready, status: "False"${rest}`)
    expect(not('')).toBe('Progressing: Ready')
    expect(not(', reason: AugersNotReady, message: 1 of 2 augers turn')).toBe('Progressing: 1 of 2 augers turn')
    expect(not(', reason: Building, message: "failed to order steel: no credit"')).toBe(
      'Degraded: failed to order steel: no credit',
    )
    expect(not(', reason: ReconcilePaused')).toBe('Suspended: ReconcilePaused')
    expect(not(', reason: Lookup, message: no such farm')).toBe('Degraded: no such farm')
    expect(not(', reason: Gate, message: Waiting for approval of the owner')).toBe(
      'Suspended: Waiting for approval of the owner',
    )
    expect(told('type: Ready, status: Unknown, reason: Checking')).toBe('Progressing: Checking')
    expect(told('type: Accepted, status: "False", reason: NotAllowedHere, message: other field')).toBe(
      'Degraded: other field',
    )
  })

  test('what was said of an older generation does not count', () => {
    expect(told('type: Ready, status: "True", observedGeneration: 2')).toBe(
      'Progressing: Waiting for the latest change to be observed',
    )
    expect(thing('{observedGeneration: 2, phase: Ready}')).toBe(
      'Progressing: Waiting for the latest change to be observed',
    )
  })

  test('a Deployment rests with Progressing true, and its deadline is no rest', () => {
    expect(
      told(
        'type: Available, status: "True", message: up',
        'type: Progressing, status: "True", reason: NewSiloAvailable',
      ),
    ).toBe('Healthy: up')
    expect(
      told(
        'type: Available, status: "True"',
        'type: Progressing, status: "False", reason: ProgressDeadlineExceeded, message: timed out',
      ),
    ).toBe('Degraded: timed out')
  })

  test('each parent of a route counts, but for what one said before', () => {
    const parents = (...items: string[]) =>
      thing(`{parents: [${items.join(', ')}]}`, '{}', 'gateway.networking.k8s.io/v1', 'HTTPRoute')
    const parent = (name: string, status: string, generation = 3) =>
      `{parentRef: {name: ${name}}, conditions: [{type: Accepted, status: "${status}", reason: Said, message: m, observedGeneration: ${generation}}]}`
    expect(parents(parent('east', 'True'), parent('west', 'False'))).toBe('Degraded: west: m')
    expect(parents(parent('east', 'False', 2), parent('east', 'True'))).toBe('Healthy: east: m')
    expect(parents(parent('east', 'True', 2), parent('west', 'True'))).toBe(
      'Progressing: east: Waiting for the latest change to be observed',
    )
  })
})

test('phases, states, errors, flags and counts where there are no conditions', () => {
  expect(thing('{phase: Provisioning, message: ordering steel}')).toBe('Progressing: ordering steel')
  expect(thing('{grainStatus: SpoilFailed, message: rot}')).toBe('Degraded: rot')
  expect(thing('{state: paused}')).toBe('Suspended: paused')
  expect(thing('{state: UNKNOWN}')).toBe('Unknown: UNKNOWN')
  expect(thing('{state: NotFound}')).toBe('Missing: NotFound')
  expect(thing('{phase: Running}', '{}', 'granary.example/v1', 'RefillJob')).toBe('Progressing: Running')
  expect(thing('{lastError: {message: no steel}}')).toBe('Degraded: no steel')
  expect(thing('{operation: {state: FAILED}}')).toBe('Degraded: FAILED')
  expect(thing('{phase: Ready, grain: {health: HEALTH_WARN}, message: damp}')).toBe('Degraded: HEALTH_WARN: damp')
  expect(thing('{phase: Ready, fields: [{name: a, health: Healthy}, {name: b, health: Unhealthy}]}')).toBe(
    'Degraded: b: Unhealthy',
  )
  expect(thing('{phase: Issuing, fields: [{name: a, status: FailedLookup}]}')).toBe('Degraded: a: FailedLookup')
  expect(thing('{ready: false}')).toBe('Progressing: It is not ready')
  expect(thing('{readyReplicas: 1}', '{replicas: 3}')).toBe('Progressing: 1 of 3 are ready')
  expect(thing('{readyReplicas: 3, phase: Ready}', '{replicas: 3}')).toBe('Healthy: Ready')
  expect(thing('{phase: Ready, conditions: [{type: Ready, status: "False", reason: Leak, message: wet}]}')).toBe(
    'Degraded: wet',
  )
  expect(thing('{phase: Ready}', '{paused: true}')).toBe('Suspended: Silo is suspended')
})

test('what ends by itself is at work while it runs', () => {
  const conditions = (last: string) =>
    thing(
      `{conditions: [{type: Created, status: "True"}, {type: Running, status: "True", message: 2 of 3 fields}${last}]}`,
      '{}',
      'granary.example/v1',
      'HarvestJob',
    )
  expect(conditions('')).toBe('Progressing: 2 of 3 fields')
  expect(conditions(', {type: Failed, status: "True", message: rain}')).toBe('Degraded: rain')
  expect(conditions(', {type: Succeeded, status: "True", message: dry}')).toBe('Healthy: dry')
})

test('no status is no health, but where an operator is known to report', () => {
  expect(thing('null')).toBe('Unknown: It has no status')
  expect(thing('{colour: red-ish}')).toBe('Unknown: Its status has nothing that says how it does')
  expect(thing('{}', '{}', 'cert-manager.io/v1', 'Issuer')).toBe(
    'Progressing: Waiting for its controller to report how it does',
  )
  expect(thing('{}', '{}', 'networking.istio.io/v1', 'DestinationRule')).toBe('Healthy: ')
  expect(thing('{}', '{}', 'monitoring.coreos.com/v1', 'ServiceMonitor')).toBe('Healthy: ')
  expect(thing('{}', '{}', 'tekton.dev/v1', 'PipelineRun')).toMatch(/^Progressing: /)
  expect(thing('{}', '{}', 'tekton.dev/v1', 'Pipeline')).toBe('Unknown: It has no status')
  expect(thing('{}', '{}', 'not-cnpg.io/v1', 'Cluster')).toBe('Unknown: It has no status')
})

test('operators whose words mean something else', () => {
  const as = (version: string, kind: string, status: string, spec = '{}') => thing(status, spec, version, kind)
  expect(
    as(
      'keda.sh/v1alpha1',
      'ScaledObject',
      '{conditions: [{type: Ready, status: "True"}, {type: Fallback, status: "True", message: blind}]}',
    ),
  ).toBe('Degraded: blind')
  expect(
    as('farm.example/v1', 'XField', '{conditions: [{type: Synced, status: "True", reason: ReconcileSuccess}]}'),
  ).toBe('Progressing: Waiting for it to be ready')
  expect(
    as(
      'apps.kruise.io/v1alpha1',
      'CloneSet',
      '{observedGeneration: 3, replicas: 5, updatedReplicas: 2}',
      '{replicas: 5, updateStrategy: {partition: 60%}}',
    ),
  ).toBe('Suspended: 2 of 5 are updated; the partition holds back 3')
  expect(as('snapshot.storage.k8s.io/v1', 'VolumeSnapshot', '{readyToUse: false, error: {message: full}}')).toBe(
    'Degraded: full',
  )
  expect(
    one(
      'apiVersion: kafka.strimzi.io/v1\nkind: Kafka\nmetadata: {name: a, annotations: {strimzi.io/pause-reconciliation: "true"}}\n',
    ),
  ).toBe('Suspended: Kafka is paused by the annotation strimzi.io/pause-reconciliation')
})

test('kinds of Kubernetes that keep no conditions, or kept them elsewhere', () => {
  const cron = (status: string, spec = '{}') => thing(status, spec, 'batch/v1', 'CronJob')
  expect(cron('{lastScheduleTime: "2026-01-02T00:00:00Z", lastSuccessfulTime: "2026-01-01T00:00:09Z"}')).toBe(
    'Degraded: CronJob has not completed its last execution successfully',
  )
  expect(cron('{}', '{suspend: true}')).toBe('Healthy: CronJob is Suspended')
  const scaler = (conditions: string) =>
    one(
      `apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nmetadata: {name: a, annotations: {autoscaling.alpha.kubernetes.io/conditions: '${conditions}'}}\n`,
    )
  expect(scaler('[{"type":"ScalingActive","status":"False","reason":"FailedGetPodsMetric","message":"none"}]')).toBe(
    'Degraded: none',
  )
  expect(scaler('[{"type":"AbleToScale","status":"True","message":"fine"}]')).toBe('Healthy: fine')
  expect(scaler('no list')).toBe('Progressing: Waiting to Autoscale')
  expect(thing('{desiredHealthy: 2, currentHealthy: 3}', '{}', 'policy/v1beta1', 'PodDisruptionBudget')).toBe(
    'Healthy: 3 healthy Pods, 2 have to be',
  )
})

test('whatever stands in a status, it is judged and nothing is thrown', () => {
  const kinds = [
    'v1 Pod',
    'v1 Service',
    'apps/v1 Deployment',
    'apps/v1 StatefulSet',
    'batch/v1 Job',
    'autoscaling/v2 HorizontalPodAutoscaler',
    'argoproj.io/v1alpha1 Rollout',
    'argoproj.io/v1alpha1 AnalysisRun',
    'argoproj.io/v1alpha1 Application',
    'flagger.app/v1beta1 Canary',
    'helm.toolkit.fluxcd.io/v2 HelmRelease',
    'networking.istio.io/v1 VirtualService',
    'gateway.networking.k8s.io/v1 HTTPRoute',
    'apps.kruise.io/v1alpha1 CloneSet',
    'granary.example/v1 Silo',
  ]
  const key = fc
    .constantFrom(
      'conditions phase state replicas canary blueGreen steps weights canaryWeight http route spec type status reason message containerStatuses history ready error 名'.split(
        ' ',
      ),
    )
    .chain(keys => fc.constantFrom(...keys))
  const { any } = fc.letrec<{ any: unknown }>(tie => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, -1, 1e300, '', 'True', 'Failed', '９', '\u0000', [], {}),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(key, tie('any'), { maxKeys: 4 }),
    ),
  }))
  fc.assert(
    fc.property(fc.constantFrom(...kinds), any, any, any, (kind, metadata, spec, status) => {
      const [apiVersion, name] = kind.split(' ')
      const [told] = explainObjects([{ apiVersion, kind: name, metadata, spec, status } as LiveObject])
      expect(told?.health).toMatch(/^(Healthy|Progressing|Degraded|Suspended|Missing|Unknown)$/)
      expect(typeof told?.message).toBe('string')
    }),
    { numRuns: 300 },
  )
})

describe('a status cut out of its object', () => {
  test.each([
    ['status: {canaryWeight: 10, failedChecks: 0, phase: Progressing}', 'Canary', 'Progressing'],
    ['status: {currentStepIndex: 1, phase: Paused, message: CanaryPauseStep}', 'Rollout', 'Suspended'],
    ['status: {phase: Inconclusive, metricResults: []}', 'AnalysisRun', 'Unknown'],
    ['status: {phase: Failed, templateStatuses: []}', 'Experiment', 'Degraded'],
    ['status: {health: {status: Missing}, sync: {status: OutOfSync}}', 'Application', 'Missing'],
    [
      'status: {conditions: [{type: Released, status: "False", reason: UpgradeFailed}, {type: Ready, status: "False", reason: UpgradeFailed}]}',
      'HelmRelease',
      'Degraded',
    ],
    ['status: {artifact: {path: a}, conditions: [{type: Ready, status: "True", reason: Fetched}]}', '', 'Healthy'],
    ['conditions:\n- {type: Ready, status: Unknown, reason: Progressing}', '', 'Progressing'],
    ['phase: Failed\nmessage: no room', '', 'Degraded'],
  ])('%s', (text, kind, health) =>
    expect(explainObjects(readObjects('x.yaml', text))[0]).toMatchObject({ kind, health }),
  )
})

test('Flux: a source of an old controller is ready with its artifact; what is ready for an older change is not', () => {
  const source = (status: string) => thing(status, '{}', 'source.toolkit.fluxcd.io/v1beta1', 'GitRepository')
  const ready = 'conditions: [{type: Ready, status: "True", reason: Fetched}]'
  expect(source(`{artifact: {path: a}, ${ready}}`)).toBe('Healthy: Fetched')
  expect(source(`{${ready}}`)).toBe('Degraded: Fetched')
  expect(source(`{observedGeneration: 2, artifact: {path: a}, ${ready}}`)).toBe(
    'Progressing: Waiting for the latest change to be observed',
  )
})

test('a hook that is deleted is judged as before; anything else is on its way out', () => {
  const job = (finalizer: string) =>
    one(
      `apiVersion: batch/v1\nkind: Job\nmetadata: {name: a, deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: [${finalizer}]}\nstatus: {conditions: [{type: Failed, status: "True", message: too often}]}\n`,
    )
  expect(job('argocd.argoproj.io/hook-finalizer')).toBe('Degraded: too often')
  expect(job('foregroundDeletion')).toBe('Progressing: Pending deletion')
})

test('what is no object, or nobody can tell, is said to be', () => {
  const all = (text: string) =>
    explainObjects(readObjects('x.yaml', text)).map(({ health, message }) => `${health}: ${message}`)
  expect(all('a: 1\n---\n# nothing\n---\njust words\n')).toEqual(['Unknown: It has no kind and no status'])
  expect(
    all('[{"kind": "ConfigMap", "apiVersion": "v1"}, {"kind": "Silo", "apiVersion": "granary.example/v1"}, 3]'),
  ).toEqual(['Healthy: ', 'Unknown: It has no status'])
  expect(all('{"kind": "ConfigMap"}\n{"kind": "Pod", "status": {"phase": "Succeeded"}}\n')).toEqual([
    'Healthy: ',
    'Healthy: ',
  ])
  expect(all('\uFEFFkind: Pod\r\nstatus:\r\n  phase: Succeeded\r\n  message: 好\r\n')).toEqual(['Healthy: 好'])
  expect(all('kind: ResourceQuota\napiVersion: v1\nstatus: {used: {pods: "3"}}')).toEqual(['Healthy: '])
  expect(all('kind: Pod\napiVersion: v1\nkind: Pod\nstatus: {phase: Pending}\nstatus: {phase: Succeeded}')).toEqual([
    'Healthy: ',
  ])
  expect(() => readObjects('x.yaml', 'a: &a 1\n---\nb: *nobody\n')).toThrow(/^x\.yaml:3:\d+ is not YAML/)
  const bomb = `a0: &a0 [x]\n${Array.from({ length: 9 }, (_, at) => `a${at + 1}: &a${at + 1} [${Array.from({ length: 9 }, () => `*a${at}`).join(', ')}]`).join('\n')}`
  expect(() => readObjects('x.yaml', bomb)).toThrow(/^x\.yaml:1:1 is not YAML/)
})
