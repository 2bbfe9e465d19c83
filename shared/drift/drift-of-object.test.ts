import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../manifests/manifest.ts'
import { adoptEdit } from './adopt-edits.ts'
import { carryLines } from './carry-lines.ts'
import { driftOfObject } from './drift-of-object.ts'
import { withoutHeld } from './without-held.ts'

const calm = { autoscaled: false, canaried: false }
const born = '2026-01-01T00:00:00Z'
const later = '2026-03-01T12:00:00Z'

/** Who holds what, as `managedFields` writes it. */
const held = (
  manager: string,
  operation: 'Apply' | 'Update',
  time: string,
  fieldsV1: JsonObject,
  subresource?: string,
): Json => ({
  ...{ manager, operation, time, apiVersion: 'apps/v1', fieldsType: 'FieldsV1', fieldsV1 },
  ...(subresource !== undefined && { subresource }),
})
const template = (fields: JsonObject): JsonObject => ({
  'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': fields } } } },
})

const desired: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' }, creationTimestamp: null },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        hostNetwork: false,
        containers: [
          {
            name: 'web',
            image: 'example.org/web:1',
            ports: [{ containerPort: 8080 }],
            env: [
              { name: 'A', value: '1' },
              { name: 'B', value: '2' },
            ],
            resources: { requests: { cpu: '1000m', memory: '0.5Gi' }, limits: { cpu: 2 } },
          },
        ],
      },
    },
  },
}

/** What the server makes of it, with what people and controllers did since. */
function live(
  change: (container: { [key: string]: Json }, spec: { [key: string]: Json }) => void,
  ...managers: Json[]
): JsonObject {
  const container: { [key: string]: Json } = {
    name: 'web',
    image: 'example.org/web:1',
    imagePullPolicy: 'IfNotPresent',
    ports: [{ containerPort: 8080, protocol: 'TCP' }],
    env: [
      { name: 'B', value: '2' },
      { name: 'A', value: '1' },
    ],
    resources: { requests: { cpu: '1', memory: '512Mi' }, limits: { cpu: '2' } },
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  }
  const spec: { [key: string]: Json } = {
    replicas: 3,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' }, creationTimestamp: null },
      spec: {
        containers: [container],
        ...{ dnsPolicy: 'ClusterFirst', restartPolicy: 'Always', schedulerName: 'default-scheduler' },
        ...{ securityContext: {}, terminationGracePeriodSeconds: 30 },
      },
    },
  }
  change(container, spec)
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      ...{ name: 'web', namespace: 'shop', uid: 'u', generation: 4, creationTimestamp: born },
      labels: { app: 'web' },
      annotations: { 'deployment.kubernetes.io/revision': '2' },
      managedFields: managers,
    },
    spec,
    status: { replicas: 3 },
  }
}

const told = (object: JsonObject, around = calm, applied: JsonObject | null = null) => {
  const { fields, others } = driftOfObject(desired, object, applied, around)
  return {
    fields: fields.map(({ drift }) => drift),
    others: others.map(({ drift: { field, holder } }) => [field, holder]),
  }
}

describe('what is no drift', () => {
  test('defaults, the order of named things, quantities, empty values, status and what the server keeps', () => {
    expect(told(live(() => {}))).toEqual({ fields: [], others: [] })
    expect(
      told(live(() => {}, held('kubectl-create', 'Update', born, { 'f:spec': {}, ...template({ '.': {} }) }))),
    ).toEqual({
      fields: [],
      others: [],
    })
  })

  test('values that are encrypted in Git, and a Secret written as text', () => {
    const secret = (over: JsonObject) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, ...over })
    const inCluster = secret({ type: 'Opaque', data: { a: btoa('x'), b: btoa('y') } })
    const drift = (object: JsonObject) => driftOfObject(object, inCluster, null, calm).fields.map(({ drift }) => drift)
    expect(drift(secret({ stringData: { a: 'x' }, data: { b: btoa('y') } }))).toEqual([])
    expect(drift(secret({ data: { a: 'ENC[AES256_GCM,data:x]', b: btoa('y') }, sops: { mac: 'x' } }))).toEqual([])
    const [changed] = drift(secret({ stringData: { a: 'other' }, data: { b: btoa('y') } }))
    expect(changed).toMatchObject({ field: 'data.a', state: 'changed', hidden: true })
    expect(JSON.stringify(changed)).not.toMatch(/other|eA==|b3RoZXI/)
  })

  test('what the server itself would make of Git’s word', () => {
    const is = live(container => {
      container['image'] = 'registry.example.org/web:1'
    })
    expect(told(is).fields.map(({ field }) => field)).toEqual(['spec.template.spec.containers[web].image'])
    // A webhook rewrites the registry: applying changes nothing.
    expect(told(is, calm, is).fields).toEqual([])
  })
})

describe('drift', () => {
  test('who changed what, and since when', () => {
    const is = live(
      container => {
        container['image'] = 'example.org/web:hotfix'
        container['env'] = [
          { name: 'B', value: '2' },
          { name: 'A', value: '9' },
          { name: 'DEBUG', value: 'true' },
        ]
      },
      held('argocd-controller', 'Apply', born, template({ 'f:image': {} })),
      held('kubectl-edit', 'Update', later, {
        ...template({
          'f:image': {},
          'f:env': { 'k:{"name":"A"}': { 'f:value': {} }, 'k:{"name":"DEBUG"}': { '.': {} } },
        }),
      }),
    )
    const { fields } = told(is)
    expect(fields.map(({ field, state, desired: was, live: now }) => [field, state, was, now])).toEqual([
      ['spec.template.spec.containers[web].image', 'changed', 'example.org/web:1', 'example.org/web:hotfix'],
      ['spec.template.spec.containers[web].env[A].value', 'changed', '1', '9'],
      ['spec.template.spec.containers[web].env[DEBUG]', 'extra', null, 'true'],
    ])
    for (const { by } of fields) expect(by).toEqual({ manager: 'kubectl-edit', since: later, sort: 'person' })
  })

  test('what Git took out and a client-side apply had brought is told; what nobody is known for is not', () => {
    const lastApplied = JSON.stringify({ metadata: { annotations: { old: 'x' } } })
    const object = live(() => {})
    const is = {
      ...object,
      metadata: {
        ...(object['metadata'] as JsonObject),
        annotations: { 'kubectl.kubernetes.io/last-applied-configuration': lastApplied, old: 'x', other: 'y' },
      },
    }
    expect(told(is).fields.map(({ field, state }) => [field, state])).toEqual([['metadata.annotations.old', 'extra']])
  })

  test('a field that is not live', () => {
    const is = live(container => {
      container['env'] = [{ name: 'A', value: '1' }]
    })
    expect(told(is).fields).toMatchObject([
      { field: 'spec.template.spec.containers[web].env[B]', state: 'missing', live: null },
    ])
  })
})

describe('what others hold', () => {
  const scaled = (...managers: Json[]) =>
    live(
      (_, spec) => {
        spec['replicas'] = 7
      },
      ...managers,
    )

  test.each([
    ['an autoscaler that Git or the cluster names', scaled(), { ...calm, autoscaled: true }, 'autoscaler'],
    [
      'the scale of a controller',
      scaled(held('kube-controller-manager', 'Update', later, { 'f:spec': { 'f:replicas': {} } }, 'scale')),
      calm,
      'autoscaler',
    ],
    ['KEDA', scaled(held('keda-operator', 'Update', later, { 'f:spec': { 'f:replicas': {} } })), calm, 'autoscaler'],
    ['the target of a canary', scaled(), { ...calm, canaried: true }, 'rollout'],
    [
      'some operator',
      scaled(held('shop-operator', 'Update', later, { 'f:spec': { 'f:replicas': {} } })),
      calm,
      'controller',
    ],
  ] as const)('%s', (_, is, around, holder) => {
    expect(told(is, around)).toEqual({ fields: [], others: [['spec.replicas', holder]] })
  })

  test('a person who scaled is no autoscaler', () => {
    const byHand = held('kubectl', 'Update', later, { 'f:spec': { 'f:replicas': {} } }, 'scale')
    expect(told(scaled(byHand)).fields).toMatchObject([
      { field: 'spec.replicas', by: { manager: 'kubectl', since: later } },
    ])
  })

  test('a restart by hand, an injected sidecar, a filled-in CA bundle, weights that a controller moves', () => {
    const is = live(
      (_, spec) => {
        const pod = spec['template'] as { [key: string]: JsonObject }
        pod['metadata'] = { labels: { app: 'web' }, annotations: { 'kubectl.kubernetes.io/restartedAt': later } }
        pod['spec'] = {
          ...pod['spec'],
          containers: [
            ...((pod['spec'] as JsonObject)['containers'] as Json[]),
            { name: 'istio-proxy', image: 'istio' },
          ],
        }
      },
      held('kubectl-rollout', 'Update', later, {
        'f:spec': { 'f:template': { 'f:metadata': { 'f:annotations': {} } } },
      }),
    )
    expect(told(is)).toEqual({
      fields: [],
      others: [
        ['spec.template.metadata.annotations[kubectl.kubernetes.io/restartedAt]', 'restart'],
        ['spec.template.spec.containers[istio-proxy]', 'injected'],
      ],
    })
    const route = (weights: readonly number[], managers: Json[] = []): JsonObject => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'web', managedFields: managers },
      spec: { http: [{ route: weights.map((weight, index) => ({ destination: { host: `web-${index}` }, weight })) }] },
    })
    const moved = route([80, 20], [held('rollouts-controller', 'Update', later, { 'f:spec': { 'f:http': {} } })])
    const { fields, others } = driftOfObject(route([100, 0]), moved, null, calm)
    expect([fields.length, others.map(({ drift }) => [drift.field, drift.holder])]).toEqual([
      0,
      [
        ['spec.http[0].route[0].weight', 'rollout'],
        ['spec.http[0].route[1].weight', 'rollout'],
      ],
    ])
    const hook = (caBundle: string): JsonObject => ({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'h' },
      webhooks: [{ name: 'a.example.org', clientConfig: { caBundle } }],
    })
    expect(driftOfObject(hook('Cg=='), hook('TFMt'), null, calm).others.map(({ drift }) => drift.holder)).toEqual([
      'certificates',
    ])
  })

  test('is left out of what is applied again', () => {
    const { others } = driftOfObject(desired, scaled(), null, { ...calm, autoscaled: true })
    const again = withoutHeld(desired, others)
    expect((again['spec'] as JsonObject)['replicas']).toBeUndefined()
    expect((again['spec'] as JsonObject)['selector']).toEqual({ matchLabels: { app: 'web' } })
    expect((desired['spec'] as JsonObject)['replicas']).toBe(3)
  })
})

test('each difference has the edit that makes Git say the same', () => {
  const resource = { file: 'web.yaml', kind: 'Deployment', namespace: 'shop', name: 'web' }
  const by = held('kubectl-edit', 'Update', later, {
    'f:spec': {
      'f:replicas': {},
      ...(template({ 'f:image': {}, 'f:ports': {}, 'f:env': { 'k:{"name":"C"}': { '.': {} } } })[
        'f:spec'
      ] as JsonObject),
    },
  })
  const is = live((container, spec) => {
    spec['replicas'] = 5
    container['image'] = 'example.org/web:2'
    container['env'] = [
      { name: 'A', value: '9' },
      { name: 'C', value: '3' },
    ]
  }, by)
  const { fields } = driftOfObject(desired, is, null, calm)
  expect(fields.map(judged => adoptEdit(resource, desired, judged))).toEqual([
    { kind: 'set-replicas', resource, replicas: 5 },
    { kind: 'set-image', resource, container: 'web', image: 'example.org/web:2' },
    {
      kind: 'set-field',
      resource,
      at: ['spec', 'template', 'spec', 'containers', 'web', 'env', 'A', 'value'],
      value: '9',
    },
    { kind: 'set-field', resource, at: ['spec', 'template', 'spec', 'containers', 'web', 'env', 'B'], value: null },
    {
      kind: 'set-item',
      resource,
      at: ['spec', 'template', 'spec', 'containers', 'web', 'env'],
      item: { name: 'C', value: '3' },
      present: true,
    },
  ])
  const password = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, data: { password: btoa('a') } }
  const [secret] = driftOfObject(password, { ...password, data: { password: btoa('b') } }, null, calm).fields
  expect(adoptEdit({ file: 's.yaml', kind: 'Secret', name: 's' }, password, secret!)).toBeNull()
})

test('lines are carried back over a change; those it wrote are its own', () => {
  const before = 'a\nb\nc\nd\n'
  const after = 'x\na\nB\nc\nd\ne\n'
  expect([...carryLines(before, after, [1, 2, 3, 4, 6])]).toEqual([
    [1, null],
    [2, 1],
    [3, null],
    [4, 3],
    [6, null],
  ])
})
