import { type LocatedResource, resourcesIn } from '../manifests/locate-resource.ts'
import { podTemplatePath, textMap } from '../manifests/pod-template.ts'
import type { ResourceRef } from '../manifests/resource-ref.ts'
import { CannotEdit } from '../yaml/cannot-edit.ts'
import { isYamlList, isYamlMap, valueAt, type YamlMap, type YamlValue } from '../yaml/yaml-value.ts'
import type { Files } from './edit-outcome.ts'
import { type ServiceScope, serviceScope } from './service-scope.ts'

export type Labels = { readonly [key: string]: string }

/** A service as its manifests make it up: a workload and the Services in front of it. */
export type ServiceParts = {
  readonly scope: ServiceScope
  /** Every object of the scope. */
  readonly objects: readonly LocatedResource[]
  readonly target: LocatedResource
  /** Labels of the workload's Pods; empty when the target is a Service. */
  readonly labels: Labels
  /** Services that select this workload's Pods and no other's. */
  readonly services: readonly LocatedResource[]
}

/** Reads a service and all that lies in its scope. Throws `CannotEdit` when it is not there. */
export function serviceParts(files: Files, ref: ResourceRef): ServiceParts {
  const text = files.get(ref.file)
  if (text === undefined) throw new CannotEdit('edit.noSuchFile', { file: ref.file })
  const scope = serviceScope(files, ref)
  const objects = scope.files
    .filter(file => !scope.kustomizations.includes(file))
    .flatMap(file => resourcesIn(file, files.get(file) ?? ''))
  const target = objects.find(object => isRef(object.ref, ref))
  if (!target) throw new CannotEdit('edit.noSuchResource', { resource: `${ref.kind}/${ref.name}`, file: ref.file })
  const labels = podLabels(target.value)
  const others = objects.filter(
    object => object !== target && !scope.patches.has(object.ref.file) && podTemplatePath(object.value) !== undefined,
  )
  const services =
    ref.kind === 'Service'
      ? [target]
      : objects.filter(object => {
          if (!isCoreService(object) || !sameNamespace(object.ref, ref)) return false
          const selector = textMap(valueAt(object.value, ['spec', 'selector']))
          return (
            selects(selector, labels) &&
            !others.some(other => sameNamespace(other.ref, ref) && selects(selector, podLabels(other.value)))
          )
        })
  return { scope, objects, target, labels, services }
}

export const isRef = (a: ResourceRef, b: ResourceRef): boolean =>
  a.file === b.file &&
  a.kind === b.kind &&
  a.name === b.name &&
  (a.namespace ?? '') === (b.namespace ?? '') &&
  (a.ordinal ?? 0) === (b.ordinal ?? 0)

/** A manifest that does not say its namespace takes that of its neighbours. */
export const sameNamespace = (a: { namespace?: string | undefined }, b: { namespace?: string | undefined }): boolean =>
  a.namespace === undefined || b.namespace === undefined || a.namespace === b.namespace

export const isCoreService = ({ ref, apiVersion }: LocatedResource): boolean =>
  ref.kind === 'Service' && apiVersion === 'v1'

export function podLabels(resource: YamlMap): Labels {
  const template = podTemplatePath(resource)
  return template ? textMap(valueAt(resource, [...template, 'metadata', 'labels'])) : {}
}

/** An empty selector selects nothing here: it belongs to no service. */
export const selects = (selector: Labels, labels: Labels): boolean => {
  const wanted = Object.entries(selector)
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value)
}

/** Every single value below a place, with its path. */
export function* leaves(
  value: YamlValue | undefined,
  path: readonly (string | number)[] = [],
): Generator<{ path: readonly (string | number)[]; value: Exclude<YamlValue, YamlMap | readonly YamlValue[]> }> {
  if (isYamlList(value)) for (const [index, item] of value.entries()) yield* leaves(item, [...path, index])
  else if (isYamlMap(value)) for (const [key, item] of Object.entries(value)) yield* leaves(item, [...path, key])
  else if (value !== undefined) yield { path, value: value as Exclude<YamlValue, YamlMap | readonly YamlValue[]> }
}
