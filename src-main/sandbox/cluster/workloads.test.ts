import { expect, test } from 'vitest'
import { assessHealth } from '../../../shared/health/assess-health.ts'
import { type JsonObject, listAt, textAt, valueAt } from '../../../shared/manifests/manifest.ts'
import { lastWords } from './pod-log.ts'
import { serveCluster } from './serve-cluster.ts'

const start = Date.UTC(2026, 10, 20, 9)

async function begin() {
  const cluster = await serveCluster({ startAt: start })
  const { state, simulation } = cluster
  const { world } = simulation
  const pods = () => world.list('/Pod', 'default')
  return {
    cluster,
    world,
    state,
    advance: (ms: number) => simulation.advance(ms),
    pods,
    /** Pods by name without their random ends, each with why it does not run or how many restarts it had. */
    told: () =>
      pods()
        .map(pod => {
          const [status] = listAt(pod, 'status', 'containerStatuses')
          const waiting =
            textAt(status, 'state', 'waiting', 'reason') ??
            textAt(listAt(pod, 'status', 'conditions')[0], 'reason') ??
            textAt(pod, 'status', 'phase')
          return `${textAt(pod, 'metadata', 'labels', 'app')} ${waiting} ${textAt(status, 'restartCount') ?? '-'}`
        })
        .sort(),
  }
}
const workload = (kind: string, name: string, image: string, more: JsonObject = {}, container: JsonObject = {}) => ({
  metadata: { name, namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: { ...(kind === 'Job' && { restartPolicy: 'Never' }), containers: [{ name: 'main', image, ...container }] },
    },
    ...more,
  },
})

test('a Pod that does not run says why, as a kubelet or a scheduler says it', async () => {
  const { cluster, world, advance, told, pods } = await begin()
  await using _ = cluster
  const make = (name: string, image: string, container: JsonObject = {}) =>
    world.create('apps/Deployment', workload('Deployment', name, image, {}, container), 'test')
  make('typo', 'x/typo:1-missing')
  make('crash', 'x/crash:1-crash')
  make('oom', 'x/oom:1-oom')
  make('deaf', 'x/deaf:1-unready', { readinessProbe: { httpGet: { path: '/', port: 80 } } })
  make('big', 'x/big:1', { resources: { requests: { cpu: '9' } } })
  advance(5000)
  expect(told()).toEqual([
    'big Unschedulable -',
    'crash CrashLoopBackOff 1',
    'deaf Running 0',
    'oom CrashLoopBackOff 1',
    'typo ImagePullBackOff 0',
  ])
  const big = pods().find(pod => textAt(pod, 'metadata', 'labels', 'app') === 'big')!
  expect(textAt(big, 'status', 'conditions', 0, 'message')).toMatch(/^0\/3 nodes are available: 3 Insufficient cpu\./)
  advance(60_000)
  const oom = pods().find(pod => textAt(pod, 'metadata', 'labels', 'app') === 'oom')!
  expect(valueAt(oom, ['status', 'containerStatuses', 0, 'lastState', 'terminated'])).toMatchObject({
    reason: 'OOMKilled',
    exitCode: 137,
  })
  expect(Number(textAt(oom, 'status', 'containerStatuses', 0, 'restartCount'))).toBe(3)
  expect(lastWords(oom, 'main')).toHaveLength(2)
  const warnings = world.list('/Event', 'default').filter(event => textAt(event, 'type') === 'Warning')
  expect(new Set(warnings.map(event => textAt(event, 'reason')))).toEqual(
    new Set(['BackOff', 'Failed', 'FailedScheduling', 'Unhealthy']),
  )
  advance(600_000)
  expect(assessHealth(world.get('apps/Deployment', 'default', 'typo')!)).toMatchObject({ health: 'Degraded' })
})

test('workloads roll: never fewer than may be missing, one after another where they have numbers', async () => {
  const { cluster, world, advance, pods } = await begin()
  await using _ = cluster
  world.create('apps/Deployment', workload('Deployment', 'web', 'web:1', { replicas: 4 }), 'test')
  world.create('apps/StatefulSet', workload('StatefulSet', 'db', 'db:1', { replicas: 3, serviceName: 'db' }), 'test')
  world.create('apps/DaemonSet', workload('DaemonSet', 'agent', 'agent:1'), 'test')
  world.create('batch/Job', workload('Job', 'migrate', 'migrate:1', { completions: 2 }), 'test')
  world.create(
    '/Service',
    { metadata: { name: 'web', namespace: 'default' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } },
    'test',
  )
  world.create(
    'autoscaling/HorizontalPodAutoscaler',
    {
      metadata: { name: 'web', namespace: 'default' },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
        minReplicas: 5,
        maxReplicas: 9,
      },
    },
    'test',
  )
  advance(30_000)
  const healthOf = (kind: string, name: string) => assessHealth(world.get(kind, 'default', name)!).health
  const all = () => [
    healthOf('apps/Deployment', 'web'),
    healthOf('apps/StatefulSet', 'db'),
    healthOf('apps/DaemonSet', 'agent'),
    healthOf('batch/Job', 'migrate'),
  ]
  expect(all()).toEqual(['Healthy', 'Healthy', 'Healthy', 'Healthy'])
  const available = () => Number(textAt(world.get('apps/Deployment', 'default', 'web'), 'status', 'availableReplicas'))
  expect(available()).toBe(5)
  expect(listAt(world.get('/Endpoints', 'default', 'web'), 'subsets', 0, 'addresses')).toHaveLength(5)

  let least = Number.POSITIVE_INFINITY
  const unwatch = cluster.state.store.subscribe(({ kind, object }) => {
    if (kind.kind === 'Deployment' && textAt(object, 'status', 'availableReplicas') !== undefined)
      least = Math.min(least, Number(textAt(object, 'status', 'availableReplicas')))
  })
  for (const [kind, name] of [
    ['Deployment', 'web'],
    ['StatefulSet', 'db'],
    ['DaemonSet', 'agent'],
  ] as const)
    cluster.state.writer.patch(
      cluster.state.kind('apps', kind),
      { namespace: 'default', name },
      'strategic',
      { spec: { template: { spec: { containers: [{ name: 'main', image: `${name}:2` }] } } } },
      { manager: 'kubectl' },
    )
  advance(60_000)
  unwatch()
  expect(least).toBe(4)
  expect(all()).toEqual(['Healthy', 'Healthy', 'Healthy', 'Healthy'])
  const images = pods().map(pod => textAt(pod, 'spec', 'containers', 0, 'image'))
  expect(images.filter(image => image?.endsWith(':2'))).toHaveLength(5 + 3 + 3)

  // What only it owned goes with it; an orphan stays.
  const deployments = cluster.state.kind('apps', 'Deployment')
  cluster.state.writer.delete(deployments, { namespace: 'default', name: 'web' }, { propagation: 'Foreground' })
  advance(5000)
  expect(world.list('apps/ReplicaSet', 'default')).toEqual([])
  expect(pods().some(pod => textAt(pod, 'metadata', 'labels', 'app') === 'web')).toBe(false)
  expect(world.get('apps/Deployment', 'default', 'web')).toBe(undefined)
  cluster.state.writer.delete(
    cluster.state.kind('apps', 'StatefulSet'),
    { namespace: 'default', name: 'db' },
    { propagation: 'Orphan' },
  )
  advance(5000)
  expect(pods().filter(pod => textAt(pod, 'metadata', 'labels', 'app') === 'db')).toHaveLength(3)
  world.create('/Namespace', { metadata: { name: 'gone' } }, 'test')
  world.create('/ConfigMap', { metadata: { name: 'a', namespace: 'gone' } }, 'test')
  cluster.state.writer.delete(cluster.state.kind('', 'Namespace'), { namespace: '', name: 'gone' }, {})
  advance(5000)
  expect(world.get('/Namespace', '', 'gone')).toBe(undefined)
})
