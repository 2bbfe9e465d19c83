import { expect, test } from 'vitest'
import { applyEdits } from '../../edits/apply-edits.ts'
import { readManifestFile } from '../../manifests/read-manifests.ts'
import { translate } from '../../messages/index.ts'
import { baseline } from './baseline.ts'
import { judgePolicies } from './judge-policies.ts'

const read = (...texts: readonly string[]) =>
  texts.flatMap((text, index) => readManifestFile(`${index}.yaml`, text).manifests)
/** The policies that a text breaks. */
const broken = (...texts: readonly string[]) => {
  const items = judgePolicies([], read(...texts))
  for (const { message } of items)
    for (const locale of ['en', 'zh'] as const) expect(translate(locale, message)).not.toContain('{{')
  return new Set(items.map(({ rule }) => rule))
}

/** A workload as a careful team writes it: it breaks nothing. */
const careful = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
  namespace: shop
  labels: { app.kubernetes.io/name: checkout }
spec:
  replicas: 3
  selector: { matchLabels: { app: checkout } }
  template:
    metadata: { labels: { app: checkout } }
    spec:
      serviceAccountName: checkout
      securityContext:
        runAsNonRoot: true
        seccompProfile: { type: RuntimeDefault }
      topologySpreadConstraints:
        - { maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: DoNotSchedule, labelSelector: { matchLabels: { app: checkout } } }
      initContainers:
        - name: migrate
          image: registry.example.org/checkout-migrate:4.2.0
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
      containers:
        - name: checkout
          image: registry.example.org/checkout:4.2.0
          ports: [{ name: http, containerPort: 8080 }]
          env:
            - { name: LOG_LEVEL, value: info }
            - { name: TOKEN_URL, value: https://id.example.org/token }
            - { name: DB_PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }
          readinessProbe: { httpGet: { path: /ready, port: http } }
          resources: { requests: { cpu: 100m, memory: 128Mi }, limits: { memory: 256Mi } }
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] }
      volumes: [{ name: tmp, emptyDir: {} }]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: checkout, namespace: shop }
spec: { minAvailable: 2, selector: { matchLabels: { app: checkout } } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: checkout, namespace: shop }
spec: { podSelector: { matchLabels: { app: checkout } }, ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }] }] }
`
const mesh = (more: string) => `${careful}---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: default, namespace: istio-system }
spec: { mtls: { mode: STRICT } }
---
${more}`
const gateway = (minimum: string) => `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: shop, namespace: shop }
spec:
  selector: { istio: ingressgateway }
  servers:
    - { port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example.org], tls: { httpsRedirect: true } }
    - { port: { number: 443, name: https, protocol: HTTPS }, hosts: [shop.example.org], tls: { mode: SIMPLE, credentialName: shop${minimum} } }
`
const rule = (mode: string) => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: checkout, namespace: shop }
spec: { host: checkout, trafficPolicy: { tls: { mode: ${mode} } } }
`

/** For each policy a manifest that keeps it and the same one breaking it. */
const cases: { readonly [policy: string]: readonly [keeps: string, breaks: string] } = {
  'no-privileged-container': [careful, careful.replace('allowPrivilegeEscalation: false\n', 'privileged: true\n')],
  'no-added-capabilities': [careful, careful.replace('NET_BIND_SERVICE', 'SYS_ADMIN')],
  'no-host-ports': [careful, careful.replace('containerPort: 8080', 'containerPort: 8080, hostPort: 80')],
  'no-host-namespaces': [careful, careful.replace('serviceAccountName: checkout', 'hostNetwork: true')],
  'no-host-path': [careful, careful.replace('emptyDir: {}', 'hostPath: { path: /var/run/docker.sock }')],
  'run-as-non-root': [careful, careful.replace('runAsNonRoot: true', 'runAsUser: 0')],
  'read-only-root-filesystem': [careful, careful.replace('readOnlyRootFilesystem: true\n', 'runAsUser: 1000\n')],
  'no-privilege-escalation': [careful, careful.replace('allowPrivilegeEscalation: false\n', 'runAsUser: 1000\n')],
  'drop-all-capabilities': [careful, careful.replace('drop: [ALL], add', 'drop: [NET_RAW], add')],
  'seccomp-profile': [careful, careful.replace('seccompProfile: { type: RuntimeDefault }', 'fsGroup: 1000')],
  'requests-and-limits': [careful, careful.replace(', limits: { memory: 256Mi }', '')],
  probes: [careful, careful.replace('readinessProbe', 'livenessProbe')],
  'no-secret-in-plain-text': [
    careful,
    careful.replace('valueFrom: { secretKeyRef: { name: db, key: password } }', 'value: hunter2'),
  ],
  'no-secret-manifest': [
    careful,
    `${careful}---\napiVersion: v1\nkind: Secret\nmetadata: { name: db, namespace: shop }\nstringData: { password: hunter2 }\n`,
  ],
  'no-removed-api': [careful, careful.replace('policy/v1\n', 'policy/v1beta1\n')],
  'disruption-budget': [
    careful,
    careful.replace(
      'minAvailable: 2, selector: { matchLabels: { app: checkout } }',
      'minAvailable: 2, selector: { matchLabels: { app: other } }',
    ),
  ],
  'spread-over-nodes': [careful, careful.replace('topologySpreadConstraints', 'tolerationsOfOld')],
  'network-policy': [
    careful,
    careful.replace(
      'spec: { podSelector: { matchLabels: { app: checkout } }',
      'spec: { podSelector: { matchLabels: { app: other } }',
    ),
  ],
  'mesh-is-strict': [mesh(rule('ISTIO_MUTUAL')), mesh(rule('DISABLE'))],
  'tls-1-3': [mesh(gateway(', minProtocolVersion: TLSV1_3')), mesh(gateway(''))],
}

test('every policy has a manifest that keeps it and one that breaks it', () => {
  expect(Object.keys(cases).sort()).toEqual(baseline.map(({ id }) => id).sort())
})
test.each(Object.entries(cases))('%s', (id, [keeps, breaks]) => {
  expect(breaks).not.toBe(keeps)
  expect([...broken(keeps)]).toEqual([])
  expect([...broken(breaks)]).toContain(id)
})

test('what was so before is not told again, and what got worse is', () => {
  const sloppy = careful.replace('runAsNonRoot: true', 'runAsUser: 0')
  const before = read(sloppy)
  expect(judgePolicies(before, before)).toEqual([])
  expect(judgePolicies(before, read(sloppy.replace('replicas: 3', 'replicas: 4')))).toEqual([])
  const worse = judgePolicies(before, read(sloppy.replace('emptyDir: {}', 'hostPath: { path: / }')))
  expect(worse.map(({ rule: id }) => id)).toEqual(['no-host-path'])
  // A policy that protected others goes away: they are told.
  const alone = judgePolicies(read(careful), read(careful.split('---\n').slice(0, 2).join('---\n')))
  expect(alone.map(({ rule: id }) => id)).toEqual(['network-policy'])
})

test('a violation names its line, and its fix puts it right', () => {
  const text = careful.replace('            allowPrivilegeEscalation: false\n', '')
  const [item] = judgePolicies([], read(text))
  expect(item).toMatchObject({ rule: 'no-privilege-escalation', verdict: 'pass', info: true, services: ['checkout'] })
  const line = text.split('\n').indexOf('          securityContext:') + 2
  expect(item?.evidence?.[0]).toMatchObject({ file: '0.yaml', line })
  const fixed = applyEdits(new Map([['0.yaml', text]]), [...(item?.fix ?? [])])
  expect([...broken(fixed.files.get('0.yaml') ?? '')]).toEqual([])
})
