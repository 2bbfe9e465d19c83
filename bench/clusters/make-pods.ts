import type { LiveObject } from '../../shared/health/health.ts'
import type { Cluster } from '../../src-main/needs/cluster.ts'

/** A Pod as a Deployment's Pods are in size: labels, variables, probes, a volume, and a status with conditions. */
export const makePod = (name: string, namespace: string): LiveObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    ...{ name, namespace },
    labels: { app: name.replace(/-\d+$/, ''), 'app.kubernetes.io/part-of': 'shop', version: 'v1' },
    annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090', checksum: 'f'.repeat(64) },
  },
  spec: {
    containers: ['web', 'proxy'].map(container => ({
      ...{ name: container, image: `registry.example.org/shop/${container}:1.2.3` },
      ports: [{ containerPort: 8080, protocol: 'TCP', name: 'http' }],
      env: Array.from({ length: 12 }, (_, index) => ({ name: `SETTING_${index}`, value: `value of setting ${index}` })),
      resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '1', memory: '512Mi' } },
      readinessProbe: { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 5 },
      livenessProbe: { httpGet: { path: '/livez', port: 8080 }, periodSeconds: 10 },
    })),
  },
})

/** Creates Pods, so many at a time. */
export async function createPods(
  cluster: Cluster,
  names: readonly string[],
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  const waiting = [...names]
  const worker = async (): Promise<void> => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop())
      await cluster.create(makePod(name, namespace), {}, signal)
  }
  await Promise.all(Array.from({ length: 16 }, worker))
}
