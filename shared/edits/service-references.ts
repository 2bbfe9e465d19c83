import { type LocatedResource, lineOfField, resourcesIn } from '../manifests/locate-resource.ts'
import { podTemplatePath, textMap } from '../manifests/pod-template.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import { isYamlMap, valueAt, type YamlMap, type YamlPath } from '../yaml/yaml-value.ts'
import { fieldName } from './change-resource.ts'
import type { Files } from './edit-outcome.ts'
import { type HostMatch, hostsInText, withHosts } from './host-in-text.ts'
import { isRef, leaves, podLabels, type ServiceParts, sameNamespace, selects, serviceParts } from './service-parts.ts'

/** A place that speaks of a service. */
export type ServiceReference = {
  readonly file: string
  /** 1-based. */
  readonly line: number
  /** e.g. `Deployment/frontend spec.template.spec.containers[server].env[CART].value`. */
  readonly field: string
  /** What stands there. */
  readonly text: string
  /** False where it may be something else of the same name: such a place is told of and never changed. */
  readonly certain: boolean
}

/** A reference with what a rename needs. */
export type FoundReference = ServiceReference & {
  readonly object: LocatedResource
  /** Path in the object. */
  readonly path: YamlPath
  /** What it means: the workload or Service by name, a host in a text, or a label of its Pods. */
  readonly kind: 'workload' | 'service' | 'host' | 'label'
  /** The same text for another name. */
  renamed(to: string): string
}

/**
 * Everything else that refers to a service: autoscalers, routes, policies, environment variables, arguments and
 * ConfigMaps of its deployment, with file and line, certain ones first; then what elsewhere in the workspace may mean it.
 * What the service itself is made of is left out.
 */
export function referencesTo(files: Files, ref: ResourceRef): readonly ServiceReference[] {
  const parts = serviceParts(files, ref)
  const own = (object: LocatedResource) =>
    isRef(object.ref, parts.target.ref) || parts.services.some(service => isRef(service.ref, object.ref))
  const beyond = parts.scope.beyond.flatMap(file => resourcesIn(file, files.get(file) ?? ''))
  const elsewhere = findReferences(files, parts, beyond).map(reference => ({ ...reference, certain: false }))
  return [...findReferences(files, parts).filter(({ object }) => !own(object)), ...elsewhere]
    .map(({ file, line, field, text, certain }) => ({ file, line, field, text, certain }))
    .sort(
      (a, b) => Number(b.certain) - Number(a.certain) || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line),
    )
}

/** All references in the scope of a service, its own parts included; names of objects themselves are none. */
export function findReferences(
  files: Files,
  parts: ServiceParts,
  objects: readonly LocatedResource[] = parts.objects,
): readonly FoundReference[] {
  const { target, services, scope } = parts
  const name = target.ref.name
  const hasService = services.some(service => service.ref.name === name)
  const labelKeys = ownLabelKeys(parts)
  const found: FoundReference[] = []
  for (const object of objects) {
    for (const leaf of leaves(object.value)) {
      if (typeof leaf.value !== 'string' || !leaf.value.includes(name)) continue
      const { path, value } = leaf
      const add = (kind: FoundReference['kind'], certain: boolean, matches?: readonly HostMatch[]) => {
        const text = files.get(object.ref.file)!
        found.push({
          object,
          path,
          kind,
          // Changing what another deployment is made of too would break that one.
          certain: certain && !scope.shared.has(object.ref.file),
          text: value,
          file: object.ref.file,
          line: lineOfText(text, object, path, value, matches),
          field: `${object.ref.kind}/${object.ref.name} ${fieldName(object.value, path)}`,
          renamed: to => (matches ? withHosts(value, matches, to) : to),
        })
      }
      const selector = selectorAt(object, path)
      if (selector) {
        const key = String(path.at(-1))
        if (
          value === name &&
          labelKeys.has(key) &&
          sameNamespace(object.ref, target.ref) &&
          fits(selector, parts, object)
        )
          add('label', true)
        continue
      }
      if (isOwnLabel(object, path, parts)) {
        if (value === name && labelKeys.has(String(path.at(-1)))) add('label', true)
        continue
      }
      if (isIdentity(path) || path.at(-1) === 'image') continue
      const structured = structuredReference(object, path, target.ref)
      if (structured !== undefined) {
        const other =
          structured.namespace !== undefined &&
          target.ref.namespace !== undefined &&
          structured.namespace !== target.ref.namespace
        const isIt =
          value === name && !other && (structured.kind === 'workload' ? target.ref.kind !== 'Service' : hasService)
        if (isIt) add(structured.kind, true)
        else if (structured.kind === 'host' && hasService) {
          const matches = hostsInText(value, name, target.ref.namespace, 'host')
          if (matches.length > 0) add('host', true, matches)
        }
        continue
      }
      if (!hasService) continue
      const matches = hostsInText(value, name, target.ref.namespace, keyOfText(object, path))
      const sure = matches.filter(match => match.certain)
      const unsure = matches.filter(match => !match.certain)
      if (sure.length > 0) add('host', true, sure)
      if (unsure.length > 0) add('host', false, unsure)
    }
  }
  return found
}

/** Label keys whose value is the service's name on its Pods alone: renaming them changes what no other selector means. */
export function ownLabelKeys({ target, objects, labels, scope }: ServiceParts): ReadonlySet<string> {
  const name = target.ref.name
  const others = objects.filter(
    object =>
      !isRef(object.ref, target.ref) &&
      !scope.patches.has(object.ref.file) &&
      podTemplatePath(object.value) !== undefined &&
      sameNamespace(object.ref, target.ref),
  )
  return new Set(
    Object.entries(labels).flatMap(([key, value]) =>
      value === name && !others.some(other => podLabels(other.value)[key] === name) ? [key] : [],
    ),
  )
}

/** The whole selector a value belongs to; undefined when it is in none. */
function selectorAt({ value, ref }: LocatedResource, path: YamlPath): YamlMap | undefined {
  const parent = path.slice(0, -1)
  const last = parent.at(-1)
  const isSelector =
    last === 'matchLabels' ||
    (last === 'selector' && parent.length === 2 && ['Service', 'ReplicationController'].includes(ref.kind))
  const selector = isSelector ? valueAt(value, parent) : undefined
  return isYamlMap(selector) ? selector : undefined
}

/** A selector means this service when it selects its Pods; that of a patch of it may say only a part. */
const fits = (selector: YamlMap, { labels, target }: ServiceParts, object: LocatedResource): boolean =>
  selects(textMap(selector), labels) || isRef(object.ref, target.ref)

/** Labels of the workload, its Pods, its Services and its patches. */
function isOwnLabel({ ref, value }: LocatedResource, path: YamlPath, { target, services }: ServiceParts): boolean {
  if (path.at(-2) !== 'labels' || path.at(-3) !== 'metadata') return false
  const isWorkload = ref.kind === target.ref.kind && ref.name === target.ref.name
  const isService = services.some(service => service.ref.kind === ref.kind && service.ref.name === ref.name)
  if (!isWorkload && !isService) return false
  const template = podTemplatePath(value)
  return path.length === 3 || (template !== undefined && path.length === template.length + 3)
}

/** What an object is called and belongs to says nothing of another. */
const isIdentity = (path: YamlPath): boolean =>
  path[0] === 'kind' ||
  path[0] === 'apiVersion' ||
  path[0] === 'status' ||
  (path[0] === 'metadata' && path[1] !== 'annotations') ||
  (path.includes('metadata') && (path.includes('labels') || path.at(-1) === 'name')) ||
  (['containers', 'initContainers', 'volumes', 'volumeMounts', 'ports', 'imagePullSecrets'].includes(
    String(path.at(-3)),
  ) &&
    path.at(-1) === 'name') ||
  path.at(-1) === 'serviceAccountName' ||
  path.at(-1) === 'serviceAccount'

type Structured = { readonly kind: 'workload' | 'service' | 'host'; readonly namespace?: string }

/** A field that by its place names a workload or a Service; undefined for free text. */
function structuredReference(object: LocatedResource, path: YamlPath, target: ResourceRef): Structured | undefined {
  const last = path.at(-1)
  const parentPath = path.slice(0, -1)
  const parentKey = parentPath.findLast(step => typeof step === 'string')
  const parent = valueAt(object.value, parentPath)
  const siblings: YamlMap = isYamlMap(parent) ? parent : {}
  const namespace = typeof siblings['namespace'] === 'string' ? { namespace: siblings['namespace'] } : {}
  if (last === 'name' && ['scaleTargetRef', 'targetRef', 'workloadRef', 'autoscalerRef'].includes(String(parentKey))) {
    if (siblings['kind'] === 'Service') return { kind: 'service' }
    // The name of another kind of object is no reference to this one.
    return siblings['kind'] === undefined || siblings['kind'] === target.kind ? { kind: 'workload' } : undefined
  }
  if (last === 'name' && parentKey === 'parentRefs' && siblings['kind'] === 'Service')
    return { kind: 'service', ...namespace }
  if (last === 'name' && ['backendRefs', 'backendRef', 'service', 'backend'].includes(String(parentKey))) {
    if (siblings['kind'] !== undefined && siblings['kind'] !== 'Service') return undefined
    return { kind: 'service', ...namespace }
  }
  if (
    [
      'serviceName',
      'stableService',
      'canaryService',
      'activeService',
      'previewService',
      'pingService',
      'pongService',
    ].includes(String(last))
  )
    return { kind: 'service' }
  const isIstio = object.apiVersion.startsWith('networking.istio.io/')
  if (isIstio && (last === 'host' || parentKey === 'hosts')) return { kind: 'host' }
  return undefined
}

/** The key a text stands under: of a variable its name, of a file in a ConfigMap its own. */
function keyOfText({ value }: LocatedResource, path: YamlPath): string {
  if (path.at(-1) === 'value') {
    const name = valueAt(value, [...path.slice(0, -1), 'name'])
    if (typeof name === 'string') return name
  }
  const list = path.findLast(step => typeof step === 'string') ?? ''
  return typeof path.at(-1) === 'number' ? flagBefore(value, path) : list
}

/** `--upstream` before `cart` in a list of arguments. */
function flagBefore(value: YamlMap, path: YamlPath): string {
  const index = path.at(-1) as number
  const before = index > 0 ? valueAt(value, [...path.slice(0, -1), index - 1]) : undefined
  return typeof before === 'string' && before.startsWith('-') ? before.replace(/^-+/, '') : ''
}

/** Line of a match inside a text of several lines, where the text is a block of the file; else where it begins. */
function lineOfText(
  text: string,
  object: LocatedResource,
  path: YamlPath,
  value: string,
  matches: readonly HostMatch[] | undefined,
): number {
  const line = lineOfField(text, object, path)
  const first = matches?.[0]
  if (!first || !value.includes('\n')) return line
  const inside = value.slice(0, first.start).split('\n').length - 1
  const own = value.split('\n')[inside]?.trim() ?? ''
  const at = line + inside
  return text.split('\n')[at]?.includes(own) ? at + 1 : line
}
