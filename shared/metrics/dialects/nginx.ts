import { type Dialect, firstOf, peer } from './dialect.ts'

/** Prometheus renames a label of the metric that its own scrape gives too. */
const own = (label: string): readonly string[] => [`exported_${label}`, label]

/** The NGINX Ingress controller (kubernetes.github.io/ingress-nginx, "Monitoring"): from an Ingress to its backends. */
export const nginx: Dialect = {
  id: 'nginx-ingress',
  name: 'NGINX Ingress',
  counters: [
    {
      metric: 'nginx_ingress_controller_requests',
      unit: 'requests',
      where: ['ingress!=""'],
      by: ['ingress', ...own('service'), ...own('namespace')],
      failed: [{ where: ['status=~"5.."'] }],
      latency: { histogram: 'nginx_ingress_controller_request_duration_seconds', unit: 's' },
      protocol: () => 'http',
      caller: labels => peer([labels['ingress']], firstOf(labels, own('namespace'))),
      callee: labels => peer([firstOf(labels, own('service'))], firstOf(labels, own('namespace'))),
    },
  ],
}
