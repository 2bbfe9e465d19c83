import type { Peer } from '../observation.ts'
import { type Dialect, peer } from './dialect.ts'
import { scraped, scrapedBy, scrapedPods } from './scraped.ts'

/**
 * Whom an Envoy cluster leads to, by the names control planes give: Istio's `outbound|8080||cart.shop.svc…`, Contour's
 * `shop/cart/80/da39…`, Envoy Gateway's `httproute/shop/cart/rule/0`, Consul's `cart.default.dc1.internal.…`, Emissary's
 * `cluster_cart_shop_shop`; else the name itself.
 */
export function peerOfCluster(name: string): Peer | null {
  if (/^(inbound\||prometheus_stats|agent$|xds|sds|self_admin|local_agent|BlackHole|Passthrough)/i.test(name))
    return null
  const istio = /^outbound(?:\||_\.)\d+(?:\||_\.).*?(?:\||_\.)(.+)$/.exec(name)
  if (istio) return peer([istio[1]])
  const route = /^(?:http|grpc|tcp|tls)route\/([^/]+)\/([^/]+)\//.exec(name)
  if (route) return peer([route[2]], route[1])
  const contour = /^([^/]+)\/([^/]+)\/[^/]+\/[0-9a-f]+$/.exec(name)
  if (contour) return peer([contour[2]], contour[1])
  const consul = /^([^.]+)\.([^.]+)\.[^.]+\.(?:internal|external)\./.exec(name)
  if (consul) return peer([consul[1]], consul[2] === 'default' ? undefined : consul[2])
  const words = /^cluster_(?:https?___)?(.+)$/.exec(name)?.[1]?.split('_') ?? []
  // Name, host and namespace run together: the longest beginning that is a name here is the one.
  return peer([name, ...words.map((_, cut) => words.slice(0, words.length - 1 - cut).join('-')).filter(Boolean)])
}

/** Envoy's own statistics of its upstream clusters, of gateways and of meshes that have no metrics of their own. */
export const envoy: Dialect = {
  id: 'envoy',
  name: 'Envoy',
  counters: [
    {
      metric: 'envoy_cluster_upstream_rq_total',
      unit: 'requests',
      where: [],
      by: [...scrapedBy, 'envoy_cluster_name', 'local_cluster'],
      pods: scrapedPods,
      failed: [{ metric: 'envoy_cluster_upstream_rq_xx', where: ['envoy_response_code_class="5"'] }],
      latency: { histogram: 'envoy_cluster_upstream_rq_time', unit: 'ms' },
      protocol: () => 'http',
      caller: labels => {
        const whose = scraped(labels)
        return peer([labels['local_cluster'], ...(whose?.names ?? [])], whose?.namespace)
      },
      callee: labels => peerOfCluster(labels['envoy_cluster_name'] ?? ''),
    },
  ],
}
