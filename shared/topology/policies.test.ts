import { describe, expect, test } from 'vitest'
import { applyEdits } from '../edits/apply-edits.ts'
import { readManifestFile } from '../manifests/read-manifests.ts'
import { buildTopology } from './build-topology.ts'

const app = (name: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: shop}\nspec: {template: {metadata: {labels: {app: ${name}}}, spec: {serviceAccountName: ${name}, containers: [{name: m, image: acme/${name}:1}]}}}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\nspec: {selector: {app: ${name}}, ports: [{port: 80}]}\n---\n`
const all = ['web', 'cart', 'orders'].map(app).join('')
const object = (apiVersion: string, kind: string, name: string, spec: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\nspec: ${spec}\n---\n`
const build = (text: string) => buildTopology([readManifestFile('all.yaml', text)], { environment: '.', revision: '' })

describe('who may call whom, where a policy names both', () => {
  test.each<[string, string, string[]]>([
    [
      'NetworkPolicy that lists values',
      object(
        'networking.k8s.io/v1',
        'NetworkPolicy',
        'p',
        '{podSelector: {matchLabels: {app: cart}}, ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: In, values: [web, orders]}]}}]}]}',
      ),
      ['orders > cart', 'web > cart'],
    ],
    [
      'NetworkPolicy for egress, in a namespace by name',
      object(
        'networking.k8s.io/v1',
        'NetworkPolicy',
        'p',
        '{podSelector: {matchLabels: {app: web}}, egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}, podSelector: {matchLabels: {app: cart}}}]}]}',
      ),
      ['web > cart'],
    ],
    [
      'Istio, ambient',
      object(
        'security.istio.io/v1',
        'AuthorizationPolicy',
        'p',
        '{targetRefs: [{kind: Service, name: cart}], rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/web]}}]}]}',
      ),
      ['web > cart'],
    ],
    [
      'Istio, what is denied is no call',
      object(
        'security.istio.io/v1',
        'AuthorizationPolicy',
        'p',
        '{action: DENY, selector: {matchLabels: {app: cart}}, rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/web]}}]}]}',
      ),
      [],
    ],
    [
      'Istio Sidecar',
      object(
        'networking.istio.io/v1',
        'Sidecar',
        's',
        '{workloadSelector: {labels: {app: web}}, egress: [{hosts: ["./cart.shop.svc.cluster.local", "istio-system/*"]}]}',
      ),
      ['web > cart'],
    ],
    [
      'Cilium',
      object(
        'cilium.io/v2',
        'CiliumNetworkPolicy',
        'p',
        '{endpointSelector: {matchLabels: {app: cart}}, ingress: [{fromEndpoints: [{matchLabels: {"k8s:app": web, "k8s:io.kubernetes.pod.namespace": shop}}], toPorts: [{ports: [{port: "80"}]}]}], egress: [{toServices: [{k8sService: {serviceName: orders, namespace: shop}}]}]}',
      ),
      ['cart > orders', 'web > cart'],
    ],
    [
      'Calico',
      object(
        'projectcalico.org/v3',
        'NetworkPolicy',
        'p',
        `{selector: "app == 'cart'", ingress: [{action: Allow, source: {selector: "app == 'web'"}}, {action: Deny, source: {selector: "app == 'orders'"}}]}`,
      ),
      ['web > cart'],
    ],
    [
      'Linkerd',
      object('policy.linkerd.io/v1beta3', 'Server', 's', '{podSelector: {matchLabels: {app: cart}}, port: 80}') +
        object(
          'policy.linkerd.io/v1alpha1',
          'MeshTLSAuthentication',
          'm',
          '{identities: ["web.shop.serviceaccount.identity.linkerd.cluster.local"], identityRefs: [{kind: ServiceAccount, name: orders}]}',
        ) +
        object(
          'policy.linkerd.io/v1alpha1',
          'AuthorizationPolicy',
          'p',
          '{targetRef: {group: policy.linkerd.io, kind: Server, name: s}, requiredAuthenticationRefs: [{kind: MeshTLSAuthentication, name: m}]}',
        ),
      ['orders > cart', 'web > cart'],
    ],
    [
      'SMI',
      object(
        'access.smi-spec.io/v1alpha3',
        'TrafficTarget',
        't',
        '{destination: {kind: ServiceAccount, name: cart}, sources: [{kind: ServiceAccount, name: web}]}',
      ),
      ['web > cart'],
    ],
    [
      'Consul',
      object(
        'consul.hashicorp.com/v1alpha1',
        'ServiceIntentions',
        'i',
        '{destination: {name: cart}, sources: [{name: web, action: allow}, {name: orders, action: deny}, {name: "*", action: deny}]}',
      ),
      ['web > cart'],
    ],
  ])('%s', (_, policy, wanted) => {
    expect(build(all + policy).edges.map(edge => `${edge.from} > ${edge.to}`)).toEqual(wanted)
  })
})

test.each([
  [
    'a policy',
    object(
      'networking.k8s.io/v1',
      'NetworkPolicy',
      'p',
      '{podSelector: {matchLabels: {app: order}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}',
    ),
  ],
  [
    'a Service',
    'apiVersion: v1\nkind: Service\nmetadata: {name: x, namespace: shop}\nspec: {selector: {app: order}, ports: [{port: 80}]}\n',
  ],
])('a selector of %s that misses by a letter is told with the edit that mends it', (_, text) => {
  const missed = (manifests: string) =>
    build(manifests).findings.filter(finding => finding.kind === 'selector-selects-nothing')
  const [finding] = missed(all + text)
  expect(finding?.message.params).toMatchObject({ nearest: 'app=orders' })
  const { files } = applyEdits(new Map([['all.yaml', all + text]]), finding!.fix!)
  expect(files.get('all.yaml')).toContain(text.replace('app: order}', 'app: orders}').trim())
  expect(missed(files.get('all.yaml')!)).toEqual([])
})
