import { expect, test } from 'vitest'
import { translate } from '../messages/index.ts'
import { applyEdit } from './apply-edits.ts'
import type { Edit } from './edit.ts'
import { hostsInText, withHosts } from './host-in-text.ts'
import { invertEdit } from './invert-edit.ts'
import { referencesTo } from './service-references.ts'

type Tree = Record<string, string>
const asFiles = (tree: Tree) => new Map(Object.entries(tree))

/** The files an edit writes; a text for a refusal. */
function written(tree: Tree, edit: Edit): Record<string, string | null> | string {
  const files = asFiles(tree)
  const outcome = applyEdit(files, edit)
  if (outcome.kind === 'refused') return translate('en', outcome.reason)
  if (outcome.kind === 'unchanged') return 'unchanged'
  // Whatever it does, it can be undone to the byte.
  const after = new Map(files)
  for (const [path, text] of outcome.files) text === null ? after.delete(path) : after.set(path, text)
  for (const inverse of invertEdit(files, edit)) {
    const undone = applyEdit(after, inverse)
    if (undone.kind !== 'applied') continue
    for (const [path, text] of undone.files) text === null ? after.delete(path) : after.set(path, text)
  }
  expect(Object.fromEntries(after)).toEqual(tree)
  return Object.fromEntries(outcome.files)
}

const cart = `apiVersion: apps/v1
kind: Deployment
metadata:
    name: cart
    labels:
        app: cart
        team: "shop"
spec:
    replicas: 2
    selector:
        matchLabels:
            app: cart
    template:
        metadata:
            labels:
                app: cart
                team: "shop"
        spec:
            serviceAccountName: cart
            securityContext:
                runAsNonRoot: true
            containers:
            -   name: cart
                image: cart:1.0
                args: ["--advertise=cart:7070"]
                ports:
                -   containerPort: 7070
                env:
                -   name: LOG_NAME
                    value: cart
                envFrom:
                -   configMapRef:
                        name: cart-settings
                readinessProbe:
                    tcpSocket:
                        port: 7070
                livenessProbe:
                    httpGet:
                        path: /live
                        port: 7070
                resources:
                    limits:
                        memory: 64Mi
---
apiVersion: v1
kind: Service
metadata:
    name: cart
spec:
    selector:
        app: cart
    ports:
    -   name: grpc
        port: 7070
        targetPort: 7070
`
const frontend = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: frontend
spec:
  selector: {matchLabels: {app: frontend}}
  template:
    metadata: {labels: {app: frontend}}
    spec:
      containers:
      - name: web
        image: frontend:3
        args: [--cart-url, http://cart.shop.svc.cluster.local:7070/v1, --title=cart]
        env:
        - name: CART_ADDR
          value: "cart" # the till
        - name: SHOPPING
          value: shopping-cart:80
`
const rest: Tree = {
  'shop/config.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: proxy
data:
  proxy.conf: |
    upstream carts { server cart:7070; }   # not shopping-cart:7070
    location /cart { proxy_pass http://cart; }
    server_name cart.example.com;
    # cart
  other: x
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cart-settings}
data: {A: b}
`,
  'shop/policies.yaml': `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: cart}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}, maxReplicas: 4}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: frontend-to-cart}
spec:
  podSelector: {matchLabels: {app: cart}}
  ingress:
  - from: [{podSelector: {matchLabels: {app: frontend}}}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop}
spec:
  rules:
  - host: cart.example.com
    http: {paths: [{path: /cart, pathType: Prefix, backend: {service: {name: cart, port: {number: 7070}}}}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  rules:
  - backendRefs:
    - {name: cart, port: 7070}
    - {name: shopping-cart, port: 80}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart}
spec:
  hosts: [cart, cart.shop.svc.cluster.local]
  http:
  - route: [{destination: {host: cart, subset: v1}}]
`,
}
const shop: Tree = { 'shop/cart.yaml': cart, 'shop/frontend.yaml': frontend, ...rest }
const resource = { file: 'shop/cart.yaml', kind: 'Deployment', name: 'cart' }

/** Lines that differ, without those that do not. */
function differing(tree: Tree, after: Record<string, string | null> | string): string[] {
  if (typeof after === 'string') return [after]
  return Object.entries(after).flatMap(([file, text]) => {
    const [x, y] = [(tree[file] ?? '').split('\n'), (text ?? '').split('\n')]
    if (x.length !== y.length) return [`${file}: ${x.length} → ${y.length} lines`]
    return y.flatMap((line, index) => (line === x[index] ? [] : [`${file}:${index + 1}:${line.trim()}`]))
  })
}

test('a rename follows every certain reference and leaves what only looks like one', () => {
  expect(differing(shop, written(shop, { kind: 'rename-service', resource, to: 'basket' }))).toEqual([
    'shop/cart.yaml:4:name: basket',
    'shop/cart.yaml:6:app: basket',
    'shop/cart.yaml:12:app: basket',
    'shop/cart.yaml:16:app: basket',
    'shop/cart.yaml:25:args: ["--advertise=basket:7070"]',
    'shop/cart.yaml:48:name: basket',
    'shop/cart.yaml:51:app: basket',
    'shop/config.yaml:7:upstream carts { server basket:7070; }   # not shopping-cart:7070',
    'shop/config.yaml:8:location /cart { proxy_pass http://basket; }',
    'shop/frontend.yaml:13:args: [--cart-url, http://basket.shop.svc.cluster.local:7070/v1, --title=cart]',
    'shop/frontend.yaml:16:value: "basket" # the till',
    'shop/policies.yaml:4:spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: basket}, maxReplicas: 4}',
    'shop/policies.yaml:10:podSelector: {matchLabels: {app: basket}}',
    'shop/policies.yaml:20:http: {paths: [{path: /cart, pathType: Prefix, backend: {service: {name: basket, port: {number: 7070}}}}]}',
    'shop/policies.yaml:28:- {name: basket, port: 7070}',
    'shop/policies.yaml:35:hosts: [basket, basket.shop.svc.cluster.local]',
    'shop/policies.yaml:37:- route: [{destination: {host: basket, subset: v1}}]',
  ])
  expect(written(shop, { kind: 'rename-service', resource, to: 'frontend' })).toContain(
    'Deployment/frontend is there already',
  )
  expect(written(shop, { kind: 'rename-service', resource, to: 'Not A Name' })).toContain('cannot be the name')
  expect(written(shop, { kind: 'rename-service', resource, to: 'cart' })).toBe('unchanged')
})

test('references are told with file and line, the uncertain ones as such', () => {
  const references = referencesTo(asFiles(shop), resource).map(
    ({ file, line, certain }) => `${certain ? '' : '?'}${file}:${line}`,
  )
  expect(references).toEqual([
    'shop/config.yaml:7',
    'shop/frontend.yaml:13',
    'shop/frontend.yaml:16',
    'shop/policies.yaml:4',
    'shop/policies.yaml:10',
    'shop/policies.yaml:20',
    'shop/policies.yaml:28',
    'shop/policies.yaml:35',
    'shop/policies.yaml:35',
    'shop/policies.yaml:37',
    '?shop/config.yaml:10',
    '?shop/frontend.yaml:13',
  ])
})

test('host names are found whole', () => {
  const renamed = (text: string, namespace?: string, key = '') =>
    withHosts(
      text,
      hostsInText(text, 'cart', namespace, key).filter(match => match.certain),
      'basket',
    )
  expect(renamed('http://cart/x')).toBe('http://basket/x')
  expect(renamed('postgres://u:p@cart:5432/cart')).toBe('postgres://u:p@basket:5432/cart')
  expect(renamed('cart:80,shopping-cart:80,cart-db:80,cart.shop:80')).toBe(
    'basket:80,shopping-cart:80,cart-db:80,basket.shop:80',
  )
  expect(renamed('cart.shop.svc:80 cart.other.svc:80', 'shop')).toBe('basket.shop.svc:80 cart.other.svc:80')
  expect(renamed('cart.svc.cluster.local')).toBe('cart.svc.cluster.local'.replace('cart', 'basket'))
  expect(renamed('http://cart.example.com /cart my/cart:1 cart.yaml $cart cart_x cartoon')).toBe(
    'http://cart.example.com /cart my/cart:1 cart.yaml $cart cart_x cartoon',
  )
  expect(renamed('cart')).toBe('cart')
  expect(renamed('cart', undefined, 'CART_HOST')).toBe('basket')
  expect(renamed('cart', undefined, 'CART')).toBe('basket')
  expect(renamed('cart', undefined, 'LOG_NAME')).toBe('cart')
  expect(renamed('-Dcart.host=cart -Dname=cart')).toBe('-Dcart.host=basket -Dname=cart')
})

test('a removal takes what only serves it, and says what else speaks of it', () => {
  const after = written(shop, { kind: 'remove-service', resource })
  expect(differing(shop, after)).toEqual([
    'shop/cart.yaml: 56 → 1 lines',
    'shop/policies.yaml: 38 → 26 lines',
    'shop/config.yaml: 17 → 12 lines',
  ])
  const texts = after as Record<string, string | null>
  expect(texts['shop/cart.yaml']).toBe(null)
  expect(texts['shop/config.yaml']).not.toContain('cart-settings')
  expect(texts['shop/policies.yaml']).toMatch(/^---\napiVersion: networking.k8s.io\/v1\nkind: Ingress/)
  const shared = {
    ...shop,
    'shop/frontend.yaml': frontend.replace(
      '        env:',
      '        envFrom: [{configMapRef: {name: cart-settings}}]\n        env:',
    ),
  }
  expect(Object.keys(written(shared, { kind: 'remove-service', resource }) as object)).not.toContain('shop/config.yaml')
})

test('a new service is written as its neighbour is, in a file beside it', () => {
  const edit: Edit = {
    kind: 'add-service',
    like: resource,
    name: 'wishes',
    image: 'wishes:0.1',
    port: 9000,
    env: [{ name: 'DEBUG', value: 'no' }],
  }
  const tree = {
    ...shop,
    'shop/cart.yaml': `# SPDX-License-Identifier: Apache-2.0\n${cart}`,
    'shop/kustomization.yaml':
      'resources:\n- ./cart.yaml\n- ./frontend.yaml # last\n- ./config.yaml\n- ./policies.yaml\n',
  }
  expect(written(tree, edit)).toEqual({
    'shop/kustomization.yaml':
      'resources:\n- ./cart.yaml\n- ./frontend.yaml # last\n- ./config.yaml\n- ./policies.yaml\n- ./wishes.yaml\n',
    'shop/wishes.yaml': `# SPDX-License-Identifier: Apache-2.0
apiVersion: apps/v1
kind: Deployment
metadata:
    name: wishes
    labels:
        app: wishes
        team: "shop"
spec:
    replicas: 1
    selector:
        matchLabels:
            app: wishes
    template:
        metadata:
            labels:
                app: wishes
                team: "shop"
        spec:
            securityContext:
                runAsNonRoot: true
            containers:
            -   name: wishes
                image: wishes:0.1
                ports:
                -   containerPort: 9000
                env:
                -   name: DEBUG
                    value: "no"
                readinessProbe:
                    tcpSocket:
                        port: 9000
                resources:
                    limits:
                        memory: 64Mi
---
apiVersion: v1
kind: Service
metadata:
    name: wishes
spec:
    selector:
        app: wishes
    ports:
    -   name: grpc
        port: 9000
        targetPort: 9000
`,
  })
  expect(written(tree, { ...edit, name: 'frontend' })).toContain('is there already')
})

test('the habit of files is followed: all in one, one a kind, a folder each, Lists, JSON', () => {
  const edit = (file: string): Edit => ({
    kind: 'add-service',
    like: { ...resource, file },
    name: 'wishes',
    image: 'w:1',
    port: 9000,
  })
  const other = (text: string) => text.replaceAll('cart', 'till')
  const [workload, service] = cart.split('---\n') as [string, string]

  const one = written({ 'all.yaml': `${cart}---\n${other(cart)}` }, edit('all.yaml')) as Tree
  expect(Object.keys(one)).toEqual(['all.yaml'])
  expect(
    one['all.yaml']!.startsWith(
      `${cart}---\n${other(cart)}---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n    name: wishes\n`,
    ),
  ).toBe(true)

  const kinds = written(
    { 'deployments.yaml': `${workload}---\n${other(workload)}`, 'services.yaml': `${service}---\n${other(service)}` },
    edit('deployments.yaml'),
  ) as Tree
  expect(Object.keys(kinds)).toEqual(['deployments.yaml', 'services.yaml'])
  expect(kinds['services.yaml']).toMatch(/---\napiVersion: v1\nkind: Service\nmetadata:\n {4}name: wishes\n/)

  const folders: Tree = {
    'apps/kustomization.yaml': 'resources:\n  - cart\n  - till\n',
    'apps/cart/kustomization.yaml':
      'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - deployment.yaml\n  - service.yaml\n',
    'apps/cart/deployment.yaml': workload,
    'apps/cart/service.yaml': service,
    'apps/till/kustomization.yaml': 'resources:\n  - deployment.yaml\n',
    'apps/till/deployment.yaml': other(workload),
  }
  const folder = written(folders, edit('apps/cart/deployment.yaml')) as Tree
  expect(Object.keys(folder).sort()).toEqual([
    'apps/kustomization.yaml',
    'apps/wishes/deployment.yaml',
    'apps/wishes/kustomization.yaml',
    'apps/wishes/service.yaml',
  ])
  expect(folder['apps/kustomization.yaml']).toBe('resources:\n  - cart\n  - till\n  - wishes\n')
  expect(folder['apps/wishes/kustomization.yaml']).toBe(
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - deployment.yaml\n  - service.yaml\n',
  )

  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'cart' },
    spec: {
      selector: { matchLabels: { app: 'cart' } },
      template: { metadata: { labels: { app: 'cart' } }, spec: { containers: [{ name: 'c', image: 'x' }] } },
    },
  }
  const json = written({ 'cart.json': `${JSON.stringify(object, null, 4)}\n` }, edit('cart.json')) as Tree
  expect(json['wishes.json']).toContain('\n        "name": "wishes"\n')
  const list = written(
    { 'list.json': `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [object] }, null, 2)}\n` },
    edit('list.json'),
  ) as Tree
  expect(JSON.parse(list['list.json']!).items.map((item: { kind: string }) => item.kind)).toEqual([
    'Deployment',
    'Deployment',
    'Service',
  ])
})

test('kustomize: patches, replica counts and overlays follow a rename and a removal', () => {
  const tree: Tree = {
    'base/kustomization.yaml': 'resources:\n- cart.yaml\n- frontend.yaml\n',
    'base/cart.yaml': cart,
    'base/frontend.yaml': frontend,
    'prod/kustomization.yaml': `resources:
- ../base
patches:
- path: big.yaml
- target: {kind: Deployment, name: cart}
  patch: |-
    - op: replace
      path: /spec/replicas
      value: 9
- patch: |-
    apiVersion: v1
    kind: Service
    metadata:
      name: cart # in front
    spec:
      type: NodePort
replicas:
- name: cart
  count: 3
`,
    'prod/big.yaml':
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\nspec:\n  template:\n    metadata: {labels: {app: cart}}\n    spec:\n      containers:\n      - {name: cart, resources: {limits: {memory: 1Gi}}}\n',
  }
  const base = { ...resource, file: 'base/cart.yaml' }
  const renamed = differing(tree, written(tree, { kind: 'rename-service', resource: base, to: 'basket' }))
  expect(renamed.filter(line => line.startsWith('prod/'))).toEqual([
    'prod/big.yaml:4:name: basket',
    'prod/big.yaml:7:metadata: {labels: {app: basket}}',
    'prod/kustomization.yaml:5:- target: {kind: Deployment, name: basket}',
    'prod/kustomization.yaml:14:name: basket # in front',
    'prod/kustomization.yaml:18:- name: basket',
  ])
  expect(written(tree, { kind: 'remove-service', resource: base })).toEqual({
    'base/cart.yaml': null,
    'base/kustomization.yaml': 'resources:\n- frontend.yaml\n',
    'prod/big.yaml': null,
    'prod/kustomization.yaml': 'resources:\n- ../base\n',
  })
})

test('alternatives of the same name in other folders are left alone, and a moved node keeps its place', () => {
  const tree: Tree = {
    'a/all.yaml': `${cart}---\n${frontend}`,
    'b/all.yaml': `${cart}---\n${frontend}`,
    '.pilothouse/layout/a.yaml': '"cart": { x: 1, y: 2 }\n"frontend": { x: 3, y: 4 }\n',
  }
  const target = { ...resource, file: 'a/all.yaml' }
  const after = written(tree, { kind: 'rename-service', resource: target, to: 'wagon' }) as Tree
  expect(Object.keys(after).sort()).toEqual(['.pilothouse/layout/a.yaml', 'a/all.yaml'])
  expect(after['.pilothouse/layout/a.yaml']).toBe('"frontend": { x: 3, y: 4 }\n"wagon": { x: 1, y: 2 }\n')
  const gone = written(tree, { kind: 'remove-service', resource: target }) as Tree
  expect(gone['.pilothouse/layout/a.yaml']).toBe('"frontend": { x: 3, y: 4 }\n')
  expect(gone['a/all.yaml']).toBe(`---\n${frontend}`)
})
