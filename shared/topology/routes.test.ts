import { describe, expect, test } from 'vitest'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { buildTopology } from './build-topology.ts'

const service = (name: string, port = 80) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec: {template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: m, image: acme/${name}:1}]}}}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: {selector: {app: ${name}}, ports: [{port: ${port}}]}\n---\n`
const all = ['web', 'cart', 'orders', 'auth'].map(name => service(name)).join('')
const object = (apiVersion: string, kind: string, name: string, spec: string, metadata = '') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}${metadata}}\nspec: ${spec}\n---\n`
const edges = (...objects: string[]) => {
  const topology = buildTopology([readManifestFile('all.yaml', all + objects.join(''))], {
    environment: '.',
    revision: '',
  })
  return topology.edges.map(edge => `${edge.from} > ${edge.to} ${edge.protocol}`)
}

describe('routes lead where their kind says', () => {
  test.each<[string, string, string[]]>([
    [
      'Ingress: every backend, and who is asked first',
      object(
        'networking.k8s.io/v1',
        'Ingress',
        'in',
        '{defaultBackend: {service: {name: web, port: {number: 80}}}, rules: [{http: {paths: [{path: /c, backend: {service: {name: cart, port: {name: http}}}}]}}]}',
        ', annotations: {nginx.ingress.kubernetes.io/auth-url: "http://auth.default.svc.cluster.local/check"}',
      ),
      ['in > auth http', 'in > cart http', 'in > web http'],
    ],
    [
      'Ingress of AWS with actions',
      object(
        'networking.k8s.io/v1',
        'Ingress',
        'in',
        '{rules: [{http: {paths: [{path: /, backend: {service: {name: split, port: {name: use-annotation}}}}]}}]}',
        `, annotations: {alb.ingress.kubernetes.io/actions.split: '{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"web","servicePort":"80"},{"serviceName":"cart","servicePort":"80"}]}}'}`,
      ),
      ['in > cart http', 'in > web http'],
    ],
    [
      'GRPCRoute and TCPRoute',
      object('gateway.networking.k8s.io/v1', 'Gateway', 'gw', '{listeners: []}') +
        object(
          'gateway.networking.k8s.io/v1',
          'GRPCRoute',
          'g',
          '{parentRefs: [{name: gw}], rules: [{backendRefs: [{name: cart, port: 80}]}]}',
        ) +
        object(
          'gateway.networking.k8s.io/v1alpha2',
          'TCPRoute',
          't',
          '{parentRefs: [{name: gw}], rules: [{backendRefs: [{name: orders, port: 80}]}]}',
        ),
      ['gw > cart grpc', 'gw > orders http'],
    ],
    [
      'a mirror',
      object(
        'gateway.networking.k8s.io/v1',
        'HTTPRoute',
        'r',
        '{parentRefs: [{name: gw}], rules: [{backendRefs: [{name: web, port: 80}], filters: [{type: RequestMirror, requestMirror: {backendRef: {name: cart, port: 80}}}]}]}',
      ),
      ['gw > cart http', 'gw > web http'],
    ],
    [
      'VirtualService that hands on',
      object(
        'networking.istio.io/v1',
        'VirtualService',
        'v',
        '{hosts: ["*"], gateways: [gw], http: [{delegate: {name: part}}, {route: [{destination: {host: web}}], mirror: {host: orders}}]}',
      ) +
        object(
          'networking.istio.io/v1',
          'VirtualService',
          'part',
          '{http: [{route: [{destination: {host: cart.default.svc.cluster.local}}]}]}',
        ),
      ['gw > cart http', 'gw > orders http', 'gw > web http'],
    ],
    [
      'Traefik',
      object(
        'traefik.io/v1alpha1',
        'IngressRoute',
        't',
        '{routes: [{match: "Host(`a.acme.com`)", kind: Rule, services: [{name: web, port: 80}, {name: split, kind: TraefikService}]}]}',
      ) +
        object(
          'traefik.io/v1alpha1',
          'TraefikService',
          'split',
          '{weighted: {services: [{name: cart, port: 80, weight: 1}, {name: orders, port: 80}]}}',
        ),
      ['t > cart http', 't > orders http', 't > web http'],
    ],
    [
      'Traefik over TCP',
      object(
        'traefik.containo.us/v1alpha1',
        'IngressRouteTCP',
        't',
        '{routes: [{match: "HostSNI(`*`)", services: [{name: cart, port: 80}]}]}',
      ),
      ['t > cart http'],
    ],
    [
      'Contour, with what is included',
      object(
        'projectcontour.io/v1',
        'HTTPProxy',
        'root',
        '{virtualhost: {fqdn: a.acme.com}, includes: [{name: part}], routes: [{services: [{name: web, port: 80}]}]}',
      ) + object('projectcontour.io/v1', 'HTTPProxy', 'part', '{routes: [{services: [{name: cart, port: 80}]}]}'),
      ['root > cart http', 'root > web http'],
    ],
    [
      'Emissary',
      object(
        'getambassador.io/v3alpha1',
        'Mapping',
        'm',
        '{hostname: "*", prefix: /, service: "http://cart.default:80"}',
      ),
      ['m > cart http'],
    ],
    [
      'APISIX',
      object(
        'apisix.apache.org/v2',
        'ApisixRoute',
        'a',
        '{http: [{name: x, match: {hosts: [a.acme.com]}, backends: [{serviceName: cart, servicePort: 80}]}]}',
      ),
      ['a > cart http'],
    ],
    [
      'NGINX VirtualServer',
      object(
        'k8s.nginx.org/v1',
        'VirtualServer',
        'vs',
        '{host: a.acme.com, upstreams: [{name: x, service: cart, port: 80}, {name: z, service: web, port: 80}]}',
      ),
      ['vs > cart http', 'vs > web http'],
    ],
    [
      'OpenShift',
      object(
        'route.openshift.io/v1',
        'Route',
        'o',
        '{host: a.acme.com, to: {kind: Service, name: web}, alternateBackends: [{kind: Service, name: cart}]}',
      ),
      ['o > cart http', 'o > web http'],
    ],
    [
      'Kong over TCP',
      object(
        'configuration.konghq.com/v1beta1',
        'TCPIngress',
        'k',
        '{rules: [{port: 9000, backend: {serviceName: cart, servicePort: 80}}]}',
      ),
      ['k > cart http'],
    ],
    [
      'Gloo',
      object(
        'gateway.solo.io/v1',
        'VirtualService',
        'g',
        '{virtualHost: {domains: ["*"], routes: [{routeAction: {single: {kube: {ref: {name: cart, namespace: x}, port: 80}}}}]}}',
      ),
      ['g > cart http'],
    ],
    [
      'AWS',
      object('elbv2.k8s.aws/v1beta1', 'TargetGroupBinding', 'b', '{serviceRef: {name: web, port: 80}}'),
      ['b > web http'],
    ],
    [
      'weights of a rollout are no calls',
      object('argoproj.io/v1alpha1', 'AnalysisTemplate', 'x', '{args: []}') +
        object('networking.istio.io/v1', 'DestinationRule', 'd', '{host: cart, subsets: [{name: v1}]}'),
      [],
    ],
  ])('%s', (_, objects, wanted) => {
    expect(edges(objects)).toEqual(wanted)
  })
})
