import { type JsonObject, listAt, type Manifest, objectAt, type Path, textAt, valueAt } from '../manifests/manifest.ts'

/** Kinds whose Pod template is not at the usual `spec.template`. */
const templateAt: { readonly [kind: string]: Path } = {
  Pod: [],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
  EdgeService: [],
}
/** Has `spec.template` with containers and runs nothing by itself. */
const templatesOnly = new Set(['PodTemplate', 'AnalysisTemplate', 'ClusterAnalysisTemplate', 'JobTemplate'])

/**
 * Path of the Pod template of a workload: built-in kinds, and any custom kind with containers at
 * `spec.template.spec.containers` (Argo Rollout, Knative Service, OpenShift DeploymentConfig …). Null for what runs
 * nothing, and for a patch: a list of containers none of which says its image.
 */
export function podTemplatePath(manifest: Manifest): Path | null {
  let path = known.get(manifest)
  if (path === undefined) {
    path = findTemplate(manifest)
    known.set(manifest, path)
  }
  return path
}

/** Asked of every object several times; the manifest never changes. */
const known = new WeakMap<Manifest, Path | null>()

function findTemplate(manifest: Manifest): Path | null {
  if (templatesOnly.has(manifest.kind)) return null
  const path = templateAt[manifest.kind] ?? ['spec', 'template']
  if (isEdgeService(manifest)) return path
  const containers = listAt(manifest.value, ...path, 'spec', 'containers')
  if (!containers.some(container => textAt(container, 'image') !== undefined)) return null
  // A Kubernetes-style JSON patch or strategic merge patch names itself.
  return textAt(manifest.value, '$patch') === undefined ? path : null
}

/** Runs one program, which its `spec` itself describes as a Pod does its container. */
export const isEdgeService = (manifest: Manifest): boolean =>
  manifest.kind === 'EdgeService' && valueAt(manifest.value, ['spec', 'artifact']) !== undefined

export const isWorkload = (manifest: Manifest): boolean => podTemplatePath(manifest) !== null

/** A core/v1 Service; other groups have kinds of that name too (Knative). */
export const isCoreService = (manifest: Manifest): boolean => manifest.kind === 'Service' && manifest.group === ''

/** Identity across files and API versions: group, kind, namespace, name. */
export function identityOf(manifest: Manifest): string {
  let identity = identities.get(manifest)
  if (identity === undefined) {
    identity = `${manifest.group}/${manifest.kind}/${manifest.namespace ?? ''}/${manifest.name}`
    identities.set(manifest, identity)
  }
  return identity
}
const identities = new WeakMap<Manifest, string>()

/** `matchLabels` of a selector, or the whole map of a core selector. Null where expressions make it more than that. */
export function simpleSelector(selector: JsonObject): { readonly [key: string]: string } | null {
  if (listAt(selector, 'matchExpressions').length > 0) return null
  const labels = valueAt(selector, ['matchLabels']) === undefined ? selector : objectAt(selector, 'matchLabels')
  const simple: Record<string, string> = {}
  for (const [key, value] of Object.entries(labels)) if (typeof value === 'string') simple[key] = value
  return simple
}
