import { isObject, listAt, textAt, valueAt } from '../manifests/manifest.ts'
import { argoHealth } from './argo-health.ts'
import { canaryHealth } from './flagger-health.ts'
import { fluxHealth } from './flux-health.ts'
import { conditionsOf, groupOf, type Health, healthy, type LiveObject, progressing, unknown } from './health.ts'
import { operatorHealth } from './operator-health.ts'
import { statusHealth } from './status-health.ts'
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
  const keepers = listAt(object, 'metadata', 'finalizers').filter(item => typeof item === 'string')
  // A hook is deleted while Argo CD still has to read how it ended.
  const isHook = keepers.includes('argocd.argoproj.io/hook-finalizer')
  if (textAt(object, 'metadata', 'deletionTimestamp') !== undefined && !isHook) {
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
  const known = operatorHealth(group, kind, object)
  if (known) return known
  const silent = !isObject(object['status']) || Object.keys(object['status']).length === 0
  const reports = isReporting(group) && !neverReports(group, kind)
  // Kinds of Kubernetes without a rule, as a ResourceQuota, keep counts: to be there is all they have to.
  const resting =
    kind !== '' && !reports && (isPlain(group) || mesh.test(group) || (silent && onlyConfigures.test(kind)))
  const judged = silent ? null : statusHealth(object)
  if (judged) return judged
  if (resting) return healthy()
  if (reports) return progressing('Waiting for its controller to report how it does')
  if (!silent) return unknown('Its status has nothing that says how it does')
  return unknown(kind === '' ? 'It has no kind and no status' : 'It has no status')
}

const isPlain = (group: string) => ofKubernetes.test(group)
const onlyConfigures =
  /(Template|Monitor|Rule|Exception|Class|Policy|Config|Configuration|Provider|Project|Revision|Usage|Composition)$/
/** Kinds of operators that report on others of theirs, but not on these. */
const neverReports = (group: string, kind: string): boolean => {
  if (group.endsWith('tekton.dev')) return !/(Run|EventListener)$/.test(kind)
  if (group === 'monitoring.coreos.com') return !/^(Prometheus|PrometheusAgent|Alertmanager|ThanosRuler)$/.test(kind)
  return /(Template|Config|Project|Usage|Composition|CompositionRevision|Grant|Authentication|ServingRuntime|Exception|(Event|Placement)Binding|Hook)$/.test(
    kind,
  )
}
/** Kinds that only configure a mesh or a proxy, most of which never report. */
const mesh =
  /(^|\.)(istio\.io|linkerd\.io|smi-spec\.io|traefik\.io|traefik\.containo\.us|dapr\.io|split\.smi-spec\.io)$/
/** Operators that report on what they own, by the end of their groups: while they have not, it is on its way. */
const reporting = `
  cert-manager.io certmanager.k8s.io acme.cert-manager.io external-secrets.io kubernetes-client.io bitnami.com keda.sh
  strimzi.io cnpg.io zalan.do percona.com mariadb.com mmontes.io mongodb.com rabbitmq.com elastic.co knative.dev kserve.io
  cluster.x-k8s.io karpenter.sh karpenter.k8s.aws crossplane.io upbound.io services.k8s.aws cnrm.cloud.google.com
  kubevirt.io rook.io velero.io tekton.dev kruise.io kyverno.io keycloak.org altinity.com min.io gloo.solo.io
  gateway.solo.io 3scale.net apps.openshift.io route.openshift.io operator.openshift.io coreos.com projectcontour.io
  camel.apache.org solr.apache.org flink.apache.org sparkoperator.k8s.io integreatly.org jaegertracing.io
  opentelemetry.io argoproj.io open-cluster-management.io work.karmada.io gateway.networking.k8s.io numaproj.io keptn.sh
  nmstate.io confluent.io netapp.io ansible.com cloud.sap.com onepassword.com humio.com spinkube.dev coralogix.com
  gardener.cloud keikoproj.io airlock.com
`
  .trim()
  .split(/\s+/)
/** Groups of theirs that hold what is only read. */
const onlyRead = /^(generators\.external-secrets\.io|instancetype\.kubevirt\.io)$/
const isReporting = (group: string): boolean =>
  !onlyRead.test(group) && reporting.some(end => group === end || group.endsWith(`.${end}`))

/**
 * Group and kind of an object. A status block cut out of its object (as documentation and bug reports have them) is
 * told by its shape; its kind is empty where that tells nothing either.
 */
export function kindOf(object: LiveObject): { readonly group: string; readonly kind: string } {
  const kind = textAt(object, 'kind')
  if (kind !== undefined) return { group: groupOf(object), kind }
  const has = (...path: (string | number)[]) => valueAt(object, ['status', ...path]) !== undefined
  const types = new Set(conditionsOf(object).map(({ type }) => type))
  if (has('lastPromotedSpec') || has('canaryWeight') || types.has('Promoted'))
    return { group: 'flagger.app', kind: 'Canary' }
  if (has('currentPodHash') || has('stableRS') || has('pauseConditions') || has('currentStepIndex'))
    return { group: 'argoproj.io', kind: 'Rollout' }
  if (has('metricResults')) return { group: 'argoproj.io', kind: 'AnalysisRun' }
  if (has('templateStatuses')) return { group: 'argoproj.io', kind: 'Experiment' }
  if (has('sync', 'status') || has('operationState')) return { group: 'argoproj.io', kind: 'Application' }
  if (types.has('Released') || types.has('Remediated') || has('lastReleaseRevision') || has('history', 0, 'chartName'))
    return { group: 'helm.toolkit.fluxcd.io', kind: 'HelmRelease' }
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
