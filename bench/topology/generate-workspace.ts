import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { benchVariables } from '../git/run-git.ts'

/** How many services lie in folders as they are, and how many are built by kustomizations for two environments. */
export type WorkspaceShape = { readonly plain: number; readonly built: number }

/**
 * The files of a made-up platform by path, the same for the same shape: services of teams that call each other through
 * environment variables, ConfigMaps taken whole and mounted, and arguments, each with its Service, configuration,
 * NetworkPolicy and autoscaler, every tenth with an Ingress and a database of its own.
 */
export function generateWorkspace({ plain, built }: WorkspaceShape): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  const nameOf = (service: number): string => `${words[service % words.length]}-${Math.floor(service / words.length)}`
  for (let service = 0; service < plain; service++) {
    const namespace = `team-${Math.floor(service / 25)}`
    const folder = `apps/${namespace}/${nameOf(service)}`
    const parts = partsOf(service, nameOf, namespace, plain)
    for (const [file, text] of Object.entries(parts)) files.set(`${folder}/${file}`, text)
  }
  const base = Array.from({ length: built }, (_, index) => plain + index)
  for (const service of base)
    for (const [file, text] of Object.entries(partsOf(service, nameOf, 'platform', plain)))
      files.set(`platform/base/${nameOf(service)}/${file}`, text)
  const resources = base.flatMap(service =>
    Object.keys(partsOf(service, nameOf, 'platform', plain)).map(file => `  - ${nameOf(service)}/${file}\n`),
  )
  if (built > 0) files.set('platform/base/kustomization.yaml', `resources:\n${resources.join('')}`)
  for (const [stage, replicas] of built > 0
    ? ([
        ['staging', 1],
        ['production', 4],
      ] as const)
    : []) {
    const scaled = base
      .map(service => `  - name: ${nameOf(service)}\n    count: ${replicas + (service % 3)}\n`)
      .join('')
    const images = base
      .map(service => `  - name: registry.example/${nameOf(service)}\n    newTag: 2.${service % 7}.${replicas}\n`)
      .join('')
    files.set(
      `platform/overlays/${stage}/kustomization.yaml`,
      `namespace: platform-${stage}\nresources:\n  - ../../base\nlabels:\n  - pairs:\n      stage: ${stage}\nreplicas:\n${scaled}images:\n${images}`,
    )
  }
  return files
}

/** The files as a Git repository with one commit. Made once in `folder` and kept. */
export function generateWorkspaceRepository(folder: string, shape: WorkspaceShape): string {
  const directory = join(folder, `workspace-${shape.plain}-${shape.built}`)
  if (existsSync(directory)) return directory
  const making = `${directory}.making`
  rmSync(making, { recursive: true, force: true })
  for (const [path, text] of generateWorkspace(shape)) {
    mkdirSync(dirname(join(making, path)), { recursive: true })
    writeFileSync(join(making, path), text)
  }
  const commands = [
    ['init', '-q', '-b', 'main'],
    ['config', 'gc.auto', '0'],
    ['config', 'user.name', 'Bench'],
    ['config', 'user.email', 'bench@example.com'],
    ['add', '.'],
    ['commit', '-q', '-m', 'The platform'],
    ['gc', '-q'],
  ]
  for (const command of commands) {
    const { status, stderr } = spawnSync('git', command, { cwd: making, env: benchVariables, encoding: 'utf8' })
    if (status !== 0) throw new Error(`git ${command.join(' ')}: ${stderr}`)
  }
  renameSync(making, directory)
  return directory
}

const words =
  'orders carts ledger risk catalog search pricing shipping billing notices profiles sessions media reviews stock returns fraud loyalty search-index reports'.split(
    ' ',
  )

function partsOf(
  service: number,
  nameOf: (service: number) => string,
  namespace: string,
  plain: number,
): Readonly<Record<string, string>> {
  const name = nameOf(service)
  // Neighbours of the same team by name, a few of other teams by their whole name, and one that everybody calls.
  const near = (step: number): string => nameOf(Math.floor(service / 25) * 25 + ((service + step * 7) % 25))
  const far = (service * 31 + 17) % Math.max(plain, 1)
  const distant = `${nameOf(far)}.team-${Math.floor(far / 25)}.svc.cluster.local`
  const tenth = service % 10 === 0
  return {
    'deployment.yaml': `# ${name}, owned by ${namespace}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/part-of: ${namespace}
spec:
  replicas: ${1 + (service % 5)} # raised before the sale
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}
        app.kubernetes.io/part-of: ${namespace}
      annotations:
        prometheus.io/scrape: "true"
    spec:
      serviceAccountName: ${name}
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
      containers:
        - name: server
          image: registry.example/${name}:1.${service % 13}.${service % 7}
          args:
            - --listen=:8080
            - --peer=http://${near(3)}:80
          ports:
            - name: http
              containerPort: 8080
            - name: metrics
              containerPort: 9090
          envFrom:
            - configMapRef:
                name: ${name}-settings
          env:
            - name: LOG_LEVEL
              value: info
            - name: ${envName(near(1))}_URL
              value: http://${near(1)}:80/v1
            - name: ${envName(near(2))}_HOST
              value: ${near(2)}
            - name: ${envName(near(2))}_PORT
              value: "80"
            - name: UPSTREAM_ADDR
              value: ${distant}:80
            - name: DATABASE_URL
              valueFrom:
                secretKeyRef:
                  name: ${name}-database
                  key: url
            - name: OTEL_EXPORTER_OTLP_ENDPOINT
              value: http://otel-collector.observability.svc.cluster.local:4317
            - name: POD_NAME
              valueFrom:
                fieldRef:
                  fieldPath: metadata.name
          volumeMounts:
            - name: files
              mountPath: /etc/${name}
          readinessProbe:
            httpGet:
              path: /ready
              port: http
            periodSeconds: 10
          livenessProbe:
            httpGet:
              path: /alive
              port: http
          resources:
            requests:
              cpu: 100m
              memory: 128Mi
            limits:
              memory: 512Mi
      volumes:
        - name: files
          configMap:
            name: ${name}-files
`,
    'service.yaml': `apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${namespace}
  labels:
    app.kubernetes.io/name: ${name}
spec:
  type: ClusterIP
  selector:
    app.kubernetes.io/name: ${name}
  ports:
    - name: http
      port: 80
      targetPort: http
`,
    'config.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}-settings
  namespace: ${namespace}
data:
  CACHE_SECONDS: "30"
  ${envName(near(4))}_ENDPOINT: http://${near(4)}:80
  FEATURES: checkout,search,new-basket
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}-files
  namespace: ${namespace}
data:
  application.yaml: |
    server:
      port: 8080
    clients:
      ${near(5)}:
        url: http://${near(5)}.${namespace}:80
        timeout: 2s
    retries: 3
  routes.properties: |
    # where requests go
    default.timeout=2000
    audit.enabled=true
`,
    'policy.yaml': `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  podSelector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  policyTypes:
    - Ingress
  ingress:
    - from:
        - podSelector:
            matchLabels:
              app.kubernetes.io/name: ${near(1)}
        - podSelector:
            matchLabels:
              app.kubernetes.io/name: ${near(6)}
      ports:
        - port: 8080
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: ${name}
  minReplicas: 2
  maxReplicas: ${4 + (service % 8)}
`,
    ...(tenth && {
      'ingress.yaml': `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  rules:
    - host: ${name}.example.net
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: ${name}
                port:
                  number: 80
`,
      'database.yaml': `apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ${name}-db
  namespace: ${namespace}
spec:
  serviceName: ${name}-db
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}-db
  template:
    metadata:
      labels:
        app.kubernetes.io/name: ${name}-db
    spec:
      containers:
        - name: postgres
          image: postgres:17
          ports:
            - containerPort: 5432
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}-db
  namespace: ${namespace}
spec:
  clusterIP: None
  selector:
    app.kubernetes.io/name: ${name}-db
  ports:
    - port: 5432
---
apiVersion: v1
kind: Secret
metadata:
  name: ${name}-database
  namespace: ${namespace}
stringData:
  url: postgres://app@${name}-db:5432/app
`,
    }),
  }
}

const envName = (name: string): string => name.toUpperCase().replaceAll('-', '_')
