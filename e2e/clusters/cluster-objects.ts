import type { LiveObject } from '../../shared/health/health.ts'
import { textAt } from '../../shared/manifests/manifest.ts'
import type { KindName } from '../../src-main/needs/cluster.ts'

/** What a slow machine is given; a state is waited for, never a time. */
export const soon = { timeout: 60_000, interval: 50 }
export const pods = { group: '', kind: 'Pod' }
export const configMaps = { group: '', kind: 'ConfigMap' }
export const secrets = { group: '', kind: 'Secret' }
export const namespaceOf = (name: string) => ({ group: '', kind: 'Namespace', name })
export const nameIn = (kind: KindName, namespace: string, name: string) => ({ ...kind, namespace, name })
export const nameOf = (object: LiveObject): string => textAt(object, 'metadata', 'name') ?? ''

export const object = (apiVersion: string, kind: string, namespace: string, name: string) => ({
  ...{ apiVersion, kind },
  metadata: { name, namespace },
})
export const configMap = (namespace: string, name: string, data: { readonly [key: string]: string }) => ({
  ...object('v1', 'ConfigMap', namespace, name),
  data,
})

export const definition = (group: string, version: string, kind: string, plural: string): LiveObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
    versions: [
      {
        ...{ name: version, served: true, storage: true },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
              status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
            },
          },
        },
        subresources: { status: {} },
      },
    ],
  },
})

export const shop = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data:
  level: info # how much is said
---
apiVersion: v1
kind: Secret
metadata: {name: web, namespace: shop}
stringData: {password: hunter2}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 0
  paused: true # so that it is as ready without a controller as with one
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: web
          image: example.org/web:1
          resources: {requests: {cpu: 1000m, memory: 0.5Gi}, limits: {cpu: 2}}
`

export const everything = `apiVersion: example.org/v1
kind: Widget
metadata: {name: kept, namespace: market}
spec: {size: 1}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: first, namespace: market}
---
${JSON.stringify(definition('example.org', 'v1', 'Widget', 'widgets'))}
---
apiVersion: v1
kind: Namespace
metadata: {name: market}
---
# goes
apiVersion: v1
kind: ConfigMap
metadata: {name: second, namespace: market}
---
apiVersion: example.org/v1
kind: Widget
metadata: {name: w, namespace: market}
spec: {size: 2}
`

export const wrong = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: late, namespace: market}
spec:
  defaultBackend: {service: {name: web, port: {number: 80}}}
---
apiVersion: v1
kind: Service
metadata: {name: Broken_Name, namespace: market}
spec:
  ports: [{port: 80}]
`
