import { type LocatedResource, lineOfField } from '../manifests/locate-resource.ts'
import { podTemplatePath, textMap } from '../manifests/pod-template.ts'
import { isYamlList, isYamlMap, valueAt, type YamlMap, type YamlValue } from '../yaml/yaml-value.ts'
import { refusable } from './change-resource.ts'
import type { EditOf } from './edit.ts'
import type { EditOutcome, FieldChange, Files } from './edit-outcome.ts'
import { withoutTargets } from './kustomization-file.ts'
import { layoutPath, readLayout, withPosition } from './layout-file.ts'
import { withoutObjects } from './remove-document.ts'
import { leaves, podLabels, type ServiceParts, sameNamespace, selects, serviceParts } from './service-parts.ts'

/**
 * Removes a service: its workload, the Services in front of it alone, what governs it alone (autoscalers, disruption
 * budgets, monitors, its own network policy, its service account), its ConfigMaps that nobody else uses, patches of
 * any of these, and their entries in kustomizations. What else speaks of it is told by `referencesTo`.
 */
export const removeService = (files: Files, edit: EditOf<'remove-service'>): EditOutcome =>
  refusable(files, edit.resource.file, () => {
    const parts = serviceParts(files, edit.resource)
    const removed = removedWith(parts)
    const changed = new Map<string, string | null>()
    for (const [file, objects] of Map.groupBy(removed, object => object.ref.file))
      changed.set(file, withoutObjects(files.get(file)!, objects))
    const gone = new Set([...changed].filter(([, text]) => text === null).map(([file]) => file))
    const targets = removed.map(({ ref }) => ref)
    for (const file of parts.scope.kustomizations) {
      const text = files.get(file)!
      const next = withoutTargets(file, text, gone, targets)
      if (next !== text) changed.set(file, next)
    }
    for (const environment of parts.scope.environments) forgetPosition(files, environment, parts, changed)
    const changes = removed.map(
      (object): FieldChange => ({
        file: object.ref.file,
        line: lineOfField(files.get(object.ref.file)!, object, ['kind']),
        field: `${object.ref.kind}/${object.ref.name}`,
        before: `${object.ref.kind}/${object.ref.name}`,
      }),
    )
    return { kind: 'applied', files: changed, changes }
  })

/** The objects that go: the service itself first, then what only serves it. */
function removedWith(parts: ServiceParts): readonly LocatedResource[] {
  const { target, services, objects, scope } = parts
  const removed = new Set<LocatedResource>([target, ...services])
  for (const object of objects) if (governsOnly(object, parts)) removed.add(object)
  for (const object of objects) if (isUnused(object, parts, removed)) removed.add(object)
  for (const object of objects)
    if (
      scope.patches.has(object.ref.file) &&
      [...removed].some(
        ({ ref }) => ref.kind === object.ref.kind && ref.name === object.ref.name && sameNamespace(ref, object.ref),
      )
    )
      removed.add(object)
  return [...removed]
}

/** Autoscalers of the workload, and policies whose selector picks its Pods and nobody else's. */
function governsOnly(object: LocatedResource, { target, labels, objects, scope }: ServiceParts): boolean {
  const isOthers = scope.patches.has(object.ref.file) || scope.shared.has(object.ref.file)
  if (isOthers || !sameNamespace(object.ref, target.ref)) return false
  const { value, ref } = object
  const scaled = valueAt(value, ['spec', 'scaleTargetRef']) ?? valueAt(value, ['spec', 'targetRef'])
  if (['HorizontalPodAutoscaler', 'ScaledObject', 'VerticalPodAutoscaler'].includes(ref.kind) && isYamlMap(scaled))
    return scaled['name'] === target.ref.name && (scaled['kind'] ?? 'Deployment') === target.ref.kind
  const selectorOf: { readonly [kind: string]: string } = {
    PodDisruptionBudget: 'selector',
    ServiceMonitor: 'selector',
    PodMonitor: 'selector',
    NetworkPolicy: 'podSelector',
  }
  const field = selectorOf[ref.kind]
  const selector = field === undefined ? undefined : valueAt(value, ['spec', field])
  if (!isYamlMap(selector) || selector['matchExpressions'] !== undefined) return false
  const wanted = textMap(selector['matchLabels'])
  const others = objects.filter(
    other => other !== target && podTemplatePath(other.value) !== undefined && sameNamespace(other.ref, ref),
  )
  return selects(wanted, labels) && !others.some(other => selects(wanted, podLabels(other.value)))
}

/** A ConfigMap or ServiceAccount that only what is removed makes use of. */
function isUnused(
  object: LocatedResource,
  { target, objects, scope }: ServiceParts,
  removed: ReadonlySet<LocatedResource>,
): boolean {
  const { kind, name } = object.ref
  if ((kind !== 'ConfigMap' && kind !== 'ServiceAccount') || scope.shared.has(object.ref.file)) return false
  if (!sameNamespace(object.ref, target.ref) || (kind === 'ServiceAccount' && name === 'default')) return false
  if (!uses(target.value, kind, name)) return false
  return !objects.some(other => other !== object && !removed.has(other) && mentions(other, kind, name))
}

function uses(resource: YamlMap, kind: string, name: string): boolean {
  const template = podTemplatePath(resource)
  const spec = template && valueAt(resource, [...template, 'spec'])
  if (!isYamlMap(spec)) return false
  if (kind === 'ServiceAccount') return (spec['serviceAccountName'] ?? spec['serviceAccount']) === name
  return configMapNames(spec).has(name)
}

/** Names of ConfigMaps a Pod takes variables or files from. */
function configMapNames(spec: YamlMap): ReadonlySet<string> {
  const names = new Set<string>()
  const walk = (value: YamlValue | undefined): void => {
    if (isYamlList(value)) value.forEach(walk)
    if (!isYamlMap(value)) return
    for (const [key, item] of Object.entries(value)) {
      if (
        ['configMapRef', 'configMapKeyRef', 'configMap'].includes(key) &&
        isYamlMap(item) &&
        item['name'] !== undefined
      )
        names.add(String(item['name']))
      walk(item)
    }
  }
  walk(spec)
  return names
}

/** Any mention at all keeps the object: a role binding, another workload, an annotation. */
function mentions(object: LocatedResource, kind: string, name: string): boolean {
  if (podTemplatePath(object.value) !== undefined) return uses(object.value, kind, name)
  for (const { path, value } of leaves(object.value))
    if (value === name && path[0] !== 'metadata' && !path.includes('matchLabels') && !path.includes('selector'))
      return true
  return false
}

function forgetPosition(
  files: Files,
  environment: string,
  { target }: ServiceParts,
  changed: Map<string, string | null>,
): void {
  const file = layoutPath(environment)
  const text = files.get(file)
  if (text === undefined) return
  const { name, namespace } = target.ref
  const layout = readLayout(text)
  let now: string | null = text
  for (const id of namespace === undefined ? [name] : [name, `${namespace}/${name}`])
    if (layout[id] && now !== null) now = withPosition(now, id, null)
  if (now !== text) changed.set(file, now)
}
