import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../manifests/manifest.ts'
import { applicable } from './applicable.ts'
import { inWaves } from './delivery-order.ts'
import { actionPatch, resumePatch, suspendPatch } from './gitops-patches.ts'
import { commitIn, gitopsState } from './gitops-state.ts'
import { asOwned, isOwned, setSeed } from './owned-set.ts'

const commit = '9f2c0000000000000000000000000000000000aa'
const older = '11110000000000000000000000000000000000bb'

describe('how far an engine is', () => {
  const application = (over: JsonObject): JsonObject => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'shop', namespace: 'argocd' },
    spec: {
      source: { repoURL: 'https://git.example.com/deploy.git', path: 'envs/prod', targetRevision: 'main' },
      syncPolicy: { automated: { prune: true } },
    },
    ...over,
  })

  test('Argo CD: synced', () => {
    const state = gitopsState(
      application({
        status: {
          sync: { status: 'Synced', revision: commit },
          health: { status: 'Healthy' },
          operationState: { phase: 'Succeeded', finishedAt: '2026-03-01T00:00:00Z', syncResult: { revision: commit } },
        },
      }),
    )
    expect(state).toMatchObject({
      ...{ engine: 'argo-cd', sync: 'synced', revision: commit, attempted: null, target: 'main', path: 'envs/prod' },
      ...{ automatic: true, suspended: null, errors: [], appliedAt: '2026-03-01T00:00:00Z' },
      health: { health: 'Healthy' },
    })
  })

  test('Argo CD: a hook that failed is named; a sync that is being stopped still runs; orphans are no error', () => {
    const at = (phase: string) =>
      gitopsState(
        application({
          status: {
            conditions: [{ type: 'OrphanedResourceWarning', message: '3 orphaned' }],
            operationState: {
              phase,
              message: 'stopped',
              syncResult: { resources: [{ kind: 'Job', name: 'migrate', hookPhase: 'Failed', message: 'exit 3' }] },
            },
          },
        }),
      )
    expect(at('Terminating')).toMatchObject({ sync: 'syncing', errors: ['Job migrate: exit 3'] })
    expect(at('Failed')).toMatchObject({ sync: 'failed', errors: ['stopped', 'Job migrate: exit 3'] })
  })

  test('Argo CD: a failed sync says why in its own words, each once', () => {
    const state = gitopsState(
      application({
        status: {
          sync: { status: 'OutOfSync', revision: commit },
          health: { status: 'Missing' },
          conditions: [{ type: 'SyncError', message: 'one or more objects failed to apply' }],
          operationState: {
            phase: 'Failed',
            message: 'one or more objects failed to apply',
            operation: { sync: { revision: commit } },
            syncResult: {
              revision: older,
              resources: [
                { kind: 'Service', name: 'web', status: 'SyncFailed', message: 'port is taken' },
                { kind: 'ConfigMap', name: 'a', status: 'Synced', message: 'unchanged' },
              ],
            },
          },
        },
      }),
    )
    expect(state).toMatchObject({ sync: 'failed', revision: older, attempted: commit })
    expect(state?.errors).toEqual(['one or more objects failed to apply', 'Service web: port is taken'])
  })

  const kustomization = (spec: JsonObject, status: JsonObject, generation = 1): JsonObject => ({
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'shop', namespace: 'flux-system', generation },
    spec: { path: './envs/prod', sourceRef: { kind: 'GitRepository', name: 'deploy' }, ...spec },
    status: { observedGeneration: 1, ...status },
  })
  const ready = (status: string, message = '') => [
    { type: 'Ready', status, reason: 'X', message, lastTransitionTime: '2026-03-01T00:00:00Z' },
  ]

  test.each([
    ['at a commit', { lastAppliedRevision: `main@sha1:${commit}`, conditions: ready('True') }, 'synced', commit, null],
    [
      'at one, and failed with another',
      {
        lastAppliedRevision: `main@sha1:${older}`,
        lastAttemptedRevision: `main@sha1:${commit}`,
        conditions: ready('False', 'Service/shop/web invalid'),
      },
      'failed',
      older,
      commit,
    ],
    ['at work', { lastAppliedRevision: `main/${older}`, conditions: ready('Unknown') }, 'syncing', older, null],
    ['before it looked', {}, 'unknown', null, null],
  ] as const)('Flux: %s', (_, status, sync, revision, attempted) => {
    expect(gitopsState(kustomization({}, status))).toMatchObject({ sync, revision, attempted })
  })

  test('Flux: a spec it has not seen, a suspension, and errors in its words', () => {
    const status = { lastAppliedRevision: `main@sha1:${commit}`, conditions: ready('True') }
    expect(gitopsState(kustomization({}, status, 2))?.sync).toBe('syncing')
    const suspended = gitopsState(kustomization({ suspend: true }, status, 2))
    expect(suspended).toMatchObject({ sync: 'synced', automatic: false, suspended: { reason: '' } })
    expect(gitopsState(kustomization({}, { conditions: ready('False', 'no such path') }))?.errors).toEqual([
      'no such path',
    ])
  })

  test('revisions are commits, and versions of charts are themselves', () => {
    expect(commitIn(`main@sha1:${commit}`)).toBe(commit)
    expect(commitIn(`main/${commit}`)).toBe(commit)
    expect(commitIn('1.4.2')).toBe('1.4.2')
    expect(gitopsState({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } })).toBeNull()
  })

  test('suspending keeps why beside it, and resuming puts back what was there', () => {
    const object = application({ status: {} })
    const why = { reason: 'the sale', by: 'Ada', since: '2026-03-01T00:00:00Z' }
    const patch = suspendPatch(object, gitopsState(object)!, why)
    const spec = { syncPolicy: {}, source: { repoURL: 'https://git.example.com/deploy.git' } }
    const patched = {
      ...object,
      metadata: { ...(object['metadata'] as JsonObject), ...(patch['metadata'] as JsonObject) },
      spec,
    }
    expect(patch['spec']).toEqual({ syncPolicy: { automated: null } })
    expect(gitopsState(patched)).toMatchObject({ automatic: false, suspended: why })
    expect(resumePatch(patched, gitopsState(patched)!)).toEqual({
      metadata: { annotations: { 'pilothouse.dev/suspended': null } },
      spec: { syncPolicy: { automated: { prune: true } } },
    })
    const flux = kustomization({}, {})
    expect(suspendPatch(flux, gitopsState(flux)!, why)['spec']).toEqual({ suspend: true })
    expect(resumePatch(flux, gitopsState(flux)!)['spec']).toEqual({ suspend: false })
  })

  test('each engine is asked in its own way', () => {
    const now = '2026-03-01T00:00:00Z'
    expect(actionPatch({ engine: 'flux' }, 'sync', now)).toEqual({
      metadata: { annotations: { 'reconcile.fluxcd.io/requestedAt': now } },
    })
    expect(actionPatch({ engine: 'argo-cd' }, 'refresh', now)).toEqual({
      metadata: { annotations: { 'argocd.argoproj.io/refresh': 'normal' } },
    })
    expect(Object.keys(actionPatch({ engine: 'argo-cd' }, 'sync', now))).toEqual(['operation'])
  })
})

test('namespaces, definitions, configuration, rights, services and others, workloads, routes, webhooks; sync waves first', () => {
  const object = (kind: string, wave?: string) => ({
    group: '',
    kind,
    value: wave === undefined ? {} : { metadata: { annotations: { 'argocd.argoproj.io/sync-wave': wave } } },
  })
  const given =
    'ValidatingWebhookConfiguration Ingress Deployment Certificate Service Role ConfigMap CustomResourceDefinition Namespace'
  const waves = inWaves(
    [...given.split(' ').map(kind => object(kind)), object('Job', '-1'), object('Secret')],
    each => each,
  )
  expect(waves.map(wave => wave.map(({ kind }) => kind))).toEqual([
    ['Job'],
    ['Namespace'],
    ['CustomResourceDefinition'],
    ['ConfigMap', 'Secret'],
    ['Role'],
    ['Certificate', 'Service'],
    ['Deployment'],
    ['Ingress'],
    ['ValidatingWebhookConfiguration'],
  ])
})

test('objects are applied in their namespace, without what only the server writes, in words that old servers take', () => {
  const service = {
    ...{ apiVersion: 'v1', kind: 'Service', status: {} },
    metadata: { name: 'web', creationTimestamp: null, resourceVersion: '1' },
    spec: { ports: [{ port: 80 }, { port: 53, protocol: 'UDP' }] },
  }
  expect(applicable(service, 'shop')).toEqual({
    ...{ apiVersion: 'v1', kind: 'Service' },
    metadata: { name: 'web', namespace: 'shop' },
    spec: {
      ports: [
        { port: 80, protocol: 'TCP' },
        { port: 53, protocol: 'UDP' },
      ],
    },
  })
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 's' },
    data: { a: 'eA==' },
    stringData: { b: 'ü' },
  }
  expect(applicable(secret, '')).toMatchObject({ data: { a: 'eA==', b: 'w7w=' } })
  const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { ports: [{ port: 1 }] } }
  expect(applicable(map, '')).toMatchObject({ data: { ports: [{ port: 1 }] } })
  const custom = { apiVersion: 'example.org/v1', kind: 'Thing', metadata: { name: 't' }, spec: { limits: { cpu: 1 } } }
  expect(applicable(custom, '')).toMatchObject({ spec: { limits: { cpu: 1 } } })
})

test('a set is the same on every machine, and is of those it made alone', () => {
  expect(setSeed('git@host.example:team/deploy.git', 'prod')).toBe(
    setSeed('https://ada@host.example/team/deploy', 'prod'),
  )
  expect(setSeed('https://host.example/a', 'prod')).not.toBe(setSeed('https://host.example/a', 'staging'))
  const own = asOwned({ metadata: { name: 'a', labels: { app: 'a' } } }, 'abc', 'prod')
  expect(isOwned(own, 'abc')).toBe(true)
  expect(isOwned(own, 'other')).toBe(false)
  const made = { metadata: { ...(own['metadata'] as JsonObject), ownerReferences: [{ uid: 'u' }] } }
  expect(isOwned(made, 'abc')).toBe(false)
})
