import { isObject, listAt, textAt, valueAt } from '../manifests/manifest.ts'
import {
  conditionsOf,
  countAt,
  degraded,
  type Health,
  healthy,
  type LiveObject,
  progressing,
  suspended,
} from './health.ts'

/**
 * Health of Flux's kinds (`*.toolkit.fluxcd.io`) by the rules Argo CD ships for them: conditions are counted, and the
 * message is the reason of `Ready`.
 */
export function fluxHealth(group: string, kind: string, object: LiveObject): Health {
  if (valueAt(object, ['spec', 'suspend']) === true) return suspended(`${kind} is suspended`)
  if (kind === 'HelmRepository' && textAt(object, 'spec', 'type') === 'oci')
    return healthy("Helm repositories of type 'oci' do not contain any information in the status.")
  // Alerts and providers of notification.toolkit.fluxcd.io/v1beta3 are static: they have no status.
  if (!isObject(object['status']) && /^(Alert|Provider)$/.test(kind)) return healthy()
  const conditions = conditionsOf(object)
  if (conditions.length === 0) return fromHistory(object) ?? progressing('Status unknown')

  const ready = conditions.find(({ type }) => type === 'Ready')
  const reconciling = conditions.find(({ type, status }) => type === 'Reconciling' && status === 'True')
  const also = (type: string) => conditions.some(condition => condition.type === type && condition.status === 'True')
  const outdated = conditions.find(({ type, status }) => type === 'ArtifactOutdated' && status === 'True')
  const message = [ready?.reason ?? '', outdated?.reason ?? ''].filter(text => text !== '').join(' ')

  const generation = countAt(object, ['metadata', 'generation'], 0)
  if (ready?.status === 'True' && countAt(object, ['status', 'observedGeneration'], generation) < generation)
    return progressing('Waiting for the latest change to be observed')
  const waiting = group === 'image.toolkit.fluxcd.io' ? 'False' : 'Unknown'
  if (reconciling && ready?.status === waiting && !(waiting === 'False' && !atWork.has(reconciling.reason)))
    return progressing(message)
  // Controllers before v1beta2 said nothing of the artifact but where it is.
  const stored = conditions.some(({ type }) => type === 'ArtifactInStorage')
    ? also('ArtifactInStorage')
    : isObject(valueAt(object, ['status', 'artifact']))
  const artifact = fetched.test(kind) ? stored : true
  const released = kind === 'HelmRelease' ? also('Released') || also('TestSuccess') : true
  return ready?.status === 'True' && artifact && released ? healthy(message) : degraded(message)
}

/** Sources that have an artifact once they are ready. */
const fetched = /^(Bucket|GitRepository|HelmChart|HelmRepository|OCIRepository)$/

/** Why an image automation is reconciling, where that is no repeated failure. */
const atWork = new Set(['NewGeneration', 'AccessingRepository', 'ApplyingPolicy', 'Progressing'])

/** A Kustomization keeps how its last revisions went; the newest stands first. */
function fromHistory(object: LiveObject): Health | null {
  const last = textAt(listAt(object, 'status', 'history')[0], 'lastReconciledStatus')
  if (last === undefined) return null
  return last === 'ReconciliationSucceeded' ? healthy(last) : degraded(last)
}
