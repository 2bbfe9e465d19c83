import { isObject, listAt, textAt, valueAt } from '../manifests/manifest.ts'
import { argoHealth } from './argo-health.ts'
import { conditionHealth } from './condition-health.ts'
import { canaryHealth } from './flagger-health.ts'
import { fluxHealth } from './flux-health.ts'
import { conditionsOf, degraded, groupOf, type Health, healthy, type LiveObject, progressing } from './health.ts'
import { workloadHealth } from './workload-health.ts'

/** Groups of Kubernetes' own kinds: the core's and those without a domain of somebody else's. */
const ofKubernetes = /^$|^(apps|batch|autoscaling|policy|extensions)$|\.k8s\.io$/

/**
 * How an object does, in Argo CD's health terms, from the object alone: no cluster, no clock. Kinds are told by group
 * and kind in any version; what has no rule is judged by its conditions. What only configures (a ConfigMap, an
 * AnalysisTemplate) and reports nothing is healthy by being there, as Argo CD counts it.
 */
export function assessHealth(object: LiveObject): Health {
  const { group, kind } = kindOf(object)
  if (textAt(object, 'metadata', 'deletionTimestamp') !== undefined) {
    const keepers = listAt(object, 'metadata', 'finalizers').filter(item => typeof item === 'string')
    const blocked = keepers.length > 0 && !isPlain(group) ? `; blocked by finalizers: ${keepers.join(', ')}` : ''
    return progressing(`Pending deletion${blocked}`)
  }
  if (isPlain(group)) {
    const known = workloadHealth(kind, object)
    if (known) return known
  }
  if (group === 'argoproj.io') {
    const known = argoHealth(kind, object)
    if (known) return known
  }
  if (group === 'flagger.app' && kind === 'Canary') return canaryHealth(object)
  if (group.endsWith('.toolkit.fluxcd.io')) return fluxHealth(group, kind, object)
  if (group === 'cert-manager.io' && kind === 'Certificate') return certificateHealth(object)
  const silent = !isObject(object['status']) || Object.keys(object['status']).length === 0
  if (silent && (isPlain(group) || /(Template|Class|Policy|Config|Configuration|Provider|Project)$/.test(kind)))
    return healthy()
  if (silent && mesh.test(group)) return healthy()
  return conditionHealth(object)
}

const isPlain = (group: string) => ofKubernetes.test(group)
/** Kinds that only configure a mesh or a proxy, most of which never report. */
const mesh =
  /(^|\.)(istio\.io|linkerd\.io|smi-spec\.io|traefik\.io|traefik\.containo\.us|dapr\.io|split\.smi-spec\.io)$/

function certificateHealth(object: LiveObject): Health {
  const conditions = conditionsOf(object)
  const issuing = conditions.find(({ type, status }) => type === 'Issuing' && status === 'True')
  if (issuing) return progressing(issuing.message)
  const ready = conditions.find(({ type, status }) => type === 'Ready' && status !== 'Unknown')
  if (!ready) return progressing('Waiting for certificate')
  return ready.status === 'True' ? healthy(ready.message) : degraded(ready.message)
}

/**
 * Group and kind of an object. A status block cut out of its object (as documentation and bug reports have them) is
 * told by its shape; its kind is empty where that tells nothing either.
 */
export function kindOf(object: LiveObject): { readonly group: string; readonly kind: string } {
  const kind = textAt(object, 'kind')
  if (kind !== undefined) return { group: groupOf(object), kind }
  const has = (...path: string[]) => valueAt(object, ['status', ...path]) !== undefined
  if (has('lastPromotedSpec') || conditionsOf(object).some(({ type }) => type === 'Promoted'))
    return { group: 'flagger.app', kind: 'Canary' }
  if (has('currentPodHash') || has('stableRS') || has('pauseConditions'))
    return { group: 'argoproj.io', kind: 'Rollout' }
  if (has('sync', 'status')) return { group: 'argoproj.io', kind: 'Application' }
  if (has('lastHandledReconcileAt') || has('lastAppliedRevision') || has('inventory') || reconciled(object))
    return { group: 'kustomize.toolkit.fluxcd.io', kind: 'Kustomization' }
  if (has('containerStatuses')) return { group: '', kind: 'Pod' }
  if (has('desiredNumberScheduled')) return { group: 'apps', kind: 'DaemonSet' }
  if (has('updateRevision')) return { group: 'apps', kind: 'StatefulSet' }
  if (has('updatedReplicas')) return { group: 'apps', kind: 'Deployment' }
  return { group: '', kind: '' }
}

const reconciled = (object: LiveObject): boolean =>
  listAt(object, 'status', 'history').some(item => textAt(item, 'lastReconciledStatus') !== undefined)
