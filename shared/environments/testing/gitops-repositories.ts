/** Repositories for tests, each laid out as people do with one tool; texts by path. */
export type Repository = ReadonlyMap<string, string>

const deployment = (name: string, more = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: 1
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
        - name: main
          image: ghcr.io/acme/${name}:1.0.0
${more}`

const service = (name: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  selector:\n    app: ${name}\n  ports:\n    - port: 80\n`

const chart = (folder: string, name: string): readonly (readonly [string, string])[] => [
  [`${folder}/Chart.yaml`, `apiVersion: v2\nname: ${name}\nversion: 0.1.0\n`],
  [
    `${folder}/values.yaml`,
    `# Defaults of ${name}.\nreplicaCount: 1\nimage:\n  repository: ghcr.io/acme/${name}\n  tag: "1.0.0"\nenv:\n  LOG_LEVEL: info\n`,
  ],
  [
    `${folder}/templates/deployment.yaml`,
    `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  replicas: {{ .Values.replicaCount }}
  selector:
    matchLabels: { app: {{ .Release.Name }} }
  template:
    metadata:
      labels: { app: {{ .Release.Name }} }
    spec:
      containers:
        - name: main
          image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          env:
            {{- range $name, $value := .Values.env }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
`,
  ],
]

/** Two charts beside each other, with values for two environments. */
export const helmRepository: Repository = new Map([
  ...chart('charts/cart', 'cart'),
  ...chart('charts/web', 'web'),
  ['charts/cart/values-prod.yaml', 'replicaCount: 3\n'],
  ['charts/web/values-prod.yaml', '# The shop window.\nimage:\n  tag: "1.1.0"\n'],
  ['charts/cart/values-staging.yaml', 'env:\n  LOG_LEVEL: debug\n'],
])

const application = (name: string, source: string, namespace: string): string => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${name}
  namespace: argocd
spec:
  project: default
  destination:
    server: https://kubernetes.default.svc
    namespace: ${namespace}
  source:
    repoURL: https://git.example.org/acme/deploy.git
    targetRevision: main
${source}`

/** An app of apps over kustomize, Helm and a plain folder, and an ApplicationSet. */
export const argoRepository: Repository = new Map([
  ['bootstrap/production.yaml', application('root-production', '    path: apps/production\n', 'argocd')],
  ['bootstrap/staging.yaml', application('root-staging', '    path: apps/staging\n', 'argocd')],
  [
    'apps/production/web.yaml',
    application(
      'web-production',
      '    path: deploy/web/overlays/production\n    kustomize:\n      images:\n        - ghcr.io/acme/web:1.2.0\n',
      'shop',
    ),
  ],
  ['apps/staging/web.yaml', application('web-staging', '    path: deploy/web/base\n', 'shop-staging')],
  [
    'apps/production/cart.yaml',
    application(
      'cart',
      '    path: charts/cart\n    helm:\n      valueFiles:\n        - values-production.yaml\n      parameters:\n        - name: image.tag\n          value: "1.4.0"\n',
      'shop',
    ),
  ],
  [
    'apps/staging/cart.yaml',
    application(
      'cart-staging',
      '    path: charts/cart\n    helm:\n      valuesObject:\n        replicaCount: 2\n',
      'shop-staging',
    ),
  ],
  ['apps/production/search.yaml', application('search', '    path: deploy/search\n', 'shop')],
  [
    'sets/tools.yaml',
    `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata:
  name: tools
spec:
  goTemplate: true
  generators:
    - list:
        elements:
          - env: qa
            tag: "2.0.0"
          - env: preview
            tag: "2.1.0"
  template:
    metadata:
      name: 'tools-{{.env}}'
    spec:
      destination:
        namespace: 'tools-{{.env}}'
      source:
        repoURL: https://git.example.org/acme/deploy.git
        path: charts/tools
        helm:
          parameters:
            - name: image.tag
              value: '{{.tag}}'
`,
  ],
  ['deploy/web/base/kustomization.yaml', 'resources:\n  - web.yaml\n'],
  ['deploy/web/base/web.yaml', `${deployment('web')}---\n${service('web')}`],
  [
    'deploy/web/overlays/production/kustomization.yaml',
    'resources:\n  - ../../base\nreplicas:\n  - name: web\n    count: 4\n',
  ],
  ['deploy/search/search.yaml', `${deployment('search')}---\n${service('search')}`],
  ...chart('charts/cart', 'cart'),
  ['charts/cart/values-production.yaml', 'replicaCount: 5\n'],
  ...chart('charts/tools', 'tools'),
])

/** Two clusters of Flux: an overlay with variables, and releases of a chart that lies here. */
export const fluxRepository: Repository = new Map([
  ...['production', 'staging'].flatMap((cluster): [string, string][] => [
    [
      `clusters/${cluster}/flux-system/gotk-sync.yaml`,
      `apiVersion: source.toolkit.fluxcd.io/v1
kind: GitRepository
metadata:
  name: flux-system
  namespace: flux-system
spec:
  url: ssh://git@git.example.org/acme/fleet
---
apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: flux-system
  namespace: flux-system
spec:
  path: ./clusters/${cluster}
  sourceRef:
    kind: GitRepository
    name: flux-system
`,
    ],
    [`clusters/${cluster}/flux-system/kustomization.yaml`, 'resources:\n  - gotk-sync.yaml\n'],
    [
      `clusters/${cluster}/apps.yaml`,
      `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata:
  name: apps
  namespace: flux-system
spec:
  path: ./apps/${cluster}
  targetNamespace: shop
  sourceRef:
    kind: GitRepository
    name: flux-system
  postBuild:
    substitute:
      web_replicas: "${cluster === 'production' ? 3 : 1}"
    substituteFrom:
      - kind: ConfigMap
        name: cluster-facts
`,
    ],
    [
      `clusters/${cluster}/facts.yaml`,
      `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cluster-facts\n  namespace: flux-system\ndata:\n  web_tag: "${cluster === 'production' ? '1.0.0' : '1.1.0-rc.1'}"\n`,
    ],
    [
      `apps/${cluster}/kustomization.yaml`,
      `resources:\n  - ../base\n${cluster === 'production' ? 'patches:\n  - path: cart-values.yaml\n' : ''}`,
    ],
  ]),
  [
    'apps/production/cart-values.yaml',
    'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: cart\nspec:\n  values:\n    replicaCount: 4\n',
  ],
  ['apps/base/kustomization.yaml', 'resources:\n  - web.yaml\n  - cart.yaml\n  - search.yaml\n'],
  [
    'apps/base/web.yaml',
    `${deployment('web').replace('replicas: 1', `replicas: \${web_replicas:=1}`).replace('web:1.0.0', `web:\${web_tag}`)}---\n${service('web')}`,
  ],
  ['apps/base/search.yaml', `${deployment('search')}---\n${service('search')}`],
  [
    'apps/base/cart.yaml',
    `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: cart
spec:
  interval: 10m
  chart:
    spec:
      chart: ./charts/cart
      sourceRef:
        kind: GitRepository
        name: flux-system
        namespace: flux-system
  values:
    env:
      SEARCH_URL: http://search
`,
  ],
  ...chart('charts/cart', 'cart'),
])
