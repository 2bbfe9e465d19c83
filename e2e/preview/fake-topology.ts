import type { ResourceRef } from '../../shared/manifests/resource-ref.ts'
import type { Message, MessageKey } from '../../shared/messages/index.ts'
import type { Container, Topology, TopologyEdge, TopologyNode } from '../../shared/topology/topology.ts'

/** i18next gives a key that it does not know back as it is: text of the made-up core that no catalogue has. */
export const literal = (text: string): Message => ({ key: text as MessageKey })

export const environmentId = 'deploy/production'
export const head = '4be2a91f0c7d53e8816bb2f0a3d94c5e7f610b28'

const ref = (kind: string, name: string): ResourceRef => ({
  file: `${environmentId}/${name}.yaml`,
  kind,
  namespace: 'shop',
  name,
})

type Sketch = {
  readonly replicas?: number
  readonly kind?: 'Deployment' | 'StatefulSet' | 'DaemonSet'
  readonly image: string
  readonly port: number
  readonly env?: Record<string, string>
  readonly owner?: string
  readonly tier?: TopologyNode['tier']
  readonly max?: number
  readonly technology?: string
  readonly as?: TopologyNode['kind']
}

function container(name: string, sketch: Sketch): Container {
  return {
    name,
    image: sketch.image,
    init: false,
    ports: [{ name: sketch.port === 5432 || sketch.port === 6379 ? 'tcp' : 'http', port: sketch.port }],
    env: [
      ...Object.entries(sketch.env ?? {}).map(([key, value], index) => ({ name: key, value, line: 31 + index })),
      {
        name: 'LOG_LEVEL',
        value: 'info',
        from: { kind: 'configMap' as const, name: 'shared-settings', key: 'log-level' },
        line: 46,
      },
      { name: 'API_TOKEN', from: { kind: 'secret' as const, name: `${name}-token`, key: 'token' }, line: 51 },
    ],
    resources: {
      requests: { cpu: '100m', memory: '128Mi' },
      limits: { cpu: '500m', memory: '256Mi' },
    },
    probes: ['livenessProbe', 'readinessProbe'],
  }
}

function node(id: string, sketch: Sketch): TopologyNode {
  const kind = sketch.kind ?? 'Deployment'
  return {
    id,
    kind: sketch.as ?? 'service',
    workload: { kind, namespace: 'shop', name: id },
    ...(sketch.technology ? { technology: sketch.technology } : {}),
    file: `${environmentId}/${id}.yaml`,
    line: 1,
    resource: ref(kind, id),
    ...(kind === 'DaemonSet' ? {} : { replicas: sketch.replicas ?? 2 }),
    containers: [container(id, sketch)],
    labels: { app: id, 'app.kubernetes.io/part-of': 'shop' },
    services: [
      {
        resource: ref('Service', id),
        line: 58,
        type: 'ClusterIP',
        ports: [{ name: 'http', port: 80, targetPort: sketch.port }],
      },
    ],
    ...(sketch.max
      ? {
          autoscaler: {
            resource: ref('HorizontalPodAutoscaler', id),
            line: 74,
            min: sketch.replicas ?? 2,
            max: sketch.max,
          },
        }
      : {}),
    ...(sketch.owner ? { owner: sketch.owner } : {}),
    ...(sketch.tier ? { tier: sketch.tier } : {}),
  }
}

const image = (name: string, tag: string) => `registry.example.com/shop/${name}:${tag}`

const nodes: readonly TopologyNode[] = [
  node('cart', {
    image: image('cart', 'v2.9.0'),
    port: 7070,
    env: { REDIS_ADDR: 'redis-cart:6379' },
    owner: 'basket',
    tier: 'critical',
    replicas: 3,
  }),
  node('catalog', {
    image: image('catalog', 'v4.2.1'),
    port: 3550,
    env: { DATABASE_URL: 'postgres://catalog-db:5432/catalog' },
    owner: 'discovery',
    tier: 'standard',
    max: 12,
  }),
  node('catalog-db', {
    kind: 'StatefulSet',
    as: 'datastore',
    technology: 'postgresql',
    image: 'postgres:17.2',
    port: 5432,
    replicas: 1,
    owner: 'platform',
    tier: 'critical',
  }),
  node('checkout', {
    image: image('checkout', 'v3.14.2'),
    port: 5050,
    replicas: 3,
    max: 10,
    owner: 'payments',
    tier: 'critical',
    env: {
      CART_ADDR: 'cart:7070',
      PAYMENT_ADDR: 'payment:50051',
      SHIPPING_ADDR: 'shipping:50051',
      MAIL_ADDR: 'mail:8080',
      CURRENCY_ADDR: 'currency:7000',
      EVENTS_URL: 'nats://events:4222',
    },
  }),
  node('currency', { image: image('currency', 'v1.8.0'), port: 7000, owner: 'payments', tier: 'standard' }),
  node('events', {
    kind: 'StatefulSet',
    as: 'queue',
    technology: 'nats',
    image: 'nats:2.11.1',
    port: 4222,
    replicas: 3,
    owner: 'platform',
    tier: 'critical',
  }),
  node('gateway', {
    as: 'gateway',
    technology: 'envoy',
    image: 'envoyproxy/envoy:v1.34.0',
    port: 8080,
    replicas: 2,
    owner: 'platform',
    tier: 'critical',
    env: { FRONTEND: 'http://storefront:80' },
  }),
  node('mail', {
    image: image('mail', 'v1.1.7'),
    port: 8080,
    replicas: 1,
    owner: 'messaging',
    tier: 'best-effort',
    env: { SMTP_HOST: 'smtp.example.com:587' },
  }),
  node('payment', {
    image: image('payment', 'v5.0.3'),
    port: 50051,
    owner: 'payments',
    tier: 'critical',
    env: { PROVIDER_URL: 'https://api.payments.example.com', LEDGER_ADDR: 'ledger:9000' },
  }),
  node('recommendation', {
    image: image('recommendation', 'v0.31.0'),
    port: 8080,
    replicas: 1,
    owner: 'discovery',
    tier: 'best-effort',
    env: { CATALOG_ADDR: 'catalog:3550' },
  }),
  node('redis-cart', {
    as: 'datastore',
    technology: 'redis',
    image: 'redis:8.0-alpine',
    port: 6379,
    replicas: 1,
    owner: 'basket',
    tier: 'critical',
  }),
  node('shipping', { image: image('shipping', 'v2.2.0'), port: 50051, owner: 'logistics', tier: 'standard' }),
  node('storefront', {
    image: image('storefront', 'v7.5.0'),
    port: 8080,
    replicas: 4,
    max: 20,
    owner: 'web',
    tier: 'critical',
    env: {
      CART_ADDR: 'cart:7070',
      CATALOG_ADDR: 'catalog:3550',
      CHECKOUT_ADDR: 'checkout:5050',
      RECOMMENDATION_ADDR: 'recommendation:8080',
      CURRENCY_ADDR: 'currency:7000',
    },
  }),
  { id: 'api.payments.example.com', kind: 'external', services: [] },
  { id: 'smtp.example.com', kind: 'external', technology: 'smtp', services: [] },
]

function edge(
  from: string,
  to: string,
  protocol: string,
  variable: string,
  extra: Partial<TopologyEdge> = {},
): TopologyEdge {
  return {
    from,
    to,
    protocol,
    class: 'app',
    state: 'inferred',
    confidence: 0.9,
    rate: null,
    evidence: [{ kind: 'env', file: `${environmentId}/${from}.yaml`, line: 31, detail: `${variable}=${to}` }],
    ...extra,
  }
}

const edges: readonly TopologyEdge[] = [
  edge('cart', 'redis-cart', 'redis', 'REDIS_ADDR', { class: 'backing', confidence: 0.98 }),
  edge('catalog', 'catalog-db', 'postgresql', 'DATABASE_URL', { class: 'backing', confidence: 0.98 }),
  edge('checkout', 'cart', 'grpc', 'CART_ADDR', { state: 'observed', rate: 42 }),
  edge('checkout', 'currency', 'grpc', 'CURRENCY_ADDR'),
  edge('checkout', 'events', 'nats', 'EVENTS_URL', { class: 'backing', state: 'confirmed' }),
  edge('checkout', 'mail', 'http', 'MAIL_ADDR'),
  edge('checkout', 'payment', 'grpc', 'PAYMENT_ADDR', { state: 'observed', rate: 38 }),
  edge('checkout', 'shipping', 'grpc', 'SHIPPING_ADDR'),
  edge('gateway', 'storefront', 'http', 'FRONTEND', { class: 'ingress', state: 'observed', rate: 860 }),
  edge('mail', 'smtp.example.com', 'smtp', 'SMTP_HOST', { class: 'external' }),
  edge('payment', 'api.payments.example.com', 'https', 'PROVIDER_URL', { class: 'external', state: 'confirmed' }),
  edge('recommendation', 'catalog', 'grpc', 'CATALOG_ADDR', { confidence: 0.7 }),
  edge('storefront', 'cart', 'grpc', 'CART_ADDR', { state: 'observed', rate: 310 }),
  edge('storefront', 'catalog', 'grpc', 'CATALOG_ADDR', { state: 'observed', rate: 1240 }),
  edge('storefront', 'checkout', 'grpc', 'CHECKOUT_ADDR', { state: 'observed', rate: 44 }),
  edge('storefront', 'currency', 'grpc', 'CURRENCY_ADDR'),
  edge('storefront', 'recommendation', 'grpc', 'RECOMMENDATION_ADDR', { confidence: 0.8 }),
]

export const baseTopology: Topology = {
  environment: environmentId,
  revision: head,
  nodes,
  edges,
  components: [{ id: 'cart', nodes: nodes.map(each => each.id) }],
  findings: [
    {
      kind: 'dangling-reference',
      severity: 'error',
      message: {
        key: 'topology.danglingReferenceNear',
        params: { node: 'payment', host: 'ledger', where: 'LEDGER_ADDR', nearest: 'events' },
      },
      node: 'payment',
      file: `${environmentId}/payment.yaml`,
      line: 33,
    },
  ],
}

/** The text of a manifest, for the editor and the diff. */
export function manifest(each: TopologyNode, replicas = each.replicas, tag?: string): string {
  const main = each.containers?.[0]
  if (!main || !each.workload) return ''
  const port = main.ports[0]?.port ?? 8080
  const shown = tag ? main.image.replace(/:[^:]*$/, `:${tag}`) : main.image
  return `apiVersion: apps/v1
kind: ${each.workload.kind}
metadata:
  name: ${each.id}
  namespace: shop
  labels:
    app: ${each.id}
    app.kubernetes.io/part-of: shop
spec:
  replicas: ${replicas ?? 1} # sized for a weekday evening
  selector:
    matchLabels:
      app: ${each.id}
  template:
    metadata:
      labels:
        app: ${each.id}
    spec:
      serviceAccountName: ${each.id}
      containers:
        - name: ${each.id}
          image: ${shown}
          ports:
            - name: http
              containerPort: ${port}
          env:
${main.env
  .map(variable =>
    variable.from?.kind === 'secret'
      ? `            - name: ${variable.name}\n              valueFrom:\n                secretKeyRef:\n                  name: ${variable.from.name}\n                  key: ${variable.from.key}`
      : `            - name: ${variable.name}\n              value: "${variable.value ?? ''}"`,
  )
  .join('\n')}
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              cpu: 500m
              memory: 256Mi
          readinessProbe:
            httpGet:
              path: /healthz
              port: http
            periodSeconds: 10
---
apiVersion: v1
kind: Service
metadata:
  name: ${each.id}
  namespace: shop
spec:
  selector:
    app: ${each.id}
  ports:
    - name: http
      port: 80
      targetPort: ${port}
`
}

/** A large one, to see what many look like: `count` services in layers of twelve. */
export function largeTopology(count: number): Topology {
  const many = Array.from({ length: count }, (_, index) =>
    node(`service-${String(index).padStart(3, '0')}`, {
      image: image('svc', `v1.${index}.0`),
      port: 8080,
      replicas: 1 + (index % 5),
    }),
  )
  const calls = many.flatMap((each, index) =>
    [index * 2 + 1, index * 2 + 2, index + 7]
      .filter(to => to < count && to !== index)
      .map(to => edge(each.id, many[to]!.id, index % 3 === 0 ? 'http' : 'grpc', 'NEXT_ADDR')),
  )
  return { environment: environmentId, revision: head, nodes: many, edges: calls, components: [], findings: [] }
}
