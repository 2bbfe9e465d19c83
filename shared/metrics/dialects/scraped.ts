import type { Peer } from '../observation.ts'
import type { Labels } from '../promql.ts'
import { firstOf, peer } from './dialect.ts'

const workloads = [
  'deployment',
  'statefulset',
  'daemonset',
  'workload',
  'k8s_deployment_name',
  'app',
  'app_kubernetes_io_name',
]
const namespaces = [
  'exported_namespace',
  'namespace',
  'kubernetes_namespace',
  'k8s_namespace_name',
  'service_namespace',
]
const others = ['exported_service', 'service_name', 'service', 'exported_job', 'job', 'container']
const pods = ['pod', 'kubernetes_pod_name', 'k8s_pod_name']

/** Labels that may say whose metrics these are: what the scrape adds, and what OpenTelemetry's resources become. */
export const scrapedBy: readonly string[] = [...workloads, ...pods, ...others, ...namespaces]
export const scrapedPods: readonly string[] = pods

/** Whose metrics these are. A job may be `namespace/name`. */
export function scraped(labels: Labels): Peer | null {
  const names = [...workloads, ...pods, ...others].map(name => labels[name])
  return peer(
    names.map(name => name?.slice(name.lastIndexOf('/') + 1)),
    firstOf(labels, namespaces) ?? firstOf(labels, ['exported_job', 'job'])?.match(/^([^/]+)\//)?.[1],
  )
}
