/**
 * By which keys a strategic merge finds the items of a list that belong together. No keys: a list of plain values,
 * joined. A list that is not here is replaced as a whole. From `x-kubernetes-patch-merge-key`,
 * `x-kubernetes-list-map-keys` and `x-kubernetes-patch-strategy` of the Kubernetes OpenAPI document 1.21, which is the
 * one built into kustomize 4 and 5.
 */
export type MergeShape = {
  readonly keys?: readonly string[]
  /** Of the fields of an object, or of each item of a list. */
  readonly fields?: { readonly [field: string]: MergeShape } | undefined
  /** Of every field that is not named. */
  readonly others?: MergeShape | undefined
}

const by = (...keys: string[]): MergeShape => ({ keys })
const metadata: MergeShape = { fields: { finalizers: by(), ownerReferences: by('uid') } }
const conditions: MergeShape = { fields: { conditions: by('type') } }

const probeless: { readonly [field: string]: MergeShape } = {
  env: by('name'),
  volumeDevices: by('devicePath'),
  volumeMounts: by('mountPath'),
}
const container: MergeShape = { keys: ['name'], fields: { ...probeless, ports: by('containerPort', 'protocol') } }
const podSpec: MergeShape = {
  fields: {
    containers: container,
    initContainers: container,
    ephemeralContainers: { keys: ['name'], fields: probeless },
    hostAliases: by('ip'),
    imagePullSecrets: by('name'),
    topologySpreadConstraints: by('topologyKey', 'whenUnsatisfiable'),
    volumes: {
      keys: ['name'],
      fields: { ephemeral: { fields: { volumeClaimTemplate: { fields: { metadata } } } } },
    },
  },
}
const podTemplate: MergeShape = { fields: { metadata, spec: podSpec } }
const workloadSpec: MergeShape = { fields: { template: podTemplate } }

const plain: MergeShape = { fields: { metadata } }
const withConditions: MergeShape = { fields: { metadata, status: conditions } }
const workload: MergeShape = { fields: { metadata, spec: workloadSpec, status: conditions } }
const cronJob: MergeShape = {
  fields: { metadata, spec: { fields: { jobTemplate: { fields: { metadata, spec: workloadSpec } } } } },
}
const webhooks: MergeShape = { fields: { metadata, webhooks: by('name') } }

const byType: readonly (readonly [kinds: string, shape: MergeShape])[] = [
  ['apps/v1: DaemonSet Deployment ReplicaSet StatefulSet; batch/v1: Job; v1: ReplicationController', workload],
  ['batch/v1: CronJob; batch/v1beta1: CronJob', cronJob],
  [
    'v1: Pod',
    { fields: { metadata, spec: podSpec, status: { fields: { conditions: by('type'), podIPs: by('ip') } } } },
  ],
  ['v1: PodTemplate', { fields: { metadata, template: podTemplate } }],
  ['v1: Service', { fields: { metadata, spec: { fields: { ports: by('port', 'protocol') } }, status: conditions } }],
  ['v1: ServiceAccount', { fields: { metadata, secrets: by('name') } }],
  [
    'v1: Namespace PersistentVolumeClaim; policy/v1: PodDisruptionBudget; policy/v1beta1: PodDisruptionBudget; ' +
      'apiregistration.k8s.io/v1: APIService; apiregistration.k8s.io/v1beta1: APIService',
    withConditions,
  ],
  [
    'admissionregistration.k8s.io/v1: MutatingWebhookConfiguration ValidatingWebhookConfiguration; ' +
      'admissionregistration.k8s.io/v1beta1: MutatingWebhookConfiguration ValidatingWebhookConfiguration',
    webhooks,
  ],
  [
    'storage.k8s.io/v1: CSINode; storage.k8s.io/v1beta1: CSINode',
    { fields: { metadata, spec: { fields: { drivers: by('name') } } } },
  ],
  [
    'v1: Node',
    {
      fields: {
        metadata,
        spec: { fields: { podCIDRs: by() } },
        status: { fields: { addresses: by('type'), conditions: by('type') } },
      },
    },
  ],
  ['v1: ComponentStatus', { fields: { metadata, conditions: by('type') } }],
  [
    'v1: Binding ConfigMap Endpoints Event LimitRange PersistentVolume ResourceQuota Secret; ' +
      'apps/v1: ControllerRevision; autoscaling/v1: HorizontalPodAutoscaler Scale; ' +
      'apiextensions.k8s.io/v1: CustomResourceDefinition; apiextensions.k8s.io/v1beta1: CustomResourceDefinition; ' +
      'autoscaling/v2beta1: HorizontalPodAutoscaler; autoscaling/v2beta2: HorizontalPodAutoscaler; ' +
      'certificates.k8s.io/v1: CertificateSigningRequest; coordination.k8s.io/v1: Lease; ' +
      'discovery.k8s.io/v1: EndpointSlice; discovery.k8s.io/v1beta1: EndpointSlice; extensions/v1beta1: Ingress; ' +
      'networking.k8s.io/v1: Ingress IngressClass NetworkPolicy; networking.k8s.io/v1beta1: Ingress IngressClass; ' +
      'node.k8s.io/v1: RuntimeClass; policy/v1beta1: PodSecurityPolicy; ' +
      'rbac.authorization.k8s.io/v1: ClusterRole ClusterRoleBinding Role RoleBinding; ' +
      'rbac.authorization.k8s.io/v1beta1: ClusterRole ClusterRoleBinding Role RoleBinding; ' +
      'scheduling.k8s.io/v1: PriorityClass; scheduling.k8s.io/v1beta1: PriorityClass; ' +
      'storage.k8s.io/v1: CSIDriver StorageClass VolumeAttachment; storage.k8s.io/v1beta1: CSIDriver StorageClass',
    plain,
  ],
]

const shapes = new Map(
  byType.flatMap(([kinds, shape]) => typesIn(kinds).map((type): [string, MergeShape] => [type, shape])),
)

/** `v1: Pod Service; apps/v1: Deployment` as `v1 Pod`, `v1 Service`, `apps/v1 Deployment`. */
function typesIn(kinds: string): string[] {
  return kinds.split('; ').flatMap(group => {
    const [apiVersion, names] = group.split(': ')
    return names!.split(' ').map(kind => `${apiVersion} ${kind}`)
  })
}

/** The shape of a built-in type; undefined for a custom resource, all of whose lists are replaced. */
export const mergeShapeOf = (apiVersion: string, kind: string): MergeShape | undefined =>
  shapes.get(`${apiVersion} ${kind}`)

const clusterScoped = new Set(
  typesIn(
    'v1: ComponentStatus Namespace Node PersistentVolume; ' +
      'admissionregistration.k8s.io/v1: MutatingWebhookConfiguration ValidatingWebhookConfiguration; ' +
      'admissionregistration.k8s.io/v1beta1: MutatingWebhookConfiguration ValidatingWebhookConfiguration; ' +
      'apiextensions.k8s.io/v1: CustomResourceDefinition; apiextensions.k8s.io/v1beta1: CustomResourceDefinition; ' +
      'apiregistration.k8s.io/v1: APIService; apiregistration.k8s.io/v1beta1: APIService; ' +
      'certificates.k8s.io/v1: CertificateSigningRequest; certificates.k8s.io/v1beta1: CertificateSigningRequest; ' +
      'flowcontrol.apiserver.k8s.io/v1beta1: FlowSchema PriorityLevelConfiguration; ' +
      'networking.k8s.io/v1: IngressClass; networking.k8s.io/v1beta1: IngressClass; ' +
      'node.k8s.io/v1: RuntimeClass; node.k8s.io/v1beta1: RuntimeClass; policy/v1beta1: PodSecurityPolicy; ' +
      'rbac.authorization.k8s.io/v1: ClusterRole ClusterRoleBinding; ' +
      'rbac.authorization.k8s.io/v1beta1: ClusterRole ClusterRoleBinding; ' +
      'scheduling.k8s.io/v1: PriorityClass; scheduling.k8s.io/v1beta1: PriorityClass; ' +
      'storage.k8s.io/v1: CSIDriver CSINode StorageClass VolumeAttachment; ' +
      'storage.k8s.io/v1beta1: CSIDriver CSINode StorageClass VolumeAttachment',
  ),
)

/** True where the type is known to live outside of namespaces; kustomize asks the same document. */
export const isClusterScoped = (apiVersion: string, kind: string): boolean => clusterScoped.has(`${apiVersion} ${kind}`)
