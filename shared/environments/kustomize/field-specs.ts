import { compareTypes, isSelectedType } from './object-type.ts'

/** Which fields of which objects a transformation touches. An empty group, version or kind means any. */
export type FieldSpec = {
  readonly group?: string
  readonly version?: string
  readonly kind?: string
  /** Steps joined by `/`; a `/` inside of a step is written `\/`. */
  readonly path: string
  readonly create?: boolean
}
/** Fields that hold names of objects of one type. */
export type NameReference = {
  readonly group?: string
  readonly version?: string
  readonly kind?: string
  readonly fieldSpecs: readonly FieldSpec[]
}
export type FieldSpecs = {
  readonly namePrefix: readonly FieldSpec[]
  readonly nameSuffix: readonly FieldSpec[]
  readonly namespace: readonly FieldSpec[]
  readonly commonLabels: readonly FieldSpec[]
  readonly labels: readonly FieldSpec[]
  readonly templateLabels: readonly FieldSpec[]
  readonly commonAnnotations: readonly FieldSpec[]
  readonly nameReference: readonly NameReference[]
  readonly varReference: readonly FieldSpec[]
  readonly images: readonly FieldSpec[]
  readonly replicas: readonly FieldSpec[]
}

const of = (kind: string, path: string, more: Omit<FieldSpec, 'path' | 'kind'> = {}): FieldSpec => ({
  kind,
  path,
  ...more,
})
const pods: readonly (readonly [kind: string, podSpec: string])[] = [
  ['Pod', 'spec'],
  ['PodTemplate', 'template/spec'],
  ['Deployment', 'spec/template/spec'],
  ['ReplicaSet', 'spec/template/spec'],
  ['DaemonSet', 'spec/template/spec'],
  ['StatefulSet', 'spec/template/spec'],
  ['Job', 'spec/template/spec'],
  ['CronJob', 'spec/jobTemplate/spec/template/spec'],
]
const inPods = (...fields: string[]): FieldSpec[] =>
  pods.flatMap(([kind, spec]) =>
    fields.map(field => of(kind, `${spec}/${field}`, kind === 'Pod' ? { version: 'v1' } : {})),
  )
const containers = ['containers', 'initContainers']
const keyRefs = (ref: string): string[] => containers.map(list => `${list}/env/valueFrom/${ref}/name`)
const envFrom = (ref: string): string[] => containers.map(list => `${list}/envFrom/${ref}/name`)
const annotation = (name: string): FieldSpec => of('Ingress', `metadata/annotations/${name.replaceAll('/', '\\/')}`)

const rbac = 'rbac.authorization.k8s.io'
const admission = 'admissionregistration.k8s.io'
const runners: readonly (readonly [kind: string, podSpec: string])[] = [
  ['Pod', 'spec'],
  ['StatefulSet', 'spec/template/spec'],
  ['Deployment', 'spec/template/spec'],
  ['ReplicationController', 'spec/template/spec'],
  ['CronJob', 'spec/jobTemplate/spec/template/spec'],
  ['Job', 'spec/template/spec'],
  ['DaemonSet', 'spec/template/spec'],
]
const inRunners = (field: string): FieldSpec[] => runners.map(([kind, spec]) => of(kind, `${spec}/${field}`))

const scaled = (kind: string): NameReference => ({
  kind,
  fieldSpecs: [of('HorizontalPodAutoscaler', 'spec/scaleTargetRef/name')],
})

const nameReference: readonly NameReference[] = [
  scaled('Deployment'),
  scaled('ReplicationController'),
  scaled('ReplicaSet'),
  scaled('StatefulSet'),
  {
    kind: 'ConfigMap',
    version: 'v1',
    fieldSpecs: [
      ...inPods(
        'volumes/configMap/name',
        ...keyRefs('configMapKeyRef'),
        ...envFrom('configMapRef'),
        'volumes/projected/sources/configMap/name',
      ),
      of('Node', 'spec/configSource/configMap'),
      of('Role', 'rules/resourceNames'),
      of('ClusterRole', 'rules/resourceNames'),
      annotation('nginx.ingress.kubernetes.io/fastcgi-params-configmap'),
    ],
  },
  {
    kind: 'Secret',
    version: 'v1',
    fieldSpecs: [
      ...inPods(
        'volumes/secret/secretName',
        ...keyRefs('secretKeyRef'),
        ...envFrom('secretRef'),
        'imagePullSecrets/name',
        'volumes/projected/sources/secret/name',
      ),
      of('Ingress', 'spec/tls/secretName'),
      annotation('ingress.kubernetes.io/auth-secret'),
      annotation('nginx.ingress.kubernetes.io/auth-secret'),
      annotation('nginx.ingress.kubernetes.io/auth-tls-secret'),
      of('ServiceAccount', 'imagePullSecrets/name'),
      ...['secretName', 'adminSecretName', 'userSecretName', 'secretRef'].map(name =>
        of('StorageClass', `parameters/${name}`),
      ),
      of('Role', 'rules/resourceNames'),
      of('ClusterRole', 'rules/resourceNames'),
      of('Service', 'spec/template/spec/containers/env/valueFrom/secretKeyRef/name', {
        group: 'serving.knative.dev',
        version: 'v1',
      }),
      of('PersistentVolume', 'spec/azureFile/secretName'),
    ],
  },
  {
    kind: 'Service',
    version: 'v1',
    fieldSpecs: [
      of('StatefulSet', 'spec/serviceName', { group: 'apps' }),
      of('Ingress', 'spec/rules/http/paths/backend/serviceName'),
      of('Ingress', 'spec/backend/serviceName'),
      of('Ingress', 'spec/rules/http/paths/backend/service/name'),
      of('Ingress', 'spec/defaultBackend/service/name'),
      of('APIService', 'spec/service/name', { group: 'apiregistration.k8s.io' }),
      of('ValidatingWebhookConfiguration', 'webhooks/clientConfig/service', { group: admission }),
      of('MutatingWebhookConfiguration', 'webhooks/clientConfig/service', { group: admission }),
    ],
  },
  { kind: 'Role', group: rbac, fieldSpecs: [of('RoleBinding', 'roleRef/name', { group: rbac })] },
  {
    kind: 'ClusterRole',
    group: rbac,
    fieldSpecs: [
      of('RoleBinding', 'roleRef/name', { group: rbac }),
      of('ClusterRoleBinding', 'roleRef/name', { group: rbac }),
    ],
  },
  {
    kind: 'ServiceAccount',
    version: 'v1',
    fieldSpecs: [
      of('RoleBinding', 'subjects', { group: rbac }),
      of('ClusterRoleBinding', 'subjects', { group: rbac }),
      ...inRunners('serviceAccountName'),
    ],
  },
  {
    kind: 'PersistentVolumeClaim',
    version: 'v1',
    fieldSpecs: inRunners('volumes/persistentVolumeClaim/claimName'),
  },
  {
    kind: 'PersistentVolume',
    version: 'v1',
    fieldSpecs: [of('PersistentVolumeClaim', 'spec/volumeName'), of('ClusterRole', 'rules/resourceNames')],
  },
  {
    kind: 'StorageClass',
    version: 'v1',
    group: 'storage.k8s.io',
    fieldSpecs: [
      of('PersistentVolume', 'spec/storageClassName'),
      of('PersistentVolumeClaim', 'spec/storageClassName'),
      of('StatefulSet', 'spec/volumeClaimTemplates/spec/storageClassName'),
    ],
  },
  {
    kind: 'PriorityClass',
    version: 'v1',
    group: 'scheduling.k8s.io',
    fieldSpecs: inRunners('priorityClassName'),
  },
  // The group is written so in kustomize itself, and selects nothing.
  {
    kind: 'IngressClass',
    version: 'v1',
    group: 'networking.k8s.io/v1',
    fieldSpecs: [of('Ingress', 'spec/ingressClassName')],
  },
  {
    kind: 'ValidatingAdmissionPolicy',
    group: admission,
    fieldSpecs: [of('ValidatingAdmissionPolicyBinding', 'spec/policyName', { group: admission })],
  },
]

const create = true
const templates = (last: 'labels' | 'annotations'): FieldSpec[] => [
  { path: `metadata/${last}`, create },
  of('ReplicationController', `spec/template/metadata/${last}`, { version: 'v1', create }),
  of('Deployment', `spec/template/metadata/${last}`, { create }),
  of('ReplicaSet', `spec/template/metadata/${last}`, { create }),
  of('DaemonSet', `spec/template/metadata/${last}`, { create }),
  of('StatefulSet', `spec/template/metadata/${last}`, { create, ...(last === 'labels' && { group: 'apps' }) }),
  ...(last === 'labels'
    ? [of('StatefulSet', 'spec/volumeClaimTemplates[]/metadata/labels', { group: 'apps', create })]
    : []),
  of('Job', `spec/template/metadata/${last}`, { group: 'batch', create }),
  of('CronJob', `spec/jobTemplate/metadata/${last}`, { group: 'batch', create }),
  of('CronJob', `spec/jobTemplate/spec/template/metadata/${last}`, { group: 'batch', create }),
]

const podRelations = ['podAffinity', 'podAntiAffinity'].flatMap(relation => [
  `affinity/${relation}/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels`,
  `affinity/${relation}/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels`,
])
const selectors: readonly FieldSpec[] = [
  of('Service', 'spec/selector', { version: 'v1', create }),
  of('ReplicationController', 'spec/selector', { version: 'v1', create }),
  of('Deployment', 'spec/selector/matchLabels', { create }),
  ...['Deployment', 'StatefulSet'].flatMap(kind =>
    [...podRelations, 'topologySpreadConstraints/labelSelector/matchLabels'].map(path =>
      of(kind, `spec/template/spec/${path}`, { group: 'apps' }),
    ),
  ),
  of('ReplicaSet', 'spec/selector/matchLabels', { create }),
  of('DaemonSet', 'spec/selector/matchLabels', { create }),
  of('StatefulSet', 'spec/selector/matchLabels', { group: 'apps', create }),
  of('Job', 'spec/selector/matchLabels', { group: 'batch' }),
  of('CronJob', 'spec/jobTemplate/spec/selector/matchLabels', { group: 'batch' }),
  of('PodDisruptionBudget', 'spec/selector/matchLabels', { group: 'policy' }),
  of('NetworkPolicy', 'spec/podSelector/matchLabels', { group: 'networking.k8s.io' }),
  of('NetworkPolicy', 'spec/ingress/from/podSelector/matchLabels', { group: 'networking.k8s.io' }),
  of('NetworkPolicy', 'spec/egress/to/podSelector/matchLabels', { group: 'networking.k8s.io' }),
]

const variableFields = containers.flatMap(list => [
  `spec/${list}/args`,
  `spec/${list}/command`,
  `spec/${list}/env/value`,
  `spec/${list}/volumeMounts/mountPath`,
])
const varReference: readonly FieldSpec[] = [
  ...['DaemonSet', 'Deployment', 'Job', 'ReplicaSet', 'StatefulSet'].flatMap(kind =>
    variableFields.map(path => of(kind, `spec/template/${path}`)),
  ),
  ...variableFields.map(path => of('CronJob', `spec/jobTemplate/spec/template/${path}`)),
  of('CronJob', 'spec/jobTemplate/spec/template/volumes/nfs/server'),
  ...variableFields.map(path => of('Pod', path)),
  of('Pod', 'spec/volumes/nfs/server'),
  ...['DaemonSet', 'Deployment', 'Job', 'ReplicaSet'].map(kind => of(kind, 'spec/template/spec/volumes/nfs/server')),
  of('Deployment', 'spec/template/metadata/annotations'),
  of('Ingress', 'spec/rules/host'),
  of('Ingress', 'spec/tls/hosts'),
  of('Ingress', 'spec/tls/secretName'),
  of('Service', 'spec/ports/port'),
  of('Service', 'spec/ports/targetPort'),
  of('StatefulSet', 'spec/volumeClaimTemplates/spec/nfs/server'),
  of('PersistentVolume', 'spec/nfs/server'),
  { path: 'metadata/labels' },
  { path: 'metadata/annotations' },
]

/** What kustomize knows without being told (its builtinpluginconsts, version 5.5). */
export const defaultFieldSpecs: FieldSpecs = {
  namePrefix: [{ path: 'metadata/name' }],
  nameSuffix: [{ path: 'metadata/name' }],
  namespace: [
    of('Namespace', 'metadata/name', { create }),
    of('APIService', 'spec/service/namespace', { group: 'apiregistration.k8s.io', create }),
    of('CustomResourceDefinition', 'spec/conversion/webhook/clientConfig/service/namespace', {
      group: 'apiextensions.k8s.io',
    }),
  ],
  commonLabels: [...selectors, ...templates('labels')],
  labels: [],
  templateLabels: templates('labels'),
  commonAnnotations: templates('annotations'),
  nameReference,
  varReference,
  images: ['', 'template/spec/'].flatMap(prefix =>
    containers.map(list => ({ path: `spec/${prefix}${list}[]/image`, create })),
  ),
  replicas: ['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'].map(kind =>
    of(kind, 'spec/replicas', { create }),
  ),
}

export const emptyFieldSpecs: FieldSpecs = {
  namePrefix: [],
  nameSuffix: [],
  namespace: [],
  commonLabels: [],
  labels: [],
  templateLabels: [],
  commonAnnotations: [],
  nameReference: [],
  varReference: [],
  images: [],
  replicas: [],
}

/** Joined, what is there already once. */
export function mergeFieldSpecs(a: readonly FieldSpec[], b: readonly FieldSpec[]): readonly FieldSpec[] {
  const merged = [...a]
  for (const spec of b)
    if (!merged.some(known => known.path === spec.path && isSelectedType(known, spec))) merged.push(spec)
  return merged
}

/**
 * Both joined and put in order, types that say more first. A spec for all types that comes after one for some, of the
 * same field, is then taken for known: so it is in kustomize, where a `namePrefix` for one type ends that for all.
 */
export function mergeConfigurations(a: FieldSpecs, b: FieldSpecs): FieldSpecs {
  if (a === b || b === emptyFieldSpecs) return a
  if (a === emptyFieldSpecs && b === defaultFieldSpecs) return b
  const joined = joinConfigurations(a, b)
  const sorted = <T extends FieldSpec | NameReference>(specs: readonly T[]): readonly T[] =>
    [...specs].sort((one, other) => compareTypes(one, other))
  return {
    namePrefix: sorted(joined.namePrefix),
    nameSuffix: sorted(joined.nameSuffix),
    namespace: sorted(joined.namespace),
    commonLabels: sorted(joined.commonLabels),
    labels: sorted(joined.labels),
    templateLabels: sorted(joined.templateLabels),
    commonAnnotations: sorted(joined.commonAnnotations),
    nameReference: sorted(joined.nameReference),
    varReference: sorted(joined.varReference),
    images: sorted(joined.images),
    replicas: sorted(joined.replicas),
  }
}

function joinConfigurations(a: FieldSpecs, b: FieldSpecs): FieldSpecs {
  const references = [...a.nameReference]
  for (const incoming of b.nameReference) {
    const index = references.findIndex(
      known =>
        (known.group ?? '') === (incoming.group ?? '') &&
        (known.version ?? '') === (incoming.version ?? '') &&
        (known.kind ?? '') === (incoming.kind ?? ''),
    )
    const known = references[index]
    if (known) references[index] = { ...known, fieldSpecs: mergeFieldSpecs(known.fieldSpecs, incoming.fieldSpecs) }
    else references.push(incoming)
  }
  return {
    namePrefix: mergeFieldSpecs(a.namePrefix, b.namePrefix),
    nameSuffix: mergeFieldSpecs(a.nameSuffix, b.nameSuffix),
    namespace: mergeFieldSpecs(a.namespace, b.namespace),
    commonLabels: mergeFieldSpecs(a.commonLabels, b.commonLabels),
    labels: mergeFieldSpecs(a.labels, b.labels),
    templateLabels: mergeFieldSpecs(a.templateLabels, b.templateLabels),
    commonAnnotations: mergeFieldSpecs(a.commonAnnotations, b.commonAnnotations),
    nameReference: references,
    varReference: mergeFieldSpecs(a.varReference, b.varReference),
    images: mergeFieldSpecs(a.images, b.images),
    replicas: mergeFieldSpecs(a.replicas, b.replicas),
  }
}
