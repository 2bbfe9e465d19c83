/** Files by path; the first folder of each path is the case's own, what is rendered is named beside it. */
export type KustomizeCase = { readonly folders: readonly string[]; readonly files: { readonly [path: string]: string } }

const deployment = (name: string, more = '') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: {app: ${name}}
spec:
  replicas: 1
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
        - name: ${name}
          image: acme/${name}:1.0
          ports:
            - containerPort: 8080
              name: http
          env:
            - {name: A, value: "1"}
            - {name: B, value: two}
          volumeMounts:
            - {name: data, mountPath: /data}
            - {name: tmp, mountPath: /tmp}
        - name: sidecar
          image: acme/sidecar@sha256:0123
      initContainers:
        - {name: wait, image: "registry.local:5000/team/wait"}
      volumes:
        - name: data
          emptyDir: {}
        - name: tmp
          emptyDir: {}
      tolerations:
        - {key: a, operator: Exists}
${more}`

const service = (name: string) => `apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec:
  selector: {app: ${name}}
  ports:
    - {name: http, port: 80, targetPort: 8080}
    - {name: dns, port: 53, protocol: UDP}
`

export const kustomizeCases: { readonly [name: string]: KustomizeCase } = {
  'strategic merges': {
    folders: ['.'],
    files: {
      'kustomization.yaml': `resources: [web.yaml, api.yaml, service.yaml, rollout.yaml]
patchesStrategicMerge:
  - old.yaml
  - |-
    apiVersion: v1
    kind: Service
    metadata: {name: web}
    spec:
      ports:
        - {port: 53, protocol: UDP, name: dns-udp}
        - {port: 53, protocol: TCP, name: dns-tcp}
        - {port: 443, name: https}
patches:
  - path: patch.yaml
  - patch: |
      apiVersion: argoproj.io/v1alpha1
      kind: Rollout
      metadata: {name: web}
      spec:
        template:
          spec:
            containers: [{name: only, image: x}]
        strategy: null
        added: {kept: 1, dropped: null, inner: {dropped: null}}
`,
      'web.yaml': deployment('web'),
      'api.yaml': deployment('api'),
      'service.yaml': service('web'),
      'rollout.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: {name: web, finalizers: [a, b]}
spec:
  empty:
  said: null
  strategy: {canary: {}}
  template:
    spec:
      containers: [{name: a, image: a}, {name: b, image: b}]
`,
      'old.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  finalizers: [x.y/z]
spec:
  replicas: null
  strategy:
    $retainKeys: [type]
    type: Recreate
  template:
    spec:
      $setElementOrder/containers: [{name: api}]
      tolerations:
        - {key: b}
      hostAliases:
        - {ip: 127.0.0.1, hostnames: [a]}
      imagePullSecrets: [{name: one}]
      containers:
        - name: new
          image: acme/new
        - name: sidecar
          $patch: delete
        - name: api
          env:
            - {name: C, value: three}
            - {name: A, value: one}
            - {name: B, $patch: delete}
          volumeMounts:
            - $patch: replace
            - {name: data, mountPath: /elsewhere}
          ports:
            - {containerPort: 8080, protocol: TCP}
            - {containerPort: 9090, name: metrics}
      volumes:
        - name: data
          $patch: replace
          configMap: {name: c}
        - name: extra
          emptyDir: {sizeLimit: 1Gi}
`,
      'patch.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  annotations: {note: 1, yes: yes}
spec:
  template:
    spec:
      $patch: replace
      containers:
        - {name: one, image: one}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api}
spec:
  template:
    metadata:
      labels:
        app: null
        team: a
`,
    },
  },
  'JSON patches': {
    folders: ['.'],
    files: {
      'kustomization.yaml': `resources: [web.yaml, api.yaml, other.yaml]
patchesJson6902:
  - target: {group: apps, version: v1, kind: Deployment, name: web}
    path: operations.json
  - target: {version: v1, kind: Service, name: web}
    patch: |-
      - {op: replace, path: /spec/ports/0/port, value: 81}
patches:
  - target: {kind: Deployment, labelSelector: "app in (web, api),!absent"}
    patch: |
      - op: add
        path: /metadata/annotations
        value: {touched: "true"}
      - op: add
        path: /metadata/labels/a~1b
        value: "1"
  - target: {kind: Deploy.*, name: w.b|none, annotationSelector: touched=true}
    patch: '[{"op": "remove", "path": "/spec/template/spec/tolerations/0"}, {"op": "replace", "path": "/spec/paused", "value": true}]'
  - target: {kind: Deployment}
    patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: whatever, namespace: elsewhere}
      spec: {revisionHistoryLimit: 3}
  - target: {kind: Deployment, name: api}
    options: {allowNameChange: true, allowKindChange: true}
    patch: |
      kind: StatefulSet
      metadata: {name: api-renamed}
  - target: {kind: Nothing}
    patch: '[{"op": "remove", "path": "/spec"}]'
`,
      'web.yaml': deployment('web'),
      'api.yaml': deployment('api'),
      'other.yaml': `${service('web')}---\n${service('api')}`,
      'operations.json': `[
  {"op": "add", "path": "/spec/template/spec/containers/-", "value": {"name": "last", "image": "l"}},
  {"op": "add", "path": "/spec/template/spec/containers/0", "value": {"name": "first", "image": "f"}},
  {"op": "test", "path": "/spec/replicas", "value": 1},
  {"op": "move", "from": "/spec/template/spec/volumes/1", "path": "/spec/template/spec/volumes/0"},
  {"op": "copy", "from": "/metadata/labels", "path": "/metadata/copied"},
  {"op": "replace", "path": "/spec/template/spec/containers/1/env/0/value", "value": "patched"}
]`,
    },
  },
  'images, replicas and names': {
    folders: ['base', 'overlay', 'deeper'],
    files: {
      'base/kustomization.yml': `bases: [../other]
resources: [web.yaml, cron.yaml, rbac.yaml, set.yaml]
namePrefix: b-
commonAnnotations: {team: base}
configMapGenerator:
  - name: settings
    literals: [A=1, 'B="quoted"', C=a=b, D=]
`,
      'other/Kustomization': 'resources: [api.yaml]\n',
      'other/api.yaml': deployment('api'),
      'base/web.yaml': `${deployment('web').replace(
        '          ports:',
        `          envFrom:
            - configMapRef: {name: settings}
            - secretRef: {name: password}
          ports:`,
      )}---\n${service('web')}---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 3}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, annotations: {nginx.ingress.kubernetes.io/auth-secret: password}}
spec:
  tls: [{secretName: password, hosts: [a.b]}]
  defaultBackend: {service: {name: web, port: {number: 80}}}
  rules:
    - host: a.b
      http: {paths: [{path: /, backend: {service: {name: web, port: {name: http}}}}]}
`,
      'base/cron.yaml': `apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly}
spec:
  schedule: "0 0 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          serviceAccountName: runner
          containers:
            - {name: run, image: "acme/web:1.0", env: [{name: P, valueFrom: {secretKeyRef: {name: password, key: p}}}]}
          volumes: [{name: v, projected: {sources: [{configMap: {name: settings}}, {secret: {name: password}}]}}]
`,
      'base/rbac.yaml': `apiVersion: v1
kind: ServiceAccount
metadata: {name: runner}
imagePullSecrets: [{name: password}]
---
apiVersion: v1
kind: Secret
metadata: {name: password}
stringData: {p: x}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: read}
rules: [{apiGroups: [""], resources: [secrets], resourceNames: [password, unknown], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: read}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: read}
subjects:
  - {kind: ServiceAccount, name: runner}
  - {kind: ServiceAccount, name: default}
  - {kind: ServiceAccount, name: runner, namespace: elsewhere}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: read}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: read}
subjects: [{kind: ServiceAccount, name: runner, namespace: default}]
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: read}
---
apiVersion: v1
kind: Namespace
metadata: {name: shop}
`,
      'base/set.yaml': `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: web
  template: {spec: {containers: [{name: db, image: "postgres:15-alpine@sha256:abc"}]}}
  volumeClaimTemplates: [{metadata: {name: d}, spec: {}}]
---
apiVersion: example.com/v1
kind: Thing
metadata: {name: thing}
spec: {pod: {containers: [{image: acme/web}]}, image: acme/web}
`,
      'overlay/kustomization.yaml': `resources: [../base]
namespace: shop-prod
nameSuffix: -prod
images:
  - {name: acme/web, newTag: "2.0"}
  - {name: acme/api, newName: registry.example:5000/acme/api, digest: "sha256:beef"}
  - {name: acme/sidecar, newTag: v9}
  - {name: postgres, newTag: "16", digest: "sha256:cafe"}
  - {name: registry.local:5000/team/wait, newName: busybox, newTag: "1"}
replicas:
  - {name: web, count: 5}
  - {name: db, count: 3}
labels:
  - pairs: {tier: shop}
  - pairs: {track: stable}
    includeTemplates: true
commonLabels: {env: prod}
configMapGenerator:
  - name: settings
    behavior: merge
    literals: [A=2, E=new]
`,
      'deeper/kustomization.yaml': `resources: [../overlay]
namePrefix: d-
replicas: [{name: b-web-prod, count: 7}]
images: [{name: acme/web, tagSuffix: -rc}]
labels:
  - pairs: {sel: "yes"}
    includeSelectors: true
    fields: [{path: spec/custom/labels, kind: Thing, create: true}]
`,
    },
  },
  generators: {
    folders: ['base', 'overlay'],
    files: {
      'base/kustomization.yaml': `generatorOptions:
  labels: {made: here}
  annotations: {why: because}
configMapGenerator:
  - name: files
    files: [app.properties, renamed=data/page.html]
  - name: variables
    envs: [one.env, two.env]
    env: three.env
    literals: ["Z='single'", "Y=<&>"]
  - name: plain
    namespace: other
    literals: [a=b]
    options: {disableNameSuffixHash: true, immutable: true, labels: {made: there, more: "1"}}
  - name: nothing
secretGenerator:
  - name: secret
    type: kubernetes.io/tls
    files: [app.properties]
    literals: [long=0123456789012345678901234567890123456789012345678901234567890123456789]
  - name: opaque
    envs: [one.env]
resources: [pod.yaml]
`,
      'base/pod.yaml': `apiVersion: v1
kind: Pod
metadata: {name: p}
spec:
  containers: [{name: c, image: i, envFrom: [{configMapRef: {name: variables}}, {secretRef: {name: opaque}}]}]
  volumes: [{name: f, configMap: {name: files}}, {name: s, secret: {secretName: secret}}, {name: q, configMap: {name: plain}}]
`,
      'base/app.properties': 'a=1\n# comment\nb=grüße \u2028 end\n',
      'base/data/page.html': '<p>no line break at the end & "quotes"</p>',
      'base/one.env': '\uFEFFONE=1\n\n# no\n  INDENTED= spaced \nEMPTY\nQUOTED="kept"\n',
      'base/two.env': 'TWO=2\r\n',
      'base/three.env': 'THREE=3',
      'overlay/kustomization.yaml': `resources: [../base]
namespace: made
configMapGenerator:
  - name: files
    behavior: replace
    literals: [only=this]
  - name: variables
    behavior: merge
    literals: [ONE=one, NEW=new]
secretGenerator:
  - name: opaque
    behavior: merge
    literals: [ONE=eins]
    options: {annotations: {x: z}}
`,
    },
  },
  replacements: {
    folders: ['.'],
    files: {
      'kustomization.yaml': `resources: [web.yaml, service.yaml, config.yaml]
namePrefix: p-
replacements:
  - source: {kind: ConfigMap, name: config, fieldPath: data.host}
    targets:
      - select: {kind: Deployment, name: web}
        fieldPaths:
          - spec.template.spec.containers.[name=web].env.[name=A].value
          - spec.template.spec.containers.[name=web].env.[name=NEW].value
        options: {create: true}
  - source: {kind: ConfigMap, name: config, fieldPath: data.address, options: {delimiter: ":", index: 1}}
    targets:
      - select: {kind: Service}
        reject: [{name: api}]
        fieldPaths: [spec.ports.0.port, "spec.ports.[name=dns].port"]
      - select: {kind: Deployment}
        fieldPaths: [spec.replicas]
  - source: {kind: Service, name: web}
    targets:
      - select: {kind: ConfigMap}
        fieldPaths: [data.url]
        options: {delimiter: /, index: 2}
      - select: {kind: ConfigMap}
        fieldPaths: ["metadata.annotations.[a.b/c]", 'metadata.annotations.d\\.e']
        options: {create: true}
  - path: more.yaml
`,
      'more.yaml': `- source: {kind: Deployment, name: web, fieldPath: "spec.template.spec.containers.[name=sidecar].image", options: {delimiter: "@", index: 0}}
  targets:
    - select: {kind: Deployment}
      fieldPaths: ["spec.template.spec.containers.*.image"]
      options: {delimiter: "/", index: 0}
- source: {kind: Deployment, name: web, fieldPath: spec.template.metadata.labels}
  targets:
    - select: {kind: ConfigMap}
      fieldPaths: [metadata.labels]
      options: {create: true}
`,
      'web.yaml': deployment('web'),
      'service.yaml': `${service('web')}---\n${service('api')}`,
      'config.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: config}
data: {host: example.org, address: "example.org:8443", url: "https://host/path"}
`,
    },
  },
  variables: {
    folders: ['overlay'],
    files: {
      'base/kustomization.yaml': `resources: [web.yaml, service.yaml]
vars:
  - {name: HOST, objref: {apiVersion: v1, kind: Service, name: web}}
  - {name: PORT, objref: {apiVersion: v1, kind: Service, name: web}, fieldref: {fieldPath: "spec.ports[0].port"}}
configurations: [more.yaml]
`,
      'base/more.yaml': 'varReference: [{path: spec/note, kind: Deployment}]\n',
      'base/web.yaml': deployment('web')
        .replace('value: two', 'value: "http://$(HOST):$(PORT)/$(UNKNOWN)/$$(HOST)"')
        .replace('  replicas: 1', '  note: $(PORT)\n  replicas: 1'),
      'base/service.yaml': service('web'),
      'overlay/kustomization.yaml': 'resources: [../base]\nnamePrefix: o-\nnameSuffix: -z\n',
    },
  },
  components: {
    folders: ['.'],
    files: {
      'kustomization.yaml': `resources: [base]
components: [parts/first, parts/second]
images: [{name: acme/web, newTag: "9"}]
patches:
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec: {replicas: 9}
`,
      'base/kustomization.yaml': 'resources: [web.yaml]\nnameSuffix: -s\n',
      'base/web.yaml': deployment('web'),
      'parts/first/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources: [extra.yaml]
patches:
  - patch: |
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: web}
      spec: {replicas: 4, minReadySeconds: 4}
`,
      'parts/first/extra.yaml': service('web'),
      'parts/second/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
namePrefix: c-
components: [../third]
patches:
  - target: {kind: Service, name: web}
    patch: '[{"op": "add", "path": "/spec/type", "value": "NodePort"}]'
`,
      'parts/third/kustomization.yaml': `apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
commonLabels: {third: "3"}
`,
    },
  },
  'values and documents of every form': {
    folders: ['.'],
    files: {
      'kustomization.yaml':
        'resources: [values.yaml, list.yaml, anchors.yaml, local.yaml, object.json]\nsortOptions: {order: fifo}\n',
      'values.yaml': `apiVersion: example.com/v1
kind: Values
metadata:
  name: values
  annotations: {a: true, b: 1, c: null, d: 2001-01-01, e: yes}
spec:
  list: [true, True, yes, on, off, n, 0777, 0o17, 0x10, 1e3, 1.10, .5, 1_000, ~, null, "null", 2001-01-01, 2001-12-14t21:59:43.10-05:00, 1:20, 0b11, +1, -0, 1., "", 'it''s', "a\\tb"]
  empty: {}
  none: []
  block: |
    one
      two

  kept: |+
    text

  folded: >-
    a
    b

    c
`,
      'list.yaml': `apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: inner}, data: {a: b}}
  - apiVersion: v1
    kind: ConfigMapList
    items: [{apiVersion: v1, kind: ConfigMap, metadata: {name: deeper}}]
---
# nothing but a comment
---
apiVersion: v1
kind: ConfigMap
metadata: {name: beside, annotations: {}}
`,
      'anchors.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  name: anchored
  labels: &labels {a: b, c: d}
  annotations:
    <<: *labels
    c: own
data: *labels
`,
      'local.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: gone, annotations: {config.kubernetes.io/local-config: "true"}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: stays, annotations: {config.kubernetes.io/local-config: "false"}}
`,
      'object.json': '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "json"}, "data": {"n": "1"}}',
    },
  },
  'built-in transformers and generators': {
    folders: ['.'],
    files: {
      'kustomization.yaml': `resources: [web.yaml]
generators: [plugins/map.yaml]
transformers:
  - plugins
  - |-
    apiVersion: builtin
    kind: LabelTransformer
    metadata: {name: l}
    labels: {by: plugin}
    fieldSpecs: [{path: metadata/labels, create: true}, {path: spec/template/metadata/labels, create: true, kind: Deployment}]
buildMetadata: [originAnnotations]
`,
      'web.yaml': `${deployment('web')}---\n${service('web')}`,
      'plugins/map.yaml': `apiVersion: builtin
kind: ConfigMapGenerator
metadata: {name: made}
literals: [a=b]
`,
      'plugins/kustomization.yaml': 'resources: [all.yaml]\n',
      'plugins/all.yaml': `apiVersion: builtin
kind: PrefixTransformer
metadata: {name: prefix}
prefix: t-
fieldSpecs: [{path: metadata/name, kind: Deployment}]
---
apiVersion: builtin
kind: NamespaceTransformer
metadata: {name: n, namespace: there}
unsetOnly: true
---
apiVersion: builtin
kind: ImageTagTransformer
metadata: {name: i}
imageTag: {name: acme/web, newTag: t1}
fieldSpecs: [{path: "spec/template/spec/containers[]/image"}]
---
apiVersion: builtin
kind: ReplicaCountTransformer
metadata: {name: r}
replica: {name: web, count: 6}
fieldSpecs: [{path: spec/replicas, kind: Deployment, create: true}]
---
apiVersion: builtin
kind: PatchTransformer
metadata: {name: p}
patch: '[{"op": "add", "path": "/spec/minReadySeconds", "value": 5}]'
target: {kind: Deployment}
---
apiVersion: builtin
kind: AnnotationsTransformer
metadata: {name: a}
annotations: {x: "1"}
fieldSpecs: [{path: metadata/annotations, create: true}]
`,
    },
  },

  'a schema of its own says how lists merge, and nothing else does': {
    folders: ['over'],
    files: {
      'base/kustomization.yaml': 'resources: [r.yaml]\n',
      'base/r.yaml': `apiVersion: shop.example/v1
kind: Stall
metadata: {name: s}
spec:
  shelves:
  - {name: low, rows: [{at: 1, holds: a}, {at: 2, holds: b}], tags: [x]}
  - {name: high}
---
${deployment('web')}`,
      'over/kustomization.yaml': `resources: [../base]
openapi: {path: schema.json}
patches:
- patch: |
    apiVersion: shop.example/v1
    kind: Stall
    metadata: {name: s}
    spec: {shelves: [{name: low, rows: [{at: 2, holds: c}], tags: [y]}]}
- patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec: {template: {spec: {containers: [{name: web, image: other}]}}}
`,
      'over/schema.json': JSON.stringify({
        definitions: {
          'example.shop.v1.Stall': {
            type: 'object',
            properties: { spec: { $ref: '#/definitions/Spec' } },
            'x-kubernetes-group-version-kind': [{ group: 'shop.example', version: 'v1', kind: 'Stall' }],
          },
          Spec: {
            type: 'object',
            properties: {
              shelves: {
                type: 'array',
                items: { $ref: '#/definitions/Shelf' },
                'x-kubernetes-patch-strategy': 'merge',
                'x-kubernetes-patch-merge-key': 'name',
              },
            },
          },
          Shelf: {
            type: 'object',
            properties: {
              inside: { $ref: '#/definitions/Shelf' },
              rows: {
                type: 'array',
                items: { type: 'object' },
                'x-kubernetes-patch-strategy': 'merge',
                'x-kubernetes-patch-merge-key': 'at',
              },
              tags: { type: 'array', items: { type: 'string' } },
            },
          },
        },
      }),
    },
  },
  'definitions of custom resources say which fields name others': {
    folders: ['.'],
    files: {
      'kustomization.yaml': `crds: [types.json]
resources: [r.yaml]
namePrefix: p-
commonAnnotations: {note: "1"}
`,
      'r.yaml': `apiVersion: v1
kind: Secret
metadata: {name: keys}
---
apiVersion: shop.example/v1
kind: Stall
metadata: {name: s}
spec:
  notes: {a: b}
  inner: {keyRef: {name: keys}, otherRef: {id: s}}
`,
      'types.json': JSON.stringify({
        'example.shop/v1.Stall': {
          Schema: {
            properties: {
              apiVersion: { type: 'string' },
              kind: { type: 'string' },
              metadata: { $ref: 'ObjectMeta' },
              spec: { $ref: 'example.shop/v1.StallSpec' },
            },
          },
        },
        'example.shop/v1.StallSpec': {
          Schema: {
            properties: {
              notes: { type: 'object', 'x-kubernetes-annotation': '' },
              inner: { $ref: 'example.shop/v1.Inner' },
            },
          },
        },
        'example.shop/v1.Inner': {
          Schema: {
            properties: {
              keyRef: {
                'x-kubernetes-object-ref-api-version': 'v1',
                'x-kubernetes-object-ref-kind': 'Secret',
                type: 'object',
              },
              otherRef: {
                'x-kubernetes-object-ref-api-version': 'v1',
                'x-kubernetes-object-ref-kind': 'Stall',
                'x-kubernetes-object-ref-name-key': 'id',
                type: 'object',
              },
            },
          },
        },
      }),
    },
  },
  'texts that are folded, and annotations that are none': {
    folders: ['.'],
    files: {
      'kustomization.yaml': 'resources: [m.yaml]\n',
      'm.yaml': `apiVersion: v1
kind: ConfigMap
metadata:
  annotations:
  name: folded
data:
  a: >-
    first(
      second
    )

    third
      fourth

      fifth
    sixth
  b: >
    one
    two


    three
  c: >+
    x
      y

  d: |
    x
      y
  e: >-
    x\\u0020
      y
`,
    },
  },
}
