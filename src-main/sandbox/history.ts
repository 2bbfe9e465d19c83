import type { Rationale } from '../../shared/decisions/decision.ts'
import type { Edit } from '../../shared/edits/edit.ts'
import type { ResourceRef } from '../../shared/manifests/resource-ref.ts'

/** A change of one decision: a typed edit, or a passage of a file that is written anew (or the file itself). */
export type SandboxChange =
  | Edit
  | { readonly kind: 'replace-text'; readonly file: string; readonly from: string; readonly to: string }
  | { readonly kind: 'append-text'; readonly file: string; readonly text: string }

/** One decision of the sandbox's past. */
export type SandboxDecision = Rationale & {
  /** Days before now, and time of day where its author sits. */
  readonly daysAgo: number
  readonly at: `${number}:${number}`
  readonly author: keyof typeof people
  /** Index of the decision that this one takes back. */
  readonly reverts?: number
  readonly changes: readonly SandboxChange[]
}

/** Invented, on a name that RFC 2606 keeps free for examples. `offset` in minutes east of UTC. */
export const people = {
  ines: { name: 'Inês Duarte', email: 'ines@payments.example', offset: 0 },
  tomasz: { name: 'Tomasz Król', email: 'tomasz@payments.example', offset: 60 },
  mei: { name: '陈美琳', email: 'mei@payments.example', offset: 480 },
  daniel: { name: 'Daniel Okafor', email: 'daniel@payments.example', offset: 60 },
} as const

export const environment = 'deploy/production'

const at = (file: string, kind: string, name: string): ResourceRef => ({
  file: `${environment}/${file}.yaml`,
  kind,
  namespace: 'payments',
  name,
})
const gateway = at('gateway', 'Deployment', 'gateway')
const auth = at('auth', 'Deployment', 'auth')
const orders = at('orders', 'Deployment', 'orders')
const risk = at('risk', 'Deployment', 'risk')
const ledger = at('ledger', 'StatefulSet', 'ledger')
const next = at('recommendation', 'Deployment', 'recommendation-next')

/** How the platform came in, as plain commits: not every commit is a decision. */
export const beginnings = [
  {
    daysAgo: 41,
    at: '10:12',
    author: 'tomasz',
    message: 'Move the manifests out of the old monorepo\n\nAs they run today; nothing is changed on the way.\n',
    only: (path: string) => !path.startsWith('.pilothouse/') && path !== 'pilothouse.yaml',
  },
  {
    daysAgo: 39,
    at: '16:40',
    author: 'ines',
    message: 'Say who owns what, and where the two sites are\n',
    only: () => true,
  },
] as const

const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ledger
  namespace: payments
spec:
  podSelector:
    matchLabels:
      app: ledger
  policyTypes: ["Ingress"]
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app: orders
      ports:
        - port: 9090
`

const tillSync = (site: string) => `---
# Takes payments while the line is down, and hands them in when it is back.
apiVersion: pilothouse.dev/v1alpha1
kind: EdgeService
metadata:
  name: till-${site}
spec:
  node: ${site}
  version: 0.9.4
  artifact:
    path: services/till/till
  env:
    - name: GATEWAY_URL
      value: https://pay.payments.example
    - name: OFFLINE_LIMIT_CENTS
      value: "5000"
  unit:
    cpuAffinity: 2-3
    memoryMax: 128M
    restart: always
  slo:
    schedulingLatencyP99: 5000
`

const inSteps = `  strategy:
    canary:
      stableService: auth-stable
      canaryService: auth-canary
      trafficRouting:
        plugins:
          argoproj-labs/gatewayAPI: {httpRoute: auth, namespace: payments}
      steps:
      - setWeight: 20
      - analysis:
          templates: [{templateName: good-answers}]
          args:
          - {name: service, value: auth}
          - name: revision
            valueFrom: {podTemplateHashValue: Latest}
      - pause: {}
      - setWeight: 50
      - pause: {duration: 20s}
`

const bothSides = `---
apiVersion: v1
kind: Service
metadata:
  name: auth-stable
  namespace: payments
spec:
  selector: {app: auth}
  ports:
  - port: 8080
    appProtocol: http
---
apiVersion: v1
kind: Service
metadata:
  name: auth-canary
  namespace: payments
spec:
  selector: {app: auth}
  ports:
  - port: 8080
    appProtocol: http
---
# Who answers when auth is called; the Rollout moves the weights.
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: auth
  namespace: payments
spec:
  parentRefs:
  - kind: Service
    group: ""
    name: auth
    port: 8080
  rules:
  - backendRefs:
    - name: auth-stable
      port: 8080
      weight: 100
    - name: auth-canary
      port: 8080
      weight: 0
---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata:
  name: good-answers
  namespace: payments
spec:
  args:
  - name: service
  - name: revision
  metrics:
  - name: success-rate
    interval: 3s
    count: 4
    failureLimit: 1
    successCondition: result[0] >= 0.95
    provider:
      prometheus:
        address: http://prometheus.monitoring:9090
        query: |
          sum(rate(istio_requests_total{
            destination_workload="{{args.service}}", rollouts_pod_template_hash="{{args.revision}}", response_code!~"5.."
          }[1m])) /
          sum(rate(istio_requests_total{
            destination_workload="{{args.service}}", rollouts_pod_template_hash="{{args.revision}}"
          }[1m]))
`

/** Oldest first. */
export const history: readonly SandboxDecision[] = [
  {
    daysAgo: 36,
    at: '09:48',
    author: 'ines',
    title: 'run four gateways before the settlement weekend',
    why: 'At the last settlement weekend the two gateways stood at 91 % CPU for three hours, and p99 went from 40 ms to 310 ms. Four keep us below 50 % with one of them gone.',
    kind: 'scale',
    alternatives:
      '- **A larger limit for each of two**: cheaper, but losing one still halves us.\n- **An autoscaler**: the surge is over in the time new Pods need to get warm.',
    consequences: 'About 0.4 cores more at rest. To be looked at again once the gateway starts in under ten seconds.',
    changes: [{ kind: 'set-replicas', resource: gateway, replicas: 4 }],
  },
  {
    daysAgo: 33,
    at: '14:05',
    author: 'mei',
    title: 'score every payment before it is authorised',
    why: 'Chargebacks doubled in September, almost all of them first payments of new shops. `risk` has scored in the shadow for six weeks: it would have stopped 71 % of them and 0.2 % of honest payments.',
    kind: 'rewire',
    alternatives:
      '- **The card network’s own scoring**: 0.03 € a payment, and no say in the threshold.\n- **Score after booking and refund**: keeps orders fast, but the money has left by then.',
    consequences:
      '`orders` now depends on `risk` for every payment. Without an answer within 80 ms small amounts pass and large ones do not: that is a decision about money, so it is written in `services/orders/main.go`.',
    changes: [
      {
        kind: 'set-env',
        resource: orders,
        container: 'orders',
        name: 'RISK_URL',
        value: { value: 'http://risk:8000' },
      },
    ],
  },
  {
    daysAgo: 31,
    at: '11:20',
    author: 'mei',
    title: 'give risk a third replica and memory for the new model',
    why: 'The score is in the path of every payment now. The model of October needs 700 MiB; with 512 requested two Pods were evicted on Tuesday.',
    kind: 'scale',
    changes: [
      { kind: 'set-replicas', resource: risk, replicas: 3 },
      {
        kind: 'set-resources',
        resource: risk,
        container: 'risk',
        section: 'requests',
        resourceName: 'memory',
        quantity: '768Mi',
      },
    ],
  },
  {
    daysAgo: 28,
    at: '10:31',
    author: 'tomasz',
    title: 'auth 2.4.0: passkeys for the people of a shop',
    why: 'Stolen passwords are the first step of nine in ten account takeovers. 2.4.0 brings passkeys, behind a switch for each shop.',
    kind: 'upgrade',
    consequences: 'One new table, `credentials`. Going back to 2.3.1 leaves it unused and is safe.',
    changes: [{ kind: 'set-image', resource: auth, container: 'auth', image: 'registry.payments.example/auth:2.4.0' }],
  },
  {
    daysAgo: 25,
    at: '15:52',
    author: 'tomasz',
    title: 'only orders may reach the ledger',
    why: 'The audit asks who can write the books. “Everything in the namespace” was the answer, and now it is one service.',
    kind: 'policy',
    alternatives: '**mTLS identities in the mesh**: better, and half a year away.',
    consequences: 'A new service that needs the books has to come here first. That is the point.',
    changes: [{ kind: 'set-file', file: `${environment}/policy-ledger.yaml`, text: policy }],
  },
  {
    daysAgo: 22,
    at: '09:15',
    author: 'ines',
    title: 'take payments in Lisbon when the line is down',
    why: 'The market hall lost its line for 50 minutes on a Saturday, and forty stalls took cash or nothing. `till` keeps payments up to 50 € on the site and hands them in when the line is back.',
    kind: 'place',
    alternatives: '**A second line by radio**: 90 € a month for each stall, and it fails in the same storms.',
    consequences:
      'We carry the risk of offline payments: at most 50 € each, counted against the day’s budget of the site.',
    changes: [{ kind: 'append-text', file: '.pilothouse/edge/lisbon.yaml', text: tillSync('lisbon') }],
  },
  {
    daysAgo: 19,
    at: '13:40',
    author: 'daniel',
    title: 'try the latest recommendation model on the next track',
    why: 'The data team publishes several times a day this week, and wants to see each of them without asking us.',
    kind: 'upgrade',
    reasons: {
      'image-without-tag-or-latest': 'For this week only, on the track that no shop’s traffic reaches yet.',
    },
    changes: [
      {
        kind: 'set-image',
        resource: next,
        container: 'recommendation',
        image: 'registry.payments.example/recommendation:latest',
      },
    ],
  },
  {
    daysAgo: 18,
    at: '17:22',
    author: 'tomasz',
    title: 'back to a named version of recommendation',
    why: 'The Pod restarted overnight on another image than the day before, and nobody could say which. A tag that moves cannot be debugged.',
    kind: 'rollback',
    reverts: 6,
    consequences: 'The data team’s pipeline opens a decision for each version instead; it takes them a minute.',
    changes: [
      {
        kind: 'set-image',
        resource: next,
        container: 'recommendation',
        image: 'registry.payments.example/recommendation:0.32.0-rc.2',
      },
    ],
  },
  {
    daysAgo: 15,
    at: '10:08',
    author: 'daniel',
    title: 'send a tenth of the offers to the next model',
    why: 'Offline it finds 14 % more of what shops sell next. A tenth of the traffic for a week tells whether people agree.',
    kind: 'traffic',
    alternatives: '**Half at once**: an answer in a day, but a bad model would cost 3 % of the add-on revenue.',
    changes: [
      { kind: 'replace-text', file: `${environment}/routes.yaml`, from: 'weight: 100', to: 'weight: 90' },
      { kind: 'replace-text', file: `${environment}/routes.yaml`, from: 'weight: 0\n', to: 'weight: 10\n' },
    ],
  },
  {
    daysAgo: 12,
    at: '11:47',
    author: 'ines',
    title: 'keep sessions in Redis, not in PostgreSQL',
    why: 'Session writes are 60 % of all writes to PostgreSQL and none of its worth. When its disk was slow on the 3rd, nobody could log in, though nothing about logging in needs a disk.',
    kind: 'rewire',
    alternatives:
      '- **A PostgreSQL of their own**: the same work for the disk, one more thing to run.\n- **Signed cookies alone**: nobody could be logged out.',
    consequences: 'Losing Redis logs everybody out. Shops’ keys are not sessions and stay in PostgreSQL.',
    changes: [
      {
        kind: 'set-env',
        resource: auth,
        container: 'auth',
        name: 'SESSION_STORE_URL',
        value: { value: 'redis://redis:6379/1' },
      },
    ],
  },
  {
    daysAgo: 9,
    at: '16:30',
    author: 'tomasz',
    title: 'keep the ledger on PostgreSQL through 2027',
    why: 'We were asked again whether the books should move to a distributed database. At 1,900 bookings a second in the worst hour of the year, one PostgreSQL with a standby is at 22 %. The books are the last place for something new.',
    kind: 'record',
    alternatives:
      '- **CockroachDB**: survives a zone without a hand; the retries of serializable transactions would be ours.\n- **Spanner**: the least work and the largest bill, and it ties the books to one cloud.',
    consequences: 'Asked again when the worst hour passes 6,000 a second, or when a second region must write.',
    changes: [],
  },
  {
    daysAgo: 8,
    at: '11:04',
    author: 'tomasz',
    title: 'let new versions of auth arrive in steps',
    why: 'With 2.4.0 nobody could log in from old tills for eleven minutes, and we saw it in the support queue. A fifth of the calls for half a minute would have shown it to us first, and to hardly anyone else.',
    kind: 'traffic',
    alternatives:
      '- **Two tracks with weights by hand**, as for recommendation: somebody has to sit beside it.\n- **Blue and green**: all or nobody meets the new version.',
    consequences:
      'A new image starts a canary: it stops before half of the calls and waits for one of us, and goes back by itself when fewer than 95 % of its answers are good.',
    changes: [
      {
        kind: 'replace-text',
        file: `${environment}/auth.yaml`,
        from: 'apiVersion: apps/v1\nkind: Deployment\n',
        to: 'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n',
      },
      {
        kind: 'replace-text',
        file: `${environment}/auth.yaml`,
        from: '  replicas: 2\n  selector:\n    matchLabels: {app: auth}\n',
        to: `  replicas: 2\n  selector:\n    matchLabels: {app: auth}\n${inSteps}`,
      },
      { kind: 'append-text', file: `${environment}/auth.yaml`, text: bothSides },
    ],
  },
  {
    daysAgo: 6,
    at: '09:33',
    author: 'mei',
    title: 'orders tell the world over NATS',
    why: 'Three teams poll `orders` for what was paid, every second, for 40 % of its CPU. Whoever wants to know subscribes to `orders.taken`; the ledger is the first.',
    kind: 'rewire',
    alternatives:
      '**Kafka**: we would keep everything for ever, which nobody has asked for, and run three more brokers.',
    consequences: 'Delivery is at least once: readers must bear seeing a payment twice.',
    changes: [
      {
        kind: 'set-env',
        resource: orders,
        container: 'orders',
        name: 'NATS_URL',
        value: { value: 'nats://nats:4222' },
      },
      {
        kind: 'set-env',
        resource: ledger,
        container: 'ledger',
        name: 'NATS_URL',
        value: { value: 'nats://nats:4222' },
      },
    ],
  },
  {
    daysAgo: 3,
    at: '14:18',
    author: 'ines',
    title: 'take payments in Rotterdam when the line is down',
    why: 'Six weeks of Lisbon: 212 payments in four outages, all of them honoured. The ferry terminal has asked for the same before the autumn storms.',
    kind: 'place',
    changes: [{ kind: 'append-text', file: '.pilothouse/edge/rotterdam.yaml', text: tillSync('rotterdam') }],
  },
  {
    daysAgo: 1,
    at: '10:55',
    author: 'daniel',
    title: 'let orders grow to twelve for the sales of November',
    why: 'Last year’s peak was 2.6 times a usual Friday. Eight replicas were at 88 % then, without the score in the path.',
    kind: 'scale',
    consequences: 'PostgreSQL sees up to 12 × 16 connections; its limit is 300.',
    changes: [
      {
        kind: 'set-autoscaling',
        resource: at('orders', 'HorizontalPodAutoscaler', 'orders'),
        field: 'maxReplicas',
        value: 12,
      },
    ],
  },
]
