import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { AppError } from '../errors.ts'
import { explainObjects, readObjects } from './explain-objects.ts'

const corpus = join(process.env['PILOTHOUSE_CORPUS'] ?? join(import.meta.dirname, '../../../shared/corpus'), 'rollouts')
const explain = (text: string) => explainObjects(readObjects('x.yaml', text))
const one = (text: string) => {
  const [{ health, message } = { health: '', message: '' }] = explain(text)
  return `${health}: ${message}`
}
const workload = (kind: string, rest: string, version = 'apps/v1') =>
  `apiVersion: ${version}\nkind: ${kind}\nmetadata: {name: shop, namespace: prod, generation: 2}\n${rest}`
const withCondition = (version: string, kind: string, ...conditions: string[]) =>
  workload(kind, `spec: {}\nstatus: {conditions: [${conditions.map(item => `{${item}}`).join(', ')}]}\n`, version)

describe('kinds of Kubernetes', () => {
  test.each([
    ['spec: {paused: true}', 'Suspended: Deployment is paused'],
    [
      'spec: {replicas: 3}\nstatus: {observedGeneration: 1}',
      'Progressing: Waiting for rollout to finish: observed deployment generation less than desired generation',
    ],
    [
      'spec: {replicas: 3}\nstatus: {observedGeneration: 2, updatedReplicas: 1, replicas: 3}',
      'Progressing: Waiting for rollout to finish: 1 out of 3 new replicas have been updated...',
    ],
    [
      'spec: {replicas: 3}\nstatus: {observedGeneration: 2, updatedReplicas: 3, replicas: 4, availableReplicas: 3}',
      'Progressing: Waiting for rollout to finish: 1 old replicas are pending termination...',
    ],
    [
      'spec: {replicas: 3}\nstatus: {observedGeneration: 2, updatedReplicas: 3, replicas: 3, availableReplicas: 1}',
      'Progressing: Waiting for rollout to finish: 1 of 3 updated replicas are available...',
    ],
    [
      'status: {observedGeneration: 2, conditions: [{type: Progressing, status: "False", reason: ProgressDeadlineExceeded}]}',
      'Degraded: Deployment "shop" exceeded its progress deadline',
    ],
    [
      'spec: {replicas: 1}\nstatus: {observedGeneration: 2, updatedReplicas: 1, replicas: 1, availableReplicas: 1}',
      'Healthy: ',
    ],
  ])('Deployment %#', (rest, expected) => expect(one(workload('Deployment', rest))).toBe(expected))

  test('StatefulSet, DaemonSet, ReplicaSet', () => {
    expect(one(workload('StatefulSet', 'spec: {replicas: 3}\nstatus: {observedGeneration: 2, readyReplicas: 1}'))).toBe(
      'Progressing: Waiting for 2 pods to be ready...',
    )
    expect(
      one(
        workload(
          'StatefulSet',
          'spec: {replicas: 3, updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 2}}}\nstatus: {observedGeneration: 2, readyReplicas: 3, updatedReplicas: 0}',
        ),
      ),
    ).toBe('Progressing: Waiting for partitioned roll out to finish: 0 out of 1 new pods have been updated...')
    expect(
      one(
        workload('DaemonSet', 'status: {observedGeneration: 2, desiredNumberScheduled: 4, updatedNumberScheduled: 1}'),
      ),
    ).toBe('Progressing: Waiting for daemon set "shop" rollout to finish: 1 out of 4 new pods have been updated...')
    expect(
      one(
        workload(
          'ReplicaSet',
          'status: {observedGeneration: 2, conditions: [{type: ReplicaFailure, status: "True", message: quota exceeded}]}',
        ),
      ),
    ).toBe('Degraded: quota exceeded')
  })

  test.each([
    [
      '{phase: Pending, containerStatuses: [{state: {waiting: {reason: ImagePullBackOff, message: no such image}}}]}',
      'Degraded: no such image',
    ],
    [
      '{phase: Pending, conditions: [{type: PodScheduled, status: "False", message: no node fits}]}',
      'Progressing: no node fits',
    ],
    ['{phase: Running, conditions: [{type: Ready, status: "True"}]}', 'Healthy: '],
    [
      '{phase: Running, containerStatuses: [{name: app, state: {running: {}}, lastState: {terminated: {reason: OOMKilled, exitCode: 137}}}]}',
      'Degraded: container "app" ended before: OOMKilled, exit code 137',
    ],
    [
      '{phase: Failed, containerStatuses: [{name: app, state: {terminated: {exitCode: 3}}}]}',
      'Degraded: container "app" failed with exit code 3',
    ],
    ['{phase: Succeeded}', 'Healthy: '],
  ])('Pod %#', (status, expected) =>
    expect(one(workload('Pod', `spec: {restartPolicy: Always}\nstatus: ${status}`, 'v1'))).toBe(expected),
  )

  test('what only configures is healthy by being there; what is being deleted says what keeps it', () => {
    expect(one('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n')).toBe('Healthy: ')
    expect(
      one(
        'apiVersion: acme.io/v1\nkind: Db\nmetadata: {name: a, deletionTimestamp: x, finalizers: [acme.io/backup]}\n',
      ),
    ).toBe('Progressing: Pending deletion; blocked by finalizers: acme.io/backup')
  })
})

describe('controllers', () => {
  const flux = 'kustomize.toolkit.fluxcd.io/v1'
  test('Flux: suspended, reconciling, failing, released', () => {
    expect(one(workload('Kustomization', 'spec: {suspend: true}', flux))).toBe('Suspended: Kustomization is suspended')
    expect(
      one(
        withCondition(
          flux,
          'Kustomization',
          'type: Reconciling, status: "True"',
          'type: Ready, status: Unknown, reason: Progressing',
        ),
      ),
    ).toBe('Progressing: Progressing')
    expect(
      one(withCondition('helm.toolkit.fluxcd.io/v2', 'HelmRelease', 'type: Ready, status: "True", reason: Ok')),
    ).toBe('Degraded: Ok')
    expect(one(workload('HelmRelease', 'spec: {}', 'helm.toolkit.fluxcd.io/v2'))).toBe('Progressing: Status unknown')
  })

  test('a kind without a rule goes by the conventions of conditions', () => {
    const of = (...conditions: string[]) => one(withCondition('acme.io/v1', 'Database', ...conditions))
    expect(of('type: Ready, status: "True", reason: Up')).toBe('Healthy: Up')
    expect(of('type: Ready, status: "False", reason: DiskFull, message: no room')).toBe('Degraded: no room')
    expect(of('type: Ready, status: "False", reason: Provisioning')).toBe('Progressing: Provisioning')
    expect(of('type: Stalled, status: "True", message: bad spec', 'type: Ready, status: "True"')).toBe(
      'Degraded: bad spec',
    )
    expect(one('apiVersion: acme.io/v1\nkind: Database\nmetadata: {name: a}\n')).toBe('Unknown: It has no status')
  })

  test('an Argo Rollout: step, weight asked for and weight that its ReplicaSets serve', () => {
    const rollout = `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: shop, uid: u1, generation: 4}
spec:
  replicas: 4
  strategy: {canary: {steps: [{setWeight: 10}, {pause: {}}, {setWeight: 50}, {pause: {}}]}}
status: {observedGeneration: "4", phase: Paused, message: CanaryPauseStep, currentStepIndex: 3, currentPodHash: new,
  stableRS: old, replicas: 4, updatedReplicas: 2, availableReplicas: 4}
`
    const set = `---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: shop-new, labels: {rollouts-pod-template-hash: new}, ownerReferences: [{kind: Rollout, name: shop, uid: u1}]}
spec: {replicas: 2}
status: {availableReplicas: 1}
`
    expect(explain(rollout)[0]?.rollout).toMatchObject({
      phase: 'Paused',
      step: 3,
      steps: 4,
      weight: 50,
      desiredWeight: 50,
    })
    expect(explain(rollout + set)[0]).toMatchObject({ health: 'Suspended', rollout: { weight: 25, desiredWeight: 50 } })
    expect(explain(rollout.replace('phase: Paused', 'abort: true'))[0]?.rollout).toMatchObject({ desiredWeight: 0 })
  })

  test('a Flagger Canary and the weights of routes', () => {
    const canary = `apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: shop}
spec: {analysis: {stepWeight: 10, maxWeight: 50}}
status: {phase: Progressing, canaryWeight: 20, lastAppliedSpec: b, lastPromotedSpec: a, conditions: []}
`
    expect(explain(canary)[0]).toMatchObject({
      health: 'Progressing',
      message: 'Progressing --- Canary Weight: 20 %',
      rollout: { phase: 'Progressing', step: 2, steps: 5, weight: 20, desiredWeight: 20 },
    })
    const route = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec: {rules: [{backendRefs: [{name: shop-canary, weight: 1}, {name: shop, weight: 3}]}]}
`
    expect(explain(route)[0]?.rollout).toMatchObject({ weight: 25, stable: 'shop', canary: 'shop-canary' })
    expect(explain(route.replace(', {name: shop, weight: 3}', ''))[0]?.rollout).toBeUndefined()
  })
})

test('lists are opened, and what is no YAML is told with its line', () => {
  expect(
    explain('{"kind": "List", "items": [{"kind": "Secret", "apiVersion": "v1"}, {"kind": "ConfigMap"}]}'),
  ).toHaveLength(2)
  expect(explain('')).toEqual([])
  expect(() => readObjects('a.yaml', 'a: 1\nb: [\n')).toThrow(AppError)
  expect(() => readObjects('a.yaml', 'a: 1\nb: [\n')).toThrow(/a\.yaml:3:1/)
})

test('every status block of the corpus has the health that Argo CD gives it', () => {
  if (!existsSync(corpus)) return console.log('NOT RUN: no corpus (PILOTHOUSE_CORPUS)')
  const { expected } = JSON.parse(readFileSync(join(corpus, 'health/expected.json'), 'utf8'))
  for (const { file, status, message } of expected)
    expect({ file, said: one(readFileSync(join(corpus, file), 'utf8')) }).toEqual({
      file,
      said: `${status}: ${message}`,
    })
  for (const file of globSync('argocd/**/*.yaml', { cwd: corpus })) {
    const text = readFileSync(join(corpus, file), 'utf8')
    expect({ file, health: explain(text)[0]?.health }).toEqual({ file, health: parse(text).status.health.status })
  }
  const objects = JSON.parse(readFileSync(join(corpus, 'argo-rollouts/objects/expected.json'), 'utf8')).expected
  for (const [folder, rollouts] of Object.entries<{ rollout: string; step?: string; setWeight?: number }[]>(objects)) {
    const texts = globSync(`argo-rollouts/objects/${folder}/*.yaml`, { cwd: corpus }).map(file =>
      readFileSync(join(corpus, file), 'utf8'),
    )
    const all = explainObjects(texts.flatMap(text => readObjects('x.yaml', text)))
    for (const facts of rollouts as {
      rollout: string
      status: string
      step?: string
      setWeight?: number
      actualWeight?: number
    }[]) {
      const found = all.find(({ kind, name }) => kind === 'Rollout' && name === facts.rollout)?.rollout
      expect(found).toMatchObject({
        phase: facts.status,
        ...(facts.step !== undefined && {
          step: Number(facts.step.split('/')[0]),
          steps: Number(facts.step.split('/')[1]),
          desiredWeight: facts.setWeight,
          weight: facts.actualWeight,
        }),
      })
    }
  }
})
