import { type JsonObject, textAt } from '../manifests/manifest.ts'

type Named = { readonly group: string; readonly kind: string; readonly value: JsonObject }

/**
 * What has to be there before what, by waves: namespaces, definitions, configuration, rights, services and what custom
 * resources configure, workloads, what scales and routes to them, and last what every later write would have to pass.
 * The order of Helm's installer and of Argo CD's sync.
 */
const waves: readonly ReadonlySet<string>[] = [
  new Set(['Namespace']),
  new Set(['CustomResourceDefinition']),
  new Set(
    'PriorityClass RuntimeClass ResourceQuota LimitRange NetworkPolicy PodSecurityPolicy PodDisruptionBudget ServiceAccount Secret ConfigMap StorageClass PersistentVolume PersistentVolumeClaim SealedSecret ExternalSecret SecretStore ClusterSecretStore'.split(
      ' ',
    ),
  ),
  new Set(['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding']),
  new Set(['Service', 'Endpoints', 'EndpointSlice']),
  new Set(
    'Deployment StatefulSet DaemonSet ReplicaSet ReplicationController Pod Job CronJob Rollout DeploymentConfig'.split(
      ' ',
    ),
  ),
  new Set(
    'HorizontalPodAutoscaler VerticalPodAutoscaler ScaledObject ScaledJob Canary Ingress VirtualService DestinationRule HTTPRoute GRPCRoute TrafficSplit ServiceMonitor PodMonitor'.split(
      ' ',
    ),
  ),
  new Set(['APIService', 'MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']),
]
/** What others define stands with the Services: a workload may want it, and it wants its definition. */
const ofOthers = 4

export const workloadWave = 5

export function waveOf({ kind }: Pick<Named, 'kind'>): number {
  const found = waves.findIndex(kinds => kinds.has(kind))
  return found < 0 ? ofOthers : found
}

/** Argo CD's own word on the order goes first. */
const syncWave = ({ value }: Named): number => {
  const said = Number(textAt(value, 'metadata', 'annotations', 'argocd.argoproj.io/sync-wave') ?? '0')
  return Number.isInteger(said) ? said : 0
}

/** Objects by waves, each of which is applied once the one before it is there. */
export function inWaves<T>(objects: readonly T[], of: (object: T) => Named): readonly (readonly T[])[] {
  const byWave = new Map<string, { readonly at: readonly [number, number]; readonly objects: T[] }>()
  for (const object of objects) {
    const at = [syncWave(of(object)), waveOf(of(object))] as const
    const wave = byWave.get(at.join('.')) ?? { at, objects: [] }
    wave.objects.push(object)
    byWave.set(at.join('.'), wave)
  }
  return [...byWave.values()].sort(({ at: a }, { at: b }) => a[0] - b[0] || a[1] - b[1]).map(wave => wave.objects)
}
