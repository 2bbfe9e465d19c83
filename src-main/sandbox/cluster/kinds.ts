import { isObject, type JsonObject, listAt, objectAt, textAt, valueAt } from '../../../shared/manifests/manifest.ts'

/** A kind that the sandbox's API server serves. */
export type Kind = {
  readonly group: string
  /** The preferred one first. An object reads the same in each. */
  readonly versions: readonly string[]
  readonly kind: string
  readonly resource: string
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly namespaced: boolean
  readonly subresources: readonly string[]
  readonly verbs: readonly string[]
  /** From a CustomResourceDefinition: no strategic merge, no defaults. */
  readonly custom: boolean
}

export const apiVersionOf = ({ group, versions }: Kind): string =>
  group === '' ? versions[0]! : `${group}/${versions[0]}`
export const groupResource = ({ group, resource }: Pick<Kind, 'group' | 'resource'>): string => `${group}/${resource}`

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

/** group, version, kind, resource, short names, scope (`ns` or `-`), subresources, verbs if not all. */
const table: readonly (readonly [string, string, string, string, string, 'ns' | '-', string, string?])[] = [
  ['', 'v1', 'Namespace', 'namespaces', 'ns', '-', 'status finalize'],
  ['', 'v1', 'Node', 'nodes', 'no', '-', 'status'],
  ['', 'v1', 'Pod', 'pods', 'po', 'ns', 'status log exec attach portforward proxy eviction'],
  ['', 'v1', 'Service', 'services', 'svc', 'ns', 'status proxy'],
  ['', 'v1', 'Endpoints', 'endpoints', 'ep', 'ns', ''],
  ['', 'v1', 'ConfigMap', 'configmaps', 'cm', 'ns', ''],
  ['', 'v1', 'Secret', 'secrets', '', 'ns', ''],
  ['', 'v1', 'ServiceAccount', 'serviceaccounts', 'sa', 'ns', ''],
  ['', 'v1', 'Event', 'events', 'ev', 'ns', ''],
  ['', 'v1', 'PersistentVolume', 'persistentvolumes', 'pv', '-', 'status'],
  ['', 'v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', 'pvc', 'ns', 'status'],
  ['', 'v1', 'LimitRange', 'limitranges', 'limits', 'ns', ''],
  ['', 'v1', 'ResourceQuota', 'resourcequotas', 'quota', 'ns', 'status'],
  ['apps', 'v1', 'Deployment', 'deployments', 'deploy', 'ns', 'status scale'],
  ['apps', 'v1', 'ReplicaSet', 'replicasets', 'rs', 'ns', 'status scale'],
  ['apps', 'v1', 'StatefulSet', 'statefulsets', 'sts', 'ns', 'status scale'],
  ['apps', 'v1', 'DaemonSet', 'daemonsets', 'ds', 'ns', 'status'],
  ['apps', 'v1', 'ControllerRevision', 'controllerrevisions', '', 'ns', ''],
  ['batch', 'v1', 'Job', 'jobs', '', 'ns', 'status'],
  ['batch', 'v1', 'CronJob', 'cronjobs', 'cj', 'ns', 'status'],
  ['autoscaling', 'v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', 'hpa', 'ns', 'status'],
  ['policy', 'v1', 'PodDisruptionBudget', 'poddisruptionbudgets', 'pdb', 'ns', 'status'],
  ['networking.k8s.io', 'v1', 'Ingress', 'ingresses', 'ing', 'ns', 'status'],
  ['networking.k8s.io', 'v1', 'IngressClass', 'ingressclasses', '', '-', ''],
  ['networking.k8s.io', 'v1', 'NetworkPolicy', 'networkpolicies', 'netpol', 'ns', ''],
  ['discovery.k8s.io', 'v1', 'EndpointSlice', 'endpointslices', '', 'ns', ''],
  ['coordination.k8s.io', 'v1', 'Lease', 'leases', '', 'ns', ''],
  ['storage.k8s.io', 'v1', 'StorageClass', 'storageclasses', 'sc', '-', ''],
  ['rbac.authorization.k8s.io', 'v1', 'Role', 'roles', '', 'ns', ''],
  ['rbac.authorization.k8s.io', 'v1', 'RoleBinding', 'rolebindings', '', 'ns', ''],
  ['rbac.authorization.k8s.io', 'v1', 'ClusterRole', 'clusterroles', '', '-', ''],
  ['rbac.authorization.k8s.io', 'v1', 'ClusterRoleBinding', 'clusterrolebindings', '', '-', ''],
  ['apiextensions.k8s.io', 'v1', 'CustomResourceDefinition', 'customresourcedefinitions', 'crd crds', '-', 'status'],
  ['authorization.k8s.io', 'v1', 'SelfSubjectAccessReview', 'selfsubjectaccessreviews', '', '-', '', 'create'],
  ['authorization.k8s.io', 'v1', 'SelfSubjectRulesReview', 'selfsubjectrulesreviews', '', '-', '', 'create'],
  ['authentication.k8s.io', 'v1', 'SelfSubjectReview', 'selfsubjectreviews', '', '-', '', 'create'],
]

const words = (text: string): readonly string[] => text.split(' ').filter(word => word !== '')
const inAll = new Set('pods services deployments replicasets statefulsets daemonsets jobs cronjobs'.split(' '))

export const builtInKinds: readonly Kind[] = table.map(
  ([group, version, kind, resource, shortNames, scope, subresources, verbs]) => ({
    group,
    versions: [version],
    kind,
    resource,
    singular: kind.toLowerCase(),
    shortNames: words(shortNames),
    categories: inAll.has(resource) ? ['all'] : [],
    namespaced: scope === 'ns',
    subresources: words(subresources),
    verbs: verbs === undefined ? allVerbs : words(verbs),
    custom: false,
  }),
)

/** The kind that a CustomResourceDefinition declares; the storage version is the preferred one. */
export function kindOfDefinition(definition: JsonObject): Kind | null {
  const names = objectAt(definition, 'spec', 'names')
  const kind = textAt(names, 'kind')
  const resource = textAt(names, 'plural')
  const served = listAt(definition, 'spec', 'versions').filter(
    version => isObject(version) && valueAt(version, ['served']) !== false,
  )
  const first = served.find(version => valueAt(version, ['storage']) === true) ?? served[0]
  if (kind === undefined || resource === undefined || first === undefined) return null
  const sub = new Set(served.flatMap(version => Object.keys(objectAt(version, 'subresources'))))
  return {
    group: textAt(definition, 'spec', 'group') ?? '',
    versions: [first, ...served.filter(version => version !== first)].map(version => textAt(version, 'name') ?? 'v1'),
    kind,
    resource,
    singular: textAt(names, 'singular') ?? kind.toLowerCase(),
    shortNames: listAt(names, 'shortNames').map(String),
    categories: listAt(names, 'categories').map(String),
    namespaced: textAt(definition, 'spec', 'scope') !== 'Cluster',
    subresources: ['status', 'scale'].filter(name => sub.has(name)),
    verbs: allVerbs,
    custom: true,
  }
}
