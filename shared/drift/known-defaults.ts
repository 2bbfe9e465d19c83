import type { Json, JsonObject } from '../manifests/manifest.ts'
import { isObject, textAt } from '../manifests/manifest.ts'

/**
 * What the API server puts where nothing is said, by the end of the path. API reference of core/v1, apps/v1, batch/v1,
 * autoscaling/v2, networking.k8s.io/v1, rbac.authorization.k8s.io/v1, admissionregistration.k8s.io/v1.
 */
const defaults: readonly (readonly [end: string, ...values: Json[]])[] = [
  ['protocol', 'TCP'],
  ['restartPolicy', 'Always', 'OnFailure'],
  ['dnsPolicy', 'ClusterFirst'],
  ['schedulerName', 'default-scheduler'],
  ['terminationGracePeriodSeconds', 30],
  ['terminationMessagePath', '/dev/termination-log'],
  ['terminationMessagePolicy', 'File'],
  ['imagePullPolicy', 'Always', 'IfNotPresent'],
  ['enableServiceLinks', true],
  ['defaultMode', 420],
  ['apiVersion', 'v1'],
  ['replicas', 1],
  ['revisionHistoryLimit', 10],
  ['progressDeadlineSeconds', 600],
  ['strategy.type', 'RollingUpdate'],
  ['updateStrategy.type', 'RollingUpdate'],
  ['rollingUpdate.maxUnavailable', '25%', 1],
  ['rollingUpdate.maxSurge', '25%', 0],
  ['rollingUpdate.partition', 0],
  ['podManagementPolicy', 'OrderedReady'],
  ['whenDeleted', 'Retain'],
  ['whenScaled', 'Retain'],
  ['sessionAffinity', 'None'],
  ['type', 'ClusterIP', 'Opaque'],
  ['internalTrafficPolicy', 'Cluster'],
  ['externalTrafficPolicy', 'Cluster'],
  ['ipFamilyPolicy', 'SingleStack'],
  ['allocateLoadBalancerNodePorts', true],
  ['volumeMode', 'Filesystem'],
  ['timeoutSeconds', 1, 10, 30],
  ['periodSeconds', 10],
  ['successThreshold', 1],
  ['failureThreshold', 3],
  ['scheme', 'HTTP'],
  ['path', '/'],
  ['grpc.service', ''],
  ['backoffLimit', 6],
  ['completions', 1],
  ['parallelism', 1],
  ['completionMode', 'NonIndexed'],
  ['podReplacementPolicy', 'TerminatingOrFailed'],
  ['concurrencyPolicy', 'Allow'],
  ['failedJobsHistoryLimit', 1],
  ['successfulJobsHistoryLimit', 3],
  ['minReplicas', 1],
  ['apiGroup', 'rbac.authorization.k8s.io', ''],
  ['matchPolicy', 'Equivalent'],
  ['failurePolicy', 'Fail', 'Ignore'],
  ['reinvocationPolicy', 'Never'],
  ['scope', '*'],
  ['preemptionPolicy', 'PreemptLowerPriority'],
  ['globalDefault', false],
  ['reclaimPolicy', 'Delete'],
  ['volumeBindingMode', 'Immediate'],
  ['conversion.strategy', 'None'],
  ['preserveUnknownFields', false],
  ['hostPath.type', ''],
]
/** What the server works out or gives out itself. */
const given =
  /(^|\.)(clusterIP|clusterIPs|ipFamilies|nodePort|healthCheckNodePort|volumeName|serviceAccount|finalizers|names\.(listKind|singular)|controller-uid|job-name)(\[\d+\])?$|^spec\.(template|selector)\..*(controller-uid|job-name)/

/** True for a value that is live because nothing was said. `path` is as `trailText` writes it. */
export function isKnownDefault(path: string, live: Json, object: JsonObject): boolean {
  if (given.test(path)) return true
  if (path.endsWith('.targetPort')) return true
  if (path.endsWith('policyTypes')) return textAt(object, 'kind') === 'NetworkPolicy'
  // Defaulting an autoscaler writes its whole behaviour, and a Service account's token a whole volume.
  if (/^spec\.(behavior|metrics)/.test(path)) return textAt(object, 'kind') === 'HorizontalPodAutoscaler'
  if (isObject(live))
    return Object.entries(live).every(([key, value]) => isKnownDefault(`${path}.${key}`, value, object))
  return defaults.some(
    ([end, ...values]) => (path === end || path.endsWith(`.${end}`)) && values.some(value => value === live),
  )
}
