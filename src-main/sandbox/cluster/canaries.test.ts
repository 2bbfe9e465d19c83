import { expect, test } from 'vitest'
import { listAt, textAt, valueAt } from '../../../shared/manifests/manifest.ts'
import { readRollout } from '../../../shared/rollouts/read-rollout.ts'
import { createMetricsWorld } from '../metrics/metrics-world.ts'
import { serveCluster } from './serve-cluster.ts'
import { versionsIn } from './traffic-versions.ts'

const start = Date.UTC(2026, 10, 20, 9)
const deployment = (image: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'risk', namespace: 'default' },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'risk' } },
    template: { metadata: { labels: { app: 'risk' } }, spec: { containers: [{ name: 'risk', image }] } },
  },
})
const canary = {
  apiVersion: 'flagger.app/v1beta1',
  kind: 'Canary',
  metadata: { name: 'risk', namespace: 'default' },
  spec: {
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'risk' },
    service: { port: 80 },
    analysis: {
      interval: '10s',
      threshold: 2,
      maxWeight: 40,
      stepWeight: 20,
      metrics: [
        {
          name: 'answers',
          interval: '1m',
          thresholdRange: { min: 95 },
          query:
            '100 * sum(rate(istio_requests_total{destination_workload="{{ target }}",grpc_response_status="0"}[{{ interval }}])) / sum(rate(istio_requests_total{destination_workload="{{ target }}"}[{{ interval }}]))',
        },
      ],
    },
  },
}

test('a Canary goes up in weights and is promoted; one that answers badly is rolled back', async () => {
  const world = createMetricsWorld()
  await using cluster = await serveCluster({
    startAt: start,
    metrics: query => {
      const value = world.ask(query, start)
      return typeof value === 'number' ? [value] : value.map(sample => sample.value)
    },
  })
  const { state, simulation } = cluster
  world.setVersions(versionsIn(state, 'default', () => false))
  const put = (group: string, object: ReturnType<typeof deployment> | typeof canary) =>
    state.writer.patch(
      state.kind(group, object.kind),
      { namespace: 'default', name: object.metadata.name },
      'apply',
      object,
      { manager: 'test', force: true },
    )
  const live = () => state.store.get(state.kind('flagger.app', 'Canary'), 'default', 'risk')!
  const weights = () => {
    const route = state.store.get(state.kind('networking.istio.io', 'VirtualService'), 'default', 'risk')!
    return listAt(route, 'spec', 'http', 0, 'route').map(each => valueAt(each, ['weight']))
  }
  const image = (name: string) => {
    const found = state.store.get(state.kind('apps', 'Deployment'), 'default', name)!
    return `${textAt(found, 'spec', 'template', 'spec', 'containers', 0, 'image')} ${textAt(found, 'spec', 'replicas')}`
  }
  const seen: string[] = []
  state.store.subscribe(({ kind, object }) => {
    const phase = `${textAt(object, 'status', 'phase')} ${textAt(object, 'status', 'canaryWeight') ?? ''}`
    if (kind.kind === 'Canary' && seen.at(-1) !== phase) seen.push(phase)
  })
  put('apps', deployment('risk:1'))
  put('flagger.app', canary)
  simulation.advance(20_000)
  expect([image('risk'), image('risk-primary')]).toEqual(['risk:1 0', 'risk:1 2'])

  put('apps', { ...deployment('risk:2'), spec: { ...deployment('risk:2').spec, replicas: 0 } })
  simulation.advance(15_000)
  expect(live()).toMatchObject({ status: { phase: 'Progressing', canaryWeight: 20 } })
  expect(weights()).toEqual([80, 20])
  expect(readRollout(live())).toMatchObject({ phase: 'Progressing', weight: 20, step: 1, steps: 2 })
  simulation.advance(60_000)
  expect(live()).toMatchObject({ status: { phase: 'Succeeded', canaryWeight: 0 } })
  expect([image('risk'), image('risk-primary')]).toEqual(['risk:2 0', 'risk:2 2'])

  put('apps', { ...deployment('risk:3-errors'), spec: { ...deployment('risk:3-errors').spec, replicas: 0 } })
  simulation.advance(90_000)
  expect(live()).toMatchObject({ status: { phase: 'Failed', canaryWeight: 0, failedChecks: 0 } })
  expect([image('risk-primary'), weights()]).toEqual(['risk:2 2', [100, 0]])
  expect(seen.filter(phase => !phase.startsWith('undefined'))).toEqual([
    'Initializing 0',
    'Initialized 0',
    'Progressing 0',
    'Progressing 20',
    'Progressing 40',
    'Promoting 0',
    'Finalising 0',
    'Succeeded 0',
    'Progressing 0',
    'Progressing 20',
    'Failed 0',
  ])
})
