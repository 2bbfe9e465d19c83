import { describe, expect, test } from 'vitest'
import { explainObjects, readObjects } from './explain-objects.ts'

const explain = (...documents: string[]) => explainObjects(readObjects('x.yaml', documents.join('\n---\n')))
const why = (...documents: string[]) => explain(...documents)[0]?.why
const metadata = (name: string, rest = '') => `metadata: {name: ${name}, namespace: farm${rest}}`
const owned = (kind: string, name: string) => `, ownerReferences: [{kind: ${kind}, name: ${name}, controller: true}]`

describe('a list of kinds that belong together', () => {
  const rollout = (status: string) =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n${metadata('silo', ', generation: 3')}\nspec: {replicas: 4, strategy: {canary: {steps: [{setWeight: 25}, {analysis: {templates: [{templateName: dry}]}}]}}}\nstatus: {observedGeneration: "3", currentPodHash: new1, stableRS: old1, ${status}}`
  const run = (rest: string) =>
    `apiVersion: argoproj.io/v1alpha1\nkind: AnalysisRun\n${metadata('silo-new1-3-1', `, labels: {rollouts-pod-template-hash: new1, step-index: "1"}${owned('Rollout', 'silo')}`)}\n${rest}`
  const failed = run(
    'spec: {metrics: [{name: damp, successCondition: "result < 10"}, {name: weight-kept, failureLimit: 1, successCondition: "result[0] >= 0.9"}], dryRun: [{metricName: damp}]}\nstatus: {phase: Failed, message: weight-kept failed, metricResults: [{name: damp, phase: Failed, dryRun: true, measurements: [{phase: Failed, value: "40"}]}, {name: weight-kept, phase: Failed, failed: 2, measurements: [{phase: Successful, value: "[0.95]"}, {phase: Failed, value: "[0.5]", finishedAt: "2026-03-01T08:00:00Z"}]}]}',
  )

  test('a Rollout is told with its analysis: what was measured, what was asked, and not what only rehearses', () => {
    const [told, analysis] = explain(rollout('phase: Degraded, abort: true, message: "RolloutAborted: x"'), failed)
    expect(told?.why).toBe('Rolled back: weight-kept was 0.5 where at least 0.9 was asked')
    expect(told?.analyses).toEqual(analysis?.analyses)
    expect(told?.analyses?.[0]?.metrics.find(({ name }) => name === 'weight-kept')).toMatchObject({
      threshold: { min: 0.9, max: null },
      failureLimit: 1,
      failed: 2,
      measurements: [{ value: 0.95 }, { value: 0.5, at: '2026-03-01T08:00:00Z' }],
    })
    expect(analysis).toMatchObject({
      of: { kind: 'Rollout', namespace: 'farm', name: 'silo' },
      health: 'Degraded',
      message: 'weight-kept failed',
      why: 'weight-kept was 0.5 where at least 0.9 was asked',
    })
  })

  test('a Rollout that waits: for a time, or for somebody because nothing could be concluded', () => {
    const paused = (reason: string, step: string) =>
      rollout(
        `phase: Paused, message: ${reason}, currentStepIndex: 1, pauseConditions: [{reason: ${reason}, startTime: "2026-03-01T08:00:00Z"}]`,
      ).replace('{analysis: {templates: [{templateName: dry}]}}', step)
    expect(why(paused('CanaryPauseStep', '{pause: {duration: 1h}}'))).toBe(
      'Waits at step 2 of 2 and goes on by itself at 2026-03-01T09:00:00.000Z.',
    )
    const open = run(
      'spec: {metrics: [{name: damp, successCondition: "result < 10"}]}\nstatus: {phase: Inconclusive, metricResults: [{name: damp, phase: Inconclusive, measurements: [{phase: Inconclusive, value: "11"}]}]}',
    )
    expect(why(paused('InconclusiveAnalysisRun', '{analysis: {}}'), open)).toBe(
      'Paused: damp was 11 where at most 10 was asked, which decides nothing, so a person has to.',
    )
  })

  test('a Rollout that timed out is told by the Pod that did not come up', () => {
    const set = `apiVersion: apps/v1\nkind: ReplicaSet\n${metadata('silo-new1', owned('Rollout', 'silo'))}\nspec: {replicas: 1}`
    const pod = `apiVersion: v1\nkind: Pod\n${metadata('silo-new1-a', owned('ReplicaSet', 'silo-new1'))}\nspec: {containers: [{name: main, image: farm/silo:3}]}\nstatus: {phase: Pending, conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: "0/2 nodes are available: 2 Insufficient memory."}]}`
    const late = rollout('phase: Degraded, message: "ProgressDeadlineExceeded: timed out"')
    expect(why(late, set, pod)).toMatch(/^Pod silo-new1-a: .*Insufficient memory/)
    // What was measured has nothing to do with it.
    expect(why(late, failed)).toBeUndefined()
  })

  test("what an experiment of a Rollout measures is the Rollout's", () => {
    const experiment = `apiVersion: argoproj.io/v1alpha1\nkind: Experiment\n${metadata('silo-trial', `, labels: {rollouts-pod-template-hash: new1}${owned('Rollout', 'silo')}`)}\nstatus: {phase: Running}`
    const measured = run('status: {phase: Running}').replace(
      'kind: Rollout, name: silo',
      'kind: Experiment, name: silo-trial',
    )
    expect(explain(rollout('phase: Progressing'), experiment, measured)[0]?.analyses).toMatchObject([
      { name: 'silo-new1-3-1', phase: 'Running' },
    ])
  })

  test('an analysis that runs, and one that cannot measure', () => {
    expect(
      why(
        run(
          'spec: {metrics: [{name: damp, successCondition: "result < 10"}]}\nstatus: {phase: Running, metricResults: [{name: damp, phase: Running, measurements: [{phase: Successful, value: "4"}]}]}',
        ),
      ),
    ).toBe('damp was 4 at last where at most 10 is asked; 1 measured so far.')
    expect(
      why(
        run(
          'spec: {metrics: [{name: damp}]}\nstatus: {phase: Error, metricResults: [{name: damp, phase: Error, measurements: [{phase: Error, message: no such sensor}]}]}',
        ),
      ),
    ).toBe('damp could not be measured: no such sensor')
  })

  test('a workload is told by its worst Pod, and a Pod by its newest warning', () => {
    const deployment = `apiVersion: apps/v1\nkind: Deployment\n${metadata('auger', ', generation: 1')}\nspec: {replicas: 2}\nstatus: {observedGeneration: 1, replicas: 2, updatedReplicas: 2}`
    const set = `apiVersion: apps/v1\nkind: ReplicaSet\n${metadata('auger-5c', owned('Deployment', 'auger'))}\nspec: {replicas: 2}\nstatus: {replicas: 2}`
    const pod = (name: string, state: string) =>
      `apiVersion: v1\nkind: Pod\n${metadata(name, owned('ReplicaSet', 'auger-5c'))}\nspec: {containers: [{name: main, image: farm/auger:2, readinessProbe: {tcpSocket: {port: 90}}}]}\nstatus: {phase: Running, conditions: [{type: Ready, status: "False"}], containerStatuses: [{name: main, ready: false, started: true, restartCount: 0, state: ${state}}]}`
    const running = pod('auger-5c-a', '{running: {}}')
    const event = `apiVersion: v1\nkind: Event\n${metadata('e')}\ninvolvedObject: {kind: Pod, namespace: farm, name: auger-5c-a}\ntype: Warning\nreason: Unhealthy\nmessage: "Readiness probe failed: dial tcp: refused"`
    const said = 'Container main runs, and does not pass its readiness probe: dial tcp: refused.'
    expect(explain(deployment, set, running, event).map(each => each.why)).toEqual([
      `Pod auger-5c-a: ${said}`,
      `Pod auger-5c-a: ${said}`,
      said,
      undefined,
    ])
    const pulling = pod('auger-5c-b', '{waiting: {reason: ImagePullBackOff, message: "manifest unknown"}}')
    expect(why(deployment, set, running, pulling)).toMatch(/^Pod auger-5c-b: .*farm\/auger:2/)
    expect(explain(event)[0]).toMatchObject({
      health: 'Healthy',
      message: expect.stringMatching(/^Unhealthy: Readiness/),
    })
  })
})

test('Argo CD: the part that failed, what it retried, what cannot be compared, what differs', () => {
  const application = (status: string) =>
    why(`apiVersion: argoproj.io/v1alpha1\nkind: Application\n${metadata('farm')}\nstatus: ${status}`)
  const failed =
    'phase: Failed, message: one or more objects failed to apply, syncResult: {resources: [{kind: Service, name: till, status: SyncFailed, message: no ports}]}'
  expect(application(`{operationState: {${failed}}}`)).toBe('The last sync failed: Service till: no ports')
  expect(application(`{operationState: {${failed}, retryCount: 1}}`)).toBe(
    'The last sync failed after 1 retry: Service till: no ports',
  )
  expect(application('{conditions: [{type: ComparisonError, message: no such branch}]}')).toBe(
    'Argo CD cannot compare it with Git: no such branch',
  )
  const behind = (names: string[]) =>
    application(
      `{sync: {status: OutOfSync}, health: {status: Healthy}, resources: [${names.map(name => `{kind: Service, name: ${name}, status: OutOfSync}`).join(', ')}]}`,
    )
  expect(behind(['a', 'b'])).toBe('It differs from Git in Service a, Service b.')
  expect(behind(['a', 'b', 'c', 'd', 'e'])).toBe('It differs from Git in Service a, Service b, Service c and 2 more.')
})

test('Argo CD: what is unwell comes before what differs', () => {
  const [told] = explain(
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\n${metadata('farm')}\nstatus: {sync: {status: OutOfSync}, health: {status: Degraded}, resources: [{kind: Deployment, name: auger, status: OutOfSync, health: {status: Degraded, message: it fell}}]}`,
  )
  expect(told).toMatchObject({ health: 'Degraded', message: 'Deployment auger: it fell' })
  expect(told?.why).toBeUndefined()
})

test('Flux: the sentence and not the word, what was undone, and what it still runs', () => {
  const flux = (kind: string, status: string, spec = '{}') =>
    why(
      `apiVersion: ${kind === 'HelmRelease' ? 'helm' : 'kustomize'}.toolkit.fluxcd.io/v2\nkind: ${kind}\n${metadata('farm')}\nspec: ${spec}\nstatus: ${status}`,
    )
  expect(
    flux(
      'Kustomization',
      '{conditions: [{type: Ready, status: "False", reason: DependencyNotReady, message: "dependency farm/base is not ready"}]}',
    ),
  ).toBe('dependency farm/base is not ready')
  expect(
    flux(
      'Kustomization',
      '{lastAppliedRevision: "main@sha1:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", lastAttemptedRevision: "main@sha1:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", conditions: [{type: Ready, status: "False", reason: BuildFailed, message: no such file}]}',
    ),
  ).toBe('It runs main@sha1:aaaaaaaa and tries main@sha1:bbbbbbbb: no such file')
  expect(
    flux(
      'HelmRelease',
      '{conditions: [{type: Ready, status: "False", reason: RollbackSucceeded, message: rolled back}, {type: Released, status: "False", reason: UpgradeFailed, message: hook timed out}, {type: Remediated, status: "True"}]}',
    ),
  ).toBe('The upgrade failed and was undone: hook timed out')
  expect(flux('HelmRelease', '{}', '{suspend: true}')).toBe('Suspended: nothing happens here until it is resumed.')
})

test('what only waits says for what; a language is that of who asks', () => {
  const service = `apiVersion: v1\nkind: Service\n${metadata('till')}\nspec: {type: LoadBalancer}\nstatus: {loadBalancer: {}}`
  expect(why(service)).toBe('Its load balancer has no address yet.')
  expect(explainObjects(readObjects('x.yaml', service), 'zh')[0]?.why).toBe('负载均衡器尚无地址。')
  expect(why(`apiVersion: v1\nkind: PersistentVolumeClaim\n${metadata('grain')}\nstatus: {phase: Pending}`)).toBe(
    'It is not bound to a volume yet.',
  )
})
